package store_test

import (
	"fmt"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// department returns many people with many skills, each level said twice.
func department(people, skills int) sample.Company {
	var d sample.Company
	for i := range people {
		m := sample.Member(fmt.Sprintf("member%03d", i))
		m.ID, m.Version = fmt.Sprintf("M%d", i), 1
		if i == 0 {
			m.Role = team.RoleLead
		}
		d.Members = append(d.Members, m)
	}
	c := sample.Category("事故")
	c.ID = "C"
	d.Categories = []team.Category{c}
	for i := range skills {
		k := sample.Skill(c, fmt.Sprintf("スキル%03d", i))
		k.ID = fmt.Sprintf("S%d", i)
		d.Skills = append(d.Skills, k)
		for j, m := range d.Members {
			for n, kind := range []team.AssessmentKind{team.Declared, team.Validated, team.Declared, team.Validated} {
				a := team.Assessment{ID: fmt.Sprintf("A%d-%d-%d", i, j, n), MemberID: m.ID, SkillID: k.ID, Kind: kind, Level: team.Level((i*j + n) % 5), Day: today.AddDays(30*n - 300), MadeAt: team.At(today.Time())}
				if n < 2 {
					a.ReplacedOn = today.AddDays(30*(n+2) - 300)
				}
				d.Assessments = append(d.Assessments, a)
			}
		}
	}
	return d
}

func BenchmarkTheMapOfTwoHundredPeopleAndOneHundredFiftySkills(b *testing.B) {
	d := department(200, 150)
	for name, url := range testdb.URLs(b) {
		s := testdb.Open(b, url)
		testdb.Company(b, s, d)
		for when, day := range map[string]team.Date{"now": today, "half a year ago": today.AddDays(-180)} {
			b.Run(name+" "+when, func(b *testing.B) {
				for b.Loop() {
					m, err := s.SkillMap(b.Context(), d.Members[0], day)
					if err != nil || len(m.Cells) != 150 || len(m.Cells[0]) != 200 {
						b.Fatal(err, len(m.Cells))
					}
				}
			})
		}
	}
}
