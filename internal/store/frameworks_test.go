package store_test

import (
	"errors"
	"slices"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func niceEntry(version, code, kind, title, words string) team.FrameworkEntry {
	return team.FrameworkEntry{Framework: "NICE", Version: version, Code: code, Kind: kind, Title: title, Text: words}
}

var published = []team.FrameworkEntry{
	niceEntry("v1.0.0", "T1250", team.KindTask, "Perform cyber defense incident triage", ""),
	niceEntry("v1.0.0", "PD-WRL-003", team.KindWorkRole, "Incident Response", "Responsible for investigating 100% of incidents."),
	niceEntry("v1.0.0", "S0806", team.KindSkillStatement, "Skill in performing incident responses", ""),
}

func TestAFrameworkBroughtInTwiceChangesNothing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("lead"))
		for _, want := range []struct{ fresh, changed, same int }{{3, 0, 0}, {0, 0, 3}} {
			planned, err := s.CompareFramework(t.Context(), lead, published)
			if err != nil {
				t.Fatal(err)
			}
			d, err := s.BringInFramework(t.Context(), lead, published)
			if err != nil || len(d.New) != want.fresh || len(d.Changed) != want.changed || d.Same != want.same || len(planned.New) != len(d.New) || planned.Same != d.Same {
				t.Errorf("got %+v (planned %+v), %v, want %+v", d, planned, err, want)
			}
		}
	})
}

func TestALaterEditionChangesOnlyWhatItSays(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("lead"))
		if _, err := s.BringInFramework(t.Context(), lead, published); err != nil {
			t.Fatal(err)
		}
		mended := slices.Clone(published[:1])
		mended[0].Title = "Perform triage of incidents"
		d, err := s.BringInFramework(t.Context(), lead, append(mended, niceEntry("v2.0.0", "T1250", team.KindTask, "Perform triage", "")))
		if err != nil || len(d.New) != 1 || len(d.Changed) != 1 || d.Same != 0 {
			t.Fatalf("%+v, %v", d, err)
		}
		list, more, err := s.FrameworkEntries(t.Context(), lead, "triage")
		if err != nil || more || len(list) != 2 || list[0].Version != "v2.0.0" || list[1].Title != "Perform triage of incidents" {
			t.Errorf("%+v, %v, %v", list, more, err)
		}
	})
}

func TestAnEntryThatIsNoneKeepsTheOthersOut(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("lead"))
		var invalid team.Invalid
		if _, err := s.BringInFramework(t.Context(), lead, append(slices.Clone(published), niceEntry("v1.0.0", "no code", "task", "x", ""))); !errors.As(err, &invalid) {
			t.Errorf("got %v", err)
		}
		if has, err := s.HasFrameworks(t.Context()); has || err != nil {
			t.Errorf("something came in (%v)", err)
		}
	})
}

func TestEntriesAreFoundByCodeAndByWords(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead, reader := testdb.Person(t, s, sample.Lead("lead")), testdb.Person(t, s, sample.Member("reader"))
		if _, err := s.BringInFramework(t.Context(), lead, published); err != nil {
			t.Fatal(err)
		}
		for words, want := range map[string][]string{
			"incident": {"PD-WRL-003", "S0806", "T1250"}, "INCIDENT  Triage": {"T1250"}, "pd-wrl": {"PD-WRL-003"}, "ｓ０８０６": {"S0806"},
			"investigating": {"PD-WRL-003"}, "0%": {"PD-WRL-003"}, "_": nil, "!": nil, "'": nil, "": nil, " ": nil, "incident nothing": nil,
		} {
			list, _, err := s.FrameworkEntries(t.Context(), reader, words)
			var got []string
			for _, e := range list {
				got = append(got, e.Code)
			}
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%q: got %v, %v, want %v", words, got, err, want)
			}
		}
	})
}

func TestACodeIsAddedToASkillAndTakenAway(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		code := team.SkillCode{SkillID: c.skill.ID, Framework: "NICE", Version: "v1.0.0", Code: "S0806"}
		k, err := s.AddSkillCode(t.Context(), c.lead, code)
		if err != nil || len(k.Codes) != 2 || k.Version != c.skill.Version+1 {
			t.Fatalf("%+v, %v", k, err)
		}
		if again, err := s.AddSkillCode(t.Context(), c.lead, code); err != nil || len(again.Codes) != 2 || again.Version != k.Version {
			t.Errorf("a second time: %+v, %v", again, err)
		}
		if _, err := s.SaveSkill(t.Context(), c.lead, c.skill); !errors.Is(err, team.ErrStale) {
			t.Errorf("whoever had the skill open is not told: %v", err)
		}
		for range 2 {
			if k, err = s.RemoveSkillCode(t.Context(), c.lead, code); err != nil || len(k.Codes) != 1 || k.Codes[0].Code != "PD-WRL-002" {
				t.Errorf("%+v, %v", k, err)
			}
		}
		code.SkillID = "no such skill"
		if _, err := s.AddSkillCode(t.Context(), c.lead, code); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("got %v", err)
		}
	})
}

func TestOnlyALeadTouchesFrameworksAndCodes(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		c := newCrew(t, s)
		code := team.SkillCode{SkillID: c.skill.ID, Framework: "NICE", Version: "v1.0.0", Code: "S0806"}
		_, comparing := s.CompareFramework(t.Context(), c.aoi, published)
		_, bringing := s.BringInFramework(t.Context(), c.aoi, published)
		_, adding := s.AddSkillCode(t.Context(), c.aoi, code)
		_, removing := s.RemoveSkillCode(t.Context(), c.aoi, code)
		_, _, stranger := s.FrameworkEntries(t.Context(), team.Member{}, "x")
		for i, err := range []error{comparing, bringing, adding, removing, stranger} {
			if !errors.Is(err, team.ErrForbidden) {
				t.Errorf("%d: got %v", i, err)
			}
		}
	})
}
