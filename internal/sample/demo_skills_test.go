package sample

import (
	"testing"
	"time"

	"tasuki/internal/team"
)

// lastWords returns the level of every cell that counts on a day, and its assessment.
func lastWords(c Company, kind team.AssessmentKind) map[[2]string]team.Assessment {
	last := map[[2]string]team.Assessment{}
	for _, a := range c.Assessments {
		if a.Kind == kind && a.ReplacedOn.IsZero() {
			last[[2]string{a.SkillID, a.MemberID}] = a
		}
	}
	return last
}

func TestTheSkillsOfTheDemoHaveTheirShape(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		day := team.DateOf(now.In(japan))
		validated, declared := lastWords(c, team.Validated), lastWords(c, team.Declared)
		within(t, "cells with a confirmed level", len(validated), 12*30-8, 12*30-8)
		within(t, "cells with a declared level", len(declared), 12*30-8, 12*30-8)
		old, same, middle, valid := 0, 0, 0, 0
		for cell, a := range validated {
			if a.Day.Before(day.AddDays(-180)) {
				old++
			}
			if a.Level > team.None && a.Level < team.Deciding {
				middle++
				if declared[cell].Level == a.Level {
					same++
				}
			}
			if a.On(day).Assessed() {
				valid++
			}
		}
		near(t, "not looked at for half a year", float64(old)/float64(len(validated)), 0.10, 0.03)
		near(t, "declared as confirmed", float64(same)/float64(middle), 0.60, 0.05)
		within(t, "still valid", valid, len(validated), len(validated))
		ups := levelUps(c)
		within(t, "levels gained in the year", ups, 22, 28)
	})
}

func levelUps(c Company) int {
	ups, last := 0, map[[2]string]team.Level{}
	for _, a := range c.Assessments {
		cell := [2]string{a.SkillID, a.MemberID}
		if a.Kind != team.Validated {
			continue
		}
		if before, known := last[cell]; known && a.Level > before {
			ups++
		}
		last[cell] = a.Level
	}
	return ups
}

func TestEverySkillOfTheDemoIsValid(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		day := team.DateOf(now.In(japan))
		check := func(what string, err error) {
			t.Helper()
			if err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, k := range c.Skills {
			check(k.Name, k.Validate())
			if k.NameEn == "" || k.Description == "" || k.DescriptionEn == "" || k.Incident != (k.Anchors[4] != "" && k.AnchorsEn[4] != "") {
				t.Errorf("%s lacks words", k.Name)
			}
		}
		for _, a := range c.Assessments {
			check("an assessment", a.Validate(day))
		}
		for _, g := range c.Targets {
			check("a target", g.Validate(day))
		}
		for _, a := range c.Absences {
			check("an absence", a.Validate())
			if !day.Before(a.StartsOn) {
				t.Errorf("an absence begins on %s, before tomorrow", a.StartsOn)
			}
		}
	})
}

func TestEverySkillOfATopicIsKnown(t *testing.T) {
	c := Demo(today)
	known := map[string]bool{}
	for _, k := range c.Skills {
		known[k.ID] = true
	}
	within(t, "ties of topics and skills", len(c.TopicSkills), 20, 20)
	for _, tie := range c.TopicSkills {
		if !known[tie.SkillID] {
			t.Errorf("a topic needs the unknown skill %q", tie.SkillID)
		}
	}
}
