package jobs

import (
	"context"
	"crypto/rand"
	"strings"

	"tasuki/internal/i18n"
	"tasuki/internal/mail"
	"tasuki/internal/team"
)

// compose writes a digest in its reader's language. It names what is due and the day,
// and nothing else of a certificate: mails lie in many places.
func (r *Reminders) compose(d team.Digest, today team.Date) mail.Message {
	m := d.Member
	say := func(key string, args ...any) string { return r.Words.T(m.Language, key, args...) }
	lines := []string{say("reminder.greeting", "Name", m.DisplayName(m.Language)), "", say("reminder.intro"), ""}
	for _, one := range d.Reminders {
		lines = append(lines, say("reminder.line", "What", r.what(m.Language, one.Deadline), "Left", r.left(m.Language, one.DaysLeft(today))))
	}
	lines = append(lines, "", say("reminder.where"), r.page(), "", say("reminder.stages"), say("reminder.stop"), "", say("reminder.automatic"))
	return mail.Message{ID: d.ID, At: d.CreatedAt.Time, Name: m.DisplayName(m.Language), To: m.Email, Subject: r.subject(d, today),
		Text: strings.Join(lines, "\n") + "\n", Language: m.Language, Stop: r.page()}
}

// page is where a person sees their deadlines and switches the mails off.
func (r *Reminders) page() string { return r.BaseURL + "/me#deadlines" }

func (r *Reminders) subject(d team.Digest, today team.Date) string {
	language := d.Member.Language
	if len(d.Reminders) == 1 {
		one := d.Reminders[0]
		return r.Words.T(language, "reminder.subject_one", "What", r.Words.T(language, "deadline_short."+string(one.Kind), "Title", one.DisplayTitle(language)),
			"Left", r.left(language, one.DaysLeft(today)))
	}
	return r.Words.T(language, "reminder.subject", "Count", len(d.Reminders))
}

func (r *Reminders) what(language string, d team.Deadline) string {
	return r.Words.T(language, "deadline_kind."+string(d.Kind), "Title", d.DisplayTitle(language), "Day", i18n.Day(language, d.On.Time()))
}

func (r *Reminders) left(language string, days int) string {
	if days == 0 {
		return r.Words.T(language, "deadline.today")
	}
	return r.Words.T(language, "deadline.left", "Count", days)
}

// SetUp returns the mail server and the sender of mails; "" where no mail is set up.
func (r *Reminders) SetUp() (server, from string) {
	if r.Post == nil {
		return "", ""
	}
	return r.Post.Server(), r.Post.From()
}

// Test sends somebody a mail that says that mails arrive. Without a mail server it is
// team.ErrNotFound; what goes wrong on the way is a *mail.Error.
func (r *Reminders) Test(ctx context.Context, m team.Member) error {
	if r.Post == nil {
		return team.ErrNotFound
	}
	say := func(key string, args ...any) string { return r.Words.T(m.Language, key, args...) }
	text := strings.Join([]string{say("reminder.greeting", "Name", m.DisplayName(m.Language)), "", say("reminder.test"), r.BaseURL, "", say("reminder.automatic")}, "\n")
	return r.Post.Send(ctx, mail.Message{ID: "test-" + rand.Text(), At: r.Store.Now(), Name: m.DisplayName(m.Language), To: m.Email,
		Subject: say("reminder.test_subject"), Text: text + "\n", Language: m.Language})
}
