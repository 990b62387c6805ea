package text

import (
	"regexp"
	"strings"
)

// Reply is a message taken apart into what its writer says and the message it
// answers. Quoted is empty where nothing is answered; then Text is the whole message.
type Reply struct {
	Text   string // greeting and signature included
	Quoted string // the message answered, without its marks
	// What stands above the quote about the message answered; empty where nothing does.
	Name, Address, Sent, Subject string
}

// SplitReply finds the message that a reply answers: quoted line by line, above,
// below or between the lines of the answer, or attached below an attribution, a rule
// with words or a block of headers. Where the answer stands between quoted lines,
// Text keeps them, as it would not be understood without. A forwarded message is
// what its sender asks, no quote.
func SplitReply(message string) Reply {
	lines := strings.Split(Clean(message), "\n")
	var r Reply
	var kept, quoted []string
	said := false
	for i := 0; i < len(lines); i++ {
		n := quoteStart(lines[i:])
		marked := n > 0 && repliedBelow(lines[i+n:])
		switch {
		case quoteLine.MatchString(lines[i]):
			quoted = append(quoted, unquoteLine(lines[i]))
		case n == 0:
			kept = append(kept, lines[i])
			said = said || says(lines[i])
		case forwarded.MatchString(lines[i]) || !said && !marked:
			return Reply{Text: Clean(message)}
		default:
			r.attribute(lines[i : i+n])
			i += n - 1
			if !marked {
				quoted = append(quoted, lines[i+1:]...)
				i = len(lines)
			}
		}
	}
	if !said || len(quoted) == 0 {
		return Reply{Text: Clean(message)}
	}
	n := headerBlock(quoted)
	r.attribute(quoted[:n])
	r.Quoted = Clean(strings.Join(quoted[n:], "\n"))
	r.Text = trimRules(kept)
	if between(lines) {
		r.Text = Clean(strings.Join(dropAttributions(lines), "\n"))
	}
	return r
}

// unquoteLine takes one quotation mark off a line.
func unquoteLine(line string) string {
	line = strings.TrimLeft(line, " \t　")
	for _, mark := range []string{"> ", ">", "＞ ", "＞"} {
		if rest, ok := strings.CutPrefix(line, mark); ok {
			return rest
		}
	}
	return line
}

// trimRules joins lines without the rules that mail programs draw above a quote.
func trimRules(lines []string) string {
	end := len(lines)
	for end > 0 && (lines[end-1] == "" || ruleLine.MatchString(lines[end-1])) {
		end--
	}
	return Clean(strings.Join(lines[:end], "\n"))
}

// between tells whether more than one quoted passage is followed by an answer.
func between(lines []string) bool {
	passages, quoting := 0, false
	for i, line := range lines {
		switch {
		case quoteLine.MatchString(line):
			quoting = true
		case quoteStart(lines[i:]) > 0:
		case quoting && says(line) && !ruleLine.MatchString(line):
			passages++
			quoting = false
		}
	}
	return passages > 1
}

// dropAttributions leaves out the lines that open a quote.
func dropAttributions(lines []string) (kept []string) {
	for i := 0; i < len(lines); i++ {
		if n := quoteStart(lines[i:]); n > 0 && !quoteLine.MatchString(lines[i]) {
			i += n - 1
			continue
		}
		kept = append(kept, lines[i])
	}
	return kept
}

var (
	sentLine  = regexp.MustCompile(`(?i)^[*\s]*(?:date|sent|送信日時|日時|日付)[*\s]*[:：][*\s]*(.*)$`)
	fromLine  = regexp.MustCompile(`(?i)^[*\s]*(?:from|差出人|送信者)[*\s]*[:：][*\s]*(.*)$`)
	mailbox   = regexp.MustCompile(`[<＜(（\[]?\s*(?:mailto:)?([\w.+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\s*[>＞)）\]]?`)
	momentOf  = regexp.MustCompile(`(?i)(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?:\d{4}\s?[年/.-]\s?\d{1,2}\s?[月/.-]\s?\d{1,2}\s?日?|\d{1,2}\s+[a-z]{3,9}\.?,?\s+\d{4}|[a-z]{3,9}\.?\s+\d{1,2},?\s+\d{4})(?:\s?[(（]?[月火水木金土日](?:曜日?)?[)）]?|\s?\((?:mon|tue|wed|thu|fri|sat|sun)\))?(?:,?\s*(?:at\s+)?(?:午前|午後)?\s?\d{1,2}[:：時]\d{2}分?(?:[:：]\d{2})?(?:\s?[ap]m)?(?:\s?[+-]\d{4})?)?`)
	wroteWord = regexp.MustCompile(`(?i)(?:\bwrote|のメール|(?:さん|様)?(?:は|が)?(?:書きました|次のように書きました))?\s*[:：]?\s*$`)
)

// attribute reads who wrote the message answered, and when, from the lines above it.
func (r *Reply) attribute(lines []string) {
	for i, line := range lines {
		switch {
		case original.MatchString(line) || line == "":
		case sentLine.MatchString(line):
			r.sent(sentLine.FindStringSubmatch(line)[1])
		case fromLine.MatchString(line):
			r.from(fromLine.FindStringSubmatch(line)[1])
		case subjectLine.MatchString(line):
			if r.Subject == "" {
				r.Subject = strings.TrimSpace(subjectLine.FindStringSubmatch(line)[1])
			}
		case headerLine.MatchString(line):
		case i == 0:
			r.wrote(strings.Join(lines, " "))
			return
		}
	}
}

// wrote reads "On Mon, Nov 2, 2026 at 10:12 AM Takada <t@example.com> wrote:".
func (r *Reply) wrote(line string) {
	if Runes(line) > 300 {
		return
	}
	line = wroteWord.ReplaceAllString(line, "")
	if at := momentOf.FindStringIndex(line); at != nil {
		r.sent(line[at[0]:at[1]])
		line = line[:at[0]] + " " + line[at[1]:]
	}
	if len(line) > 3 && strings.EqualFold(line[:3], "on ") {
		line = line[3:]
	}
	r.from(line)
}

func (r *Reply) sent(s string) {
	if r.Sent == "" {
		r.Sent = strings.TrimSpace(strings.NewReplacer(" at ", " ", "、", " ").Replace(s))
	}
}

func (r *Reply) from(s string) {
	if r.Name != "" || r.Address != "" {
		return
	}
	r.Name, r.Address = SplitAddress(s)
}

// SplitAddress takes "大野 さやか <ohno@example.com>" apart; either may be missing.
func SplitAddress(s string) (name, address string) {
	if m := mailbox.FindStringSubmatchIndex(s); m != nil {
		address = strings.ToLower(s[m[2]:m[3]])
		s = s[:m[0]] + " " + s[m[1]:]
	}
	name = strings.Trim(strings.Join(strings.Fields(s), " "), " \"'“”*,、;()（）<>:：")
	return strings.TrimSpace(strings.TrimSuffix(name, "さん")), address
}

var asks = regexp.MustCompile(`[?？]\s*$|(?:ますか|ですか|でしょうか|ませんか)[。.]?\s*$`)

// Asks tells whether a sentence of s is a question. Requests (…ください) are none:
// answers are full of them.
func Asks(s string) bool {
	for _, line := range strings.Split(s, "\n") {
		for _, sentence := range Sentences(line) {
			if asks.MatchString(sentence) {
				return true
			}
		}
	}
	return false
}
