package store

import (
	"cmp"
	"context"
	"slices"

	"tasuki/internal/team"
)

// TrainingReview asks whether somebody's level is still right after a training.
type TrainingReview struct {
	Record team.TrainingRecord
	Member team.Member
	Skill  team.Skill
	Level  team.Level       // it could lead to; NotAssessed is any higher one
	Now    team.Level       // that counts
	Last   *team.Assessment // the last validated one, nil where there is none
}

// TrainingReviews returns what a person is asked to look at again after trainings, the
// latest training first: of their own levels (own), or, for leads, of those of others.
// For others than leads the second is empty.
func (s *Store) TrainingReviews(ctx context.Context, by team.Member, today team.Date, own bool) (list []TrainingReview, err error) {
	if !team.CanWrite(by) {
		return nil, team.ErrForbidden
	}
	if !own && !team.CanManage(by) {
		return nil, nil
	}
	err = s.read(ctx, func(t tx) error { list, err = trainingReviews(ctx, t, by, today, own); return err })
	return list, err
}

func trainingReviews(ctx context.Context, t tx, by team.Member, today team.Date, own bool) (list []TrainingReview, err error) {
	whose := "r.member_id <> ?"
	if own {
		whose = "r.member_id = ?"
	}
	records, err := readRecords(ctx, t, by, "WHERE r.state = ? AND r.withdrawn_at IS NULL AND r.day >= ? AND "+whose+" ORDER BY r.day DESC, r.id",
		team.RecordDone, today.AddDays(-team.ReviewDays), by.ID)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	m, err := wholeMap(ctx, t, today)
	at := newFinder(m)
	history, err2 := historiesOf(ctx, t, records)
	away, err3 := dismissalsOf(ctx, t, own, today)
	if err := cmp.Or(err, err2, err3); err != nil {
		return nil, err
	}
	asked := map[string]bool{} // of a skill after two trainings, the later one asks
	for _, r := range records {
		for _, k := range r.Skills {
			i, used := at.skills[k.SkillID]
			j, present := at.members[r.MemberID]
			cell := r.MemberID + " " + k.SkillID
			if !used || !present || asked[cell] || !team.AsksForReview(r, k, history[r.MemberID], away[r.ID+" "+k.SkillID], today) {
				continue
			}
			asked[cell] = true
			list = append(list, TrainingReview{Record: r, Member: m.Members[j], Skill: m.Skills[i], Level: k.Level, Now: m.Cells[i][j].On(today), Last: m.Cells[i][j].Validated})
		}
	}
	return list, nil
}

// finder finds the places of skills and members on a map.
type finder struct{ skills, members map[string]int }

func newFinder(m team.SkillMap) finder {
	f := finder{map[string]int{}, map[string]int{}}
	for i, k := range m.Skills {
		f.skills[k.ID] = i
	}
	for j, person := range m.Members {
		f.members[person.ID] = j
	}
	return f
}

// historiesOf returns, by member, the assessments of the people of some records, the
// oldest first.
func historiesOf(ctx context.Context, t tx, records []team.TrainingRecord) (map[string][]team.Assessment, error) {
	var ids []string
	for _, r := range records {
		ids = append(ids, r.MemberID)
	}
	slices.Sort(ids)
	of := map[string][]team.Assessment{}
	for part := range slices.Chunk(slices.Compact(ids), chunk) {
		var list []team.Assessment
		err := listIn(ctx, t, &list, "SELECT "+assessmentColumns+" FROM assessments a WHERE a.member_id IN (?) ORDER BY a.day, a.made_at, a.id", part)
		if err != nil {
			return nil, err
		}
		for _, a := range list {
			of[a.MemberID] = append(of[a.MemberID], a)
		}
	}
	return of, nil
}

