package sheet

import (
	"regexp"
	"strings"
	"unicode"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

var (
	questionLabel = regexp.MustCompile(`^(?:[QＱ]\s?[0-9０-９]{0,3}\s?[.．:：、]|【?(?:質問|問)】?\s?[:：]|【質問】)\s*`)
	answerLabel   = regexp.MustCompile(`^(?:[AＡ]\s?[0-9０-９]{0,3}\s?[.．:：、]|(?:回答|答え|答)\s?[:：]|【(?:回答|答え)】)\s*`)
)

// labelled takes "Q." or "回答：" off the front of a text that has more.
func labelled(s string, label *regexp.Regexp) string {
	if rest := label.ReplaceAllString(s, ""); rest != "" {
		return rest
	}
	return s
}

// takeApart puts a whole answer into boxes: parts below headings that name a box
// (【理由】, ■手順, "Reason:") go there; of what stands above, the first sentence is the
// short answer if wantShort, the rest the reason. Every word stays.
func takeApart(whole string, wantShort bool) team.Answer {
	var a team.Answer
	for field, parts := range sections(labelled(whole, answerLabel)) {
		a = merge(a, inBox(field, strings.Join(parts, "\n\n")))
	}
	if wantShort && a.Short == "" {
		a.Short, a.Reason = firstSentence(a.Reason)
	}
	return a
}

var sectionMark = regexp.MustCompile(`^(?:【([^】]{1,20})】|[■◆●▼□◇]\s*([^：:]{1,20}?)\s*(?:[：:]|$)|#{1,6}\s+(.{1,20}?)\s*#*$|([^：:。、]{1,20}?)\s*[：:]$)\s*`)

// sections splits a text at the lines that begin a box and returns what belongs to
// each; what stands above the first is the reason.
func sections(whole string) map[Field][]string {
	parts := map[Field][]string{}
	field := FieldReason
	var lines []string
	flush := func() {
		if part := text.Clean(strings.Join(lines, "\n")); part != "" {
			parts[field] = append(parts[field], part)
		}
		lines = nil
	}
	for _, line := range strings.Split(whole, "\n") {
		if next, rest := boxHeading(line); next != FieldNone {
			flush()
			field, line = next, rest
		}
		lines = append(lines, line)
	}
	flush()
	return parts
}

// boxHeading returns the box that a line announces and what follows on the line.
func boxHeading(line string) (Field, string) {
	m := sectionMark.FindStringSubmatch(line)
	if m == nil {
		return FieldNone, ""
	}
	field, how := fieldOf(strings.Join(m[1:], ""))
	if how != exactMatch || !isBox(field) {
		return FieldNone, ""
	}
	return field, line[len(m[0]):]
}

// isBox tells whether a field is one of the boxes that hold free text.
func isBox(f Field) bool {
	switch f {
	case FieldShort, FieldReason, FieldMerit, FieldDemerit, FieldSteps, FieldAlternative, FieldDue, FieldDueReason, FieldBasis:
		return true
	}
	return false
}

// inBox returns an answer with one box filled.
func inBox(f Field, s string) (a team.Answer) {
	switch f {
	case FieldShort:
		a.Short = s
	case FieldMerit:
		a.Merit = s
	case FieldDemerit:
		a.Demerit = s
	case FieldSteps:
		a.Steps = listOf(s)
	case FieldAlternative:
		a.Alternative = s
	case FieldDue:
		a.Due = s
	case FieldDueReason:
		a.DueReason = s
	case FieldBasis:
		a.Basis = s
	default:
		a.Reason = s
	}
	return a
}

// merge joins two answers box by box.
func merge(a, b team.Answer) team.Answer {
	a.Short, a.Reason, a.Merit, a.Demerit = join(a.Short, b.Short), join(a.Reason, b.Reason), join(a.Merit, b.Merit), join(a.Demerit, b.Demerit)
	a.Alternative, a.Due, a.DueReason, a.Basis = join(a.Alternative, b.Alternative), join(a.Due, b.Due), join(a.DueReason, b.DueReason), join(a.Basis, b.Basis)
	a.Steps = append(a.Steps, b.Steps...)
	return a
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n\n" + b
}

// tooShort is how long, in runes, a sentence such as "はい。" is that says nothing alone.
const tooShort = 5

// firstSentence splits a text into its first sentence, at most team.MaxShort runes,
// and the rest. A longer sentence is split at a comma or a blank, if need be anywhere.
func firstSentence(whole string) (first, rest string) {
	line, _, _ := strings.Cut(whole, "\n")
	end := 0
	for _, sentence := range text.Sentences(line) {
		if end > 0 && text.Runes(line[:end]) >= tooShort {
			break
		}
		end += len(sentence)
	}
	if text.Runes(line[:end]) > team.MaxShort {
		head, _ := cutRunes(line, team.MaxShort)
		end = len(head)
		if i := strings.LastIndexFunc(head, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("、，,；;", r) }); i > 0 {
			end = i + len(string([]rune(head[i:])[0]))
		}
	}
	return strings.TrimSpace(whole[:end]), strings.TrimSpace(whole[end:])
}
