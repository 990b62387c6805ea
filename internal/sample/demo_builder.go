package sample

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// builder puts the demo department together.
type builder struct {
	now    time.Time
	today  team.Date // in Japan
	launch team.Date // the first day of answering with articles

	people     peopleData
	questions  []question // the 40 questions, then the one-off ones
	repeated   int        // how many of them are repeat questions
	asks       map[string][]ask
	topics     map[string]topicData
	requesters map[string]requesterData
	joined     map[string]team.Date // member key → first day

	company Company
}

func newBuilder(now time.Time) *builder {
	b := &builder{now: now, today: team.DateOf(now.In(japan)), people: read[peopleData](peopleJSON), questions: readQuestions(),
		asks: read[map[string][]ask](asksJSON), topics: map[string]topicData{}, requesters: map[string]requesterData{}, joined: map[string]team.Date{}}
	b.launch = b.today.AddMonths(newWays - 12)
	b.repeated = len(b.questions)
	b.questions = append(b.questions, b.people.OneOffs...)
	for _, t := range b.people.Topics {
		b.topics[t.Name] = t
	}
	for _, r := range b.people.Requesters {
		b.requesters[r.Name] = r
	}
	return b
}

var readerLevels = map[string]team.ReaderLevel{"初めて": team.ReaderFirstTime, "少しわかる": team.ReaderSome, "詳しい": team.ReaderExpert}

func (b *builder) addPeople() {
	c := &b.company
	for _, m := range b.people.Members {
		b.joined[m.Key] = firstOfApril(b.today, m.JoinedYearsAgo)
		c.Members = append(c.Members, team.Member{ID: DemoMember(m.Key), Name: m.Name, Reading: m.Reading, NameEn: m.NameEn, Email: m.Email,
			Title: m.Title, Role: team.Role(m.Role), Language: m.Language, Shortcuts: true, Active: true, JoinedOn: b.joined[m.Key], Version: 1})
	}
	for _, d := range b.people.Departments {
		c.Departments = append(c.Departments, team.Department{ID: departmentID(d.Name), Name: d.Name, NameEn: d.NameEn, Headcount: d.Headcount, Active: true, Version: 1})
	}
	for _, t := range b.people.Topics {
		c.Topics = append(c.Topics, team.Topic{ID: topicID(t.Name), Name: t.Name, NameEn: t.NameEn, Active: true, Version: 1})
	}
	for _, r := range b.people.Requesters {
		c.Requesters = append(c.Requesters, team.Requester{ID: requesterID(r.Name), Name: r.Name, Reading: r.Reading,
			DepartmentID: departmentID(r.Department), Email: r.Email, Level: readerLevels[r.Level]})
	}
	for _, p := range b.people.Compartments {
		group := team.Compartment{ID: compartmentID(p.Key), Name: p.Name, Version: 1}
		for _, m := range p.Members {
			group.Members = append(group.Members, DemoMember(m))
		}
		c.Compartments = append(c.Compartments, group)
	}
}

// firstOfApril returns the day on which somebody joined so many years ago. Whoever
// joined this year has been here for two months at least.
func firstOfApril(today team.Date, yearsAgo int) team.Date {
	d := team.Date{Year: today.Year, Month: time.April, Day: 1}
	if today.AddDays(-60).Before(d) {
		d.Year--
	}
	d.Year -= yearsAgo
	return d
}

// start returns the first moment of today; the history ends before it.
func (b *builder) start() time.Time { return at(b.today, 0) }

// finish brings the lists into the order in which they are shown.
func (b *builder) finish() Company {
	c := b.company
	slices.SortStableFunc(c.Consultations, func(a, b team.Consultation) int {
		return cmp.Or(a.ReceivedAt.Compare(b.ReceivedAt.Time), strings.Compare(a.ID, b.ID))
	})
	return c
}

func departmentID(name string) string { return demoID("department", name) }
func topicID(name string) string      { return demoID("topic", name) }
func requesterID(name string) string  { return demoID("requester", name) }

func compartmentID(key string) string {
	if key == "" {
		return ""
	}
	return demoID("compartment", key)
}

// answer returns the boxes of a written question.
func (q question) answer() team.Answer {
	due, reason, _ := strings.Cut(strings.TrimSuffix(q.Due, "）"), "（")
	return team.Answer{Decision: team.Decision(q.Decision), Short: q.Short, Reason: q.Why, Merit: q.Pros, Demerit: q.Cons,
		Steps: q.Steps, Alternative: q.Alternative, Due: due, DueReason: reason, Basis: strings.Join(q.Rule, "、")}
}

// answerAt returns what the article to a question said at a moment.
func (b *builder) answerAt(q question, at time.Time) team.Answer {
	a := q.answer()
	if e, changed := edits[q.ID]; changed && at.Before(b.editedAt(e)) {
		e.before(&a)
	}
	return a
}

// reply returns an answer as the text that was sent.
func reply(name string, a team.Answer, signature string) string {
	var s strings.Builder
	s.WriteString(surname(name) + "さん\n")
	for _, box := range []struct{ label, text string }{
		{"", a.Short}, {"理由: ", a.Reason}, {"よい点: ", a.Merit}, {"困る点: ", a.Demerit}, {"してほしいこと:\n", numbered(a.Steps)},
		{"代わりの方法: ", a.Alternative}, {"期限: ", dueText(a)}, {"根拠: ", a.Basis},
	} {
		if box.text != "" {
			s.WriteString("\n" + box.label + box.text + "\n")
		}
	}
	return s.String() + "\n" + signature
}

func numbered(steps team.Lines) string {
	var s []string
	for i, step := range steps {
		s = append(s, string(rune('1'+i))+". "+step)
	}
	return strings.Join(s, "\n")
}

func dueText(a team.Answer) string {
	if a.DueReason == "" {
		return a.Due
	}
	return a.Due + "（" + a.DueReason + "）"
}

func surname(name string) string {
	first, _, _ := strings.Cut(name, " ")
	return first
}

// withoutGreeting drops the sentences in which people greet and say who they are.
func withoutGreeting(body string) string {
	var kept []string
	for _, s := range strings.SplitAfter(strings.ReplaceAll(body, "\n", ""), "。") {
		if !greeting(s) {
			kept = append(kept, s)
		}
	}
	return text.Clean(strings.Join(kept, ""))
}

func greeting(s string) bool {
	for _, phrase := range []string{"お世話になって", "お疲れさま", "いつもありがとう"} {
		if strings.Contains(s, phrase) {
			return true
		}
	}
	from, who, _ := strings.Cut(s, "の")
	name, is := strings.CutSuffix(who, "です。")
	return is && text.Runes(name) <= 5 && (strings.HasSuffix(from, "部") || from == "営業企画")
}
