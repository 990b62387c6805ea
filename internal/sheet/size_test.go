package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestWorkGrowsWithTheSizeOfAFile reads files that are made to cost much, in two sizes:
// four times the size must not take more than about four times the memory. A step
// that goes over everything again for each part of a file would take sixteen times.
func TestWorkGrowsWithTheSizeOfAFile(t *testing.T) {
	const small = 60_000
	many := func(head, s string) func(int) string {
		return func(size int) string { return head + strings.Repeat(s, size/len(s)) }
	}
	const mail, reply = "From: a@example.com\nContent-Type: text/plain\n\n", "From: a@example.com\nSubject: Re: x\n\nx\n"
	for name, c := range map[string]struct {
		file string
		of   func(int) string
	}{
		"quotation marks":       {"a.csv", many("", `"`)},
		"open cells":            {"a.csv", many("質問\n", "\"a\n")},
		"short rows":            {"a.csv", many("", "a,b\n")},
		"one cell":              {"a.csv", many("質問\n", "あ")},
		"headings":              {"a.md", many("", "# a\n")},
		"sections of a box":     {"a.md", many("# a\n", "## 理由\nx\n")},
		"labels in an answer":   {"a.csv", many("質問,回答\na,\"", "■理由\nx\n")},
		"front matter":          {"a.md", many("---\n", "a: b\n")},
		"objects in an array":   {"a.json", many("[", `{"a":1},`)},
		"nested lists":          {"a.json", many("", "[")},
		"mails":                 {"a.mbox", many("", "From x@y 10:12\nA: b\nSubject: c\n\nUSB?\n\n")},
		"answers to one mail":   {"a.mbox", manyAnswers},
		"nested quotes in HTML": {"a.eml", many("From: a\nContent-Type: text/html\n\n", "<blockquote>a<br>")},
		"open tags":             {"a.eml", many("From: a\nContent-Type: text/html\n\n", "<")},
		"attributions":          {"a.eml", many(reply, "On 2026/1/1 1:1 x wrote:\n")},
		"headers in a mail":     {"a.eml", many(reply, "From: a@b\nTo: c\n")},
		"answers between":       {"a.eml", many(reply, "> a\nb\n")},
		"greetings":             {"a.eml", many(mail, "お世話になっております。")},
		"a subject in pieces":   {"a.eml", many("Subject: ", "=?utf-8?B?44GC?= ")},
	} {
		cost := func(size int) uint64 {
			content := []byte(c.of(size))
			return allocated(func() {
				if table, err := Read(c.file, content, Options{}); err == nil {
					table.Incoming(Guess(table), now)
				}
			})
		}
		cost(small) // what is set up once
		if before, after := cost(small), cost(4*small); after > 8*before+1<<20 {
			t.Errorf("%s: %d bytes of memory for %d, %d for %d", name, before, small, after, 4*small)
		}
	}
}

func manyAnswers(size int) string {
	var b strings.Builder
	b.WriteString(mailOf("a", "a", "", "USB", "USB?"))
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, "From x@y 10:12\nFrom: b@example.com\nMessage-ID: <%d>\nIn-Reply-To: <a@example.com>\n\nno %d\n\n", i, i)
	}
	return b.String()
}

func TestDeepPartsOfAMailAreNotFollowed(t *testing.T) {
	var b strings.Builder
	b.WriteString("From: a@example.com\nSubject: x\nContent-Type: multipart/mixed; boundary=b0\n\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	table, err := Read("a.eml", []byte(b.String()), Options{})
	if err != nil || len(table.Notes) == 0 || len(table.Notes) > maxDepth+1 || table.Notes[0].Kind != NoteBadPart || table.Rows[0].Cells[0] != "x" {
		t.Errorf("%v, %v, %v", err, table.Notes, table.Rows)
	}
	if _, err := Read("a.eml", []byte("From: a@example.com\nContent-Type: multipart/mixed; boundary="+strings.Repeat("b", maxBoundary+1)+"\n\nx"), Options{}); !errors.Is(err, ErrNoRows) {
		t.Errorf("a boundary without end: %v", err)
	}
}
