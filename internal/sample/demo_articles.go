package sample

import (
	"slices"
	"strings"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// edit is a change that an article saw after it was written.
type edit struct {
	daysAgo int
	by      string
	before  func(*team.Answer) // turns the text of today into the one before
}

// edits are the changes of articles, so that there is something to compare.
var edits = map[string]edit{
	"Q01": {daysAgo: 96, by: "takahashi", before: func(a *team.Answer) {
		a.Alternative, _, _ = strings.Cut(a.Alternative, "前日の15時までに")
	}},
	"Q03": {daysAgo: 48, by: "watanabe", before: func(a *team.Answer) {
		a.Due, a.DueReason, a.Steps = "", "", a.Steps[1:]
	}},
	"Q31": {daysAgo: 61, by: "yoshida", before: func(a *team.Answer) {
		a.Alternative = strings.Replace(a.Alternative, "5日まで", "3日まで", 1)
	}},
}

// Articles with something to look after.
var (
	overdue     = []string{"Q13", "Q28", "Q34"} // past their review day
	dueSoon     = map[string]int{"Q19": 2, "Q30": 4}
	neverProved = []string{"Q33", "Q38", "Q39"} // not verified
	onlyForUs   = []string{"Q12", "Q22", "Q40"}
)

func (b *builder) editedAt(e edit) time.Time {
	return at(workdayBefore(b.today.AddDays(-e.daysAgo+1), 1), 11*60+20)
}

func (b *builder) addArticles() {
	for i, q := range b.questions[:b.repeated] {
		b.addArticle(i, q)
	}
	b.addDuplicate()
	b.addWordings()
	b.addFlags()
}

// addArticle adds the article to a question with all its versions: written, checked
// by a second person, changed, checked again.
func (b *builder) addArticle(i int, q question) {
	topic := b.topics[q.Topic]
	by, made := b.author(i, topic), b.madeAt(i, q)
	a := team.Article{ID: DemoArticle(q.ID), Title: q.Subject, Answer: b.answerAt(q, made), State: team.ArticleNotVerified,
		Audience: team.AudienceCompany, Keywords: q.Keywords, Topics: []string{topicID(q.Topic)}, CreatedBy: DemoMember(by), CreatedAt: team.At(made)}
	if slices.Contains(onlyForUs, q.ID) {
		a.Audience = team.AudienceDepartment
	}
	if i == qOvertime {
		a.State = team.ArticleDraft
	}
	b.save(&a, by, made)
	if a.State == team.ArticleNotVerified && !slices.Contains(neverProved, q.ID) {
		b.verify(&a, i, q, made)
	}
	b.company.Articles = append(b.company.Articles, a)
}

// verify has a second person check an article, and again where half a year has passed.
func (b *builder) verify(a *team.Article, i int, q question, made time.Time) {
	second := b.second(i, q)
	checked := at(workdayBefore(team.DateOf(made).AddDays(4), 1), 13*60+15+i)
	b.check(a, q, second, checked)
	if e, changed := edits[q.ID]; changed {
		moment := b.editedAt(e)
		a.Answer = b.answerAt(q, moment)
		b.save(a, e.by, moment)
	}
	if q.ReviewMonths <= 6 && !slices.Contains(overdue, q.ID) {
		again := at(workdayBefore(b.today.AddDays(-3*i%40-2), 1), 15*60+i)
		b.check(a, q, second, again)
	}
}

// check verifies an article and sets its next review day.
func (b *builder) check(a *team.Article, q question, by string, moment time.Time) {
	a.State, a.VerifiedBy, a.VerifiedAt = team.ArticleVerified, DemoMember(by), team.At(moment)
	a.ReviewDue = team.DateOf(moment).AddMonths(q.ReviewMonths)
	if days, soon := dueSoon[q.ID]; soon {
		a.ReviewDue = b.today.AddDays(days)
	}
	b.save(a, by, moment)
}

// save keeps an article's present text as its next version.
func (b *builder) save(a *team.Article, by string, moment time.Time) {
	a.Version++
	a.UpdatedBy, a.UpdatedAt = DemoMember(by), team.At(moment)
	b.company.Versions = append(b.company.Versions, team.ArticleVersion{ArticleID: a.ID, Version: a.Version, Title: a.Title, Answer: a.Answer,
		State: a.State, Audience: a.Audience, Keywords: a.Keywords, ReviewDue: a.ReviewDue, SavedBy: a.UpdatedBy, SavedAt: a.UpdatedAt})
}

// madeAt returns when an article was written: in the four weeks before the new
// ways began, or with the answer to the consultation it comes from.
func (b *builder) madeAt(i int, q question) time.Time {
	if written(i) {
		for _, c := range b.company.Consultations {
			if len(c.Links) > 0 && c.Links[0].ArticleID == DemoArticle(q.ID) {
				return c.AnsweredAt.Time
			}
		}
	}
	days := workdays(b.launch.AddDays(-28), b.launch.AddDays(-6))
	return at(days[i*len(days)/b.repeated], 9*60+15+i*5)
}

// author returns who wrote an article: mostly the one who always answered.
func (b *builder) author(i int, topic topicData) string {
	if i%4 == 3 {
		return topic.Able[i%len(topic.Able)]
	}
	return topic.Owner
}

// second returns somebody else who can say that an article is right.
func (b *builder) second(i int, q question) string {
	topic := b.topics[q.Topic]
	author := b.author(i, topic)
	for k := range topic.Able {
		if m := topic.Able[(i+k)%len(topic.Able)]; m != author {
			return m
		}
	}
	return "takahashi"
}

// addDuplicate adds an article that says nearly the same as another (Q31): somebody
// wrote it without looking.
func (b *builder) addDuplicate() {
	moment := at(workdayBefore(b.launch.AddDays(35), 1), 16*60+40)
	a := team.Article{ID: DemoArticle("duplicate"), Title: "お客様用のWi-Fiはありますか", State: team.ArticleNotVerified, Audience: team.AudienceCompany,
		Keywords: team.Lines{"来客用Wi-Fi", "ゲスト"}, Topics: []string{topicID("ネットワーク・リモート接続")}, CreatedBy: DemoMember("nakajima"), CreatedAt: team.At(moment),
		Answer: team.Answer{Decision: team.DecisionYes, Short: "あります。受付で来客用Wi-Fiの紙を受け取って、お客様に渡してください。",
			Reason: "社員用のWi-Fiは、社内のシステムにつながっているためです。", Steps: team.Lines{"受付でお客様のお名前を伝える", "出てきた紙を渡す"},
			Alternative: "工場棟では、貸出用の持ち運びWi-Fiを使ってください。", Basis: "R-07 社外利用ルール 第6章"}}
	b.save(&a, "nakajima", moment)
	b.company.Articles = append(b.company.Articles, a)
}

// addWordings keeps with each article how people asked when it was used.
func (b *builder) addWordings() {
	index := map[string]*team.Article{}
	for i := range b.company.Articles {
		index[b.company.Articles[i].ID] = &b.company.Articles[i]
	}
	for _, c := range b.company.Consultations {
		for _, l := range c.Links {
			a, words := index[l.ArticleID], b.wording(c)
			same := func(w team.Wording) bool { return text.Key(w.Text) == text.Key(words) }
			if !slices.ContainsFunc(a.Wordings, same) {
				a.Wordings = append(a.Wordings, team.Wording{ID: demoID("wording", c.ID), ArticleID: a.ID, ConsultationID: c.ID, Text: words, AddedAt: l.LinkedAt})
			}
		}
	}
}

// wording returns the question of a consultation without what stands around it.
func (b *builder) wording(c team.Consultation) string {
	for _, list := range b.asks {
		for _, a := range list {
			if a.Subject == c.Subject {
				return a.Text
			}
		}
	}
	body, _, _ := strings.Cut(c.Text, "\n\n--\n")
	return withoutGreeting(body)
}

func (b *builder) addFlags() {
	for _, f := range []struct {
		question, by, note string
		daysAgo            int
		solvedBy           string
	}{
		{question: "Q12", by: "nguyen", daysAgo: 6, note: "保管の費用の見込みが、先月の見直しで変わったそうです。金額を確かめてください。"},
		{question: "Q13", by: "kobayashi", daysAgo: 12, note: "審査ずみの日程調整サービスが、来月から別のものに変わります。"},
		{question: "Q31", by: "nakajima", daysAgo: 76, note: "来客用の紙は、今は5日まで出せます。", solvedBy: "yoshida"},
	} {
		flag := team.Flag{ID: demoID("flag", f.question), ArticleID: DemoArticle(f.question), Note: f.note, RaisedBy: DemoMember(f.by),
			RaisedAt: team.At(at(workdayBefore(b.today.AddDays(-f.daysAgo+1), 1), 14*60+5))}
		if f.solvedBy != "" {
			flag.ResolvedBy, flag.ResolvedAt = DemoMember(f.solvedBy), team.At(b.editedAt(edits[f.question]))
		}
		b.company.Flags = append(b.company.Flags, flag)
	}
}
