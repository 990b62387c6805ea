package store_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// entry is a training that some people went to.
func entry(title string, day team.Date, people ...team.Member) store.TrainingEntry {
	e := store.TrainingEntry{TrainingRecord: team.TrainingRecord{Title: title, Day: day, Kind: team.TrainingInHouse, Minutes: 90, Cost: -1, ClassCost: -1}}
	for _, m := range people {
		e.Members = append(e.Members, m.ID)
	}
	return e
}

// logged writes a training down and returns its records.
func logged(t *testing.T, s *store.Store, by team.Member, e store.TrainingEntry) []team.TrainingRecord {
	t.Helper()
	made, twice, err := s.LogTraining(t.Context(), by, today, e)
	if err != nil || len(twice) > 0 {
		t.Fatal(twice, err)
	}
	return made
}

// course adds a training of the crew's skill to the catalogue.
func (c crew) course(t *testing.T, s *store.Store, title string) team.Training {
	t.Helper()
	n, err := s.SaveTraining(t.Context(), c.lead, sample.Training(title, c.skill))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (c crew) records(t *testing.T, s *store.Store, by team.Member, f store.TrainingFilter) []team.TrainingRecord {
	t.Helper()
	list, err := s.TrainingRecords(t.Context(), by, f)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestATrainingComesBackAsItWasSaved(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		saved := c.course(t, s, "フォレンジック基礎")
		got, err := s.Training(t.Context(), c.aoi, saved.ID)
		if err != nil || !reflect.DeepEqual(got, saved) {
			t.Errorf("got %+v, %v; want %+v", got, err, saved)
		}
		open := saved
		open.Skills = []team.TrainingSkill{{SkillID: c.skill.ID, Level: 2, Prerequisite: team.NotAssessed}}
		if open, err = s.SaveTraining(t.Context(), c.lead, open); err != nil {
			t.Fatal(err)
		}
		list, err := s.Trainings(t.Context(), c.aoi)
		if err != nil || len(list) != 1 || list[0].Skills[0].Prerequisite != team.NotAssessed || list[0].Version != 2 {
			t.Errorf("the list says %+v, %v", list, err)
		}
		if _, err := s.SaveTraining(t.Context(), c.lead, saved); !errors.Is(err, team.ErrStale) {
			t.Errorf("the second of two editors: %v", err)
		}
		if _, err := s.SaveTraining(t.Context(), c.aoi, open); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a member edits the catalogue: %v", err)
		}
		var invalid team.Invalid
		if _, err := s.SaveTraining(t.Context(), c.lead, sample.Training("フォレンジック 基礎")); !errors.As(err, &invalid) {
			t.Errorf("the same title with a space: %v", err)
		}
		unknown := sample.Training("別の研修", team.Skill{ID: "NOBODY"})
		if _, err := s.SaveTraining(t.Context(), c.lead, unknown); !errors.As(err, &invalid) {
			t.Errorf("a skill that there is not: %v", err)
		}
	})
}

func TestWhatNobodyTypesComesFromTheCatalogue(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		n := c.course(t, s, "フォレンジック基礎")
		for _, title := range []string{"フォレンジック 基礎", "course: ﾌｫﾚﾝｼﾞｯｸ基礎"} {
			r := logged(t, s, c.aoi, store.TrainingEntry{TrainingRecord: team.TrainingRecord{Title: title, Cost: -1, ClassCost: -1}, Members: []string{c.aoi.ID}})[0]
			want := []team.RecordSkill{{SkillID: c.skill.ID, Level: 3}}
			if r.TrainingID != n.ID || r.Title != n.Title || r.Kind != n.Kind || r.Minutes != 960 || r.Cost != 165_000 || r.Day != today || r.State != team.RecordDone || !reflect.DeepEqual(r.Skills, want) {
				t.Errorf("%s: %+v", title, r)
			}
			if err := s.WithdrawTraining(t.Context(), c.aoi, r.ID, false); err != nil {
				t.Fatal(err)
			}
		}
		own := logged(t, s, c.aoi, store.TrainingEntry{TrainingRecord: team.TrainingRecord{Title: n.Title, Day: today.AddDays(30), Minutes: 60, Cost: 0, ClassCost: -1}, Members: []string{c.aoi.ID}})[0]
		if own.Minutes != 60 || own.Cost != 0 || own.State != team.RecordPlanned {
			t.Errorf("what was typed stands: %+v", own)
		}
	})
}

