package text

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Stripped is a message without what surrounds its question. Text is never empty
// where the message was not; Removed lists what was taken off.
type Stripped struct {
	Text    string
	Removed []Removed
}

// Removed is one part that was taken off. Kind is "header", "greeting", "closing",
// "signature" or "quote".
type Removed struct{ Kind, Text string }

// StripMail takes header lines, greeting, closing, signature and quotes off a
// pasted message; a subject stays, as it says what the question is about. From a
// line that holds a greeting and a question only the greeting goes. Where nothing
// would be left, Text is the cleaned message and Removed is empty.
func StripMail(message string) Stripped {
	s := strip(message)
	if s.text == "" {
		return Stripped{Text: Clean(message)}
	}
	return Stripped{Text: s.text, Removed: s.removed}
}

// gaps are the holes that cutting leaves.
var gaps = regexp.MustCompile(`\n{3,}`)

// strip does the work of StripMail; its text is empty where nothing is left but rules.
func strip(message string) stripper {
	s := stripper{lines: strings.Split(Clean(message), "\n")}
	s.cutHeaders()
	s.cutQuotes()
	s.cutSignature()
	s.cutSentences()
	blank := 0
	for _, line := range s.lines {
		if strings.TrimSpace(line) == "" || ruleLine.MatchString(line) {
			blank++
		}
	}
	if blank == len(s.lines) {
		s.lines = nil
	}
	body := gaps.ReplaceAllString(Clean(strings.Join(s.lines, "\n")), "\n\n")
	s.text = Clean(s.subject + "\n" + body)
	return s
}

type stripper struct {
	lines   []string
	subject string
	text    string
	removed []Removed
}

func (s *stripper) remove(kind string, lines []string) {
	if text := Clean(strings.Join(lines, "\n")); text != "" {
		s.removed = append(s.removed, Removed{kind, text})
	}
}

var (
	headerLine  = regexp.MustCompile(`(?i)^[*\s]*(from|to|cc|bcc|date|sent|subject|reply-to|importance|attachments?|差出人|宛先|件名|送信日時|日時|日付|送信者|受信者|添付ファイル|重要度)[*\s]*[:：]`)
	subjectLine = regexp.MustCompile(`(?i)^[*\s]*(?:subject|件名)[*\s]*[:：][*\s]*(?:(?:re|fwd?|返信|転送)\s*[:：]\s*)*(.*)$`)
	senderLine  = regexp.MustCompile(`(?i)^[*\s]*(from|差出人|送信者)[*\s]*[:：]`)
)

// longestBlock bounds how far headers and signatures are looked for, so that the
// work stays in step with the length of the message.
const longestBlock = 20

// headerBlock returns how many of the first lines are mail headers, blank lines
// among them included. One line alone has to hold a subject or an address, so that
// "日時：昨日" at the top of a report stays.
func headerBlock(lines []string) int {
	end, found, named, sure := 0, 0, false, false
	for i, line := range lines[:min(len(lines), longestBlock)] {
		if line == "" {
			continue
		}
		wrapped := end == i && found > 0 && line[0] == ' ' && strings.Contains(line, "@")
		if !wrapped && !headerLine.MatchString(line) {
			break
		}
		end, found = i+1, found+1
		sender, subject := senderLine.MatchString(line), subjectLine.MatchString(line)
		named = named || sender || subject
		sure = sure || subject || sender && strings.Contains(line, "@")
	}
	if sure || named && found > 1 {
		return end
	}
	return 0
}

// cutHeaders takes off the header lines at the top and keeps the subject apart.
func (s *stripper) cutHeaders() {
	n := headerBlock(s.lines)
	s.remove("header", s.takeSubject(s.lines[:n]))
	s.lines = s.lines[n:]
}

// takeSubject keeps the first subject seen and returns the other header lines.
func (s *stripper) takeSubject(headers []string) (rest []string) {
	for _, line := range headers {
		if m := subjectLine.FindStringSubmatch(line); m != nil && s.subject == "" {
			s.subject = m[1]
			continue
		}
		rest = append(rest, line)
	}
	return rest
}

