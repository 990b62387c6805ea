package team

import (
	"slices"
	"time"
)

// Certificate is a certificate that somebody holds.
type Certificate struct {
	ID              string `db:"id" json:"id,omitzero"`
	MemberID        string `db:"member_id" json:"member_id,omitzero"`
	CertificationID string `db:"certification_id" json:"certification_id,omitzero"`
	WithdrawnOn     Date   `db:"withdrawn_on" json:"withdrawn_on,omitzero"` // the first day without it: given up, or taken away
	By              string `db:"created_by" json:"by,omitzero"`
	CreatedAt       Stamp  `db:"created_at" json:"created_at,omitzero"`
	Version         int    `db:"version" json:"version,omitzero"`
	// Periods is all that was ever said of it, by place and then by when it was said.
	Periods []CertificatePeriod `db:"-" json:"periods,omitempty"`
}

// CertificatePeriod is a stretch of validity, as somebody said it. What was wrong is
// replaced and stays in the history; a renewal is a period of its own.
type CertificatePeriod struct {
	ID            string `db:"id" json:"id,omitzero"`
	CertificateID string `db:"certificate_id" json:"-"`
	Place         int    `db:"place" json:"place,omitzero"`           // 1 for the first, one more with every renewal
	StartsOn      Date   `db:"starts_on" json:"starts_on,omitzero"`   // obtained, registered or renewed on
	EndsOn        Date   `db:"ends_on" json:"ends_on,omitzero"`       // the last valid day; none: it never ends
	AppliedOn     Date   `db:"applied_on" json:"applied_on,omitzero"` // when the renewal after it was applied for
	Number        string `db:"number" json:"number,omitzero"`
	Note          string `db:"note" json:"note,omitzero"`
	By            string `db:"made_by" json:"by,omitzero"`
	MadeAt        Stamp  `db:"made_at" json:"made_at,omitzero"`
	ReplacedAt    Stamp  `db:"replaced_at" json:"replaced_at,omitzero"` // when it was corrected
}

// Validate checks what a person typed; today is the latest day on which something can
// have been obtained. A renewal may begin later: it is often applied for in advance.
func (p CertificatePeriod) Validate(today Date) error {
	var v Invalid
	switch {
	case p.StartsOn.IsZero():
		v = append(v, Problem{Field: "starts_on", Rule: Required})
	case p.Place <= 1 && today.Before(p.StartsOn):
		v = append(v, Problem{Field: "starts_on", Rule: NotValid})
	case p.StartsOn.Year < 1950:
		v = append(v, Problem{Field: "starts_on", Rule: NotValid})
	}
	if !p.EndsOn.IsZero() && p.EndsOn.Before(p.StartsOn) {
		v = append(v, Problem{Field: "ends_on", Rule: TooEarly})
	}
	if !p.AppliedOn.IsZero() && (today.Before(p.AppliedOn) || p.AppliedOn.Before(p.StartsOn)) {
		v = append(v, Problem{Field: "applied_on", Rule: NotValid})
	}
	v.text("number", p.Number, false, 80)
	v.text("note", p.Note, false, 500)
	return v.Or()
}

// Said returns what is said of the periods now, without what was corrected.
func (c Certificate) Said() []CertificatePeriod {
	return slices.DeleteFunc(slices.Clone(c.Periods), func(p CertificatePeriod) bool { return !p.ReplacedAt.IsZero() })
}

// Last returns the last period that stands, the zero one where there is none.
func (c Certificate) Last() CertificatePeriod {
	list := c.Said()
	if len(list) == 0 {
		return CertificatePeriod{}
	}
	return list[len(list)-1]
}

// ValidSpan is a stretch of days on which a certificate is valid.
type ValidSpan struct {
	From, To  Date // both included; no last day: without end
	AppliedOn Date
	// Through is the certificate whose renewal renewed this one; "" for its own.
	Through string
}

// Covers tells whether the certificate is valid on a day.
func (s ValidSpan) Covers(day Date) bool {
	return !day.Before(s.From) && (s.To.IsZero() || !s.To.Before(day))
}

// spans returns the standing periods up to a withdrawal.
func (c Certificate) spans() []ValidSpan {
	var list []ValidSpan
	for _, p := range c.Said() {
		s := ValidSpan{From: p.StartsOn, To: p.EndsOn, AppliedOn: p.AppliedOn}
		if w := c.WithdrawnOn; !w.IsZero() {
			if !s.From.Before(w) {
				continue
			}
			if s.To.IsZero() || !s.To.Before(w) {
				s.To = w.AddDays(-1)
			}
		}
		list = append(list, s)
	}
	return list
}

// LastDay proposes the last valid day of a certificate that begins on a day; none for
// one that never ends. A period ends on the day before the one of the same number, and
// where its month has no such day, at the end of the month (Civil Code of Japan, art. 143).
func (r CertificationRules) LastDay(from Date) Date { return r.lastDay(from, r.ValidityMonths) }

func (r CertificationRules) lastDay(from Date, months int) Date {
	if months == 0 || from.IsZero() {
		return Date{}
	}
	if r.CycleAnchor == AnchorCalendarYear {
		year := from.Year + months/12
		if from.Month == time.January && from.Day == 1 {
			year--
		}
		return Date{year, time.December, 31}
	}
	end := from.AddMonths(months)
	if end.Day == from.Day {
		end = end.AddDays(-1)
	}
	if r.CycleAnchor == AnchorEndOfMonth {
		end = Date{end.Year, end.Month, 1}.AddMonths(1).AddDays(-1)
	}
	return end
}

// Renewal proposes the period after another one. One that never ends has none.
func (r CertificationRules) Renewal(last CertificatePeriod) CertificatePeriod {
	if last.EndsOn.IsZero() {
		return CertificatePeriod{}
	}
	from := last.EndsOn.AddDays(1)
	return CertificatePeriod{Place: last.Place + 1, StartsOn: from, EndsOn: r.LastDay(from), Number: last.Number}
}

// RenewedThrough adds to a certificate's own spans those that it gets by the renewal of
// another one: each that begins while this one is valid, or in its grace, and ends later.
func RenewedThrough(own []ValidSpan, through string, other []ValidSpan, grace int) []ValidSpan {
	list := slices.Clone(own)
	for _, u := range other {
		alive := slices.ContainsFunc(list, func(s ValidSpan) bool {
			return s.Covers(u.From) || (!s.To.IsZero() && s.To.Before(u.From) && !s.To.AddDays(grace).Before(u.From))
		})
		longer := !slices.ContainsFunc(list, func(s ValidSpan) bool {
			return s.To.IsZero() || (!u.To.IsZero() && !s.To.Before(u.To))
		})
		if alive && longer {
			list = append(list, ValidSpan{From: u.From, To: u.To, Through: through})
		}
	}
	return list
}

// CanLogCertificate tells whether a person may log, renew and correct somebody's
// certificates and credits: the person and leads.
func CanLogCertificate(by Member, memberID string) bool {
	return CanManage(by) || (CanWrite(by) && by.ID == memberID)
}

// CanSeeCertificates tells whether a person may know which certificates somebody holds:
// as with levels, leads always, the others as the department has decided, and everybody
// their own.
func CanSeeCertificates(by Member, memberID string, namesVisible bool) bool {
	return CanSeeLevels(by, memberID, namesVisible)
}

// CanSeeCertificateDetails tells whether a person may see numbers, evidence, notes and
// credits: the holder and leads.
func CanSeeCertificateDetails(by Member, memberID string) bool { return CanSeeFigures(by, memberID) }
