package store_test

import (
	"slices"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestTheFactsOfRiskNameEverybodyToLeadsAndOnlyLevelsThatCountToOthers(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		d := sample.Demo(demoDay)
		s.Now = func() time.Time { return demoDay }
		testdb.Company(t, s, d)
		by := map[team.Role]team.Member{}
		for _, m := range slices.Backward(d.Members) {
			by[m.Role] = m
		}
		lead, err := s.RiskFacts(t.Context(), by[team.RoleLead], team.DateOf(demoDay))
		if err != nil || len(lead.Map.Members) != 12 || len(lead.Absences) != 3 || len(lead.Articles) == 0 || len(lead.Answers) == 0 || len(lead.Needs) == 0 {
			t.Fatalf("%d members, %d absences, %d articles, %d answers, %v", len(lead.Map.Members), len(lead.Absences), len(lead.Articles), len(lead.Answers), err)
		}
		member, err := s.RiskFacts(t.Context(), by[team.RoleMember], team.DateOf(demoDay))
		if err != nil || len(member.Map.Members) != 12 || len(member.Answers) >= len(lead.Answers) || len(member.Absences) > 1 {
			t.Fatalf("%d members, %d answers, %v", len(member.Map.Members), len(member.Answers), err)
		}
		for _, e := range member.Answers {
			if e.MemberID != by[team.RoleMember].ID {
				t.Fatalf("a colleague's answer: %+v", e)
			}
		}
		for _, row := range member.Map.Cells {
			for j, c := range row {
				if own := member.Map.Members[j].ID == by[team.RoleMember].ID; !own && (c.Observed.Assessed() || c.Target != nil) {
					t.Fatalf("figures of a colleague: %+v", c)
				}
			}
		}
		if _, err := s.RiskFacts(t.Context(), team.Member{}, team.DateOf(demoDay)); err == nil {
			t.Error("nobody in particular gets the facts")
		}
	})
}

func TestAnArticleIsSharedOnceSomebodyElseAnsweredWithIt(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		s.Now = func() time.Time { return today.Time().Add(3 * time.Hour) }
		insider := testdb.Person(t, s, sample.Lead("insider"))
		group, err := s.SaveCompartment(t.Context(), insider, sample.Compartment("人事案件", insider, c.ben))
		if err != nil {
			t.Fatal(err)
		}
		a := testdb.Article(t, s, c.aoi, "USB", "")
		if err = s.VerifyArticle(t.Context(), c.lead, a.ID, a.Version, today.AddDays(30)); err != nil {
			t.Fatal(err)
		}
		use := func(by team.Member, compartment string) {
			u := sample.Use(a)
			u.Compartment = compartment
			if _, err := s.UseArticle(t.Context(), by, u); err != nil {
				t.Fatal(err)
			}
		}
		shared := func(by team.Member, day team.Date) (list []team.SharedArticle) {
			f, err := s.RiskFacts(t.Context(), by, day)
			if err != nil {
				t.Fatal(err)
			}
			return f.Articles
		}
		active := []string{c.aoi.ID, c.ben.ID}
		use(c.aoi, "")
		use(c.ben, group.ID)
		if list := shared(c.lead, today); len(list) != 1 || list[0].CarriedBeyond(active, nil) {
			t.Errorf("only the author has used it, outside what is restricted: %+v", list)
		}
		if list := shared(insider, today); len(list) != 1 || !list[0].CarriedBeyond(active, nil) {
			t.Errorf("inside, Ben has used it: %+v", list)
		}
		use(c.ben, "")
		list := shared(c.lead, today)
		if len(list) != 1 || !list[0].CarriedBeyond(active, nil) || list[0].CarriedBeyond(active, []string{c.ben.ID}) || list[0].CarriedBeyond([]string{c.aoi.ID}, nil) {
			t.Errorf("Ben has used it: %+v", list)
		}
		if list := shared(c.lead, today.AddDays(31)); len(list) != 0 {
			t.Errorf("it should have been looked over: %+v", list)
		}
	})
}
