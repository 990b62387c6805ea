package sample

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"tasuki/internal/team"
)

// Questions that the demo shows something special with, as indexes.
const (
	qPassword   = 2  // Q03: two early answers still name the old rule
	qPrivatePC  = 17 // Q18: an early no without another way
	qSharedID   = 20 // Q21: the same
	qRestricted = 37 // Q38 and Q39: articles written from a consultation
	qNames      = 38
	qOvertime   = 39 // Q40: its article is a draft of these days
)

// written tells whether the article to a question was written from its first
// consultation rather than before the new ways began.
func written(item int) bool { return item == qRestricted || item == qNames || item == qOvertime }

// addHistory makes the consultations of the year before today.
func (b *builder) addHistory() {
	year := b.plan()
	b.chooseAskers(year)
	b.chooseAnswerers(year)
	for i, v := range year {
		b.company.Consultations = append(b.company.Consultations, b.consultation(i, v))
	}
}

// plan returns the year's questions with their moments and the time each took.
func (b *builder) plan() []visit {
	year := slots(b.today)
	ways := make([]int, b.repeated)
	for i := range ways {
		if !written(i) {
			ways[i] = len(b.asks[b.questions[i].ID])
		}
	}
	for i, item := range drawItems(ways, len(b.people.OneOffs), len(year)) {
		year[i].item = item
	}
	b.pinAll(year)
	count(year)
	reuse(year, func(v visit) bool { return v.item < b.repeated && !(written(v.item) && v.first) }, 3, 0.44)
	for i := range year {
		if v := &year[i]; written(v.item) {
			v.kind = team.LinkAsIs
		}
	}
	early := func(v visit) bool { return v.month < newWays }
	durations(year, "early", early, func(int) float64 { return 11 }, 0.8)
	durations(year, "reused", func(v visit) bool { return v.reused }, func(int) float64 { return 1.2 }, 0.7)
	durations(year, "new", func(v visit) bool { return !early(v) && !v.reused }, func(m int) float64 { return 6.5 - 0.5*float64(m-newWays) }, 0.8)
	fitBefore(year, b.start())
	return year
}

// pinAll places the questions that the demo needs at a certain time.
func (b *builder) pinAll(year []visit) {
	pinned := map[int]bool{}
	ago := func(days int) time.Time { return at(b.today.AddDays(-days), 0) }
	launch := at(b.launch, 0)
	pin(year, pinned, qOvertime, ago(12), at(workdayBefore(b.today, 2), 0))
	pin(year, pinned, qRestricted, launch, ago(20))
	pin(year, pinned, qNames, launch, ago(50))
	for _, d := range b.people.Departments {
		if d.SilentDays == 0 {
			continue
		}
		for i, q := range b.questions {
			if b.requesters[q.FromName].Department == d.Name {
				pin(year, pinned, i, ago(365), ago(d.SilentDays))
			}
		}
	}
	for _, item := range []int{qPassword, qPassword, qPrivatePC, qSharedID} {
		pin(year, pinned, item, ago(365), launch)
	}
}

// chooseAskers decides who asked in which words: first the person who wrote the
// question, then others of the departments, by how much these ask.
func (b *builder) chooseAskers(year []visit) {
	left := map[string]float64{}
	for _, d := range b.people.Departments {
		left[d.Name] = d.Weight * float64(len(year))
	}
	for i := range year {
		if v := &year[i]; v.first {
			q := b.questions[v.item]
			v.from, v.channel = b.requesters[q.FromName], team.Channel(q.Channel)
			left[v.from.Department]--
		}
	}
	channels := spread("channels", len(year), map[team.Channel]float64{team.ChannelMail: 55, team.ChannelChat: 22, team.ChannelPhone: 15, team.ChannelMeeting: 8})
	r := stream("askers")
	for i := range year {
		v := &year[i]
		if v.first {
			continue
		}
		v.channel = channels[i]
		v.ask = b.asks[b.questions[v.item].ID][v.number-1]
		v.from = b.asker(r, *v, left)
		left[v.from.Department]--
	}
	b.breakOff(year)
}

