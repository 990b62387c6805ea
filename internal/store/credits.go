package store

import (
	"context"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const activityColumns = `a.id, a.member_id, a.day, a.title, a.credits, a.note, COALESCE(a.made_by, '') AS made_by, a.made_at, a.removed_at,
	COALESCE(a.removed_by, '') AS removed_by`

// allActivities returns everything that counts for certificates or did before it was
// taken back, the oldest first.
func allActivities(ctx context.Context, t tx) (list []team.CreditActivity, err error) {
	var claims []team.CreditClaim
	err = firstError(
		t.list(ctx, &list, "SELECT "+activityColumns+" FROM credit_activities a ORDER BY a.day, a.made_at, a.id"),
		func() error {
			return t.list(ctx, &claims, "SELECT activity_id, certificate_id, credits, category, event FROM credit_claims ORDER BY activity_id, certificate_id")
		})
	at := map[string]*team.CreditActivity{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	for _, c := range claims {
		at[c.ActivityID].Claims = append(at[c.ActivityID].Claims, c)
	}
	return list, err
}

// AddCredits logs something that counts for certificates of one person, which the
// claims name. The holder and leads may.
func (s *Store) AddCredits(ctx context.Context, by team.Member, today team.Date, a team.CreditActivity, key string) (team.CreditActivity, error) {
	if !team.CanLogCertificate(by, a.MemberID) {
		return a, team.ErrNotFound
	}
	a.Title, a.Note = oneLine(a.Title), text.Clean(a.Note)
	if err := a.Validate(today); err != nil {
		return a, err
	}
	err := s.write(ctx, func(t tx) error {
		if id, err := once(ctx, t, by, key); err != nil || id != "" {
			a.ID = id
			return err
		}
		a.ID, a.By, a.MadeAt, a.RemovedAt, a.RemovedBy = newID(), by.ID, t.now, team.Stamp{}, ""
		return firstError(checkClaims(ctx, t, a), func() error { return insertActivity(ctx, t, a) },
			func() error { return audit(ctx, t, by, "add", "credits", a.ID) },
			func() error { return remember(ctx, t, by, key, a.ID) })
	})
	return a, err
}

// checkClaims checks that each claim is for a certificate of the person, and fits its
// rules.
func checkClaims(ctx context.Context, t tx, a team.CreditActivity) error {
	kinds, err := certifications(ctx, t)
	if err != nil {
		return err
	}
	at := byCertification(kinds)
	return each(a.Claims, func(claim team.CreditClaim) error {
		c, err := oneCertificate(ctx, t, claim.CertificateID)
		if err == nil && c.MemberID != a.MemberID {
			err = team.ErrNotFound
		}
		return firstError(err, func() error { return claim.Check(at[c.CertificationID].Rules) })
	})
}

func insertActivity(ctx context.Context, t tx, a team.CreditActivity) error {
	err := t.run(ctx, "INSERT INTO credit_activities (id, member_id, day, title, credits, note, made_by, made_at, removed_at, removed_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		a.ID, a.MemberID, a.Day, a.Title, a.Credits, a.Note, null(a.By), a.MadeAt, a.RemovedAt, null(a.RemovedBy))
	return firstError(err, func() error {
		return each(a.Claims, func(c team.CreditClaim) error {
			return t.run(ctx, "INSERT INTO credit_claims (activity_id, certificate_id, credits, category, event) VALUES (?, ?, ?, ?, ?)",
				a.ID, c.CertificateID, c.Credits, c.Category, c.Event)
		})
	})
}

// TakeBackCredits says that something does not count; it stays in the history. The
// holder and leads may.
func (s *Store) TakeBackCredits(ctx context.Context, by team.Member, id string) error {
	return s.write(ctx, func(t tx) error {
		var owner string
		err := t.get(ctx, &owner, "SELECT member_id FROM credit_activities WHERE id = ?", id)
		if err == nil && !team.CanLogCertificate(by, owner) {
			err = team.ErrNotFound
		}
		return firstError(err,
			func() error {
				return t.run(ctx, "UPDATE credit_activities SET removed_at = ?, removed_by = ? WHERE id = ? AND removed_at IS NULL", t.now, null(by.ID), id)
			},
			func() error { return audit(ctx, t, by, "take_back", "credits", id) })
	})
}
