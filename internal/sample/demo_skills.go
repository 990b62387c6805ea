package sample

import (
	_ "embed"
	"fmt"
	"math/rand/v2"
	"strings"

	"tasuki/internal/team"
)

//go:embed demo_skills.json
var skillsJSON []byte

type categoryData struct {
	Name   string      `json:"name"`
	NameEn string      `json:"name_en"`
	Skills []skillData `json:"skills"`
}

type skillData struct {
	Key           string       `json:"key"`
	Name          string       `json:"name"`
	NameEn        string       `json:"name_en"`
	Description   string       `json:"description"`
	DescriptionEn string       `json:"description_en"`
	Anchors       team.Anchors `json:"anchors"`
	AnchorsEn     team.Anchors `json:"anchors_en"`
	Levels        string       `json:"levels"` // of the members in their order
	Minimum       int          `json:"minimum"`
}

// incidentSkills begin with this letter: they also ask how sure people are, and a
// confirmed level is looked at again after a year.
const incidentSkills = "D"

// DemoSkill returns the id of a demo skill by its key, "A1" to "F5".
func DemoSkill(key string) string { return demoID("skill", key) }

// addSkills adds the catalogue, the levels with their history, what people aim at
// and who is going to be away.
func (b *builder) addSkills() {
	ids := map[string]string{}
	for i, c := range read[[]categoryData](skillsJSON) {
		id := demoID("category", c.Name)
		b.company.Categories = append(b.company.Categories, team.Category{ID: id, Name: c.Name, NameEn: c.NameEn, Place: i + 1, Active: true, Version: 1})
		for j, s := range c.Skills {
			k := s.skill(id, j+1)
			b.company.Skills = append(b.company.Skills, k)
			ids[s.Name] = k.ID
			b.addLevels(k, s)
		}
	}
	for _, t := range b.people.Topics {
		for _, name := range t.Skills {
			b.company.TopicSkills = append(b.company.TopicSkills, team.TopicSkill{TopicID: topicID(t.Name), SkillID: ids[name], Level: team.Independent})
		}
	}
	b.addTargets()
	b.addAbsences()
}

func (s skillData) skill(category string, place int) team.Skill {
	k := team.NewSkill()
	k.ID, k.CategoryID, k.Place, k.Version = DemoSkill(s.Key), category, place, 1
	k.Name, k.NameEn, k.Description, k.DescriptionEn = s.Name, s.NameEn, s.Description, s.DescriptionEn
	k.Anchors, k.AnchorsEn = s.Anchors, s.AnchorsEn
	// A skill weighs as much as the people it needs, so that coverage counts people.
	k.Minimum, k.Weight = s.Minimum, s.Minimum
	if strings.HasPrefix(s.Key, incidentSkills) {
		k.Incident, k.ValidDays = true, 365
	}
	return k
}

// notAssessed are the cells of which nobody has said anything yet: of new things, and
// of people for whom they are far away.
var notAssessed = map[string]bool{"F3 kobayashi": true, "F3 nakajima": true, "F2 nakajima": true, "D4 smith": true, "D3 suzuki": true, "E5 watanabe": true,
	"F1 suzuki": true, "F4 smith": true}

// addLevels writes the history of a skill: everybody is assessed a year ago, some grow
// since, and most are looked at again this quarter.
func (b *builder) addLevels(k team.Skill, s skillData) {
	for i, digit := range strings.Fields(s.Levels) {
		m := b.people.Members[i].Key
		if !notAssessed[s.Key+" "+m] {
			c := levelCell{b: b, skill: k, member: m, place: i, rng: stream("levels " + s.Key + " " + m)}
			c.write(team.Level(digit[0] - '0'))
			c.sayMore(s.Key)
		}
	}
}

// levelCell is one person's skill while its history is written.
type levelCell struct {
	b      *builder
	skill  team.Skill
	member string
	place  int
	rng    *rand.Rand
	count  int
}

func (c *levelCell) write(now team.Level) {
	before, grown := now, now >= team.Routine && c.rng.Float64() < 0.17
	if grown {
		before--
	}
	c.assess(before, 335+c.rng.IntN(15))
	// One in ten was not looked at for half a year; growth is seen before the last look.
	forgotten := c.rng.Float64() < 0.10
	if grown {
		least := 92
		if forgotten {
			least = 190
		}
		c.assess(now, least+c.rng.IntN(330-least))
	}
	if !forgotten || c.count == 0 {
		c.assess(now, 10+3*c.place+c.rng.IntN(6))
	}
}