var (
	quoteLine        = regexp.MustCompile(`^\s*[>＞]`)
	original         = regexp.MustCompile(`(?i)^\s*-{2,}\s*(original message|元のメッセージ)\s*-*$`)
	forwarded        = regexp.MustCompile(`(?i)^\s*-{2,}\s*(forwarded message|転送メッセージ|転送されたメッセージ)\s*-*$|^begin forwarded message:$`)
	opensAttribution = regexp.MustCompile(`(?i)^on .{6,120}$|^.{0,12}\d{4}[年/.-]\s?\d{1,2}[月/.-].{0,120}$`)
	attribution      = regexp.MustCompile(`(?i)^on .{6,120}\bwrote:$|^.{0,12}\d{4}[年/.-]\s?\d{1,2}[月/.-]\s?\d{1,2}日?.{0,16}\d{1,2}[:：時]\d{2}.{0,80}(<[^<>]*@[^<>]*>\s*[:：]|のメール[:：]|wrote:|書きました[:：]?)$|^.{1,80}(さん|様|>)(は|が)(書きました|次のように書きました)[:：]?$`)
)

// cutQuotes takes off quoted lines, and everything below a line that opens the
// message being answered. Where nothing was said above that line the message below
// is what was pasted: then only the line and its headers go.
func (s *stripper) cutQuotes() {
	var kept, quoted, headers []string
	said := false
	for i := 0; i < len(s.lines); i++ {
		line := s.lines[i]
		n := quoteStart(s.lines[i:])
		switch {
		case quoteLine.MatchString(line):
			quoted = append(quoted, line)
		case n == 0:
			kept = append(kept, line)
			said = said || says(line)
		case forwarded.MatchString(line) || !said:
			headers = append(headers, s.takeSubject(s.lines[i:i+n])...)
			i += n - 1
		case repliedBelow(s.lines[i+n:]):
			quoted = append(quoted, s.lines[i:i+n]...)
			i += n - 1
		default:
			for len(kept) > 0 && (kept[len(kept)-1] == "" || ruleLine.MatchString(kept[len(kept)-1])) {
				kept = kept[:len(kept)-1] // the rule that mail programs draw above
			}
			quoted = append(quoted, s.lines[i:]...)
			i = len(s.lines)
		}
	}
	if Clean(strings.Join(kept, "")) == "" {
		return
	}
	s.lines = kept
	s.remove("header", headers)
	s.remove("quote", quoted)
}

// quoteStart returns how many of the first lines open an earlier message: a rule
// with words, "… wrote:" on one or two lines, or Outlook's block of headers; 0 if
// none do.
func quoteStart(lines []string) int {
	if original.MatchString(lines[0]) || forwarded.MatchString(lines[0]) {
		return 1 + headerBlock(lines[1:])
	}
	if attribution.MatchString(lines[0]) {
		return 1
	}
	if len(lines) > 1 && opensAttribution.MatchString(lines[0]) && attribution.MatchString(lines[0]+" "+lines[1]) {
		return 2
	}
	if senderLine.MatchString(lines[0]) {
		if n := headerBlock(lines); n > 1 {
			return n
		}
	}
	return 0
}

// repliedBelow tells whether the quote that follows is marked line by line, so that
// what stands below it is an answer.
func repliedBelow(lines []string) bool {
	for _, line := range lines[:min(len(lines), 3)] {
		if line != "" {
			return quoteLine.MatchString(line)
		}
	}
	return false
}

// says tells whether a line holds more than greeting and closing.
func says(line string) bool {
	_, rest := cutGreeting(line, false)
	_, rest = cutClosing(rest)
	return strings.TrimSpace(rest) != "" && !ruleLine.MatchString(rest)
}

var (
	ruleLine    = regexp.MustCompile(`^\s*(--|[-=_*＊━─―~〜～☆★◇◆■□+・/:]{4,})$`)
	contactLine = regexp.MustCompile(`(?i)(^|[\s(（/|【\[■●◆□◇])(tel|fax|phone|mobile|e-?mail|mail|電話|内線|携帯|直通|メール|ext)[\]】)）.]?\s*([:：]|[+(（]?[\d０-９])|〒\s?[\d０-９]|(^|\s)[<＜(（]?[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+[>＞)）]?$|^(\+\d{1,3}[ -])?[(（]?\d{2,5}[)）-]\s?\d{1,4}-\d{3,4}$|^(sent from my |get outlook for )|から送信$`)
	signedLine  = regexp.MustCompile(`^[^。、？?]{0,30}(?:部門|本部|部|課|室|係|センター|グループ|チーム|工場|支店)[\s　/／]+([\p{Han}\p{Hiragana}\p{Katakana}ー]{1,8}(?:[\s　][\p{Han}\p{Hiragana}\p{Katakana}ー]{1,8})?)\s*(?:[（(].{0,20})?$`)
	predicate   = regexp.MustCompile(`[。？?！]|を|[\p{Han}\p{Katakana}ーA-Za-z](が|は|も|に)[、\p{Han}\p{Katakana}A-Za-z]|(です|ます|した|ません|たい|ください|下さい|でしょうか|ている|ない|件)[.．]?$`)
	question    = regexp.MustCompile(`[？?](\s|$)|？|(ますか|ですか|でしょうか|ないか|ください|下さい|[きしえりみ]たい|ません)[。.]?$`)
)

