package store_test

import (
	"fmt"
	"testing"

	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// The import makes the people and the skills as well; each is taken back before the next.
func BenchmarkBringingInTwoHundredPeopleAndOneHundredFiftySkills(b *testing.B) {
	in := team.IncomingMap{File: "map.xlsx"}
	for p := range 200 {
		in.People = append(in.People, team.IncomingName{Name: fmt.Sprintf("社員 %03d", p), Mail: fmt.Sprintf("m%03d@example.com", p)})
		for s := range 150 {
			in.Levels = append(in.Levels, team.IncomingLevel{Person: p, Skill: s, Level: team.Level((p*s + p) % 5), Cell: "C5"})
		}
	}
	for s := range 150 {
		in.Skills = append(in.Skills, team.IncomingName{Name: fmt.Sprintf("スキル%03d", s), Category: fmt.Sprintf("分類%d", s/10), Required: 3, Minimum: 2})
	}
	for name, url := range testdb.URLs(b) {
		s := testdb.Open(b, url)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				i, err := s.RunSkillImport(b.Context(), team.Operator(), importDay, team.Import{Name: "map"}, in, team.MapChoices{Kind: team.Validated, Needs: true}, nil)
				if err != nil || i.Created < 30000 {
					b.Fatal(err, i)
				}
				b.StopTimer()
				if err := s.UndoImport(b.Context(), team.Operator(), i.ID, nil); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
		})
	}
}
