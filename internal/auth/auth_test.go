package auth

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"
)

var ctx = context.Background()

func hashOf(t *testing.T, password string) string {
	t.Helper()
	hash, err := Hash(ctx, password)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

func TestOnlyTheRightPasswordPasses(t *testing.T) {
	hash := hashOf(t, "桜の木の下で会う")
	for name, c := range map[string]struct {
		password, hash string
		want           bool
	}{
		"the right one":                 {"桜の木の下で会う", hash, true},
		"another one":                   {"桜の木の下で", hash, false},
		"no such account":               {"桜の木の下で会う", "", false},
		"the filling of no account":     {string(make([]byte, 32)), "", false},
		"a shorter beginning of itself": {"桜", hash, false},
		"an empty one":                  {"", hash, false},
	} {
		before := Computed()
		if got, err := Check(ctx, c.password, c.hash); err != nil || got != c.want {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
		// Whether there is such an account must not show in the work done.
		if done := Computed() - before; done != 1 {
			t.Errorf("%s: computed %d times", name, done)
		}
	}
}

func TestAPasswordIsTheSameHoweverTheKeyboardSendsIt(t *testing.T) {
	password := "がぎぐげごのうた2026"
	if norm.NFD.String(password) == password {
		t.Fatal("the sample has one form only")
	}
	for _, c := range []struct{ set, typed string }{{password, norm.NFD.String(password)}, {norm.NFD.String(password), password}} {
		if right, err := Check(ctx, c.typed, hashOf(t, c.set)); err != nil || !right {
			t.Errorf("%q against %q: %v, %v", c.typed, c.set, right, err)
		}
	}
	// Compatibility forms are other letters, as somebody may have meant them.
	if right, _ := Check(ctx, "ｐａｓｓ①", hashOf(t, "pass1")); right {
		t.Error("a password in another width passes")
	}
}

func TestALongPasswordCountsToItsEnd(t *testing.T) {
	long := strings.Repeat("とても長いことば", 32)
	if right, _ := Check(ctx, long+"い", hashOf(t, long+"あ")); right {
		t.Error("the last letter does not count")
	}
}

func TestAFloodOfPasswordsIsBounded(t *testing.T) {
	for range sideBySide {
		slots <- struct{}{}
	}
	stopped, stop := context.WithCancel(ctx)
	var wait sync.WaitGroup
	results := make(chan error, 10*maxWaiting)
	for range 10 * maxWaiting {
		wait.Go(func() { _, err := Check(stopped, "x", ""); results <- err })
	}
	for range 9 * maxWaiting { // those for which there is no room come back at once
		if err := <-results; !errors.Is(err, ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
	}
	stop()
	wait.Wait()
	for range maxWaiting {
		if err := <-results; !errors.Is(err, context.Canceled) {
			t.Errorf("who waited got %v", err)
		}
	}
	for range sideBySide {
		<-slots
	}
	if waiting.Load() != 0 {
		t.Errorf("%d are still counted as waiting", waiting.Load())
	}
	if right, err := Check(ctx, "桜", hashOf(t, "桜")); err != nil || !right {
		t.Errorf("after the flood: %v, %v", right, err)
	}
}

func TestFormTokensBelongToOneSession(t *testing.T) {
	if !SameToken(FormToken("a"), FormToken("a")) || SameToken(FormToken("a"), FormToken("b")) || SameToken("", "") || SameToken("", FormToken("")) {
		t.Error("a token must fit its own session only, and an empty one none")
	}
}

func TestPasswordsThatAreTriedFirstAreRefused(t *testing.T) {
	about := []string{"高田 さくら", "Sakura Takada", "s.takada@example.com", "https://tasuki.example.com:8443"}
	for _, bad := range []string{
		"password123", "P@ssw0rd2026", "1234567890", "qwertyuiop", "1qaz2wsx3edc", "abcdefghij", "aaaaaaaaaaaa", "iloveyou1234",
		"letmein12345", "ああああああああああ", "さくらさくらさくら", "パスワード123456", "ｐａｓｓｗｏｒｄ１２３", "password-123-テスト",
		"tasuki2026!", "Tasuki-2026", "TASUKI##2026", "たすき20261124", "タスキ-タスキ-1", "security2026", "セキュリティ2026",
		"takada2026", "s.takada@example.com", "高田さくら2026", "sakura-takada", "example.com-1", "tasuki.example.com",
	} {
		if !Guessable(bad, about...) {
			t.Errorf("%s is taken", bad)
		}
	}
	for _, good := range []string{
		"correct horse battery", "桜の木の下で会いましょう", "kumo-no-ito-2026", "Xk4#pq!9zL", "雨の日は傘を二本持つ", "takada likes long rides",
		strings.Repeat("長い歌をうたいながら歩く ", 20),
	} {
		if Guessable(good, about...) {
			t.Errorf("%s is refused", good)
		}
	}
}
