package mail

import (
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"
)

// Message is one mail to one person.
type Message struct {
	// ID makes the Message-ID: the same id sent twice is the same mail, which mailboxes
	// can tell. Letters, digits and "-".
	ID string
	// At is the moment of the Date header; a mail sent again keeps it.
	At       time.Time
	Name, To string // of the recipient
	Subject  string
	Text     string // lines end with \n
	Language string // "ja" or "en"
	// Stop is the page on which the person switches such mails off; "" for none.
	Stop string
}

// compose makes the mail: UTF-8, its headers encoded (RFC 2047), its lines short. A
// recipient that is no address is an *Error.
func (p *Post) compose(m Message) (*gomail.Msg, error) {
	to, err := mail.ParseAddress(m.To)
	if err != nil || to.Name != "" || strings.IndexFunc(m.To, unicode.IsControl) >= 0 {
		return nil, &Error{Kind: BadAddress, err: errors.New("the recipient's address is none")}
	}
	// net/mail writes a backslash into an encoded word, where it may not stand.
	to.Name = strings.ReplaceAll(line(m.Name), `\`, "/")
	encoding := gomail.EncodingQP
	if m.Language == "ja" {
		encoding = gomail.EncodingB64 // a third of quoted-printable's length
	}
	msg := gomail.NewMsg(gomail.WithEncoding(encoding), gomail.WithCharset(gomail.CharsetUTF8), gomail.WithNoDefaultUserAgent())
	from := p.from
	msg.FromMailAddress(&from)
	msg.ToMailAddress(to)
	msg.Subject(line(m.Subject))
	msg.SetMessageIDWithValue(p.messageID(m.ID))
	msg.SetDateWithValue(m.At)
	// Nobody answers this mail, and no machine should (RFC 3834; the second is Exchange's).
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	msg.SetGenHeader("X-Auto-Response-Suppress", "All")
	msg.SetGenHeader(gomail.HeaderContentLang, m.Language)
	if m.Stop != "" {
		msg.SetListUnsubscribe(m.Stop)
	}
	msg.SetBodyString(gomail.TypeTextPlain, strings.ReplaceAll(m.Text, "\n", "\r\n"))
	return msg, nil
}

// messageID is the id within the sender's domain.
func (p *Post) messageID(id string) string {
	_, domain, _ := strings.Cut(p.from.Address, "@")
	return fmt.Sprintf("%s.tasuki@%s", strings.Map(plainID, id), domain)
}

func plainID(r rune) rune {
	if r == '-' || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return r
	}
	return -1
}

// line makes a text that stands in a header one line: a line break in it would begin
// another header, and direction marks would turn it around.
func line(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		if unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	// What looks like an encoded word would be decoded by whoever reads the mail.
	return strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "=?", "= ?")
}