// breakOff gives each silent department the last question before its silence, so
// that this has the same length on every day.
func (b *builder) breakOff(year []visit) {
	for _, d := range b.people.Departments {
		for i := len(year) - 1; i >= 0 && d.SilentDays > 0; i-- {
			if v := &year[i]; !v.first && v.ask.Department == "" && !b.silent(d.Name, v.at) {
				v.from = b.anyoneOf(d.Name)
				break
			}
		}
	}
}

func (b *builder) anyoneOf(department string) requesterData {
	i := slices.IndexFunc(b.people.Requesters, func(p requesterData) bool { return p.Department == department })
	return b.people.Requesters[i]
}

// asker draws a person of a department that still has questions left this year.
func (b *builder) asker(r *rand.Rand, v visit, left map[string]float64) requesterData {
	var people []requesterData
	var weights []float64
	sum := 0.0
	for _, p := range b.people.Requesters {
		if v.ask.Department != "" && v.ask.Department != p.Department || b.silent(p.Department, v.at) {
			continue
		}
		w := max(left[p.Department], 0.2) / float64(b.staff(p.Department))
		people, weights, sum = append(people, p), append(weights, w), sum+w
	}
	x := r.Float64() * sum
	for i, w := range weights {
		if x -= w; x < 0 {
			return people[i]
		}
	}
	return people[len(people)-1]
}

// staff counts the people of a department who ask.
func (b *builder) staff(department string) (n int) {
	for _, p := range b.people.Requesters {
		if p.Department == department {
			n++
		}
	}
	return n
}

// silent tells whether nobody of a department asked at that time.
func (b *builder) silent(department string, t time.Time) bool {
	for _, d := range b.people.Departments {
		if d.Name == department {
			return d.SilentDays > 0 && !t.Before(at(b.today.AddDays(-d.SilentDays), 0))
		}
	}
	return false
}

// chooseAnswerers decides who answered: early mostly the one who always did, later
// whoever was free and had an article at hand.
func (b *builder) chooseAnswerers(year []visit) {
	r := stream("answerers")
	load := map[string]int{}
	for i := range year {
		v := &year[i]
		topic := b.topics[b.questions[v.item].Topic]
		habit := 0.72
		if v.month >= newWays {
			habit = 0.45
		}
		switch {
		case v.reused:
			v.by = b.free(r, topic.Helpers, v.at, load)
		case r.Float64() < habit:
			v.by = topic.Owner
		default:
			v.by = b.free(r, topic.Able, v.at, nil)
		}
		load[v.by]++
	}
}

// free draws one of the members who were there at that time; with a load the less
// loaded one of two draws.
func (b *builder) free(r *rand.Rand, members []string, t time.Time, load map[string]int) string {
	var there []string
	for _, m := range members {
		if b.joined[m].AddDays(30).Before(team.DateOf(t)) {
			there = append(there, m)
		}
	}
	one, other := there[r.IntN(len(there))], there[r.IntN(len(there))]
	if load[other] < load[one] {
		return other
	}
	return one
}

// consultation returns a visit in words.
func (b *builder) consultation(i int, v visit) team.Consultation {
	q := b.questions[v.item]
	name := fmt.Sprint("year ", i)
	answered := addWork(v.at, v.work)
	c := team.Consultation{ID: demoID("consultation", name), Ref: demoRef(name), RequesterID: requesterID(v.from.Name), Requester: v.from.Name,
		DepartmentID: departmentID(v.from.Department), TopicID: topicID(q.Topic), Channel: v.channel, Subject: q.Subject, Text: q.Body,
		State: team.ConsultationAnswered, ReceivedAt: team.At(v.at), FirstResponseAt: team.At(answered), AnsweredAt: team.At(answered),
		AnsweredBy: DemoMember(v.by), Answer: b.sent(v, q, answered), Version: 1, CreatedBy: DemoMember(v.by), CreatedAt: team.At(v.at)}
	if !v.first {
		c.Subject, c.Text = v.ask.Subject, phrase(i, v)
	} else if v.channel == team.ChannelMail {
		c.Text += "\n\n" + mailSignature(v.from)
	}
	if v.month < newWays {
		// What came before the new ways was brought in when they began.
		c.CreatedBy, c.CreatedAt = DemoMember("takahashi"), team.At(at(b.launch, 9*60+30))
	}
	if !v.reused && v.work > 2*time.Hour && i%5 < 3 {
		c.FirstResponseAt = team.At(addWork(v.at, v.work/time.Duration(2+i%4)))
	}
	c.Reply = reply(c.Requester, c.Answer, b.signature(v.by))
	if v.kind != "" {
		c.Links = []team.ArticleLink{{ConsultationID: c.ID, ArticleID: DemoArticle(q.ID), Kind: v.kind, LinkedBy: c.AnsweredBy, LinkedAt: c.AnsweredAt}}
	}
	return c
}

