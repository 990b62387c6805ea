package sample

import (
	"time"

	"tasuki/internal/team"
)

// addRestricted adds what the compartments keep to themselves.
func (b *builder) addRestricted() {
	for _, q := range b.people.Restricted.Articles {
		made := at(workdayBefore(b.launch.AddDays(20), 1), 10*60+45)
		a := team.Article{ID: DemoArticle(q.Key), Compartment: compartmentID(q.Compartment), Title: q.Subject, Answer: q.answer(), State: team.ArticleNotVerified,
			Audience: team.AudienceDepartment, Keywords: q.Keywords, Topics: []string{topicID(q.Topic)}, CreatedBy: DemoMember("watanabe"), CreatedAt: team.At(made)}
		b.save(&a, "watanabe", made)
		// Checked again in these weeks, so that none of them is past its day.
		b.check(&a, q, "takahashi", at(workdayBefore(b.today.AddDays(-25), 1), 11*60))
		b.company.Articles = append(b.company.Articles, a)
	}
	for _, q := range b.people.Restricted.Consultations {
		c := b.asked(q, at(workdayBefore(b.today.AddDays(-q.DaysAgo+1), 1), 10*60+10))
		if q.Article != "" {
			article := b.restrictedArticle(q.Article)
			c.Answer = article.answer()
			c.Links = []team.ArticleLink{{ConsultationID: c.ID, ArticleID: DemoArticle(q.Article), Kind: team.LinkAsIs}}
		}
		if q.AnsweredBy != "" {
			answer(&c, q.AnsweredBy, addWork(c.ReceivedAt.Time, 95*time.Minute), b.signature(q.AnsweredBy))
		}
		b.company.Consultations = append(b.company.Consultations, c)
	}
}

func (b *builder) restrictedArticle(key string) question {
	for _, q := range b.people.Restricted.Articles {
		if q.Key == key {
			return q
		}
	}
	return question{}
}

// addOpen adds the questions that wait for an answer: one for too long, some since
// the last working day, and two of the last hours.
func (b *builder) addOpen() {
	for _, q := range b.people.Open {
		received := b.now.Add(-time.Duration(q.MinutesAgo) * time.Minute)
		if q.WorkdaysAgo > 0 {
			clock, _ := time.Parse("15:04", q.At)
			received = at(workdayBefore(b.today, q.WorkdaysAgo), clock.Hour()*60+clock.Minute())
		}
		c := b.asked(q, received)
		if q.TakenBy != "" {
			c.CreatedBy, c.FirstResponseAt = DemoMember(q.TakenBy), team.At(addWork(received, 40*time.Minute))
		}
		b.company.Consultations = append(b.company.Consultations, c)
	}
}

// asked returns a consultation that waits for its answer.
func (b *builder) asked(q question, received time.Time) team.Consultation {
	from := b.requesters[q.FromName]
	return team.Consultation{ID: demoID("consultation", q.Key), Ref: demoRef(q.Key), Compartment: compartmentID(q.Compartment),
		RequesterID: requesterID(from.Name), Requester: from.Name, DepartmentID: departmentID(from.Department), TopicID: topicID(q.Topic),
		Channel: team.Channel(q.Channel), Subject: q.Subject, Text: q.Body, State: team.ConsultationOpen, ReceivedAt: team.At(received),
		Answer: q.answer(), Version: 1, CreatedBy: DemoMember("takahashi"), CreatedAt: team.At(received)}
}

// answer stamps a consultation as answered.
func answer(c *team.Consultation, by string, moment time.Time, signature string) {
	c.State, c.AnsweredBy = team.ConsultationAnswered, DemoMember(by)
	c.FirstResponseAt, c.AnsweredAt = team.At(moment), team.At(moment)
	c.Reply = reply(c.Requester, c.Answer, signature)
	for i := range c.Links {
		c.Links[i].LinkedBy, c.Links[i].LinkedAt = c.AnsweredBy, c.AnsweredAt
	}
}
