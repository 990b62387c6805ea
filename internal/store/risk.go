package store

import (
	"context"

	"tasuki/internal/team"
)

// RiskFacts is what the numbers of how much hangs on single people are made of, as it
// is at one moment.
type RiskFacts struct {
	// Map is of the whole department, whatever the reader may see: the numbers count
	// everybody. Whoever shows somebody of it asks team.CanSeeFigures first.
	Map      team.SkillMap
	Names    bool          // the department shows everybody who holds what
	People   []team.Member // those who have left too: their answers stay
	Absences []team.Absence
	Topics   []team.Topic
	Needs    []team.TopicSkill // which topics need which skills
	Answers  []team.AnswerEvent
	Articles []team.SharedArticle
	// Certificates are the certifications that are wanted or held, with who holds them.
	Certificates []CertificationHolders
	// Trainings is the catalogue, for the ways from one level to another.
	Trainings []team.Training
}

// RiskFacts returns what the numbers of a day are made of. Consultations and articles
// of compartments that the reader is not in are left out; they show in observed levels
// only. Others than leads get the levels that count, and of answers and absences their own.
func (s *Store) RiskFacts(ctx context.Context, by team.Member, day team.Date) (f RiskFacts, err error) {
	if !team.CanRead(by) {
		return f, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { f, err = riskFacts(ctx, t, by, day); return err })
	return f, err
}

func riskFacts(ctx context.Context, t tx, by team.Member, day team.Date) (f RiskFacts, err error) {
	f.Map, err = wholeMap(ctx, t, day)
	f.Map.NarrowFigures(by)
	err = firstError(err,
		func() (err error) { f.Names, err = namesVisible(ctx, t); return err },
		func() error {
			return t.list(ctx, &f.People, "SELECT "+memberColumns+` FROM members m ORDER BY m.sort_key COLLATE "C", m.id`)
		},
		func() error {
			return t.list(ctx, &f.Absences, "SELECT "+absenceColumns+` FROM absences a JOIN members m ON m.id = a.member_id
				WHERE m.active AND (a.ends_on IS NULL OR a.ends_on >= ?) AND (? OR a.member_id = ?) ORDER BY a.starts_on, a.id`, day, team.CanManage(by), by.ID)
		},
		func() error { return t.list(ctx, &f.Topics, topicList) },
		func() error { return t.list(ctx, &f.Needs, topicSkillList) },
		func() (err error) {
			f.Answers, err = answersSince(ctx, t, by, day.AddDays(-practiceWindow))
			return err
		},
		func() (err error) { f.Articles, err = sharedArticles(ctx, t, by, day); return err },
		func() (err error) { f.Certificates, err = certificationHolders(ctx, t); return err },
		func() (err error) { f.Trainings, err = trainings(ctx, t); return err })
	return f, err
}

// sharedArticles returns the articles that can be relied on on a day, with those who
// have answered with them.
func sharedArticles(ctx context.Context, t tx, by team.Member, day team.Date) ([]team.SharedArticle, error) {
	seen, args := visible(by, "a")
	var list []team.SharedArticle
	err := t.list(ctx, &list, `SELECT a.id, a.title, COALESCE(a.created_by, '') AS author FROM articles a
		WHERE a.state = ? AND (a.review_due IS NULL OR a.review_due >= ?) AND `+seen+" ORDER BY a.title_key COLLATE \"C\", a.id", append([]any{team.ArticleVerified, day}, args...)...)
	at := map[string]*team.SharedArticle{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	var pairs []struct{ ArticleID, Value string }
	err = firstError(err, func() error {
		return t.list(ctx, &pairs, "SELECT article_id AS articleid, topic_id AS value FROM article_topics ORDER BY article_id, topic_id")
	})
	for _, p := range pairs {
		if a := at[p.ArticleID]; a != nil {
			a.Topics = append(a.Topics, p.Value)
		}
	}
	pairs = nil
	seen, args = visible(by, "c")
	err = firstError(err, func() error {
		return t.list(ctx, &pairs, `SELECT DISTINCT l.article_id AS articleid, l.linked_by AS value FROM article_links l JOIN consultations c ON c.id = l.consultation_id
			WHERE l.linked_by IS NOT NULL AND l.kind <> ? AND `+seen+" ORDER BY 1, 2", append([]any{team.LinkReferenced}, args...)...)
	})
	for _, p := range pairs {
		if a := at[p.ArticleID]; a != nil {
			a.Users = append(a.Users, p.Value)
		}
	}
	return list, err
}
