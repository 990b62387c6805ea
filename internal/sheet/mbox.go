package sheet

import (
	"bytes"
	"regexp"
)

var (
	fromLine     = regexp.MustCompile(`^From \S+.*\d{1,2}:\d{2}|^From \S+@\S+\s*$|^From -\s*$`)
	headerName   = regexp.MustCompile(`^>?[!-9;-~]+:|^>?From `)
	escapedFrom  = regexp.MustCompile(`(?m)^>(>*From )`)
	longestFirst = 300
)

// rawMail is the bytes of one mail and where it begins.
type rawMail struct {
	line  int
	bytes []byte
}

// splitMbox cuts a mail box at its "From " lines and takes the mark off those that
// belong to the text (">From "). Content without such a line is one mail.
func splitMbox(content []byte) (list []rawMail) {
	start, startLine, isBox := 0, 1, false
	line, blank := 0, true
	for at := 0; at < len(content); {
		line++
		end := len(content)
		if i := bytes.IndexByte(content[at:], '\n'); i >= 0 {
			end = at + i + 1
		}
		if blank && beginsMail(content[at:end], content[end:]) {
			if isBox {
				list = append(list, rawMail{startLine, content[start:at]})
			}
			start, startLine, isBox = end, line, true
		}
		blank = len(bytes.TrimRight(content[at:end], "\r\n")) == 0
		at = end
	}
	list = append(list, rawMail{startLine, content[start:]})
	if isBox {
		for i := range list {
			list[i].bytes = escapedFrom.ReplaceAll(list[i].bytes, []byte("$1"))
		}
	}
	return list
}

// beginsMail tells whether a line that stands below an empty one starts a mail: it
// looks like the program's line, and a header follows.
func beginsMail(line, rest []byte) bool {
	if !bytes.HasPrefix(line, []byte("From ")) {
		return false
	}
	line = bytes.TrimRight(line[:min(len(line), longestFirst)], "\r\n")
	return fromLine.Match(line) && headerName.Match(rest[:min(len(rest), longestFirst)])
}
