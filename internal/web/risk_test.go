package web

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/risk"
	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

var riskDay = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// appOf opens an application on a department as it stands on riskDay.
func appOf(t testing.TB, s *store.Store, d sample.Company) *fiber.App {
	t.Helper()
	s.Now = func() time.Time { return riskDay }
	testdb.Company(t, s, d)
	index, work := search.Open(t.TempDir()), NewWork()
	t.Cleanup(func() { index.Close() })
	t.Cleanup(work.Close)
	app, err := New(Config{Store: s, Index: index, BaseURL: "http://example.com", Zone: time.UTC, Work: work})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// demoWorld is the demo department with its people by the part of the e-mail before the @.
func demoWorld(t *testing.T, s *store.Store, change func(*sample.Company)) *world {
	t.Helper()
	d := sample.Demo(riskDay)
	if change != nil {
		change(&d)
	}
	w := &world{t: t, store: s, people: map[string]team.Member{}, app: appOf(t, s, d)}
	for _, m := range d.Members {
		key, _, _ := strings.Cut(m.Email, "@")
		w.people[key] = m
	}
	return w
}

var tags = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>`)

// words is what a page says, without its tags.
func (a answer) words() string {
	_, body, _ := strings.Cut(a.body, "<main")
	body, _, _ = strings.Cut(body, "</main>")
	return strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
}

func TestTheRiskPageSaysTheFiguresOfTheDemoDepartment(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		got := w.as("takahashi").ask(http.MethodGet, "/risk", nil)
		said := got.words()
		for _, want := range []string{"多いときで2つのスキルから、一人でできる人がいなくなります", "1人に頼っているスキルは8つです", "充足率 81%", "必要な63人分のうち、51人分", "大事なスキル30のうち20",
			"いない 2", "一人に頼っている 8", "二人以上 20", "1人 2つ 50%", "2人 4つ", "3人 7つ", "フォレンジック 事故 2人 1人 髙田 健吾",
			"0人です。次のスキルは、もう足りていません。 生成AIの安全利用 暗号・鍵管理 ほかのスキルでは1人です", "髙田 健吾 もし抜けたら フォレンジック 、 マルウェア解析", "グエン ティ ランさんが休みに入ります"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is missing in: %s", want, said)
			}
		}
		needed := w.as("takahashi").ask(http.MethodGet, "/risk?count=needed", nil).words()
		if !strings.Contains(needed, "必要な人数に足りなくなります") || !strings.Contains(needed, "充足率 81%") {
			t.Errorf("counted by what is needed: %s", needed)
		}
	})
}

var rowsOfRisk = regexp.MustCompile(`href="((?:/risk|/articles|/consultations|/skills|/members)/[^"#]+)`)

func TestEachNumberOpensToItsRows(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		lead := w.as("takahashi")
		opened := map[string]bool{}
		follow := func(page answer) {
			for _, m := range rowsOfRisk.FindAllStringSubmatch(page.body, -1) {
				if opened[m[1]] || strings.HasSuffix(m[1], "/new") {
					continue
				}
				opened[m[1]] = true
				if got := lead.ask(http.MethodGet, m[1], nil); got.code != http.StatusOK {
					t.Errorf("%s: %d", m[1], got.code)
				}
			}
		}
		follow(lead.ask(http.MethodGet, "/risk", nil))
		skill := lead.ask(http.MethodGet, "/risk/skills/"+sample.DemoSkill("D3"), nil)
		follow(skill)
		if said := skill.words(); !strings.Contains(said, "髙田 健吾 一人でできる もし抜けたら 4 確認ずみ") || !strings.Contains(said, "必要な人数 2人") {
			t.Errorf("フォレンジック: %s", said)
		}
		topic := regexp.MustCompile(`/risk/topics/[A-Z2-7]+`).FindString(lead.ask(http.MethodGet, "/risk", nil).body)
		page := lead.ask(http.MethodGet, topic, nil)
		follow(page)
		if strings.Count(page.body, `href="/consultations/`) < 5 || len(opened) < 40 {
			t.Errorf("%d rows were opened, the topic says %s", len(opened), page.words())
		}
	})
}

func TestLeadsAreToldWhetherLevelsAndAnswersGoTogether(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		said := map[string]int{}
		for _, k := range sample.Demo(s.Now()).Skills {
			for _, who := range []string{"takahashi", "suzuki"} {
				if strings.Contains(w.as(who).ask(http.MethodGet, "/risk/skills/"+k.ID, nil).body, "ケンドールの順位相関") {
					said[who]++
				}
			}
		}
		if said["takahashi"] < 3 || said["suzuki"] > 0 {
			t.Errorf("it is said on %v pages", said)
		}
	})
}

