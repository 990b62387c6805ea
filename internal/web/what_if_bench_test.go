package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// large is a department of many people and skills with a year of answers and planned
// leave of everybody.
func large(people, skills, answers int) sample.Company {
	var d sample.Company
	day := team.DateOf(noon)
	for i := range people {
		m := sample.Member(fmt.Sprintf("member%03d", i))
		m.ID, m.Version = fmt.Sprintf("M%d", i), 1
		if i == 0 {
			m.Role = team.RoleLead
		}
		d.Members = append(d.Members, m)
		d.Absences = append(d.Absences, team.Absence{ID: fmt.Sprintf("L%d", i), MemberID: m.ID, Kind: team.Leave, StartsOn: day.AddDays(i % 90), EndsOn: day.AddDays(i%90 + 7), CreatedAt: team.At(noon), Version: 1})
	}
	c := sample.Category("事故")
	c.ID = "C"
	d.Categories = []team.Category{c}
	for i := range skills {
		k := sample.Skill(c, fmt.Sprintf("スキル%03d", i))
		k.ID, k.Minimum = fmt.Sprintf("S%d", i), 1+i%80
		d.Skills = append(d.Skills, k)
		topic := sample.Topic(fmt.Sprintf("話題%03d", i))
		topic.ID = fmt.Sprintf("T%d", i)
		d.Topics = append(d.Topics, topic)
		d.TopicSkills = append(d.TopicSkills, team.TopicSkill{TopicID: topic.ID, SkillID: k.ID, Level: 3})
		for j, m := range d.Members {
			for n, kind := range []team.AssessmentKind{team.Declared, team.Validated} {
				d.Assessments = append(d.Assessments, team.Assessment{ID: fmt.Sprintf("A%d-%d-%d", i, j, n), MemberID: m.ID, SkillID: k.ID, Kind: kind,
					Level: team.Level((i*j + n) % 5), Day: day.AddDays(-30), MadeAt: team.At(noon)})
			}
		}
	}
	for i := range answers {
		x := sample.Answered(fmt.Sprintf("質問%d", i))
		x.ID, x.Ref, x.TopicID, x.AnsweredBy, x.Version = fmt.Sprintf("X%d", i), fmt.Sprintf("R%04d", i), d.Topics[i*i%skills].ID, d.Members[i*7%people].ID, 1
		x.ReceivedAt = team.At(noon.Add(-time.Duration(i) * time.Hour))
		x.AnsweredAt, x.CreatedBy, x.CreatedAt = x.ReceivedAt, x.AnsweredBy, x.ReceivedAt
		d.Consultations = append(d.Consultations, x)
	}
	return d
}

func BenchmarkAWhatIfAmongTwoHundredPeopleAndOneHundredFiftySkills(b *testing.B) {
	d := large(200, 150, 3000)
	for name, url := range testdb.URLs(b) {
		s := testdb.Open(b, url)
		s.Now = func() time.Time { return noon }
		testdb.Company(b, s, d)
		index := search.Open(b.TempDir())
		b.Cleanup(func() { index.Close() })
		app, err := New(Config{Store: s, Index: index, BaseURL: "http://example.com", Zone: tokyo})
		if err != nil {
			b.Fatal(err)
		}
		secret, err := s.StartSession(ctx, d.Members[0])
		if err != nil {
			b.Fatal(err)
		}
		for what, target := range map[string]string{"one leaves": "/risk/what-if?member=M7", "three are away": "/risk/what-if?member=M7&member=M8&member=M9&from=2026-12-01&to=2026-12-31",
			"hand-over list": "/risk/hand-over?member=M7", "list of absences": "/absences"} {
			b.Run(name+" "+what, func(b *testing.B) {
				for b.Loop() {
					ask(b, app, secret, target)
				}
			})
		}
	}
}

func ask(b *testing.B, app *fiber.App, secret, target string) {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, target, nil)
	r.Header.Set("Cookie", "tasuki="+secret)
	got, err := app.Test(r, -1)
	if err != nil || got.StatusCode != http.StatusOK {
		b.Fatal(err, got)
	}
}