func TestOneFormIsARecordForEachOfThoseWhoWereThere(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		e := entry("社内の勉強会", monday, c.aoi, c.ben, c.ben)
		e.Rating, e.Note = 4, "例がよかった"
		made := logged(t, s, c.aoi, e)
		if len(made) != 2 {
			t.Fatalf("%d records", len(made))
		}
		for _, r := range c.records(t, s, c.lead, store.TrainingFilter{}) {
			if own := r.MemberID == c.aoi.ID; (r.Rating == 4) != own || (r.Note != "") != own {
				t.Errorf("how it went stands in %+v", r)
			}
		}
		for name, one := range map[string]struct {
			by     team.Member
			people []team.Member
			want   error
		}{
			"a member for a colleague who was there alone": {c.aoi, []team.Member{c.ben}, team.ErrForbidden},
			"a member for nobody":                          {c.aoi, nil, team.ErrForbidden},
			"a lead for anyone":                            {c.lead, []team.Member{c.ben}, nil},
		} {
			if _, _, err := s.LogTraining(t.Context(), one.by, today, entry("別の勉強会", monday, one.people...)); !errors.Is(err, one.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		var invalid team.Invalid
		for name, people := range map[string][]team.Member{"nobody": nil, "a stranger": {{ID: "NOBODY"}}} {
			if _, _, err := s.LogTraining(t.Context(), c.lead, today, entry("さらに別の勉強会", monday, people...)); !errors.As(err, &invalid) || invalid[0].Field != "members" {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestTheSamePersonIsNotWrittenDownTwice(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		first := logged(t, s, c.ben, entry("社内の勉強会", monday, c.ben))[0]
		again := entry("社内の 勉強会", monday, c.aoi, c.ben)
		_, twice, err := s.LogTraining(t.Context(), c.aoi, today, again)
		var invalid team.Invalid
		if !errors.As(err, &invalid) || !slices.Equal(twice, []string{c.ben.ID}) {
			t.Errorf("%v, %v", twice, err)
		}
		if n := len(c.records(t, s, c.lead, store.TrainingFilter{})); n != 1 {
			t.Errorf("%d records were kept", n)
		}
		logged(t, s, c.ben, entry("社内の勉強会", today, c.ben)) // on another day it is another one
		if err := s.WithdrawTraining(t.Context(), c.ben, first.ID, false); err != nil {
			t.Fatal(err)
		}
		logged(t, s, c.aoi, again)
		if err := s.WithdrawTraining(t.Context(), c.ben, first.ID, true); !errors.As(err, &invalid) {
			t.Errorf("it was put back beside the second one: %v", err)
		}
	})
}

func TestWhoMayKnowOfARecord(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		emi := testdb.Person(t, s, sample.Member("emi"))
		viewer := sample.Member("viewer")
		viewer.Role = team.RoleViewer
		viewer = testdb.Person(t, s, viewer)
		e := entry("社内の勉強会", monday, c.aoi, c.ben)
		e.Cost = 5000
		made := logged(t, s, c.lead, e)
		for name, one := range map[string]struct {
			by            team.Member
			records, cost int
		}{"a lead": {c.lead, 2, 10000}, "who was there": {c.aoi, 2, 5000}, "a colleague": {emi, 0, 0}, "a viewer": {viewer, 0, 0}} {
			list, sum := c.records(t, s, one.by, store.TrainingFilter{}), 0
			for _, r := range list {
				sum += r.Cost
			}
			if len(list) != one.records || sum != one.cost {
				t.Errorf("%s sees %d records and %d yen, want %d and %d", name, len(list), sum, one.records, one.cost)
			}
			if _, err := s.UnlistedTrainings(t.Context(), one.by); (err == nil) != (one.by.ID == c.lead.ID) {
				t.Errorf("%s asks what is not in the catalogue: %v", name, err)
			}
		}
		of := made[slices.IndexFunc(made, func(r team.TrainingRecord) bool { return r.MemberID == c.aoi.ID })]
		for name, by := range map[string]team.Member{"who was there": c.ben, "a colleague": emi, "a viewer": viewer} {
			_, _, err := s.TrainingRecord(t.Context(), by, of.ID)
			changed := of
			changed.Minutes = 600
			_, err2 := s.SaveTrainingRecord(t.Context(), by, today, changed)
			err3 := s.WithdrawTraining(t.Context(), by, of.ID, false)
			err4 := s.SetTrainingState(t.Context(), by, today, of.ID, team.RecordCancelled)
			err5 := s.DismissReview(t.Context(), by, today, of.ID, c.skill.ID)
			for _, err := range []error{err, err2, err3, err4, err5} {
				if !errors.Is(err, team.ErrNotFound) {
					t.Errorf("%s may touch the record of another: %v", name, err)
				}
			}
		}
		if err := s.WithdrawTraining(t.Context(), c.aoi, of.ID, false); err != nil {
			t.Errorf("the person cannot take back what a lead wrote: %v", err)
		}
		if list := c.records(t, s, c.aoi, store.TrainingFilter{}); len(list) != 0 {
			t.Errorf("who was not there sees the class: %+v", list)
		}
	})
}

func TestACorrectionKeepsWhatWasThereBefore(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		e := entry("社内の勉強会", monday, c.aoi, c.ben)
		e.Cost, e.Note = 3000, "朝の部"
		made := logged(t, s, c.ben, e)
		r := made[slices.IndexFunc(made, func(r team.TrainingRecord) bool { return r.MemberID == c.aoi.ID })]
		r.Note = "私の感想"
		r, err := s.SaveTrainingRecord(t.Context(), c.aoi, today, r)
		if err != nil {
			t.Fatal(err)
		}
		// Who wrote it down corrects the hours and does not see, or lose, the rest.
		seen, _, err := s.TrainingRecord(t.Context(), c.ben, r.ID)
		if err != nil || seen.Cost != 0 || seen.Note != "" {
			t.Fatalf("%+v, %v", seen, err)
		}
		seen.Minutes = 120
		if _, err := s.SaveTrainingRecord(t.Context(), c.ben, today, seen); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveTrainingRecord(t.Context(), c.aoi, today, r); !errors.Is(err, team.ErrStale) {
			t.Errorf("over a newer version: %v", err)
		}
		now, before, err := s.TrainingRecord(t.Context(), c.aoi, r.ID)
		if err != nil || now.Minutes != 120 || now.Note != "私の感想" || now.Cost != 3000 || len(before) != 2 {
			t.Fatalf("%+v, %+v, %v", now, before, err)
		}
		if before[0].Minutes != 90 || before[0].ReplacedBy != c.ben.ID || before[1].Note != "" || before[1].ReplacedBy != c.aoi.ID {
			t.Errorf("before it said %+v", before)
		}
	})
}

