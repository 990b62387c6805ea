package store_test

import (
	"slices"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

func TestWhoAskedLatelyIsOfferedAndWhoAskedInSecretIsNot(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		lead := testdb.Person(t, s, sample.Lead("suzuki"))
		factory, err := s.SaveDepartment(ctx, lead, team.Department{Name: "製造部", Active: true})
		if err != nil {
			t.Fatal(err)
		}
		group, err := s.SaveCompartment(ctx, lead, team.Compartment{Name: "人事案件", Members: []string{lead.ID}})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range []struct{ name, department, compartment string }{
			{"大野", factory.ID, ""}, {"佐藤", "", ""}, {"大野", factory.ID, ""}, {"秘密の人", factory.ID, group.ID}, {"", "", ""},
		} {
			c := sample.Consultation("USB")
			c.Requester, c.DepartmentID, c.Compartment = one.name, one.department, one.compartment
			if _, err := s.SaveConsultation(ctx, lead, c, ""); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.RecentRequesters(ctx, lead)
		want := []team.Requester{{Name: "大野", DepartmentID: factory.ID}, {Name: "佐藤"}}
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("got %+v, %v; want %+v", got, err, want)
		}
	})
}
