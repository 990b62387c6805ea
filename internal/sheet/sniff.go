package sheet

import (
	"regexp"
	"strings"

	"tasuki/internal/text"
)

var (
	mboxStart   = regexp.MustCompile(`^From \S+.*\n[A-Za-z][A-Za-z0-9-]*:`)
	headerStart = regexp.MustCompile(`^(?i:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to|x-[a-z-]+|content-type|dkim-signature|arc-[a-z-]+|reply-to):.*\n(?:[ \t].*\n)*(?:[A-Za-z][A-Za-z0-9-]*:)`)
	mdStart     = regexp.MustCompile(`^(?:---\n|#{1,6} |.{1,80}\n=+\n)`)
)

// sniff tells the format of a text whose name says nothing, such as one pasted.
func sniff(content []byte) Format {
	const enough = 64 << 10
	s, _, err := text.Decode(content[:min(len(content), enough)], "")
	if err != nil {
		return FormatCSV // which will find that it is no text
	}
	s = strings.TrimLeft(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), " \n")
	switch {
	case strings.HasPrefix(s, "{") || strings.HasPrefix(s, "[{") || strings.HasPrefix(s, "[\n"):
		return FormatJSONL
	case mboxStart.MatchString(s) || headerStart.MatchString(s):
		return FormatMail
	case mdStart.MatchString(s):
		return FormatMarkdown
	}
	return FormatCSV
}