// englishName is a line that holds nothing but a name.
var englishName = regexp.MustCompile(`^[A-Z][a-z'-]+(?: [A-Z]\.)?(?: [A-Z][A-Za-z'-]+){0,2}$`)

// signedName returns the name in a line such as "製造部 大野 さやか", empty if there is none.
func signedName(line string) string {
	m := signedLine.FindStringSubmatch(line)
	if m == nil || noName.MatchString(m[1]) {
		return ""
	}
	return strings.TrimSpace(m[1])
}

// cutSignature takes off a block at the end: what stands below a rule, or the last
// short lines if they hold a way to reach somebody, a signed name, or follow a closing.
func (s *stripper) cutSignature() {
	first := max(1, len(s.lines)-longestBlock)
	from := len(s.lines)
	for i := len(s.lines) - 1; i >= first; i-- {
		if ruleLine.MatchString(s.lines[i]) && signs(s.lines[i:]) {
			from = i
		}
	}
	if from == len(s.lines) {
		from = s.shortLines(first)
	}
	for from > 0 && from < len(s.lines) && s.lines[from-1] == "" {
		from--
	}
	if Clean(strings.Join(s.lines[:from], "")) == "" {
		return
	}
	s.remove("signature", s.lines[from:])
	s.lines = s.lines[:from]
}

// signs tells whether the lines from a rule on are a signature: the mail standard's
// "--", or names and contacts, and no question.
func signs(lines []string) bool {
	standard := lines[0] == "--"
	found, filled := standard, 0
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line == "" || ruleLine.MatchString(line) {
			continue
		}
		filled++
		contact := contactLine.MatchString(line) && !predicate.MatchString(line)
		found = found || contact || signedName(line) != ""
		if question.MatchString(line) && !contact || filled == 1 && !standard && !nameLike(line) {
			return false
		}
	}
	return found || filled == 0
}

// nameLike tells whether a line is short and no sentence, as names, posts and
// contacts are.
func nameLike(line string) bool {
	return Runes(line) <= 60 && !predicate.MatchString(line) && (len(strings.Fields(line)) <= 6 || contactLine.MatchString(line))
}

// shortLines returns where the signature begins that no rule announces. A blank line
// ends it unless what stands above are contacts too.
func (s *stripper) shortLines(first int) int {
	from, found := len(s.lines), false
	for i := len(s.lines) - 1; i >= first; i-- {
		line := strings.TrimSpace(s.lines[i])
		if _, rest := cutClosing(line); line != "" && rest == "" {
			if found || len(s.lines)-i <= 6 {
				return i + 1
			}
			break
		}
		if line == "" {
			if found && i > 0 && !contactLine.MatchString(s.lines[i-1]) {
				break
			}
			continue
		}
		if !nameLike(line) && !ruleLine.MatchString(line) {
			break
		}
		found = found || contactLine.MatchString(line) || signedName(line) != ""
		from = i
	}
	if found {
		return from
	}
	return len(s.lines)
}

// name is how people write their names; the words in noName look like one.
const name = `[\p{Han}\p{Katakana}ーヶ]{1,8}(?:[ 　][\p{Han}\p{Hiragana}\p{Katakana}ー]{1,6})?`

var noName = regexp.MustCompile(`件|依頼|質問|相談|確認|連絡|報告|案件|端末|資料|場合|担当|者$|緊急|至急|不明|可能|必要|不可|無理|故障|不調|対象|状態|状況|予定|希望|以上|以下|業務|設定|申請|許可|禁止|問題|エラー|パソコン|メール|サーバ|システム|データ`)

