package store_test

import (
	"errors"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// tied ties the skill of a crew to a new topic that needs a level of it.
func (c crew) tied(t *testing.T, s *store.Store, need team.Level) team.Topic {
	t.Helper()
	topic, err := s.SaveTopic(t.Context(), c.lead, sample.Topic("ログと事故"))
	if err == nil {
		err = s.SaveTopicSkills(t.Context(), c.lead, c.skill.ID, []team.TopicSkill{{TopicID: topic.ID, Level: need}})
	}
	if err != nil {
		t.Fatal(err)
	}
	return topic
}

// answer records an answer on a topic so many days before today.
func answer(t *testing.T, s *store.Store, by team.Member, topic team.Topic, compartment string, daysAgo int) {
	t.Helper()
	s.Now = func() time.Time { return today.AddDays(-daysAgo).Time().Add(3 * time.Hour) }
	c := sample.Answered("ログの件")
	c.TopicID, c.Compartment = topic.ID, compartment
	if _, err := s.SaveConsultation(t.Context(), by, c, ""); err != nil {
		t.Fatal(err)
	}
}

// observed returns the observed level of Aoi that somebody sees on a day.
func (c crew) observed(t *testing.T, s *store.Store, by team.Member, day team.Date) team.Level {
	t.Helper()
	m, err := s.SkillMap(t.Context(), by, day)
	if err != nil {
		t.Fatal(err)
	}
	for j, person := range m.Members {
		if person.ID == c.aoi.ID {
			return m.Cells[0][j].Observed
		}
	}
	return team.NotAssessed
}

func TestLevelsShowInAnswersUsedLately(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		topic := c.tied(t, s, 3)
		for range 8 {
			answer(t, s, c.aoi, topic, "", 0)
		}
		for day, want := range map[team.Date]team.Level{today.AddDays(-1): team.NotAssessed, today: 3, today.AddDays(180): 2, today.AddDays(540): 1, today.AddDays(900): team.NotAssessed} {
			if got := c.observed(t, s, c.lead, day); got != want {
				t.Errorf("on %s: observed %d, want %d", day, got, want)
			}
		}
		if got := c.observed(t, s, c.aoi, today); got != 3 {
			t.Errorf("the person sees %d", got)
		}
		if got := c.observed(t, s, c.ben, today); got != team.NotAssessed {
			t.Errorf("a colleague sees %d of what is computed of somebody", got)
		}
		if err := s.SaveTopicSkills(t.Context(), c.lead, c.skill.ID, []team.TopicSkill{{TopicID: topic.ID, Level: 1}}); err != nil {
			t.Fatal(err)
		}
		if got := c.observed(t, s, c.lead, today); got != 1 {
			t.Errorf("observed %d where the topic needs 1", got)
		}
	})
}

func TestAnArticlePassedOnCountsHalf(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		topic := c.tied(t, s, 3)
		s.Now = func() time.Time { return today.Time().Add(3 * time.Hour) }
		a := testdb.Article(t, s, c.ben, "USB", "")
		for range 2 {
			u := sample.Use(a)
			u.TopicID = topic.ID
			if _, err := s.UseArticle(t.Context(), c.aoi, u); err != nil {
				t.Fatal(err)
			}
		}
		if got := c.observed(t, s, c.lead, today); got != 1 {
			t.Errorf("two articles passed on show level %d, want 1", got)
		}
		events, err := s.AnswerEvents(t.Context(), c.lead, lastWeek)
		if err != nil || len(events) != 2 || !events[0].Reused || events[0].MemberID != c.aoi.ID || events[0].TopicID != topic.ID {
			t.Errorf("%+v, %v", events, err)
		}
	})
}

func TestRestrictedAnswersCountWithoutShowingWhatTheyAre(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		topic := c.tied(t, s, 3)
		group, err := s.SaveCompartment(t.Context(), c.aoi, sample.Compartment("人事案件", c.aoi))
		if errors.Is(err, team.ErrForbidden) {
			insider := testdb.Person(t, s, sample.Lead("insider"))
			group, err = s.SaveCompartment(t.Context(), insider, sample.Compartment("人事案件", insider, c.aoi))
		}
		if err != nil {
			t.Fatal(err)
		}
		answer(t, s, c.aoi, topic, group.ID, 1)
		answer(t, s, c.aoi, topic, group.ID, 1)
		if got := c.observed(t, s, c.lead, today); got != 1 {
			t.Errorf("observed %d, want 1", got)
		}
		for name, want := range map[string]struct {
			by team.Member
			n  int
		}{"the person": {c.aoi, 2}, "a lead outside": {c.lead, 0}} {
			events, err := s.AnswerEvents(t.Context(), want.by, lastWeek)
			if err != nil || len(events) != want.n {
				t.Errorf("%s sees %d answers, %v; want %d", name, len(events), err, want.n)
			}
			evidence, err := s.LevelEvidence(t.Context(), want.by, c.aoi.ID, c.skill.ID)
			if err != nil || len(evidence) != want.n {
				t.Errorf("%s sees %d answers beside the level, %v; want %d", name, len(evidence), err, want.n)
			}
		}
		if _, err := s.LevelEvidence(t.Context(), c.ben, c.aoi.ID, c.skill.ID); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("a colleague looks for evidence: %v", err)
		}
	})
}

func TestAnswersOfOthersAreForLeads(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		topic := c.tied(t, s, 3)
		answer(t, s, c.aoi, topic, "", 3)
		answer(t, s, c.ben, topic, "", 2)
		answer(t, s, c.ben, topic, "", 60)
		gone := c.aoi
		gone.Active = false
		if _, err := s.SaveMember(t.Context(), c.lead, gone); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]struct {
			by team.Member
			n  int
		}{"a lead, those of who left among them": {c.lead, 2}, "a member": {c.ben, 1}} {
			events, err := s.AnswerEvents(t.Context(), want.by, lastWeek)
			if err != nil || len(events) != want.n {
				t.Errorf("%s: %d answers, %v; want %d", name, len(events), err, want.n)
			}
		}
	})
}