func TestAPlannedTrainingTakesPlaceOrNot(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		r := logged(t, s, c.aoi, entry("社内の勉強会", today.AddDays(3), c.aoi))[0]
		if err := s.SetTrainingState(t.Context(), c.aoi, today, r.ID, team.RecordDone); err != nil {
			t.Fatal(err)
		}
		if list := c.records(t, s, c.aoi, store.TrainingFilter{State: team.RecordDone}); len(list) != 1 || list[0].Day != today {
			t.Errorf("one that took place earlier is of today: %+v", list)
		}
		if err := s.SetTrainingState(t.Context(), c.aoi, today, r.ID, team.RecordCancelled); err != nil {
			t.Fatal(err)
		}
		logged(t, s, c.aoi, entry("社内の勉強会", today, c.aoi)) // instead of the one that was cancelled
		var invalid team.Invalid
		if err := s.SetTrainingState(t.Context(), c.aoi, today, r.ID, "held"); !errors.As(err, &invalid) {
			t.Errorf("a state that there is not: %v", err)
		}
	})
}

func TestALeadTakesOverWhatPeopleWroteDown(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		logged(t, s, c.aoi, entry("もくもく会", monday, c.aoi, c.ben))
		logged(t, s, c.aoi, entry("読書会", monday, c.aoi))
		list, err := s.UnlistedTrainings(t.Context(), c.lead)
		if err != nil || len(list) != 2 || list[0].Title != "もくもく会" || list[0].Records != 2 {
			t.Fatalf("%+v, %v", list, err)
		}
		n := c.course(t, s, "もくもく会")
		if list, _ := s.UnlistedTrainings(t.Context(), c.lead); len(list) != 1 {
			t.Errorf("still not in the catalogue: %+v", list)
		}
		if list := c.records(t, s, c.ben, store.TrainingFilter{TrainingID: n.ID}); len(list) != 2 {
			t.Errorf("its records: %+v", list)
		}
		n.Title = "スクリプトもくもく会"
		if _, err := s.SaveTraining(t.Context(), c.lead, n); err != nil {
			t.Fatal(err)
		}
		if list := c.records(t, s, c.ben, store.TrainingFilter{TrainingID: n.ID}); len(list) != 2 || list[0].Title != n.Title {
			t.Errorf("records bear another title than their training: %+v", list)
		}
	})
}

