package store

import (
	"context"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
)

// Foresight is what the answer to a what-if is made of.
type Foresight struct {
	RiskFacts
	// Documents are the articles on the shelf with the topics they are about; one of two
	// topics comes twice.
	Documents []Document
	// Open are the open consultations that the people asked about have recorded.
	Open []team.Consultation
}

// Document is an article as far as a list names it.
type Document struct {
	TopicID   string            `db:"topic_id"`
	ArticleID string            `db:"article_id"`
	Title     string            `db:"title"`
	State     team.ArticleState `db:"state"`
	ReviewDue team.Date         `db:"review_due"`
}

// Foresight returns what is known on a day about the days ahead, with what some
// members would leave behind, as far as the person may read it. Leads may.
func (s *Store) Foresight(ctx context.Context, by team.Member, day team.Date, members []string) (f Foresight, err error) {
	if !team.CanForesee(by) {
		return f, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		f.RiskFacts, err = riskFacts(ctx, t, by, day)
		return firstError(err,
			func() error { return documents(ctx, t, by, &f) },
			func() error { return openOf(ctx, t, by, members, &f) })
	})
	return f, err
}

// PlannedLeave returns everybody's levels and absences for the guard that looks at
// somebody's leave. Who may plan that leave may; of what is in it they are told skills
// and days alone, never whose leave it is.
func (s *Store) PlannedLeave(ctx context.Context, by team.Member, memberID string, day team.Date) (m team.SkillMap, planned []team.Absence, err error) {
	if !team.CanPlanAbsence(by, memberID) {
		return m, nil, team.ErrNotFound
	}
	err = s.read(ctx, func(t tx) error {
		m, err = wholeMap(ctx, t, day)
		return firstError(err, func() error {
			return t.list(ctx, &planned, "SELECT "+absenceColumns+` FROM absences a JOIN members m ON m.id = a.member_id
				WHERE m.active AND (a.ends_on IS NULL OR a.ends_on >= ?) ORDER BY a.starts_on, a.id`, day)
		})
	})
	return m, planned, err
}

// documents reads the articles that others could answer with.
func documents(ctx context.Context, t tx, by team.Member, f *Foresight) error {
	seen, args := visible(by, "a")
	return t.list(ctx, &f.Documents, `SELECT p.topic_id, a.id AS article_id, a.title, a.state, a.review_due FROM article_topics p JOIN articles a ON a.id = p.article_id
		WHERE a.state IN (?, ?) AND `+seen+` ORDER BY p.topic_id, a.title_key COLLATE "C", a.id`, append([]any{team.ArticleVerified, team.ArticleNotVerified}, args...)...)
}

// openOf reads the open consultations that some members recorded.
func openOf(ctx context.Context, t tx, by team.Member, members []string, f *Foresight) error {
	if len(members) == 0 {
		return nil
	}
	seen, args := visible(by, "c")
	query, args, err := sqlx.In(`SELECT c.id, c.ref, c.subject, COALESCE(c.topic_id, '') AS topic_id, c.received_at, c.created_by FROM consultations c
		WHERE c.state = ? AND `+seen+" AND c.created_by IN (?) ORDER BY c.received_at, c.id", append(append([]any{team.ConsultationOpen}, args...), members)...)
	if err != nil {
		return err
	}
	return t.list(ctx, &f.Open, query, args...)
}
