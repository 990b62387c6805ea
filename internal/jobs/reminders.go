package jobs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"tasuki/internal/i18n"
	"tasuki/internal/mail"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// morning is the hour of the day, in the department's zone, before which nobody is
// mailed: a mail of the night is under all others by the time it is read.
const morning = 8

// farewell is how long a mail that is being sent may go on when the program stops. It
// is shorter than the program's own time to end.
const farewell = 5 * time.Second

// Reminders mails everybody what is due for them: one digest a person and day.
type Reminders struct {
	Store   *store.Store
	Post    *mail.Post // nil where no mail is set up
	Words   *i18n.Catalog
	BaseURL string
	Zone    *time.Location // whose days count
}

// Job returns the periodic work. Without a mail server there is nothing to do, and
// nothing counts as told.
func (r *Reminders) Job() Job { return Job{Name: "reminders", Every: 10 * time.Minute, Do: r.send} }

func (r *Reminders) send(ctx context.Context) (result Result, err error) {
	now := r.Store.Now().In(r.Zone)
	if r.Post == nil || now.Hour() < morning {
		return result, nil
	}
	today := team.DateOf(now)
	ids, err := r.Store.DigestsDue(ctx, today)
	if err != nil {
		return result, err
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			return result, ctx.Err()
		}
		d, err := r.Store.ReserveDigest(ctx, id, today)
		if errors.Is(err, team.ErrNotFound) {
			continue
		}
		if err != nil {
			return result, err
		}
		fault := r.deliver(ctx, d, today)
		if fault == nil {
			result.Done++
			continue
		}
		result.Failed++
		slog.Warn("a digest was not delivered", "digest", d.ID, "member", d.Member.ID, "error", fault)
		if others(fault) {
			return result, fault
		}
	}
	return result, nil
}

// deliver sends a digest that was reserved, and notes how it went.
func (r *Reminders) deliver(ctx context.Context, d team.Digest, today team.Date) error {
	sending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	end := context.AfterFunc(ctx, func() { time.AfterFunc(farewell, cancel) })
	defer end()
	fault := r.Post.Send(sending, r.compose(d, today))
	noting, done := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer done()
	return errors.Join(fault, r.note(noting, d, fault))
}

// note tries more than once: a digest whose sending is not noted is sent again.
func (r *Reminders) note(ctx context.Context, d team.Digest, fault error) (err error) {
	outcome, problem := outcomeOf(fault)
	for range 3 {
		if err = r.Store.EndDigest(ctx, d, outcome, problem); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
	return err
}

func outcomeOf(fault error) (team.DigestOutcome, string) {
	var e *mail.Error
	switch {
	case fault == nil:
		return team.DigestSent, ""
	case errors.As(fault, &e) && e.Kind == mail.Unclear:
		return team.DigestUnclear, string(e.Kind)
	case errors.As(fault, &e):
		return team.DigestFailed, string(e.Kind)
	}
	return team.DigestFailed, string(mail.Unreachable)
}

// others tells whether a fault would meet the next mail too.
func others(fault error) bool {
	var e *mail.Error
	return !errors.As(fault, &e) || e.OthersToo()
}
