package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// mailFields are the columns that mails give; each is named as the field it fills.
var mailFields = []Field{FieldSubject, FieldText, FieldRequester, FieldDepartment, FieldReceivedAt, FieldReply, FieldAnsweredAt, FieldAnsweredBy, FieldExternalID}

// maxBody is how many bytes of a mail are read for question and answer; both together
// cannot hold more.
const maxBody = 8 * MaxCell

// letter is one mail.
type letter struct {
	line          int
	id            string
	parents       []string // what it answers, the nearest first
	name, address string
	date          time.Time
	subject       string
	isReply       bool
	body          string
	split         text.Reply
}

// readMail reads one mail or a mail box. Each question becomes a row with its answer.
// A row's external id is the Message-ID of the question where it is known (the answer
// names it), so that an answer that comes later completes the question already there.
func readMail(b *builder, content []byte) error {
	for _, f := range mailFields {
		b.table.Columns = append(b.table.Columns, string(f))
	}
	var letters []letter
	seen := map[string]bool{}
	for _, raw := range splitMbox(content) {
		l, ok := readLetter(b, raw)
		if !ok || seen[l.id] {
			continue
		}
		seen[l.id] = true
		letters = append(letters, l)
	}
	for _, c := range threads(letters) {
		if c.leftOut() {
			b.note(NoteFollowUp, c.question.line, c.question.subject)
			continue
		}
		c.add(b)
	}
	return nil
}

// readLetter reads one mail; it notes what of it is lost.
func readLetter(b *builder, raw rawMail) (letter, bool) {
	e, err := readEntity(raw.bytes)
	if err != nil || e.Header.Len() == 0 {
		if start, _ := cutRunes(strings.ToValidUTF8(string(raw.bytes[:min(len(raw.bytes), 200)]), ""), 60); strings.TrimSpace(start) != "" {
			b.note(NoteMessageBroken, raw.line, start)
		}
		return letter{}, false
	}
	l := letter{line: raw.line}
	var parts mailParts
	body, _ := parts.body(e, 0)
	for _, name := range parts.attachments {
		b.note(NoteAttachment, raw.line, name)
	}
	for _, kind := range parts.bad {
		b.note(NoteBadPart, raw.line, kind)
	}
	if len(body) > maxBody {
		b.note(NoteCellCut, raw.line, string(FieldText))
		body = body[:maxBody]
	}
	l.body = text.Clean(body)
	l.split = text.SplitReply(l.body)
	l.subject, l.isReply = bareSubject(header(e, "Subject"))
	l.name, l.address = text.SplitAddress(header(e, "From"))
	l.date = mailDate(e.Header.Get("Date"))
	l.parents = messageIDs(e.Header.Get("In-Reply-To"))
	references := messageIDs(e.Header.Get("References"))
	slices.Reverse(references)
	l.parents = append(l.parents, references...)
	l.isReply = l.isReply || len(l.parents) > 0
	l.id = l.identity(messageIDs(e.Header.Get("Message-Id")))
	if !l.isReply {
		l.split = text.Reply{Text: l.body}
	}
	return l, l.body != "" || l.subject != ""
}

// identity returns the Message-ID, or for a mail without one a name made of its content.
func (l letter) identity(ids []string) string {
	if len(ids) > 0 {
		return ids[0]
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{l.address, l.date.UTC().String(), l.subject, l.body}, "\x00")))
	return "mail-" + hex.EncodeToString(sum[:10])
}

var (
	replyMark = regexp.MustCompile(`(?i)^\s*(?:(re|aw|sv|返信)|fwd?|fw|転送)(?:\[\d+\]|\(\d+\))?\s*[:：]\s*`)
	messageID = regexp.MustCompile(`<[^<>\s]{1,250}>`)
)

// bareSubject takes "Re:" and "Fwd:" off and tells whether there was a "Re:".
func bareSubject(s string) (string, bool) {
	isReply := false
	for {
		m := replyMark.FindStringSubmatch(s)
		if m == nil {
			return strings.TrimSpace(s), isReply
		}
		isReply = isReply || m[1] != ""
		s = s[len(m[0]):]
	}
}

// messageIDs returns the ids in a header, the last 50 of them at most.
func messageIDs(s string) []string {
	ids := messageID.FindAllString(s, -1)
	return ids[max(0, len(ids)-mostHops):]
}

// mailDate reads the Date header; zero if it says nothing.
func mailDate(s string) time.Time {
	t, err := netmail.ParseDate(strings.TrimSpace(s))
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t
}

// add adds a case as a row.
func (c mailCase) add(b *builder) {
	q := c.question
	row := map[Field]string{FieldText: q.split.Text, FieldReceivedAt: stamp(q.date), FieldExternalID: q.id}
	name, address := q.name, q.address
	switch {
	case c.quoted():
		row[FieldText], row[FieldReceivedAt] = text.SplitReply(q.split.Quoted).Text, readable(q.split.Sent)
		name, address = q.split.Name, q.split.Address
		if len(q.parents) > 0 {
			row[FieldExternalID] = q.parents[0]
		}
	case q.isReply && !c.followUp:
		b.note(NoteNoQuestion, q.line, q.subject)
	}
	row[FieldRequester], row[FieldDepartment] = whoAsked(name, address, row[FieldText])
	row[FieldSubject], row[FieldText] = fitSubject(b, q, row[FieldText])
	c.addAnswer(row)
	cells := make([]string, len(mailFields))
	for i, f := range mailFields {
		cells[i] = row[f]
	}
	b.add(q.line, cells)
}

// whoAsked returns name and department of the asker, from the sender's header and how
// they introduce themselves or sign.
func whoAsked(name, address, body string) (requester, department string) {
	sender := text.MailHints("From: " + name + " <" + address + ">\n\n?")
	writer := text.MailHints(body)
	departments := append(sender.Departments, writer.Departments...)
	if len(departments) > 0 {
		department = departments[0]
	}
	return firstOf(sender.Name, name, writer.Name, address), department
}

// addAnswer joins what was answered, in the order of time.
func (c mailCase) addAnswer(row map[Field]string) {
	var texts []string
	for _, a := range c.answers {
		if a.split.Text != "" {
			texts = append(texts, a.split.Text)
		}
		if row[FieldAnsweredBy] == "" {
			row[FieldAnsweredAt], row[FieldAnsweredBy] = stamp(a.date), firstOf(a.address, a.name)
		}
	}
	row[FieldReply] = strings.Join(texts, "\n\n")
}

// fitSubject returns the subject in the length that a consultation takes; a longer
// one goes whole above the text.
func fitSubject(b *builder, q *letter, body string) (string, string) {
	if text.Runes(q.subject) <= team.MaxTitle {
		return q.subject, body
	}
	b.note(NoteSubjectCut, q.line, q.subject)
	return text.Snippet(q.subject, team.MaxTitle-1), q.subject + "\n\n" + body
}

// stamp writes a moment so that Incoming reads it back.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// readable returns a day as somebody's mail program wrote it, or nothing where it
// cannot be read: an attribution must not make a whole mail a problem.
func readable(s string) string {
	if _, _, _, ok := text.ParseDate(s, time.Unix(0, 0)); ok {
		return s
	}
	return ""
}
