package team

import (
	"errors"
	"strconv"
	"strings"
)

// Credits are points of continuing education (CPE, CEU, ECE), in hundredths: bodies
// count quarters and tenths, and sums have to be exact.
type Credits int

const creditUnit = 100

// WholeCredits returns so many whole credits.
func WholeCredits(n int) Credits { return Credits(n * creditUnit) }

// String writes "40", "2.5" or "0.25".
func (c Credits) String() string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(float64(c)/creditUnit, 'f', 2, 64), "0"), ".")
}

var errNotCredits = errors.New("not a number of credits")

// ParseCredits reads "40" or "2.5", with two digits after the point at most.
func ParseCredits(s string) (Credits, error) {
	whole, part, _ := strings.Cut(strings.TrimSpace(s), ".")
	n, err := strconv.ParseUint(whole, 10, 20)
	if err != nil || len(part) > 2 {
		return 0, errNotCredits
	}
	hundredths := uint64(0)
	if part != "" {
		if hundredths, err = strconv.ParseUint((part + "0")[:2], 10, 8); err != nil {
			return 0, errNotCredits
		}
	}
	return Credits(n*creditUnit + hundredths), nil
}

// CreditActivity is something that somebody did once and that can count for several
// certificates.
type CreditActivity struct {
	ID        string        `db:"id" json:"id,omitzero"`
	MemberID  string        `db:"member_id" json:"member_id,omitzero"`
	Day       Date          `db:"day" json:"day,omitzero"`
	Title     string        `db:"title" json:"title,omitzero"`
	Credits   Credits       `db:"credits" json:"credits,omitzero"`
	Note      string        `db:"note" json:"note,omitzero"`
	By        string        `db:"made_by" json:"by,omitzero"`
	MadeAt    Stamp         `db:"made_at" json:"made_at,omitzero"`
	RemovedAt Stamp         `db:"removed_at" json:"removed_at,omitzero"` // taken back, and kept in the history
	RemovedBy string        `db:"removed_by" json:"removed_by,omitzero"`
	Claims    []CreditClaim `db:"-" json:"claims,omitempty"`
}

// CreditClaim says that an activity counts for a certificate: with how many credits, in
// which of its categories, and as which required event.
type CreditClaim struct {
	ActivityID    string  `db:"activity_id" json:"-"`
	CertificateID string  `db:"certificate_id" json:"certificate_id"`
	Credits       Credits `db:"credits" json:"credits,omitzero"`
	Category      string  `db:"category" json:"category,omitzero"`
	Event         string  `db:"event" json:"event,omitzero"`
}

// Validate checks what a person typed; today is the latest day that can be named.
// Whether a claim fits the rules of its certificate is asked with CreditClaim.Check.
func (a CreditActivity) Validate(today Date) error {
	var v Invalid
	v.text("title", a.Title, true, 200)
	v.text("note", a.Note, false, 500)
	v.number("credits", int(a.Credits), 0, 1000*creditUnit)
	if a.Day.IsZero() || today.Before(a.Day) {
		v = append(v, Problem{Field: "day", Rule: NotValid})
	}
	if len(a.Claims) == 0 {
		v = append(v, Problem{Field: "certificates", Rule: Required})
	}
	events := false
	for _, c := range a.Claims {
		v.number("credits", int(c.Credits), 0, int(a.Credits))
		events = events || c.Event != ""
	}
	if a.Credits == 0 && !events {
		v = append(v, Problem{Field: "credits", Rule: Required})
	}
	return v.Or()
}

// Check tells whether a claim fits the rules of its certificate: credits of a body that
// has categories name one of them, and events are among those that are required.
func (c CreditClaim) Check(r CertificationRules) error {
	var v Invalid
	if c.Event != "" {
		if _, known := r.Event(c.Event); !known {
			v = append(v, Problem{Field: "event", Rule: Unknown})
		}
	}
	_, known := r.Category(c.Category)
	switch {
	case c.Credits == 0 && c.Category == "":
	case len(r.Categories) > 0 && c.Category == "":
		v = append(v, Problem{Field: "category", Rule: Required})
	case !known && c.Category != "":
		v = append(v, Problem{Field: "category", Rule: Unknown})
	}
	return v.Or()
}
