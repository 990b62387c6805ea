package store

import (
	"context"
	"slices"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const (
	certificateColumns = "h.id, h.member_id, h.certification_id, h.withdrawn_on, COALESCE(h.created_by, '') AS created_by, h.created_at, h.version"
	periodColumns      = `p.id, p.certificate_id, p.place, p.starts_on, p.ends_on, p.applied_on, p.number, p.note, COALESCE(p.made_by, '') AS made_by, p.made_at,
		p.replaced_at`
)

// HeldCertificate is a certificate with who holds it and how it stands, as one person
// may see it.
type HeldCertificate struct {
	team.Certificate
	Certification team.Certification
	Holder        team.Member
	Standing      team.Standing
	// Details says that the reader may see numbers, notes, credits and evidence.
	Details    bool
	Activities []team.CreditActivity // that count for it, the newest first
	Files      []team.File           // of the certificate and its activities
}

// Certificates returns the certificates of the department as they stand on a day, as
// far as a person may see them: by the readings of the holders, then by the names of
// the certifications. Those of people who have left are not among them.
func (s *Store) Certificates(ctx context.Context, by team.Member, today team.Date) (list []HeldCertificate, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		visible, err := namesVisible(ctx, t)
		if err != nil {
			return err
		}
		all, err := held(ctx, t, today)
		list = narrowHeld(all, by, visible)
		return err
	})
	return list, err
}

// Certificate returns one certificate with its evidence. For who may not see whose it
// is, there is none.
func (s *Store) Certificate(ctx context.Context, by team.Member, id string, today team.Date) (h HeldCertificate, err error) {
	err = s.read(ctx, func(t tx) error { h, err = certificate(ctx, t, by, id, today); return err })
	return h, err
}

func certificate(ctx context.Context, t tx, by team.Member, id string, today team.Date) (h HeldCertificate, err error) {
	visible, err := namesVisible(ctx, t)
	if err != nil {
		return h, err
	}
	all, err := held(ctx, t, today)
	if err != nil {
		return h, err
	}
	list := narrowHeld(all, by, visible)
	i := slices.IndexFunc(list, func(h HeldCertificate) bool { return h.ID == id })
	if i < 0 || !team.CanRead(by) {
		return h, team.ErrNotFound
	}
	if h = list[i]; !h.Details {
		return h, nil
	}
	ids := []string{h.ID}
	for _, a := range h.Activities {
		ids = append(ids, a.ID)
	}
	var credits []team.File
	h.Files, err = filesAbout(ctx, t, team.AboutCertificate, ids[:1])
	err = firstError(err, func() (err error) { credits, err = filesAbout(ctx, t, team.AboutCredits, ids[1:]); return err })
	h.Files = append(h.Files, credits...)
	return h, err
}

// held returns every certificate of the members of today, as it stands on a day.
func held(ctx context.Context, t tx, today team.Date) ([]HeldCertificate, error) {
	kinds, err := certifications(ctx, t)
	if err != nil {
		return nil, err
	}
	at := byCertification(kinds)
	members, certificates, err := holders(ctx, t)
	if err != nil {
		return nil, err
	}
	activities, err := allActivities(ctx, t)
	if err != nil {
		return nil, err
	}
	of, done := map[string][]team.Certificate{}, map[string][]team.CreditActivity{}
	for _, c := range certificates {
		of[c.MemberID] = append(of[c.MemberID], c)
	}
	for _, a := range activities {
		done[a.MemberID] = append(done[a.MemberID], a)
	}
	var list []HeldCertificate
	for _, m := range members {
		standings := team.Standings(of[m.ID], at, done[m.ID], today)
		first := len(list)
		for _, c := range of[m.ID] {
			list = append(list, HeldCertificate{Certificate: c, Certification: at[c.CertificationID], Holder: m, Standing: standings[c.ID], Details: true,
				Activities: claimed(done[m.ID], c.ID)})
		}
		places := placesOf(kinds)
		slices.SortStableFunc(list[first:], func(a, b HeldCertificate) int { return places[a.CertificationID] - places[b.CertificationID] })
	}
	return list, nil
}

func placesOf(kinds []team.Certification) map[string]int {
	at := map[string]int{}
	for i, c := range kinds {
		at[c.ID] = i
	}
	return at
}

// claimed returns the activities that count for a certificate, the newest first.
func claimed(activities []team.CreditActivity, id string) (list []team.CreditActivity) {
	for _, a := range slices.Backward(activities) {
		if slices.ContainsFunc(a.Claims, func(c team.CreditClaim) bool { return c.CertificateID == id }) {
			list = append(list, a)
		}
	}
	return list
}

// holders reads the members of today in the order of their readings, and all
// certificates.
func holders(ctx context.Context, t tx) (members []team.Member, certificates []team.Certificate, err error) {
	err = firstError(
		t.list(ctx, &members, "SELECT "+memberColumns+` FROM members m WHERE m.active ORDER BY m.sort_key COLLATE "C", m.id`),
		func() (err error) { certificates, err = allCertificates(ctx, t); return err })
	return members, certificates, err
}

