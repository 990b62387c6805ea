package sample

import (
	"slices"
	"testing"

	"tasuki/internal/team"
)

// The rows of the table that the rules come from.
var tableOfCertifications = []string{"cissp", "ccsp", "sscp", "cism", "cisa", "crisc", "gcih", "oscp", "oscp_plus", "osth", "osir", "security_plus", "cysa_plus", "securityx", "ceh", "riss", "sg",
	"aws_security", "sc100", "sc200", "az500", "google_pcse"}

func TestEveryWellKnownCertificationSaysItsRulesAndHowFarToTrustThem(t *testing.T) {
	list := StarterCertifications()
	for _, c := range list {
		if err := c.Validate(); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		if c.Quality == "" || c.Issuer == "" || (c.Source == "") != (c.Quality == team.SourceMemory) {
			t.Errorf("%s: from %q, %q", c.ID, c.Source, c.Quality)
		}
		if c.Note != "" && c.NoteEn == "" {
			t.Errorf("%s: its note is in one language", c.ID)
		}
		if !c.Rules.Lifetime() && len(c.Rules.RenewBy) == 0 {
			t.Errorf("%s ends, and nobody says how it is renewed", c.ID)
		}
		for _, f := range c.Rules.Fees {
			if f.Quality == "" {
				t.Errorf("%s: nobody says where the fee of %d %s is from", c.ID, f.Amount, f.Currency)
			}
		}
		for _, id := range c.Renews {
			if !slices.ContainsFunc(list, func(k team.Certification) bool { return k.ID == id }) {
				t.Errorf("%s renews %s, which is nowhere", c.ID, id)
			}
		}
	}
	for _, id := range tableOfCertifications {
		if !slices.ContainsFunc(list, func(k team.Certification) bool { return k.ID == id }) {
			t.Errorf("%s is missing", id)
		}
	}
}
