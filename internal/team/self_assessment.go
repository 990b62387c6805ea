package team

import (
	"cmp"
	"slices"
)

// RoundDays is how long what somebody said of themselves is fresh: so long it counts
// as done in a round of self-assessment.
const RoundDays = 30

// RoundStep is a skill that somebody is asked about in a self-assessment.
type RoundStep struct {
	Skill  Skill
	Last   *Assessment // their last word, nil where there is none
	Before Level       // what they said before the round
	Done   bool        // they have said it since the round began

	seen Date // when they last said something before the round
}

// Round returns the skills in the order in which somebody is asked about them: those
// of which they never said anything, then those of the longest ago. What is said in
// the round (since its first day) moves nothing, so that there is always a next one
// and the one before. The history is one person's, the oldest first.
func Round(skills []Skill, history []Assessment, since Date) []RoundStep {
	steps, at := make([]RoundStep, len(skills)), map[string]*RoundStep{}
	for i, k := range skills {
		steps[i] = RoundStep{Skill: k, Before: NotAssessed}
		at[k.ID] = &steps[i]
	}
	for i := range history {
		if step := at[history[i].SkillID]; step != nil && history[i].Kind == Declared {
			step.hear(&history[i], since)
		}
	}
	slices.SortStableFunc(steps, func(a, b RoundStep) int { return cmp.Compare(a.seen.String(), b.seen.String()) })
	return steps
}

func (s *RoundStep) hear(a *Assessment, since Date) {
	if a.ReplacedOn.IsZero() {
		s.Last = a
		s.Done = a.Level.Assessed() && !a.Day.Before(since)
	}
	if a.Day.Before(since) {
		s.Before, s.seen = a.Level, a.Day
		if !a.Level.Assessed() {
			s.seen = Date{}
		}
	}
}

// AsksForEvidence tells whether a step from somebody's last word to a level is so
// large (two or more) that it wants a sentence on what it rests on. The first word
// is no step.
func AsksForEvidence(last *Assessment, level Level) bool {
	return last != nil && last.Level.Assessed() && level >= last.Level+2
}

// LevelsOn returns what counted of each skill on a day, from one person's history and
// from what certificates gave, by the ids of the skills.
func LevelsOn(history []Assessment, granted map[string][]Grant, skills []Skill, day Date) []Level {
	cells := map[string]*Cell{}
	for id, list := range granted {
		cells[id] = &Cell{Granted: list}
	}
	for i := range history {
		a := &history[i]
		if day.Before(a.Day) || (!a.ReplacedOn.IsZero() && !day.Before(a.ReplacedOn)) {
			continue
		}
		if cells[a.SkillID] == nil {
			cells[a.SkillID] = &Cell{}
		}
		cells[a.SkillID].Put(a)
	}
	levels := make([]Level, len(skills))
	for i, k := range skills {
		levels[i] = NotAssessed
		if c := cells[k.ID]; c != nil {
			levels[i] = c.On(day)
		}
	}
	return levels
}

// Mean returns the mean of the levels that are known, and whether there is any: what
// is not assessed is not 0.
func Mean(levels []Level) (mean float64, known bool) {
	n := 0
	for _, l := range levels {
		if l.Assessed() {
			mean, n = mean+float64(l), n+1
		}
	}
	if n == 0 {
		return 0, false
	}
	return mean / float64(n), true
}