func TestATrainingAsksForAnotherLookAtTheLevel(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		n := c.course(t, s, "フォレンジック基礎")
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 2, lastWeek))
		r := logged(t, s, c.aoi, store.TrainingEntry{TrainingRecord: team.TrainingRecord{TrainingID: n.ID, Day: monday, Cost: -1, ClassCost: -1}, Members: []string{c.aoi.ID}})[0]
		asked := func(by team.Member, own bool, day team.Date) int {
			t.Helper()
			list, err := s.TrainingReviews(t.Context(), by, day, own)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		list, err := s.TrainingReviews(t.Context(), c.lead, today, false)
		if err != nil || len(list) != 1 || list[0].Level != 3 || list[0].Now != 2 || list[0].Member.ID != c.aoi.ID || list[0].Skill.ID != c.skill.ID || list[0].Last == nil {
			t.Fatalf("%+v, %v", list, err)
		}
		for name, got := range map[string]int{"the person": asked(c.aoi, true, today) - 1, "another": asked(c.ben, true, today), "another of others": asked(c.ben, false, today), "a lead of themselves": asked(c.lead, true, today)} {
			if got != 0 {
				t.Errorf("%s is asked wrongly", name)
			}
		}
		if err := s.DismissReview(t.Context(), c.aoi, today, r.ID, c.skill.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.DismissReview(t.Context(), c.aoi, today, r.ID, c.skill.ID); err != nil { // a second click
			t.Fatal(err)
		}
		if asked(c.aoi, true, today) != 0 || asked(c.lead, false, today) != 1 {
			t.Error("waving it away is everybody's own")
		}
		if asked(c.aoi, true, today.AddDays(29)) != 0 || asked(c.aoi, true, today.AddDays(30)) != 1 {
			t.Error("it does not ask again after 30 days")
		}
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 2, today))
		if asked(c.lead, false, today) != 0 || asked(c.aoi, true, today.AddDays(30)) != 0 {
			t.Error("an assessment does not settle it")
		}
	})
}

func TestTheEffectOfATrainingIsCounted(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		n := c.course(t, s, "フォレンジック基礎")
		day := today.AddDays(-200)
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 2, day.AddDays(-10)))
		testdb.Level(t, s, c.lead, today, c.level(c.ben, team.Validated, 1, day.AddDays(-10)))
		testdb.Level(t, s, c.lead, today, c.level(c.aoi, team.Validated, 3, day.AddDays(180)))
		testdb.Level(t, s, c.lead, today, c.level(c.ben, team.Validated, 2, day.AddDays(181)))
		e := store.TrainingEntry{TrainingRecord: team.TrainingRecord{TrainingID: n.ID, Day: day}, Members: []string{c.aoi.ID, c.ben.ID}}
		logged(t, s, c.lead, e)
		e.Day = monday
		logged(t, s, c.lead, e)
		effects, err := s.TrainingEffects(t.Context(), c.lead, today)
		if want := (team.TrainingEffect{Rose: 1, Measured: 2, Open: 2}); err != nil || effects[n.ID] != want || effects[""] != want {
			t.Errorf("%+v, %v; want %+v", effects, err, want)
		}
		if effects, err = s.TrainingEffects(t.Context(), c.aoi, today); err != nil || len(effects) != 0 {
			t.Errorf("two people are too few to tell others: %+v, %v", effects, err)
		}
	})
}

