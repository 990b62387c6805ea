package sample

import (
	_ "embed"
	"fmt"

	"github.com/BurntSushi/toml"

	"tasuki/internal/team"
)

//go:embed certifications.toml
var certificationsTOML string

// StarterCertifications returns the certifications that a department finds in its
// catalogue from the start, with the sources of their rules. Ids, and those that one
// renews, are keys that stay the same when names are reworded.
func StarterCertifications() []team.Certification {
	var file struct {
		Certifications []starterCertification `toml:"certification"`
	}
	meta, err := toml.Decode(certificationsTOML, &file)
	if err == nil && len(meta.Undecoded()) > 0 {
		err = fmt.Errorf("unknown words: %v", meta.Undecoded())
	}
	if err != nil {
		panic(fmt.Errorf("read the certifications: %w", err))
	}
	list := make([]team.Certification, len(file.Certifications))
	for i, c := range file.Certifications {
		list[i] = c.certification()
	}
	return list
}

type starterCertification struct {
	Key             string             `toml:"key"`
	Name            string             `toml:"name"`
	NameEn          string             `toml:"name_en"`
	Short           string             `toml:"short"`
	Issuer          string             `toml:"issuer"`
	ValidityMonths  int                `toml:"validity_months"`
	Anchor          team.CycleAnchor   `toml:"anchor"`
	Total           int                `toml:"total"`
	Annual          int                `toml:"annual"`
	Hard            bool               `toml:"hard"`
	Categories      []starterCredits   `toml:"categories"`
	Carry           starterCredits     `toml:"carry"`
	Events          []starterEvent     `toml:"events"`
	ApplyBeforeDays int                `toml:"apply_before_days"`
	WindowDays      int                `toml:"window_days"`
	GraceDays       int                `toml:"grace_days"`
	RenewBy         []team.RenewBy     `toml:"renew_by"`
	Renews          []string           `toml:"renews"`
	Fees            []starterFee       `toml:"fees"`
	Source          string             `toml:"source"`
	Quality         team.SourceQuality `toml:"quality"`
	Checked         string             `toml:"checked"`
	NoteJa          string             `toml:"note_ja"`
	NoteEn          string             `toml:"note_en"`
}

// starterCredits is a category of credits, or what is carried over.
type starterCredits struct {
	Key        string   `toml:"key"`
	Min        int      `toml:"min"`
	Max        int      `toml:"max"`
	Categories []string `toml:"categories"`
	LastMonths int      `toml:"last_months"`
}

type starterEvent struct {
	Kind   string        `toml:"kind"`
	Name   string        `toml:"name"`
	NameEn string        `toml:"name_en"`
	Per    team.EventPer `toml:"per"`
	Count  int           `toml:"count"`
}

type starterFee struct {
	Amount   int                `toml:"amount"`
	Currency string             `toml:"currency"`
	Per      team.FeePer        `toml:"per"`
	Scope    team.FeeScope      `toml:"scope"`
	Quality  team.SourceQuality `toml:"quality"`
	NoteJa   string             `toml:"note_ja"`
	NoteEn   string             `toml:"note_en"`
}

func (c starterCertification) certification() team.Certification {
	k := team.NewCertification()
	k.ID, k.Name, k.NameEn, k.Short, k.Issuer, k.Renews = c.Key, c.Name, c.NameEn, c.Short, c.Issuer, c.Renews
	k.Note, k.NoteEn, k.Source, k.Quality = c.NoteJa, c.NoteEn, c.Source, c.Quality
	var err error
	if k.Checked, err = team.ParseDate(c.Checked); err != nil {
		panic(fmt.Errorf("read the certifications: %s: %w", c.Key, err))
	}
	r := &k.Rules
	r.ValidityMonths, r.CycleTotal, r.AnnualMin, r.AnnualMinIsHard = c.ValidityMonths, team.WholeCredits(c.Total), team.WholeCredits(c.Annual), c.Hard
	r.ApplyBeforeDays, r.WindowDays, r.GraceDays, r.RenewBy = c.ApplyBeforeDays, c.WindowDays, c.GraceDays, c.RenewBy
	r.CarryOver = team.CarryOver{Maximum: team.WholeCredits(c.Carry.Max), Categories: c.Carry.Categories, LastMonths: c.Carry.LastMonths}
	if r.CycleMonths = r.ValidityMonths; c.Anchor != "" {
		r.CycleAnchor = c.Anchor
	}
	for _, g := range c.Categories {
		r.Categories = append(r.Categories, team.CreditCategory{Key: g.Key, Minimum: team.WholeCredits(g.Min), Maximum: team.WholeCredits(g.Max)})
	}
	for _, e := range c.Events {
		r.Events = append(r.Events, team.RequiredEvent{Key: e.Kind, Name: e.Name, NameEn: e.NameEn, Per: e.Per, Count: e.Count})
	}
	for _, f := range c.Fees {
		r.Fees = append(r.Fees, team.CertificateFee{Amount: f.Amount, Currency: f.Currency, Per: f.Per, Scope: f.Scope, Quality: f.Quality, Note: f.NoteJa, NoteEn: f.NoteEn})
	}
	return k
}
