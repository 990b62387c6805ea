package team

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Certification is a kind of certificate, with the rules by which one is kept. Rules
// and fees are data: bodies change them, so each row says where they were read and when.
type Certification struct {
	ID      string             `db:"id" json:"id,omitzero"`
	Name    string             `db:"name" json:"name,omitzero"`
	NameEn  string             `db:"name_en" json:"name_en,omitzero"`
	Short   string             `db:"short" json:"short,omitzero"` // what people call it, where there is little room
	Issuer  string             `db:"issuer" json:"issuer,omitzero"`
	Rules   CertificationRules `db:"rules" json:"rules"`
	Note    string             `db:"note" json:"note,omitzero"` // what the rules cannot say
	NoteEn  string             `db:"note_en" json:"note_en,omitzero"`
	Source  string             `db:"source_url" json:"source_url,omitzero"`
	Quality SourceQuality      `db:"source_quality" json:"source_quality,omitzero"`
	Checked Date               `db:"checked_on" json:"checked_on,omitzero"` // when the source was read; none: not written down
	Minimum int                `db:"minimum" json:"minimum,omitzero"`       // holders that the department wants; 0: none has to
	Active  bool               `db:"active" json:"active,omitzero"`
	Version int                `db:"version" json:"version,omitzero"`

	Skills []CertificationSkill `db:"-" json:"skills,omitempty"`
	Renews []string             `db:"-" json:"renews,omitempty"` // ids of those that are renewed with this one
}

// CertificationSkill is a skill that a certificate shows.
type CertificationSkill struct {
	CertificationID string `db:"certification_id" json:"-"`
	SkillID         string `db:"skill_id" json:"skill_id"`
	// Level counts as long as the certificate is valid. NotAssessed: it is evidence
	// alone, for whoever assesses.
	Level Level `db:"level" json:"level"`
}

// CertificationRenewal says that renewing one certification renews another one.
type CertificationRenewal struct {
	CertificationID string `db:"certification_id" json:"certification_id"`
	RenewsID        string `db:"renews_id" json:"renews_id"`
}

// SourceQuality says how far the rules of a certification can be relied on.
type SourceQuality string

// The qualities of a source; empty means that nobody has said where the rules are from.
const (
	SourceOfficial   SourceQuality = "official"    // a page of the body was read
	SourceThirdParty SourceQuality = "third_party" // somebody else's page was read
	SourceMemory     SourceQuality = "memory"      // nothing was read
)

// SourceQualities lists the qualities, the best first.
var SourceQualities = []SourceQuality{SourceOfficial, SourceThirdParty, SourceMemory, ""}

// CycleAnchor says where the years of a cycle begin.
type CycleAnchor string

// The anchors of a cycle.
const (
	AnchorCertified    CycleAnchor = "certified"     // the day of the certificate
	AnchorRegistered   CycleAnchor = "registered"    // the day of the registration
	AnchorEndOfMonth   CycleAnchor = "end_of_month"  // the day of the certificate, up to the end of a month
	AnchorCalendarYear CycleAnchor = "calendar_year" // 1 January after it
)

// CycleAnchors lists the anchors.
var CycleAnchors = []CycleAnchor{AnchorCertified, AnchorRegistered, AnchorEndOfMonth, AnchorCalendarYear}

// RenewBy is a way to renew a certificate.
type RenewBy string

// The ways to renew.
const (
	RenewByCredits    RenewBy = "credits"
	RenewByExam       RenewBy = "exam"
	RenewByAssessment RenewBy = "online_assessment"
	RenewByCourse     RenewBy = "course"
)

// RenewWays lists the ways to renew.
var RenewWays = []RenewBy{RenewByCredits, RenewByExam, RenewByAssessment, RenewByCourse}

// CertificationRules are the rules by which a certificate is kept, as fields that cover
// those of all bodies. Credits are in hundredths, as Credits is.
type CertificationRules struct {
	ValidityMonths int         `json:"validity_months,omitzero"` // 0: for life
	CycleMonths    int         `json:"cycle_months,omitzero"`    // 0: as long as it is valid
	CycleAnchor    CycleAnchor `json:"cycle_anchor,omitzero"`
	CycleTotal     Credits     `json:"cycle_total,omitzero"`
	AnnualMin      Credits     `json:"annual_min,omitzero"`
	// AnnualMinIsHard: a year with less is a breach; else it is advice.
	AnnualMinIsHard bool             `json:"annual_min_is_hard,omitzero"`
	Categories      []CreditCategory `json:"categories,omitempty"`
	CarryOver       CarryOver        `json:"carry_over,omitzero"`
	Events          []RequiredEvent  `json:"required_events,omitempty"`
	ApplyBeforeDays int              `json:"apply_before_days,omitzero"` // the renewal is applied for so many days before the last one
	WindowDays      int              `json:"window_days,omitzero"`       // it can be renewed from so many days before; 0: nobody says
	RenewBy         []RenewBy        `json:"renew_by,omitempty"`
	GraceDays       int              `json:"grace_days,omitzero"`
	Fees            []CertificateFee `json:"fees,omitempty"`
}