func TestTheSameFormTwiceIsOneTraining(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		for range 2 {
			if _, _, err := s.LogTraining(store.Once(t.Context(), c.aoi, "form-1"), c.aoi, today, entry("社内の勉強会", monday, c.aoi)); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(c.records(t, s, c.aoi, store.TrainingFilter{})); n != 1 {
			t.Errorf("%d records", n)
		}
	})
}

func TestAThousandRecordsAreRead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead, aoi, group := sample.Lead("lead"), sample.Member("aoi"), sample.Category("事故")
		lead.ID, aoi.ID, group.ID = "LEAD", "AOI", "GROUP"
		skill := sample.Skill(group, "フォレンジック")
		skill.ID, skill.Codes = "SKILL", nil
		demo := store.DemoData{Members: []team.Member{lead, aoi}, Categories: []team.Category{group}, Skills: []team.Skill{skill}}
		for i := range 1200 {
			demo.Records = append(demo.Records, team.TrainingRecord{ID: fmt.Sprintf("R%04d", i), MemberID: aoi.ID, Title: "研修", Kind: team.TrainingOnline, State: team.RecordDone, Minutes: 30,
				Day: today.AddDays(-i), Cost: 100, CreatedAt: team.At(today.Time()), Skills: []team.RecordSkill{{SkillID: skill.ID, Level: team.NotAssessed}}})
		}
		if err := s.LoadDemo(t.Context(), demo); err != nil {
			t.Fatal(err)
		}
		c, from := crew{}, team.Date{Year: 2026, Month: 4, Day: 1}
		list := c.records(t, s, aoi, store.TrainingFilter{From: from, To: today})
		if sum := team.TotalsOf(list, from, today); len(list) != 238 || sum != (team.TrainingTotals{Records: 238, Minutes: 238 * 30, Cost: 23800}) {
			t.Errorf("%d records, %+v", len(list), sum)
		}
		if all := c.records(t, s, lead, store.TrainingFilter{MemberID: aoi.ID}); len(all) != 1200 || len(all[1199].Skills) != 1 {
			t.Errorf("%d of all", len(all))
		}
	})
}

func TestPlannedTrainingsAreDeadlines(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		n := c.course(t, s, "フォレンジック基礎")
		soon := logged(t, s, c.aoi, entry(n.Title, today.AddDays(7), c.aoi))[0]
		logged(t, s, c.aoi, entry("ずっと先の研修", today.AddDays(200), c.aoi))
		logged(t, s, c.aoi, entry("受けた研修", today, c.aoi))
		gone := logged(t, s, c.aoi, entry("やめた研修", today.AddDays(7), c.aoi))[0]
		left := logged(t, s, c.ben, entry("退職する人の研修", today.AddDays(7), c.ben))[0]
		if err := s.WithdrawTraining(t.Context(), c.aoi, gone.ID, false); err != nil {
			t.Fatal(err)
		}
		c.ben.Active = false
		if _, err := s.SaveMember(t.Context(), c.lead, c.ben); err != nil {
			t.Fatal(err)
		}
		list, err := s.TrainingDeadlines(t.Context(), today, today.AddDays(180))
		want := []team.Deadline{{Kind: team.TrainingPlanned, ObjectID: soon.ID, MemberID: c.aoi.ID, Title: n.Title, TitleEn: n.TitleEn, On: soon.Day}}
		if err != nil || !slices.Equal(list, want) {
			t.Errorf("got %+v, %v; want %+v (and not %s)", list, err, want, left.ID)
		}
	})
}