// assess adds what the person says of themselves and, a week later, what the lead
// confirms, so many days ago. Nobody is assessed before they joined.
func (c *levelCell) assess(level team.Level, daysAgo int) {
	day := c.b.today.AddDays(-daysAgo)
	if day.AddDays(-7).Before(c.b.joined[c.member]) {
		return
	}
	own := team.Assessment{Kind: team.Declared, Level: c.opinion(level), By: DemoMember(c.member)}
	if c.skill.Incident {
		own.Confidence = max(1, int(own.Level))
	}
	c.add(own, day.AddDays(-7))
	confirmed := team.Assessment{Kind: team.Validated, Level: level, By: DemoMember("takahashi"), ValidTo: day.AddDays(c.skill.ValidDays)}
	if c.member == "takahashi" {
		confirmed.By = DemoMember("sato")
	}
	c.add(confirmed, day)
}

// moreSaid are words of the last days that wait for a lead.
var moreSaid = map[string]struct {
	level team.Level
	days  int
	note  string
}{
	"D1 suzuki":    {2, 2, "先週の当番で、知らせを3件受けて分けました。"},
	"F2 kobayashi": {3, 3, "生成AIの使い方を、社内の勉強会で2回話しました。"},
	"D4 nguyen":    {3, 4, "届いた検体を2件、一人で調べました。"},
	"E1 yamasaki":  {3, 6, ""},
	"A4 takada":    {2, 1, "委託先の点検に2回同行しました。"},
}

// sayMore adds what the person says of themselves since the last look.
func (c *levelCell) sayMore(key string) {
	more, said := moreSaid[key+" "+c.member]
	if !said {
		return
	}
	own := team.Assessment{Kind: team.Declared, Level: more.level, By: DemoMember(c.member), Note: more.note}
	if c.skill.Incident {
		own.Confidence = int(own.Level)
	}
	c.add(own, c.b.today.AddDays(-more.days))
}

// opinion is what somebody of a level says of themselves: those who think little of
// what they can do here think so every time.
func (c *levelCell) opinion(level team.Level) team.Level {
	switch r := stream("own word " + c.skill.Name + " " + c.member).Float64(); {
	case r < 0.25:
		level--
	case r >= 0.85:
		level++
	}
	return min(max(level, team.None), team.Deciding)
}

func (c *levelCell) add(a team.Assessment, day team.Date) {
	c.count++
	a.ID = demoID("assessment", fmt.Sprintf("%s %s %d", c.skill.ID, c.member, c.count))
	a.MemberID, a.SkillID, a.Day, a.MadeAt = DemoMember(c.member), c.skill.ID, day, team.At(at(day, 16*60+c.place))
	for i := len(c.b.company.Assessments) - 1; i >= 0 && i >= len(c.b.company.Assessments)-2; i-- {
		last := &c.b.company.Assessments[i]
		if last.MemberID == a.MemberID && last.SkillID == a.SkillID && last.Kind == a.Kind {
			last.ReplacedOn = day
			break
		}
	}
	c.b.company.Assessments = append(c.b.company.Assessments, a)
}

// aims are what people want to reach, and in how many months.
var aims = []struct {
	member, skill string
	level         team.Level
	months        int
}{
	{"takada", "A4", 2, 4}, {"takada", "D2", 3, 6}, {"yamazaki", "D4", 3, 4}, {"nguyen", "D4", 3, 8}, {"kobayashi", "F2", 3, 2}, {"watanabe", "F2", 3, 3},
	{"takahashi", "A3", 3, 5}, {"yamasaki", "E1", 3, 3}, {"yoshida", "E5", 3, 7}, {"yamasaki", "F3", 3, 6}, {"yamazaki", "F1", 2, 4}, {"suzuki", "D1", 2, 5},
	{"suzuki", "C5", 3, 9}, {"smith", "A3", 3, 6}, {"nakajima", "B3", 4, 10},
}

func (b *builder) addTargets() {
	for _, g := range aims {
		day := b.today.AddDays(-30)
		b.company.Targets = append(b.company.Targets, team.Target{ID: demoID("target", g.member+" "+g.skill), MemberID: DemoMember(g.member), SkillID: DemoSkill(g.skill),
			Level: g.level, Due: b.today.AddMonths(g.months), Day: day, By: DemoMember("takahashi"), MadeAt: team.At(at(day, 11*60))})
	}
}

// addAbsences plans two leaves that meet, and the return of Nakajima to the factory
// he came from.
func (b *builder) addAbsences() {
	plan := func(member string, kind team.AbsenceKind, from, to team.Date) {
		b.company.Absences = append(b.company.Absences, team.Absence{ID: demoID("absence", member), MemberID: DemoMember(member), Kind: kind, StartsOn: from, EndsOn: to,
			By: DemoMember(member), CreatedAt: team.At(at(b.today.AddDays(-9), 13*60)), Version: 1})
	}
	leave := b.today.AddDays(35)
	plan("nguyen", team.Leave, leave, leave.AddDays(13))
	plan("yamasaki", team.Leave, leave.AddDays(7), leave.AddDays(18))
	back := b.today.AddMonths(5)
	plan("nakajima", team.Leaving, team.Date{Year: back.Year, Month: back.Month, Day: 1}, team.Date{})
}