var (
	greetings = []*regexp.Regexp{
		regexp.MustCompile(`^(?:いつも|毎々|日頃(?:より|から)?|平素(?:より|は)?|先日は|昨日は|大変|たいへん|格別の|色々と?|[ 　、]){0,4}(?:お世話(?:に|さま|様)(?:なって(?:おり|い)ます|なります|です|でございます|なりました)|(?:お疲れ|おつかれ|お疲)(?:さま|様)(?:です|でございます|でした)|[^。、？?]{0,14}ありがとうございま(?:す|した)|(?:突然|夜分|お忙しいところ|度々|たびたび)[^。、？?]{0,16}(?:失礼(?:いた)?し(?:ます|ました)|すみません|申し訳(?:ありません|ございません)|恐れ入ります)|失礼(?:いた)?します|こんにち[はわ]|おはようございます|はじめまして|初めまして|ご無沙汰しております)` + stop),
		regexp.MustCompile(`^(?:お忙しいところ|突然のご連絡で|度々)[^。、？?]{0,6}(?:恐れ入りますが|すみませんが|恐縮ですが|申し訳(?:ありません|ございません)が)、`),
		regexp.MustCompile(`^(?:[^。、？?をがはもで]{1,30}(?:様|さま|殿|御中|各位|さん|皆さん)[、,。]?$|[\p{Han}\p{Katakana}]{1,8}(?:様|さん|さま)、)`),
		regexp.MustCompile(`^(?i:hi|hello|hey|dear|good (?:morning|afternoon|evening))(?: (?i:all|team|everyone|there|security|support|it|help ?desk|mr\.?|ms\.?|mrs\.?|dr\.?|sir or madam|colleagues|[\p{Han}]+|[A-Z][\w'-]*)){0,4}\s*(?:[,!、:：]+\s*|\.\s+|\.?$)`),
		regexp.MustCompile(`^(?i)(?:i )?hope (?:you|this|all|your)[^.?!]{0,60}[.!]\s*`),
		regexp.MustCompile(`^(?i)thank(?:s| you)(?: very much| so much| a lot)? for (?:your|the) (?:quick |kind |prompt )?(?:reply|response|help|support|answer|e-?mail|message|information)[.!]\s*`),
	}
	selfIntro = regexp.MustCompile(`^[^。、？?をがはも]{0,24}(?:部門|部|課|室|係|社|センター|グループ|チーム|工場|支店)(?:の|[ 　]*)(` + name + `)(?:です|と申します|でございます)` + stop)
	bareIntro = regexp.MustCompile(`^(?:(` + name + `)(?:です|でございます)|([\p{Han}\p{Hiragana}\p{Katakana}ー 　]{1,12})と申します)` + stop)
	closing   = regexp.MustCompile(`(?i)^(?:(?:以上|どうぞ|何卒|お手数|お忙しい|ご多忙|恐れ入り|恐縮|引き続き|今後とも|では|それでは|ご(?:確認|回答|返信|教示|検討|対応|査収)).{0,30})?(?:よろしく|宜しく)(?:お願い|御願い|おねがい).{0,12}$|^以上(?:です|になります|、?取り急ぎ.{0,12})?$|^取り急ぎ.{0,14}(?:まで|ます)$|^(?:(?:best|kind|kindest|warm|many|with best|with kind) ?)?(?:regards|wishes)$|^(?:many )?(?:thanks|thank you|cheers|sincerely|yours (?:sincerely|truly|faithfully)|best)(?: in advance| so much| very much| again| for your (?:help|time|support|assistance))?$|^(?:i )?looking forward to (?:your|hearing).{0,30}$`)
)

// stop is what ends a greeting; without it the sentence goes on and says something.
const stop = `(?:[。.!！、,\s　]+|$)`

// cutGreeting splits a line into the greetings it begins with and the rest. A name
// alone is an introduction only once somebody has greeted.
func cutGreeting(line string, greeted bool) (string, string) {
	rest := strings.TrimLeft(line, " 　\t")
	indent := len(line) - len(rest)
	for n := 1; n > 0; {
		n = 0
		for _, g := range greetings {
			n = max(n, len(g.FindString(rest)))
		}
		n = max(n, introduction(selfIntro, rest))
		if n == 0 && greeted {
			n = introduction(bareIntro, rest)
		}
		rest, greeted = rest[n:], greeted || n > 0
	}
	cut := len(line) - len(rest)
	if cut == indent {
		cut = 0
	}
	return line[:cut], line[cut:]
}

// introduction returns the length of an introduction at the start of s, 0 if none.
func introduction(pattern *regexp.Regexp, s string) int {
	m := pattern.FindStringSubmatch(s)
	if m == nil || noName.MatchString(strings.Join(m[1:], "")) {
		return 0
	}
	return len(m[0])
}

// cutClosing splits a line into its closing sentences and the rest.
func cutClosing(line string) (string, string) {
	var cut, rest strings.Builder
	for _, sentence := range Sentences(line) {
		if closing.MatchString(strings.Trim(sentence, "。.!！、, 　\t")) {
			cut.WriteString(sentence)
			continue
		}
		rest.WriteString(sentence)
	}
	return cut.String(), rest.String()
}

