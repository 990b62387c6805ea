package store

import (
	"context"
	"time"

	"tasuki/internal/team"
)

// answerEvents are the answered consultations of topics, with whether the answer was
// an article as it stands. Who reads it adds a condition.
const answerEvents = `SELECT c.id AS consultation_id, c.ref, c.subject, c.topic_id, c.answered_by AS member_id, c.answered_at AS at,
	c.compartment_id IS NOT NULL AS restricted, EXISTS (SELECT 1 FROM article_links l WHERE l.consultation_id = c.id AND l.kind = ?) AS reused
	FROM consultations c WHERE c.answered_by IS NOT NULL AND c.answered_at IS NOT NULL AND c.topic_id IS NOT NULL`

// AnswerEvents returns who answered which topic when, from a day on, the latest first,
// as far as the person may read the consultations: all for leads, for others their
// own. Those who left the department are among them, since their answers stay.
func (s *Store) AnswerEvents(ctx context.Context, by team.Member, since team.Date) (list []team.AnswerEvent, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { list, err = answersSince(ctx, t, by, since); return err })
	return list, err
}

func answersSince(ctx context.Context, t tx, by team.Member, since team.Date) (list []team.AnswerEvent, err error) {
	seen, args := visible(by, "c")
	args = append(append([]any{team.LinkAsIs}, args...), team.At(since.Time()), team.CanManage(by), by.ID)
	err = t.list(ctx, &list, answerEvents+" AND "+seen+" AND c.answered_at >= ? AND (? OR c.answered_by = ?) ORDER BY c.answered_at DESC, c.id", args...)
	return list, err
}

// maxEvidence is how many answers are shown beside a level.
const maxEvidence = 20

// LevelEvidence returns the latest answers of somebody on the topics that need a skill,
// as far as the person asking may read them. The person and leads may.
func (s *Store) LevelEvidence(ctx context.Context, by team.Member, memberID, skillID string) (list []team.AnswerEvent, err error) {
	if !team.CanSeeFigures(by, memberID) {
		return nil, team.ErrNotFound
	}
	seen, args := visible(by, "c")
	args = append(append([]any{team.LinkAsIs}, args...), memberID, skillID, maxEvidence)
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, answerEvents+" AND "+seen+` AND c.answered_by = ? AND c.topic_id IN (SELECT k.topic_id FROM topic_skills k WHERE k.skill_id = ?)
			ORDER BY c.answered_at DESC, c.id LIMIT ?`, args...)
	})
	return list, err
}

// practiceWindow is how far back answers are read: older ones count for next to nothing.
const practiceWindow = 3 * 365

// answersOfDay is how many answers somebody gave on a topic in a day.
type answersOfDay struct {
	MemberID string `db:"member_id"`
	TopicID  string `db:"topic_id"`
	Day      team.Date
	Reused   bool
	N        int
}

// fillObserved puts the levels that show in the answers of the time before the day of
// the map. Restricted consultations count too: a level does not say what they are.
//
// The skills of a topic are joined here: a topic that needs six of them would make six
// rows of each answer.
func fillObserved(ctx context.Context, t tx, at places) error {
	day := at.m.Day
	var list []answersOfDay
	var needs []team.TopicSkill
	err := firstError(
		t.list(ctx, &list, `SELECT e.member_id, e.topic_id, e.day, e.reused, COUNT(*) AS n FROM (
			SELECT c.answered_by AS member_id, c.topic_id, SUBSTR(CAST(c.answered_at AS TEXT), 1, 10) AS day,
				EXISTS (SELECT 1 FROM article_links l WHERE l.consultation_id = c.id AND l.kind = ?) AS reused
			FROM consultations c WHERE c.answered_by IS NOT NULL AND c.topic_id IS NOT NULL AND c.answered_at >= ? AND c.answered_at < ?
		) e GROUP BY e.member_id, e.topic_id, e.day, e.reused`,
			team.LinkAsIs, team.At(day.AddDays(-practiceWindow).Time()), team.At(day.AddDays(1).Time())),
		func() error { return t.list(ctx, &needs, topicSkillList) })
	of := map[string][]team.TopicSkill{}
	for _, n := range needs {
		of[n.TopicID] = append(of[n.TopicID], n)
	}
	practice := map[*team.Cell]*team.Practice{}
	for _, a := range list {
		weight := float64(a.N) * team.AnswerWeight(noonOf(a.Day), noonOf(day), a.Reused)
		for _, need := range of[a.TopicID] {
			c := at.cell(need.SkillID, a.MemberID)
			if c == nil {
				continue
			}
			if practice[c] == nil {
				practice[c] = &team.Practice{}
			}
			practice[c].Add(need.Level, weight)
		}
	}
	for c, p := range practice {
		c.Observed = p.Observed()
	}
	return err
}

func noonOf(d team.Date) time.Time { return d.Time().Add(12 * time.Hour) }
