package store

import (
	"cmp"
	"context"
	"slices"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const trainingColumns = "n.id, n.title, n.title_en, n.provider, n.kind, n.minutes, n.days, n.fee, n.class_cost, n.seats, n.link, n.active, n.version"

// Trainings returns the whole catalogue of trainings with their skills: those on offer
// first, then by title. Everybody who may read may see it.
func (s *Store) Trainings(ctx context.Context, by team.Member) (list []team.Training, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { list, err = trainings(ctx, t); return err })
	return list, err
}

func trainings(ctx context.Context, t tx) (list []team.Training, err error) {
	var skills []team.TrainingSkill
	err = firstError(t.list(ctx, &list, "SELECT "+trainingColumns+` FROM trainings n ORDER BY n.active DESC, n.title_key COLLATE "C", n.id`),
		func() error {
			return t.list(ctx, &skills, "SELECT k.training_id, k.skill_id, k.level, k.prerequisite FROM training_skills k ORDER BY k.training_id, k.skill_id")
		})
	at := map[string]*team.Training{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	for _, k := range skills {
		at[k.TrainingID].Skills = append(at[k.TrainingID].Skills, k)
	}
	return list, err
}

// Training returns one training with its skills, or team.ErrNotFound.
func (s *Store) Training(ctx context.Context, by team.Member, id string) (n team.Training, err error) {
	if !team.CanRead(by) {
		return n, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { n, err = training(ctx, t, id); return err })
	return n, err
}

func training(ctx context.Context, t tx, id string) (n team.Training, err error) {
	err = firstError(t.get(ctx, &n, "SELECT "+trainingColumns+" FROM trainings n WHERE n.id = ?", id), func() error {
		return t.list(ctx, &n.Skills, "SELECT k.training_id, k.skill_id, k.level, k.prerequisite FROM training_skills k WHERE k.training_id = ? ORDER BY k.skill_id", id)
	})
	return n, err
}

// SaveTraining adds a training to the catalogue (empty id) or changes one at the version
// it was read at, with its skills. A new one takes over the records that people wrote
// under its title. Leads may. A title that is there already is team.Invalid.
func (s *Store) SaveTraining(ctx context.Context, by team.Member, n team.Training) (team.Training, error) {
	n.Title, n.TitleEn, n.Provider, n.Link = oneLine(n.Title), oneLine(n.TitleEn), oneLine(n.Provider), oneLine(n.Link)
	n.Skills = slices.Clone(n.Skills)
	err := s.saveSetting(ctx, by, "training", &n.ID, &n.Version, n.Validate(), func(t tx, fresh bool) error {
		for i := range n.Skills {
			n.Skills[i].TrainingID = n.ID
		}
		if fresh {
			return firstError(insertTraining(ctx, t, n), func() error { return takeOverRecords(ctx, t, n) })
		}
		return changeTraining(ctx, t, n)
	})
	if isForeignKeyViolation(err) {
		err = team.Invalid{{Field: "skills", Rule: team.Unknown}}
	}
	return n, taken(err, "title")
}

func insertTraining(ctx context.Context, t tx, n team.Training) error {
	err := t.run(ctx, `INSERT INTO trainings (id, title, title_key, title_en, provider, kind, minutes, days, fee, class_cost, seats, link, active, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		n.ID, n.Title, text.Key(n.Title), n.TitleEn, n.Provider, n.Kind, n.Minutes, n.Days, n.Fee, n.ClassCost, n.Seats, n.Link, n.Active, max(n.Version, 1))
	return firstError(err, func() error { return writeTrainingSkills(ctx, t, n) })
}

func changeTraining(ctx context.Context, t tx, n team.Training) error {
	err := t.update(ctx, `UPDATE trainings SET title = ?, title_key = ?, title_en = ?, provider = ?, kind = ?, minutes = ?, days = ?, fee = ?, class_cost = ?,
		seats = ?, link = ?, active = ?, version = version + 1 WHERE id = ? AND version = ?`,
		n.Title, text.Key(n.Title), n.TitleEn, n.Provider, n.Kind, n.Minutes, n.Days, n.Fee, n.ClassCost, n.Seats, n.Link, n.Active, n.ID, n.Version)
	return firstError(err,
		func() error { return t.run(ctx, "DELETE FROM training_skills WHERE training_id = ?", n.ID) },
		func() error { return writeTrainingSkills(ctx, t, n) })
}

func writeTrainingSkills(ctx context.Context, t tx, n team.Training) error {
	return each(n.Skills, func(k team.TrainingSkill) error {
		return t.run(ctx, "INSERT INTO training_skills (training_id, skill_id, level, prerequisite) VALUES (?, ?, ?, ?)", n.ID, k.SkillID, k.Level, k.Prerequisite)
	})
}

// takeOverRecords puts the records that have only the title of a training under it.
func takeOverRecords(ctx context.Context, t tx, n team.Training) error {
	return t.run(ctx, "UPDATE training_records SET training_id = ?, subject = ? WHERE training_id IS NULL AND subject = ?", n.ID, n.ID, text.Key(n.Title))
}

// findTraining returns the training on offer of an id or of a title in either language;
// one without an id where there is none.
func findTraining(ctx context.Context, t tx, id, title string) (team.Training, error) {
	list, err := trainings(ctx, t)
	key := text.Key(title)
	for _, n := range list {
		if n.Active && (n.ID == id || (id == "" && (text.Key(n.Title) == key || (n.TitleEn != "" && text.Key(n.TitleEn) == key)))) {
			return n, err
		}
	}
	return team.Training{}, err
}

// UnlistedTraining is something people wrote down that is not in the catalogue, as the
// latest of its records says it.
type UnlistedTraining struct {
	RecordID string
	Title    string
	Records  int
}

// UnlistedTrainings returns what people did that the catalogue does not have, the most
// often done first. Leads may.
func (s *Store) UnlistedTrainings(ctx context.Context, by team.Member) (list []UnlistedTraining, err error) {
	if !team.CanManage(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		var rows []team.TrainingRecord
		err := t.list(ctx, &rows, "SELECT "+recordColumns+fromRecords+"WHERE r.training_id IS NULL AND r.withdrawn_at IS NULL ORDER BY r.created_at DESC, r.id")
		at := map[string]int{}
		for _, r := range rows {
			i, known := at[r.Subject()]
			if !known {
				i = len(list)
				at[r.Subject()], list = i, append(list, UnlistedTraining{RecordID: r.ID, Title: r.Title})
			}
			list[i].Records++
		}
		slices.SortStableFunc(list, func(a, b UnlistedTraining) int { return cmp.Compare(b.Records, a.Records) })
		return err
	})
	return list, err
}

// trainingDeadlines returns the planned trainings of some days, of the people who are in
// the department, the nearest first.
func trainingDeadlines(ctx context.Context, t tx, from, until team.Date) (list []team.Deadline, err error) {
	err = t.list(ctx, &list, `SELECT ? AS kind, r.id AS object_id, r.member_id, '' AS part, COALESCE(n.title, r.title) AS title, COALESCE(n.title_en, '') AS title_en, r.day AS on_day`+
		fromRecords+`JOIN members m ON m.id = r.member_id
		WHERE m.active AND r.state = ? AND r.withdrawn_at IS NULL AND r.day >= ? AND r.day <= ? ORDER BY r.day, r.id`, team.TrainingPlanned, team.RecordPlanned, from, until)
	return list, err
}
