package main

import (
	"os/exec"
	"testing"
)

func TestTheNoticesNameEverythingThatIsLinkedIn(t *testing.T) {
	cmd := exec.Command("go", "run", "./.ci/notices")
	cmd.Dir = "../.."
	want, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != notices {
		t.Error("cmd/tasuki/notices.txt is not what is linked in; `make notices` writes it anew")
	}
}