func allCertificates(ctx context.Context, t tx) (list []team.Certificate, err error) {
	var periods []team.CertificatePeriod
	err = firstError(
		t.list(ctx, &list, "SELECT "+certificateColumns+" FROM certificates h ORDER BY h.created_at, h.id"),
		func() error {
			return t.list(ctx, &periods, "SELECT "+periodColumns+" FROM certificate_periods p ORDER BY p.certificate_id, p.place, p.made_at, p.id")
		})
	at := map[string]*team.Certificate{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	for _, p := range periods {
		at[p.CertificateID].Periods = append(at[p.CertificateID].Periods, p)
	}
	return list, err
}

// narrowHeld leaves what a person may see: who holds what as the department decided,
// and the rest for the holder and leads.
func narrowHeld(all []HeldCertificate, by team.Member, visible bool) []HeldCertificate {
	var list []HeldCertificate
	for _, h := range all {
		if !team.CanSeeCertificates(by, h.MemberID, visible) {
			continue
		}
		if !team.CanSeeCertificateDetails(by, h.MemberID) {
			h = h.narrow()
		}
		list = append(list, h)
	}
	return list
}

// narrow leaves that somebody holds it and until when.
func (h HeldCertificate) narrow() HeldCertificate {
	h.Details, h.Activities, h.Periods = false, nil, h.Said()
	for i, p := range h.Periods {
		h.Periods[i] = team.CertificatePeriod{ID: p.ID, CertificateID: p.CertificateID, Place: p.Place, StartsOn: p.StartsOn, EndsOn: p.EndsOn}
	}
	h.Standing = h.Standing.Outside()
	return h
}

// AddCertificate logs a certificate that somebody holds, with its first period. The
// holder and leads may. One that is held already is team.Invalid: it is renewed.
func (s *Store) AddCertificate(ctx context.Context, by team.Member, today team.Date, c team.Certificate, p team.CertificatePeriod, key string) (team.Certificate, error) {
	if c.MemberID == "" {
		c.MemberID = by.ID
	}
	if !team.CanLogCertificate(by, c.MemberID) {
		return c, team.ErrNotFound
	}
	p.Place = 1
	err := s.write(ctx, func(t tx) error {
		if id, err := once(ctx, t, by, key); err != nil || id != "" {
			c.ID = id
			return err
		}
		c.ID, c.By, c.CreatedAt, c.Version, c.WithdrawnOn = newID(), by.ID, t.now, 1, team.Date{}
		return firstError(checkNew(ctx, t, c, p, today),
			func() error { return taken(insertCertificate(ctx, t, c), "certification") },
			func() error { return addPeriod(ctx, t, by, c.ID, &p) },
			func() error { return audit(ctx, t, by, "add", "certificate", c.ID) },
			func() error { return remember(ctx, t, by, key, c.ID) })
	})
	c.Periods = []team.CertificatePeriod{p}
	return c, err
}

// checkNew checks who and what a new certificate names, all problems at once.
func checkNew(ctx context.Context, t tx, c team.Certificate, p team.CertificatePeriod, today team.Date) error {
	var invalid team.Invalid
	var known, holder, there int
	err := firstError(
		t.get(ctx, &known, "SELECT COUNT(*) FROM certifications WHERE id = ? AND active", c.CertificationID),
		func() error {
			return t.get(ctx, &holder, "SELECT COUNT(*) FROM members WHERE id = ? AND active", c.MemberID)
		},
		func() error {
			return t.get(ctx, &there, "SELECT COUNT(*) FROM certificates WHERE member_id = ? AND certification_id = ? AND withdrawn_on IS NULL", c.MemberID, c.CertificationID)
		})
	switch {
	case known == 0:
		invalid = append(invalid, team.Problem{Field: "certification", Rule: team.Unknown})
	case there > 0:
		invalid = append(invalid, team.Problem{Field: "certification", Rule: team.Taken})
	}
	if holder == 0 {
		invalid = append(invalid, team.Problem{Field: "member", Rule: team.Unknown})
	}
	invalid = append(invalid, problems(p.Validate(today))...)
	return firstError(err, invalid.Or)
}

// problems returns what is wrong, nothing for other errors.
func problems(err error) team.Invalid {
	v, _ := err.(team.Invalid)
	return v
}

func insertCertificate(ctx context.Context, t tx, c team.Certificate) error {
	return t.run(ctx, "INSERT INTO certificates (id, member_id, certification_id, withdrawn_on, created_by, created_at, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
		c.ID, c.MemberID, c.CertificationID, c.WithdrawnOn, null(c.By), c.CreatedAt, max(c.Version, 1))
}

// addPeriod adds what is said of a period now.
func addPeriod(ctx context.Context, t tx, by team.Member, id string, p *team.CertificatePeriod) error {
	p.ID, p.CertificateID, p.By, p.MadeAt, p.ReplacedAt = newID(), id, by.ID, t.now, team.Stamp{}
	p.Number, p.Note = oneLine(p.Number), text.Clean(p.Note)
	return insertPeriod(ctx, t, *p)
}

func insertPeriod(ctx context.Context, t tx, p team.CertificatePeriod) error {
	return t.run(ctx, `INSERT INTO certificate_periods (id, certificate_id, place, starts_on, ends_on, applied_on, number, note, made_by, made_at, replaced_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		p.ID, p.CertificateID, p.Place, p.StartsOn, p.EndsOn, p.AppliedOn, p.Number, p.Note, null(p.By), p.MadeAt, p.ReplacedAt)
}

// RenewCertificate adds a period after the last one, at the version at which the
// certificate was read. The holder and leads may.
func (s *Store) RenewCertificate(ctx context.Context, by team.Member, today team.Date, id string, version int, p team.CertificatePeriod) error {
	return s.changeCertificate(ctx, by, id, version, "renew", func(t tx, c team.Certificate) error {
		last := c.Last()
		p.Place = last.Place + 1
		if last.EndsOn.IsZero() || !last.StartsOn.Before(p.StartsOn) {
			return team.Invalid{{Field: "starts_on", Rule: team.NotValid}}
		}
		return firstError(p.Validate(today), func() error { return addPeriod(ctx, t, by, id, &p) })
	})
}

// CorrectCertificate says anew what a period was (by its place), at the version at
// which the certificate was read; what was said before stays in the history. The
// holder and leads may.
func (s *Store) CorrectCertificate(ctx context.Context, by team.Member, today team.Date, id string, version int, p team.CertificatePeriod) error {
	return s.changeCertificate(ctx, by, id, version, "correct", func(t tx, c team.Certificate) error {
		list := c.Said()
		i := slices.IndexFunc(list, func(q team.CertificatePeriod) bool { return q.Place == p.Place })
		if i < 0 {
			return team.ErrNotFound
		}
		if err := p.Validate(today); err != nil {
			return err
		}
		if (i > 0 && !list[i-1].StartsOn.Before(p.StartsOn)) || (i+1 < len(list) && !p.StartsOn.Before(list[i+1].StartsOn)) {
			return team.Invalid{{Field: "starts_on", Rule: team.NotValid}}
		}
		return firstError(t.run(ctx, "UPDATE certificate_periods SET replaced_at = ? WHERE id = ?", t.now, list[i].ID),
			func() error { return addPeriod(ctx, t, by, id, &p) })
	})
}

// WithdrawCertificate says from which day on somebody does not hold a certificate any
// more; no day takes that back. It stays in the history. The holder and leads may.
func (s *Store) WithdrawCertificate(ctx context.Context, by team.Member, today team.Date, id string, version int, on team.Date) error {
	err := s.changeCertificate(ctx, by, id, version, "withdraw", func(t tx, c team.Certificate) error {
		if !on.IsZero() && (today.Before(on) || on.Before(c.Said()[0].StartsOn)) {
			return team.Invalid{{Field: "withdrawn_on", Rule: team.NotValid}}
		}
		return t.run(ctx, "UPDATE certificates SET withdrawn_on = ? WHERE id = ?", on, id)
	})
	return taken(err, "withdrawn_on")
}

// changeCertificate is what all changes share: who may, the version, the audit log.
func (s *Store) changeCertificate(ctx context.Context, by team.Member, id string, version int, action string, do func(tx, team.Certificate) error) error {
	return s.write(ctx, func(t tx) error {
		c, err := oneCertificate(ctx, t, id)
		if err == nil && !team.CanLogCertificate(by, c.MemberID) {
			err = team.ErrNotFound
		}
		return firstError(err,
			func() error {
				return t.update(ctx, "UPDATE certificates SET version = version + 1 WHERE id = ? AND version = ?", id, version)
			},
			func() error { return do(t, c) },
			func() error { return audit(ctx, t, by, action, "certificate", id) })
	})
}

func oneCertificate(ctx context.Context, t tx, id string) (c team.Certificate, err error) {
	err = firstError(t.get(ctx, &c, "SELECT "+certificateColumns+" FROM certificates h WHERE h.id = ?", id), func() error {
		return t.list(ctx, &c.Periods, "SELECT "+periodColumns+" FROM certificate_periods p WHERE p.certificate_id = ? ORDER BY p.place, p.made_at, p.id", id)
	})
	return c, err
}

// certificateDeadlines returns the days between two that matter to whoever holds a
// certificate, as it stands today, in no order.
func certificateDeadlines(ctx context.Context, t tx, today, from, until team.Date) (list []team.Deadline, err error) {
	all, err := held(ctx, t, today)
	for _, h := range all {
		list = append(list, h.Standing.Deadlines(h.Certificate, h.Certification, from, until)...)
	}
	return list, err
}