func TestMembersSeeSkillsAndNotWhomTheyHangOn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		others := func(page answer, me string) (seen []string) {
			for key, m := range w.people {
				if key != me && strings.Contains(page.words(), m.Name) {
					seen = append(seen, m.Name)
				}
			}
			return seen
		}
		address := "/risk/skills/" + sample.DemoSkill("D3")
		for _, names := range []bool{true, false} {
			if err := s.SaveNamesVisible(ctx, w.people["takahashi"], names); err != nil {
				t.Fatal(err)
			}
			page := w.as("takada").ask(http.MethodGet, "/risk", nil)
			said := page.words()
			for _, want := range []string{"あなたに頼っているスキルが2つあります", "一人に頼っている 8", "充足率 81%", "3人 7つ"} {
				if !strings.Contains(said, want) {
					t.Errorf("%q is missing in: %s", want, said)
				}
			}
			for _, never := range []string{"抜けたら困る人数", "答えのかたより", "話してみるきっかけ", "休みに入ります", "/risk/topics/"} {
				if strings.Contains(page.body, never) {
					t.Errorf("names %v: a member sees %q", names, never)
				}
			}
			if strings.Contains(w.as("suzuki").ask(http.MethodGet, "/risk", nil).body, "あなたに頼っている") {
				t.Error("somebody on whom nothing hangs is told that something does")
			}
			for _, list := range []string{"/risk", "/risk?csv=utf-8", "/risk?count=needed", address} {
				got := w.as("takada").ask(http.MethodGet, list, nil)
				seen := others(got, "takada")
				if strings.HasSuffix(list, "csv=utf-8") {
					seen = nil
					for key, m := range w.people {
						if key != "takada" && strings.Contains(got.body, m.Name) {
							seen = append(seen, m.Name)
						}
					}
				}
				if names != (len(seen) > 0) {
					t.Errorf("names %v: %s shows %v", names, list, seen)
				}
			}
			if skill := w.as("takada").ask(http.MethodGet, address, nil).words(); !names && (!strings.Contains(skill, "ほかに10人います") || !strings.Contains(skill, "髙田 健吾")) {
				t.Errorf("without names: %s", skill)
			}
		}
	})
}

func TestRestrictedConsultationsAreInNoCountOfThoseOutside(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		topic, err := s.SaveTopic(ctx, team.Operator(), sample.Topic("波止場"))
		k := testdb.Skill(t, s, w.people["lead"], "港")
		if err == nil {
			err = s.SaveTopicSkills(ctx, w.people["lead"], k.ID, []team.TopicSkill{{TopicID: topic.ID, Level: 3}})
		}
		if err != nil {
			t.Fatal(err)
		}
		addresses := []string{"/risk", "/risk/topics/" + topic.ID}
		look := func(name string) (pages []string) {
			for _, address := range addresses {
				pages = append(pages, w.as(name).ask(http.MethodGet, address, nil).words())
			}
			return pages
		}
		before, inside := look("lead"), look("insider")
		for range 6 {
			c := sample.Answered("内緒の件")
			c.TopicID, c.Compartment = topic.ID, w.group.ID
			if _, err := s.SaveConsultation(ctx, w.people["insider"], c, ""); err != nil {
				t.Fatal(err)
			}
		}
		if after := look("lead"); !slices.Equal(before, after) {
			t.Errorf("a lead outside sees a difference: %s", difference(strings.Join(before, "\n"), strings.Join(after, "\n")))
		}
		after := look("insider")
		if slices.Equal(inside, after) || !strings.Contains(after[1], "内緒の件") || !strings.Contains(after[0], "100%") {
			t.Errorf("a lead inside sees: %v", after)
		}
		if skill := w.as("lead").ask(http.MethodGet, "/risk/skills/"+k.ID, nil).words(); !strings.Contains(skill, w.people["insider"].Name+" – – – – 3") || strings.Contains(skill, "内緒") {
			t.Errorf("the level that shows in answers: %s", skill)
		}
	})
}