// phrase puts the words of a question into what people write around them.
func phrase(i int, v visit) string {
	who := v.from.Department + "の" + surname(v.from.Name)
	switch v.channel {
	case team.ChannelMail:
		opening := []string{"お世話になっております。", "お疲れさまです。", "いつもありがとうございます。"}[i%3]
		closing := []string{"よろしくお願いいたします。", "お忙しいところ恐れ入りますが、よろしくお願いいたします。", "ご確認をお願いいたします。", "どうぞよろしくお願いいたします。"}[i%4]
		return opening + who + "です。\n" + v.ask.Text + "\n" + closing + "\n\n" + mailSignature(v.from)
	case team.ChannelChat:
		return "お疲れさまです、" + who + "です。" + v.ask.Text
	case team.ChannelPhone:
		return "（電話のメモ）" + who + "さんから。" + v.ask.Text
	}
	return "（打合せのメモ）" + who + "さんから。" + v.ask.Text
}

func mailSignature(p requesterData) string {
	sum := 0
	for _, c := range p.Name {
		sum += int(c)
	}
	return "--\nサンプル精機株式会社 " + p.Department + "\n" + p.Name + "\n内線 " + strconv.Itoa(4100+sum%800) + " / " + p.Email
}

func (b *builder) signature(member string) string {
	for _, m := range b.people.Members {
		if m.Key == member {
			return "情報セキュリティ部 " + m.Name + "（内線3110）"
		}
	}
	return ""
}

// sent returns the answer that was sent.
func (b *builder) sent(v visit, q question, at time.Time) team.Answer {
	a := b.answerAt(q, at)
	switch {
	case v.month < newWays:
		return earlyAnswer(v, a)
	case v.kind == team.LinkAdapted:
		return adapted(v, a)
	case v.kind == "":
		a.Merit, a.Demerit = "", ""
	}
	return a
}

// earlyAnswer is how people answered before they shared articles: shorter, and
// a few times without another way or by a rule that has changed since.
func earlyAnswer(v visit, a team.Answer) team.Answer {
	a.Merit, a.Demerit = "", ""
	switch {
	case v.item == qPassword && v.number < 2:
		return team.Answer{Decision: team.DecisionInfo, Short: "90日ごとに変えてください。期限の14日前にお知らせが届きます。",
			Reason: "同じパスワードを長く使うと、もれたときに使われ続けるためです。", Steps: team.Lines{"お知らせの画面から変える", "前の3回と同じものは使わない"},
			Alternative: "覚えきれない方は、会社のパスワード管理アプリを使えます。", Basis: "R-02 パスワードルール（2019年4月版）"}
	case v.item == qPrivatePC && v.first:
		return team.Answer{Decision: team.DecisionNo, Short: "私物のパソコンでの仕事は認められていません。", Reason: "社内規程により禁止されています。", Basis: a.Basis}
	case v.item == qSharedID && v.first:
		return team.Answer{Decision: team.DecisionNo, Short: "IDの共有はできません。", Reason: "セキュリティ上必要なため、1人に1つと決まっています。", Basis: a.Basis}
	}
	return a
}

// adapted changes an article's answer a little, as people do before they send it.
func adapted(v visit, a team.Answer) team.Answer {
	switch v.number % 3 {
	case 0:
		a.Alternative = strings.TrimSpace(a.Alternative + "お急ぎのときは、内線3110へお電話ください。その場でご案内します。")
	case 1:
		a.Steps = append(a.Steps[:len(a.Steps):len(a.Steps)], "迷ったところがあれば、このメールにそのまま返信する")
	default:
		a.Merit = strings.TrimSpace(a.Merit + "先月、同じやり方をした部の方からも好評でした。")
	}
	return a
}
