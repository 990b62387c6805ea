package risk

import (
	"math"

	"tasuki/internal/team"
)

// MismatchKind names a contradiction between what a map says and what answers show.
// Each is a reason to talk, never a score of a person.
type MismatchKind string

// The kinds of mismatch.
const (
	SilentExpert MismatchKind = "silent_expert" // a holder of a skill that is asked for, and who answers nothing
	HiddenExpert MismatchKind = "hidden_expert" // answers much without being a holder: assess again
	Illusion     MismatchKind = "illusion"      // several holders, while one person gives the answers
	PaperSkill   MismatchKind = "paper_skill"   // certified, and not used for two periods
)

// Mismatch is one contradiction; Member is "" where it is the skill's.
type Mismatch struct {
	Kind   MismatchKind
	Member string
}

// Evidence is what is known of one active member in a skill.
type Evidence struct {
	Member    string
	Level     int // NotAssessed where nothing is known
	Certified bool
	LastUse   team.Date // the day of a certificate is its first use; no date: never
}

// Observed is a skill as the map and the answers of its topic show it.
type Observed struct {
	Required  int
	BusFactor int // 0 where there is none
	Period    int // days without use that count; DefaultPeriod where it is not positive
	Members   []Evidence
	Answers   Concentration
}

// Mismatches returns the contradictions of a skill: members in their order, then
// the skill's own.
func (o Observed) Mismatches(on team.Date) []Mismatch {
	var list []Mismatch
	of := map[string]Answerer{}
	for _, a := range o.Answers.Answerers {
		of[a.Member] = a
	}
	for _, e := range o.Members {
		for _, kind := range []MismatchKind{SilentExpert, HiddenExpert, PaperSkill} {
			if o.applies(kind, e, of[e.Member], on) {
				list = append(list, Mismatch{kind, e.Member})
			}
		}
	}
	largest := 0.0
	for _, a := range o.Answers.Answerers {
		largest = max(largest, a.Share)
	}
	if o.BusFactor >= 2 && o.Answers.Enough && (largest >= 0.8-1e-9 || o.Answers.Effective < 1.25) {
		list = append(list, Mismatch{Kind: Illusion})
	}
	return list
}

func (o Observed) applies(kind MismatchKind, e Evidence, answers Answerer, on team.Date) bool {
	holder := e.Level != NotAssessed && e.Level >= o.Required
	switch kind {
	case SilentExpert:
		return holder && answers.Weight == 0 && o.Answers.Enough
	case HiddenExpert:
		return !holder && answers.Weight >= 1 && answers.Share >= 0.2-1e-9
	}
	period := o.Period
	if period <= 0 {
		period = DefaultPeriod
	}
	return e.Certified && (e.LastUse.IsZero() || days(e.LastUse, on) >= 2*period)
}

// Agreement is how well levels and answers order people alike: Kendall's tau-b.
type Agreement struct {
	Members                int // who was assessed
	Concordant, Discordant int
	TiedLevel, TiedWeight  int
	Tau                    float64 // from -1 to 1
	Known                  bool    // false where all levels or all weights are the same
}

// Agreement compares every two members who were assessed.
func (o Observed) Agreement() Agreement {
	var levels, weights []float64
	for _, e := range o.Members {
		if e.Level != NotAssessed {
			levels = append(levels, float64(e.Level))
			weights = append(weights, o.Answers.Of(e.Member).Weight)
		}
	}
	return kendall(levels, weights)
}

func kendall(x, y []float64) Agreement {
	a, pairs := Agreement{Members: len(x)}, 0
	for i := range x {
		for j := range i {
			pairs++
			dx, dy := x[i]-x[j], y[i]-y[j]
			if dx == 0 {
				a.TiedLevel++
			}
			if dy == 0 {
				a.TiedWeight++
			}
			switch {
			case dx > 0 && dy > 0 || dx < 0 && dy < 0:
				a.Concordant++
			case dx != 0 && dy != 0:
				a.Discordant++
			}
		}
	}
	if free := float64(pairs-a.TiedLevel) * float64(pairs-a.TiedWeight); free > 0 {
		a.Tau, a.Known = float64(a.Concordant-a.Discordant)/math.Sqrt(free), true
	}
	return a
}