// dismissalsOf returns, by record and skill, when the person or the leads waved a review away.
func dismissalsOf(ctx context.Context, t tx, own bool, today team.Date) (map[string][]team.Date, error) {
	var rows []struct {
		RecordID, SkillID string
		Day               team.Date
	}
	err := t.list(ctx, &rows, "SELECT record_id AS recordid, skill_id AS skillid, day FROM training_dismissals WHERE own = ? AND day >= ? ORDER BY day, id", own, today.AddDays(-team.ReviewDays))
	of := map[string][]team.Date{}
	for _, row := range rows {
		of[row.RecordID+" "+row.SkillID] = append(of[row.RecordID+" "+row.SkillID], row.Day)
	}
	return of, err
}

// DismissReview waves a review away that is asked for: of the person's own level, or, for
// leads, of somebody else's. It comes once more after team.AskAgainDays. What is not
// asked for is left as it is: somebody was faster.
func (s *Store) DismissReview(ctx context.Context, by team.Member, today team.Date, recordID, skillID string) error {
	return s.write(ctx, func(t tx) error {
		list, err := readRecords(ctx, t, by, "WHERE r.id = ?", recordID)
		if err == nil && (len(list) == 0 || !team.CanWrite(by) || !team.CanSeeFigures(by, list[0].MemberID)) {
			err = team.ErrNotFound
		}
		if err != nil {
			return err
		}
		own := list[0].MemberID == by.ID
		if err := holdCells(ctx, t, list[0].MemberID); err != nil {
			return err
		}
		asked, err := trainingReviews(ctx, t, by, today, own)
		if err != nil || !slices.ContainsFunc(asked, func(r TrainingReview) bool { return r.Record.ID == recordID && r.Skill.ID == skillID }) {
			return err
		}
		return firstError(insertDismissal(ctx, t, TrainingDismissal{newID(), recordID, skillID, own, today, by.ID}),
			func() error { return audit(ctx, t, by, "dismiss_review", "training_record", recordID) })
	})
}

// TrainingDismissal says that a review was waved away.
type TrainingDismissal struct {
	ID       string    `db:"id" json:"id"`
	RecordID string    `db:"record_id" json:"record_id"`
	SkillID  string    `db:"skill_id" json:"skill_id"`
	Own      bool      `db:"own" json:"own,omitempty"`
	Day      team.Date `db:"day" json:"day"`
	By       string    `db:"dismissed_by" json:"by,omitempty"`
}

func insertDismissal(ctx context.Context, t tx, d TrainingDismissal) error {
	return t.run(ctx, "INSERT INTO training_dismissals (id, record_id, skill_id, own, day, dismissed_by) VALUES (?, ?, ?, ?, ?, ?)",
		d.ID, d.RecordID, d.SkillID, d.Own, d.Day, null(d.By))
}

// TrainingEffects counts of each training of the catalogue, by its id, what became of
// the people who went, and of all trainings under "". It counts the whole department;
// what a person may not see of it is left out (team.CanSeeEffect).
func (s *Store) TrainingEffects(ctx context.Context, by team.Member, today team.Date) (effects map[string]team.TrainingEffect, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		records, err := readRecords(ctx, t, team.Operator(), "WHERE r.state = ? AND r.withdrawn_at IS NULL AND r.day <= ? ORDER BY r.id", team.RecordDone, today)
		if err != nil {
			return err
		}
		history, err := historiesOf(ctx, t, records)
		effects = countEffects(by, records, history, today)
		return err
	})
	return effects, err
}

func countEffects(by team.Member, records []team.TrainingRecord, history map[string][]team.Assessment, today team.Date) map[string]team.TrainingEffect {
	effects := map[string]team.TrainingEffect{}
	for _, r := range records {
		outcome := team.OutcomeOf(r, history[r.MemberID], today)
		for _, id := range slices.Compact([]string{r.TrainingID, ""}) {
			e := effects[id]
			e.Add(outcome)
			effects[id] = e
		}
	}
	for id, e := range effects {
		if !team.CanSeeEffect(by, e) {
			delete(effects, id)
		}
	}
	return effects
}