func TestARateThatIsNoneIsSaidAndTheNumbersStay(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		lead := w.as("takahashi")
		for _, bad := range []string{"abc", "-1", "101", "NaN", "1e9", "%E2%88%9E"} {
			got := lead.ask(http.MethodGet, "/risk?away="+bad, nil)
			if got.code != http.StatusUnprocessableEntity || !strings.Contains(got.words(), "0から100までの数") || !strings.Contains(got.words(), "充足率 81%") {
				t.Errorf("%s: %d %.300s", bad, got.code, got.words())
			}
		}
		for rate, want := range map[string]string{"0": "0%の割合で休むとき、いま足りているスキルが全部そろう日は100%", "100": "全部そろう日は0%", "12.5%25": "12.5%の割合"} {
			if got := lead.ask(http.MethodGet, "/risk?away="+rate, nil); got.code != http.StatusOK || !strings.Contains(got.words(), want) {
				t.Errorf("%s: %d %s", rate, got.code, got.words())
			}
		}
	})
}

func TestWhoIsAwayTodayIsNotCountedAndLeavingsAreSeenAhead(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		today := team.DateOf(riskDay)
		w := demoWorld(t, s, func(d *sample.Company) {
			d.Absences = []team.Absence{
				{ID: "a", MemberID: sample.DemoMember("takada"), Kind: team.Leave, StartsOn: today.AddDays(-1), EndsOn: today.AddDays(1), Version: 1, CreatedAt: team.At(riskDay)},
				{ID: "b", MemberID: sample.DemoMember("nakajima"), Kind: team.Leaving, StartsOn: today.AddDays(3), Version: 1, CreatedAt: team.At(riskDay)}}
		})
		said := w.as("takahashi").ask(http.MethodGet, "/risk", nil).words()
		for _, want := range []string{"今日は髙田 健吾さんがいません", "いない 4", "二人以上 18", "2026年11月27日（金）に「工場・制御システム」が足りなくなります（中島 大輔さんが抜けます）"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is missing in: %s", want, said)
			}
		}
		if said := w.as("suzuki").ask(http.MethodGet, "/risk", nil).words(); !strings.Contains(said, "いない 2") || strings.Contains(said, "今日は") {
			t.Errorf("others learn who is away: %s", said)
		}
	})
}

func TestSomebodyWhoLeftStaysInTheSharesAndIsNobodyToBuildOn(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		gone := w.people["yamazaki"]
		gone.Active = false
		if _, err := s.SaveMember(ctx, team.Operator(), gone); err != nil {
			t.Fatal(err)
		}
		f, err := s.RiskFacts(ctx, w.people["takahashi"], team.DateOf(riskDay))
		if err != nil {
			t.Fatal(err)
		}
		m := newRiskModel(f, time.UTC, true)
		orphaned := 0.0
		for _, topic := range f.Topics {
			orphaned = max(orphaned, m.knowledge(topic.ID).Orphaned)
		}
		if orphaned == 0 || slices.Contains(m.active(), gone.ID) || len(m.department().Members) != 11 {
			t.Errorf("orphaned %v, %d members", orphaned, len(m.department().Members))
		}
		if said := w.as("takahashi").ask(http.MethodGet, "/risk", nil).words(); !strings.Contains(said, gone.Name) {
			t.Error("whose answers they were is not said")
		}
	})
}

func TestSomebodyCountsAsAHolderWhileTheirLevelDoes(t *testing.T) {
	day := team.Date{Year: 2026, Month: 11, Day: 24}
	validated := &team.Assessment{Level: 3, Day: day, ValidTo: day.AddDays(10)}
	own := &team.Assessment{Level: 4, Day: day.AddDays(-5)}
	for _, one := range []struct {
		name     string
		required team.Level
		cell     team.Cell
		want     []risk.Holding
	}{
		{"a confirmed level until it expires", 3, team.Cell{Validated: validated}, []risk.Holding{{Member: "a", From: day, To: day.AddDays(10)}}},
		{"their own word does not go beyond the cap", 3, team.Cell{Validated: validated, Declared: own}, []risk.Holding{{Member: "a", From: day, To: day.AddDays(10)}}},
		{"their own word follows up to the cap", 2, team.Cell{Validated: validated, Declared: own}, []risk.Holding{{Member: "a", From: day, To: day.AddDays(10)}, {Member: "a", From: day.AddDays(11)}}},
		{"their own word alone", 1, team.Cell{Declared: own}, []risk.Holding{{Member: "a", From: day.AddDays(-5)}}},
		{"a confirmed level that is too low keeps their own word back", 2, team.Cell{Validated: &team.Assessment{Level: 1, Day: day}, Declared: own}, nil},
		{"a level that was taken back", 2, team.Cell{Validated: &team.Assessment{Level: team.NotAssessed, Day: day}, Declared: own}, []risk.Holding{{Member: "a", From: day.AddDays(-5)}}},
		{"nothing", 1, team.Cell{}, nil},
	} {
		if got := holdings("a", one.required, one.cell); !slices.Equal(got, one.want) {
			t.Errorf("%s: %+v, want %+v", one.name, got, one.want)
		}
	}
}