// CreditCategory is a group of credits within a cycle, such as group A of ISC2.
type CreditCategory struct {
	Key     string  `json:"key"`
	Minimum Credits `json:"minimum,omitzero"`
	Maximum Credits `json:"maximum,omitzero"` // no more counts; 0: all of it
}

// CarryOver says which credits that a cycle has too many of count for the next one.
type CarryOver struct {
	Maximum    Credits  `json:"max,omitzero"`
	Categories []string `json:"categories,omitempty"` // empty: all
	LastMonths int      `json:"last_months,omitzero"` // earned in the last months of the cycle; 0: in all of it
}

// RequiredEvent is something that has to be done each year or each cycle, such as a course.
type RequiredEvent struct {
	Key    string   `json:"kind"`
	Name   string   `json:"name"`
	NameEn string   `json:"name_en,omitzero"`
	Per    EventPer `json:"per"`
	Count  int      `json:"count"`
}

// DisplayName returns the name in a language.
func (e RequiredEvent) DisplayName(language string) string {
	return inLanguage(language, e.Name, e.NameEn)
}

// EventPer says how often an event is required.
type EventPer string

// How often an event is required.
const (
	PerYear  EventPer = "year"
	PerCycle EventPer = "cycle"
)

// EventPers lists how often an event can be required.
var EventPers = []EventPer{PerYear, PerCycle}

// CertificateFee is what keeping a certificate costs.
type CertificateFee struct {
	Amount   int           `json:"amount"` // whole units of the currency
	Currency string        `json:"currency"`
	Per      FeePer        `json:"per"`
	Scope    FeeScope      `json:"scope"`
	Note     string        `json:"note,omitzero"`
	NoteEn   string        `json:"note_en,omitzero"`
	Quality  SourceQuality `json:"quality,omitzero"`
}

// DisplayNote returns the note in a language.
func (f CertificateFee) DisplayNote(language string) string {
	return inLanguage(language, f.Note, f.NoteEn)
}

// FeePer says for what a fee is paid.
type FeePer string

// For what a fee is paid.
const (
	FeePerYear   FeePer = "year"
	FeePerCycle  FeePer = "cycle"
	FeePerExam   FeePer = "exam"
	FeePerCourse FeePer = "course"
)

// FeePers lists for what a fee can be paid.
var FeePers = []FeePer{FeePerYear, FeePerCycle, FeePerExam, FeePerCourse}

// FeeScope says whether a fee is paid for each certificate or once for all that a
// person has of the body.
type FeeScope string

// The scopes of a fee.
const (
	FeeOfCertificate FeeScope = "certificate"
	FeeOfMember      FeeScope = "member"
)

// FeeScopes lists the scopes of a fee.
var FeeScopes = []FeeScope{FeeOfCertificate, FeeOfMember}

// NewCertification returns a certification with nothing asked for.
func NewCertification() Certification {
	return Certification{Active: true, Rules: CertificationRules{ValidityMonths: 36, CycleAnchor: AnchorCertified}}
}

// DisplayName returns the name in a language.
func (c Certification) DisplayName(language string) string {
	return inLanguage(language, c.Name, c.NameEn)
}

// ShortName returns what people call it.
func (c Certification) ShortName(language string) string {
	if c.Short != "" {
		return c.Short
	}
	return c.DisplayName(language)
}

// DisplayNote returns the note in a language.
func (c Certification) DisplayNote(language string) string {
	return inLanguage(language, c.Note, c.NoteEn)
}

// Lifetime tells whether a certificate never ends.
func (r CertificationRules) Lifetime() bool { return r.ValidityMonths == 0 }

// Category returns the rule of a group of credits, and whether there is one.
func (r CertificationRules) Category(key string) (CreditCategory, bool) {
	i := slices.IndexFunc(r.Categories, func(c CreditCategory) bool { return c.Key == key })
	if i < 0 {
		return CreditCategory{}, false
	}
	return r.Categories[i], true
}

// Event returns the rule of a required event, and whether there is one.
func (r CertificationRules) Event(key string) (RequiredEvent, bool) {
	i := slices.IndexFunc(r.Events, func(e RequiredEvent) bool { return e.Key == key })
	if i < 0 {
		return RequiredEvent{}, false
	}
	return r.Events[i], true
}

// Value stores the rules as JSON.
func (r CertificationRules) Value() (driver.Value, error) {
	data, err := json.Marshal(r)
	return string(data), err
}

// Scan reads JSON.
func (r *CertificationRules) Scan(src any) error {
	*r = CertificationRules{}
	switch v := src.(type) {
	case string:
		return json.Unmarshal([]byte(v), r)
	case []byte:
		return json.Unmarshal(v, r)
	}
	return fmt.Errorf("rules of a certification from %T", src)
}