// cutSentences takes greetings off the top and closings off every line.
func (s *stripper) cutSentences() {
	var greeted, closed []string
	opening := true
	for i, line := range s.lines {
		if opening {
			var cut string
			cut, line = cutGreeting(line, len(greeted) > 0)
			if cut != "" {
				greeted = append(greeted, strings.TrimSpace(cut))
			}
		}
		cut, rest := cutClosing(line)
		if cut != "" {
			closed = append(closed, strings.TrimSpace(cut))
		}
		opening = opening && strings.TrimSpace(rest) == ""
		s.lines[i] = rest
	}
	s.remove("greeting", greeted)
	s.remove("closing", closed)
}

// Sentences splits a line after 。！？ and after . ! ? before a blank; the pieces
// joined are the line again.
func Sentences(line string) []string {
	var list []string
	start := 0
	for i, r := range line {
		end := i + len(string(r))
		if strings.ContainsRune("。！？", r) || strings.ContainsRune(".!?", r) && (end == len(line) || line[end] == ' ') {
			list = append(list, line[start:end])
			start = end
		}
	}
	return append(list, line[start:])
}

// Hints is what a message says about who wrote it; empty where it does not.
// Departments are words that look like one, for the caller to match with its list.
type Hints struct {
	Departments []string
	Name        string
}

var (
	department = regexp.MustCompile(`[\p{Han}\p{Katakana}ーA-Za-z0-9]{1,16}(部門|本部|部|課|室|センター|グループ|チーム)`)
	fromHeader = regexp.MustCompile(`(?i)^[*\s]*(?:from|差出人|送信者)[*\s]*[:：][*\s]*["“]?([^"“”<>＜@\n]{1,40}?)["”]?\s*(?:[<＜(（\[].*)?$`)
	posted     = regexp.MustCompile(`^(.*?(?:部門|本部|部|課|室))[\s　/／]+(.+)$`)
)

// MailHints guesses who wrote a message from how they introduce themselves, else
// sign, else stand in the sender's header. Who is addressed or quoted does not count.
func MailHints(message string) Hints {
	var h Hints
	s := strip(message)
	for _, kind := range []string{"greeting", "signature", "header"} {
		for _, part := range s.removed {
			if part.Kind == kind {
				h.read(kind, part.Text)
			}
		}
	}
	for _, line := range s.lines[:min(len(s.lines), longestBlock)] {
		h.read("body", line)
	}
	return h
}

var saysFrom = regexp.MustCompile(`^[^。、？?をがはも]{1,24}(?:部門|部|課|室|センター|グループ)(?:の者)?(?:です|ですが)(?:[。、]|$)`)

// read takes from one part what is not known yet.
func (h *Hints) read(kind, part string) {
	for _, line := range strings.Split(part, "\n") {
		line = strings.TrimSpace(line)
		switch kind {
		case "greeting":
			h.introduced(line)
		case "signature":
			h.Name = cmp.Or(h.Name, signedName(line), englishName.FindString(line))
			h.departments(line)
		case "header":
			if m := fromHeader.FindStringSubmatch(line); m != nil {
				h.sender(strings.TrimSpace(m[1]))
			}
		default:
			h.departments(saysFrom.FindString(line))
		}
	}
}

// introduced reads an introduction from a line of greetings.
func (h *Hints) introduced(line string) {
	for _, sentence := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("。、！!,", r) }) {
		sentence = strings.TrimSpace(sentence)
		if introduction(selfIntro, sentence) > 0 {
			h.departments(sentence)
			if h.Name == "" {
				h.Name = selfIntro.FindStringSubmatch(sentence)[1]
			}
		} else if m := bareIntro.FindStringSubmatch(sentence); m != nil && h.Name == "" {
			h.Name = strings.TrimSpace(m[1] + m[2])
		}
	}
}

// sender reads the name shown in a header: "大野 さやか" or "製造部 大野 さやか".
func (h *Hints) sender(shown string) {
	if m := posted.FindStringSubmatch(shown); m != nil {
		h.departments(m[1])
		shown = m[2]
	}
	if h.Name == "" {
		h.Name = shown
	}
}

// departments adds the words of a line that look like departments, at most 8 in all.
func (h *Hints) departments(line string) {
	for _, one := range department.FindAllString(line, 8) {
		if len(h.Departments) < 8 && !slices.Contains(h.Departments, one) {
			h.Departments = append(h.Departments, one)
		}
	}
}
