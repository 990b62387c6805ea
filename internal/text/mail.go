package text

import (
	"regexp"
	"strings"
)

// Stripped is a message without what surrounds its question. Text is never empty
// where the message was not; Removed lists what was taken off, in order.
type Stripped struct {
	Text    string
	Removed []Removed
}

// Removed is one part that was taken off. Kind is "header", "greeting", "closing",
// "signature" or "quote".
type Removed struct{ Kind, Text string }

var (
	headerLine = regexp.MustCompile(`(?i)^(from|to|cc|bcc|date|sent|subject|reply-to|差出人|宛先|件名|送信日時|日時|送信者|受信者)\s*[:：]`)
	quoteStart = regexp.MustCompile(`(?i)^(-{2,}\s*(original message|forwarded message|元のメッセージ|転送メッセージ)|on .{6,80} wrote:$|.{0,40}\d{4}[年/.-]\d{1,2}[月/.-]\d{1,2}.{0,60}([:：]|wrote:)$|_{20,}$)`)
	quoteLine  = regexp.MustCompile(`^\s*[>＞|｜]`)
	ruleLine   = regexp.MustCompile(`^\s*(--|[-=_*＊━─―~〜☆★◇◆]{4,})\s*$`)
	contact    = regexp.MustCompile(`(?i)(^|\s)(tel|fax|mobile|e-?mail|mail|電話|内線|携帯|〒|https?://)\s*[:：]?|@[a-z0-9.-]+\.[a-z]{2,}|株式会社|有限会社`)
	salutation = regexp.MustCompile(`(?i)^(.{1,30}(様|さま|殿|御中|各位|さん)[、,。]?$|(hi|hello|dear|good (morning|afternoon|evening))\b.{0,40}[,!.、]?$)`)
	greeting   = regexp.MustCompile(`(?i)^(いつも|毎々|平素|大変)?.{0,8}(お世話(に|を)|お疲れ(さま|様)|おつかれ(さま|様)|ありがとうございます|失礼(いた)?します|こんにち[はわ]|おはようございます|はじめまして|初めまして|突然のご連絡)`)
	selfIntro  = regexp.MustCompile(`^[^。、？?]{0,20}(部|課|室|係|社|部門|センター|グループ|工場|支店)の[^。、？?]{1,10}(です|と申します|でございます)$|^[\p{Han}\p{Hiragana}\p{Katakana}ー 　]{1,12}と申します$`)
	closing    = regexp.MustCompile(`(?i)^((以上|どうぞ|何卒|お手数|お忙しい|ご多忙|恐れ入り|恐縮).{0,30})?(よろしく|宜しく)(お願い|おねがい).{0,12}$|^以上(です|になります)?$|^(best|kind|warm)? ?(regards|wishes)$|^(thanks|thank you|cheers|sincerely|yours sincerely)( in advance| so much| very much)?$`)
	department = regexp.MustCompile(`[\p{Han}\p{Katakana}ーA-Za-z0-9]{1,16}(部門|本部|事業部|部|課|室|センター|グループ)`)
	introduced = regexp.MustCompile(`(?:^|[\s。、（(])(?:[\p{Han}\p{Katakana}ーA-Za-z0-9]{1,16}(?:部門|本部|事業部|部|課|室|センター|グループ))の([\p{Han}\p{Katakana}\p{Hiragana}ー]{1,8}?)(?:です|と申します|でございます)`)
	signedName = regexp.MustCompile(`(?m)^\s*[^\n。]{0,24}(?:部門|本部|事業部|部|課|室)[\s　]+([\p{Han}\p{Hiragana}\p{Katakana}ー]{1,8}(?:[\s　][\p{Han}\p{Hiragana}\p{Katakana}ー]{1,8})?)\s*(?:[（(].{0,20})?$`)
	fromHeader = regexp.MustCompile(`(?m)^(?:From|差出人)\s*[:：]\s*"?([^"<@\n]{1,40}?)"?\s*(?:<|$)`)
)

// StripMail takes header lines, greeting, closing, signature and quotes off a
// pasted message. The question stays whole: from a line that holds a greeting and
// a question only the greeting sentence goes.
func StripMail(message string) Stripped {
	message = Clean(message)
	s := stripper{lines: strings.Split(message, "\n")}
	s.cutQuotes()
	s.cutHeaders()
	s.cutSignature()
	s.cutSentences()
	out := Clean(strings.Join(s.lines, "\n"))
	if out == "" {
		return Stripped{Text: message}
	}
	return Stripped{Text: out, Removed: s.removed}
}

type stripper struct {
	lines   []string
	removed []Removed
}

func (s *stripper) remove(kind, text string) {
	if text = strings.TrimSpace(text); text != "" {
		s.removed = append(s.removed, Removed{kind, text})
	}
}