// The largest numbers of a certification.
const (
	maxMonths  = 1200
	maxCredits = 100000 * creditUnit
	maxParts   = 10 // categories, events and fees
	maxFee     = 100000000
)

// Validate checks what a person typed.
func (c Certification) Validate() error {
	var v Invalid
	v.text("name", c.Name, true, 120)
	v.text("name_en", c.NameEn, false, 120)
	v.text("short", c.Short, false, 30)
	v.text("issuer", c.Issuer, false, 80)
	v.text("note", c.Note, false, 1000)
	v.text("note_en", c.NoteEn, false, 1500)
	v.number("minimum", c.Minimum, 0, maxHeadCount)
	oneOf(&v, "quality", c.Quality, SourceQualities)
	v.text("source_url", c.Source, false, 500)
	if c.Source != "" && !isWebAddress(c.Source) {
		v = append(v, Problem{Field: "source_url", Rule: NotValid})
	}
	for _, s := range c.Skills {
		if s.SkillID == "" || len(s.SkillID) > maxID || s.Level < NotAssessed || s.Level > Deciding {
			v = append(v, Problem{Field: "skills", Rule: NotValid})
		}
	}
	if slices.Contains(c.Renews, c.ID) && c.ID != "" || slices.ContainsFunc(c.Renews, func(id string) bool { return len(id) > maxID }) {
		v = append(v, Problem{Field: "renews", Rule: NotValid})
	}
	c.Rules.check(&v)
	return v.Or()
}

// isWebAddress tells whether a text is an address that a browser can open: a link must
// not run anything.
func isWebAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

func (r CertificationRules) check(v *Invalid) {
	v.number("validity_months", r.ValidityMonths, 0, maxMonths)
	v.number("cycle_months", r.CycleMonths, 0, maxMonths)
	v.number("cycle_total", int(r.CycleTotal), 0, maxCredits)
	v.number("annual_min", int(r.AnnualMin), 0, maxCredits)
	v.number("apply_before_days", r.ApplyBeforeDays, 0, maxDays)
	v.number("window_days", r.WindowDays, 0, maxDays)
	v.number("grace_days", r.GraceDays, 0, maxDays)
	v.number("carry_max", int(r.CarryOver.Maximum), 0, maxCredits)
	v.number("carry_months", r.CarryOver.LastMonths, 0, maxMonths)
	oneOf(v, "cycle_anchor", r.CycleAnchor, CycleAnchors)
	for _, w := range r.RenewBy {
		oneOf(v, "renew_by", w, RenewWays)
	}
	if r.Lifetime() && r.CycleMonths == 0 && (r.CycleTotal > 0 || r.AnnualMin > 0 || len(r.Events) > 0) {
		*v = append(*v, Problem{Field: "cycle_months", Rule: Required})
	}
	r.checkParts(v)
}

func (r CertificationRules) checkParts(v *Invalid) {
	for field, n := range map[string]int{"categories": len(r.Categories), "events": len(r.Events), "fees": len(r.Fees)} {
		if n > maxParts {
			*v = append(*v, Problem{Field: field, Rule: TooMany, Limit: maxParts})
		}
	}
	keys := map[string]bool{}
	for _, c := range r.Categories {
		v.text("categories", c.Key, true, 30)
		v.number("categories", int(c.Minimum), 0, maxCredits)
		v.number("categories", int(c.Maximum), 0, maxCredits)
		if keys[c.Key] || (c.Maximum > 0 && c.Maximum < c.Minimum) {
			*v = append(*v, Problem{Field: "categories", Rule: NotValid})
		}
		keys[c.Key] = true
	}
	for _, key := range r.CarryOver.Categories {
		if !keys[key] {
			*v = append(*v, Problem{Field: "carry_categories", Rule: Unknown})
		}
	}
	for _, e := range r.Events {
		v.text("events", e.Key, true, 40)
		v.text("events", e.Name, true, 80)
		v.text("events", e.NameEn, false, 80)
		v.number("events", e.Count, 1, 100)
		oneOf(v, "events", e.Per, EventPers)
	}
	for _, f := range r.Fees {
		f.check(v)
	}
}

func (f CertificateFee) check(v *Invalid) {
	v.number("fees", f.Amount, 0, maxFee)
	if len(f.Currency) != 3 || strings.ToUpper(f.Currency) != f.Currency {
		*v = append(*v, Problem{Field: "fees", Rule: NotValid})
	}
	v.text("fees", f.Note, false, 120)
	v.text("fees", f.NoteEn, false, 160)
	oneOf(v, "fees", f.Per, FeePers)
	oneOf(v, "fees", f.Scope, FeeScopes)
	oneOf(v, "fees", f.Quality, SourceQualities)
}
