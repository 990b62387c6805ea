package auth

import (
	"context"
	"testing"
)

func TestOnlyTheRightPasswordPasses(t *testing.T) {
	ctx := context.Background()
	hash, err := Hash(ctx, "桜の木の下で会う")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		password, hash string
		want           bool
	}{
		"the right one":                 {"桜の木の下で会う", hash, true},
		"another one":                   {"桜の木の下で", hash, false},
		"no such account":               {"桜の木の下で会う", "", false},
		"the filling of no account":     {string(make([]byte, 32)), "", false},
		"a shorter beginning of itself": {"桜", hash, false},
	} {
		if got, err := Check(ctx, c.password, c.hash); err != nil || got != c.want {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
}

func TestFormTokensBelongToOneSession(t *testing.T) {
	if !SameToken(FormToken("a"), FormToken("a")) || SameToken(FormToken("a"), FormToken("b")) || SameToken("", "") {
		t.Error("a token must fit its own session only, and an empty one none")
	}
}