// cutQuotes takes off quoted lines, and everything below a line that opens the
// message being answered, unless nothing would stand above it.
func (s *stripper) cutQuotes() {
	var kept, quoted []string
	for i, line := range s.lines {
		if quoteStart.MatchString(strings.TrimSpace(line)) && strings.TrimSpace(strings.Join(kept, "")) != "" {
			quoted = append(quoted, s.lines[i:]...)
			break
		}
		if quoteLine.MatchString(line) {
			quoted = append(quoted, line)
			continue
		}
		kept = append(kept, line)
	}
	if strings.TrimSpace(strings.Join(kept, "")) == "" {
		return
	}
	s.lines = kept
	s.remove("quote", strings.Join(quoted, "\n"))
}

// cutHeaders takes off the header lines at the top; the subject says what the
// question is about and stays.
func (s *stripper) cutHeaders() {
	var headers, subject []string
	i := 0
	for ; i < len(s.lines); i++ {
		line := strings.TrimSpace(s.lines[i])
		if line == "" {
			continue
		}
		name := headerLine.FindString(line)
		if name == "" {
			break
		}
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "subject") || strings.HasPrefix(name, "件名") {
			subject = append(subject, strings.TrimSpace(line[len(name):]))
			continue
		}
		headers = append(headers, line)
	}
	if len(headers)+len(subject) == 0 {
		return
	}
	s.lines = append(subject, s.lines[i:]...)
	s.remove("header", strings.Join(headers, "\n"))
}

// cutSignature takes off a block at the end that begins with a rule, or whose last
// lines are ways to reach somebody.
func (s *stripper) cutSignature() {
	const longest = 12
	from := len(s.lines)
	for i := len(s.lines) - 1; i > 0 && i >= len(s.lines)-longest; i-- {
		if ruleLine.MatchString(s.lines[i]) || contact.MatchString(s.lines[i]) && !strings.ContainsAny(s.lines[i], "。？?") {
			from = i
		}
	}
	if from == len(s.lines) || strings.TrimSpace(strings.Join(s.lines[:from], "")) == "" {
		return
	}
	for _, line := range s.lines[from:] {
		if strings.ContainsAny(line, "？?") && !strings.Contains(line, "://") {
			return // a question stands there: this is no signature
		}
	}
	s.remove("signature", strings.Join(s.lines[from:], "\n"))
	s.lines = s.lines[:from]
}

// cutSentences takes greetings off the top and closings off the end, sentence by
// sentence.
func (s *stripper) cutSentences() {
	var kept []string
	var greetings, closings []string
	opening := true
	for _, line := range s.lines {
		var rest strings.Builder
		for _, sentence := range Sentences(line) {
			bare := strings.TrimRight(strings.TrimSpace(sentence), "。.!！、, 　")
			switch {
			case bare == "":
				rest.WriteString(sentence)
			case opening && (salutation.MatchString(bare) || greeting.MatchString(bare) || selfIntro.MatchString(bare)):
				greetings = append(greetings, strings.TrimSpace(sentence))
			case closing.MatchString(bare):
				closings = append(closings, strings.TrimSpace(sentence))
			default:
				opening = false
				rest.WriteString(sentence)
			}
		}
		kept = append(kept, rest.String())
	}
	s.lines = kept
	s.remove("greeting", strings.Join(greetings, "\n"))
	s.remove("closing", strings.Join(closings, "\n"))
}

// Sentences splits a line after 。！？ and after . ! ? before a blank; the pieces
// joined are the line again.
func Sentences(line string) []string {
	var list []string
	start := 0
	runes := []rune(line)
	for i, r := range runes {
		end := strings.ContainsRune("。！？", r) || strings.ContainsRune(".!?", r) && (i+1 == len(runes) || runes[i+1] == ' ')
		if end {
			list = append(list, string(runes[start:i+1]))
			start = i + 1
		}
	}
	return append(list, string(runes[start:]))
}

// Hints is what a message says about who wrote it; empty where it does not.
// Departments are words that look like one, for the caller to match with its list.
type Hints struct {
	Departments []string
	Name        string
}

// MailHints guesses who wrote a message, from how they introduce themselves, sign,
// or stand in the header. Only the beginning and the end are read.
func MailHints(message string) Hints {
	message = Clean(message)
	const edge = 1200
	if runes := []rune(message); len(runes) > 2*edge {
		message = string(runes[:edge]) + "\n" + string(runes[len(runes)-edge:])
	}
	h := Hints{Departments: department.FindAllString(message, 8)}
	for _, pattern := range []*regexp.Regexp{signedName, introduced, fromHeader} {
		if m := pattern.FindStringSubmatch(message); m != nil {
			h.Name = strings.TrimSpace(m[1])
			return h
		}
	}
	return h
}