// TestTheDaysAheadAgreeWithTheMapOfEachDay holds that both ways of counting holders, by
// the level of the day and by the days ahead, agree on the day and on every later one.
func TestTheDaysAheadAgreeWithTheMapOfEachDay(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := demoWorld(t, s, nil)
		f, err := s.RiskFacts(ctx, w.people["takahashi"], team.DateOf(riskDay))
		if err != nil {
			t.Fatal(err)
		}
		outlooks := newRiskModel(f, time.UTC, true).outlooks()
		for ahead := 0; ahead < 900; ahead += 10 {
			f.Map.Day = team.DateOf(riskDay).AddDays(ahead)
			m := newRiskModel(f, time.UTC, true)
			d := m.department()
			for i, h := range d.Skills {
				if got, want := len(outlooks[i].Holders(m.day())), len(h.Holders); got != want {
					t.Fatalf("%s in %d days: %d holders ahead, %d on the map", m.facts.Map.Skills[i].Name, ahead, got, want)
				}
			}
		}
	})
}

// largeDepartment has two hundred people, a hundred and fifty skills and four thousand answers.
func largeDepartment() sample.Company {
	var d sample.Company
	rng := rand.New(rand.NewPCG(3, 8))
	today := team.DateOf(riskDay)
	for i := range 200 {
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
	for i := range 150 {
		k := sample.Skill(c, fmt.Sprintf("スキル%03d", i))
		k.ID, k.Codes = fmt.Sprintf("S%d", i), nil
		d.Skills = append(d.Skills, k)
		for j, m := range d.Members {
			level := team.Level(rng.IntN(3))
			if rng.IntN(200) < 1+i%12 {
				level = team.Independent
			}
			d.Assessments = append(d.Assessments, team.Assessment{ID: fmt.Sprintf("A%d-%d", i, j), MemberID: m.ID, SkillID: k.ID, Kind: team.Validated, Level: level,
				Day: today.AddDays(-rng.IntN(300) - 1), ValidTo: today.AddDays(rng.IntN(700)), MadeAt: team.At(riskDay)})
		}
	}
	for i := range 30 {
		p := sample.Topic(fmt.Sprintf("話題%02d", i))
		p.ID, p.Version = fmt.Sprintf("T%d", i), 1
		d.Topics = append(d.Topics, p)
		for n := range 6 {
			d.TopicSkills = append(d.TopicSkills, team.TopicSkill{TopicID: p.ID, SkillID: fmt.Sprintf("S%d", (i*5+n)%150), Level: 3})
		}
	}
	for i := range 4000 {
		q := sample.Answered("件")
		q.ID, q.Ref, q.TopicID, q.Version = fmt.Sprintf("Q%d", i), fmt.Sprintf("#%d", i), fmt.Sprintf("T%d", rng.IntN(30)), 1
		at := team.At(riskDay.AddDate(0, 0, -rng.IntN(700)))
		q.AnsweredBy, q.AnsweredAt, q.ReceivedAt, q.CreatedAt = fmt.Sprintf("M%d", rng.IntN(200)), at, at, at
		d.Consultations = append(d.Consultations, q)
	}
	return d
}

func BenchmarkTheRiskPageOfTwoHundredPeopleAndOneHundredFiftySkills(b *testing.B) {
	d := largeDepartment()
	for name, url := range testdb.URLs(b) {
		s := testdb.Open(b, url)
		app := appOf(b, s, d)
		secret, err := s.StartSession(b.Context(), d.Members[0])
		if err != nil {
			b.Fatal(err)
		}
		for _, address := range []string{"/risk", "/risk?count=needed", "/risk/skills/S5", "/risk/topics/T5"} {
			b.Run(name+address, func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					r := httptest.NewRequest(http.MethodGet, address, nil)
					r.Header.Set("Cookie", "tasuki="+secret)
					start := time.Now()
					got, err := app.Test(r, -1)
					took = append(took, time.Since(start))
					if err != nil || got.StatusCode != http.StatusOK {
						b.Fatal(err, got.StatusCode)
					}
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "p95-ms")
			})
		}
	}
}
