package store

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// recordColumns are those of training_records r with the training n it is of, whose
// title it bears while it is in the catalogue.
const recordColumns = `r.id, r.member_id, COALESCE(r.training_id, '') AS training_id, COALESCE(n.title, r.title) AS title, r.kind, r.state, r.day, r.minutes, r.cost,
	r.class_cost, r.rating, r.note, COALESCE(r.created_by, '') AS created_by, r.created_at, r.withdrawn_at, r.version`

const fromRecords = " FROM training_records r LEFT JOIN trainings n ON n.id = r.training_id "

// TrainingEntry is a training that several people went to, or will go to, as one of
// them writes it down.
type TrainingEntry struct {
	team.TrainingRecord // without a member
	Members             []string
}

// LogTraining writes down that members go, or went, to a training, one record for each.
// What is left empty comes from the catalogue: it is found by its id or its title. A
// day to come makes it planned. What somebody says about how it went stands in their own
// record, in those of the others only when they were not there themselves. Leads may
// for anyone, others when they were there. Somebody who has a record of the same
// training on the same day is named in twice, with team.Invalid; then nothing is saved.
func (s *Store) LogTraining(ctx context.Context, by team.Member, today team.Date, e TrainingEntry) (made []team.TrainingRecord, twice []string, err error) {
	if !team.CanLogTraining(by, e.Members) {
		return nil, nil, team.ErrForbidden
	}
	err = s.write(ctx, func(t tx) error {
		made, twice = nil, nil
		if err := prepareEntry(ctx, t, today, &e); err != nil {
			return err
		}
		if err := holdPeople(ctx, t, e.Members); err != nil {
			return err
		}
		if twice, err = alreadyThere(ctx, t, e); err != nil || len(twice) > 0 {
			return firstError(err, func() error { return team.Invalid{{Field: "members", Rule: team.Taken}} })
		}
		return each(e.Members, func(id string) error {
			r := e.recordOf(by, id)
			r.ID, r.By, r.CreatedAt, r.Version = newID(), by.ID, t.now, 1
			made = append(made, r)
			return firstError(insertRecord(ctx, t, r), func() error { return audit(ctx, t, by, "log", "training_record", r.ID) })
		})
	})
	return made, twice, refusedRecord(err, "members")
}

// refusedRecord turns what the database refuses into what the person can correct:
// a skill that is not there, or a second record of one day.
func refusedRecord(err error, field string) error {
	if isForeignKeyViolation(err) {
		return team.Invalid{{Field: "skills", Rule: team.Unknown}}
	}
	return taken(err, field)
}

// prepareEntry fills in what the catalogue knows and checks the rest.
func prepareEntry(ctx context.Context, t tx, today team.Date, e *TrainingEntry) error {
	slices.Sort(e.Members)
	e.Members = slices.Compact(e.Members)
	cleanRecord(&e.TrainingRecord)
	if e.Day.IsZero() {
		e.Day = today
	}
	e.State = team.StateOn(e.Day, today)
	n, err := findTraining(ctx, t, e.TrainingID, e.Title)
	if err != nil {
		return err
	}
	fillRecord(&e.TrainingRecord, n)
	err = e.Validate(today)
	if err == nil && len(e.Members) == 0 {
		err = team.Invalid{{Field: "members", Rule: team.Required}}
	}
	return err
}

func cleanRecord(r *team.TrainingRecord) {
	r.Title, r.Note = oneLine(r.Title), text.Clean(r.Note)
}

// fillRecord gives a record what its training says and nobody typed. A negative cost
// was not typed: 0 can be meant.
func fillRecord(r *team.TrainingRecord, n team.Training) {
	r.TrainingID = n.ID
	if n.ID != "" {
		r.Title, r.Kind = n.Title, n.Kind
		if r.Minutes == 0 {
			r.Minutes = n.Minutes
		}
		if r.Cost < 0 {
			r.Cost = n.Fee
		}
		if r.ClassCost < 0 {
			r.ClassCost = n.ClassCost
		}
		r.Skills = nil
		for _, k := range n.Skills {
			r.Skills = append(r.Skills, team.RecordSkill{SkillID: k.SkillID, Level: k.Level})
		}
	}
	r.Cost, r.ClassCost = max(r.Cost, 0), max(r.ClassCost, 0)
}

// recordOf is what the entry says of one member.
func (e TrainingEntry) recordOf(by team.Member, id string) team.TrainingRecord {
	r := e.TrainingRecord
	r.MemberID = id
	if id != by.ID && slices.Contains(e.Members, by.ID) {
		r.Rating, r.Note = 0, ""
	}
	return r
}

// holdPeople is holdCells for people that a form names.
func holdPeople(ctx context.Context, t tx, ids []string) error {
	err := holdCells(ctx, t, slices.Clone(ids)...)
	if err == team.ErrNotFound {
		err = team.Invalid{{Field: "members", Rule: team.Unknown}}
	}
	return err
}

// alreadyThere returns those who have a record of the same training on the same day.
func alreadyThere(ctx context.Context, t tx, e TrainingEntry) (ids []string, err error) {
	query, args, err := sqlx.In("SELECT r.member_id FROM training_records r WHERE r.subject = ? AND r.day = ? AND r.withdrawn_at IS NULL AND r.state <> ? AND r.member_id IN (?) ORDER BY r.member_id",
		e.Subject(), e.Day, team.RecordCancelled, e.Members)
	err = firstError(err, func() error { return t.list(ctx, &ids, query, args...) })
	return ids, err
}

func insertRecord(ctx context.Context, t tx, r team.TrainingRecord) error {
	err := t.run(ctx, `INSERT INTO training_records (id, member_id, training_id, subject, title, kind, state, day, minutes, cost, class_cost, rating, note,
		created_by, created_at, withdrawn_at, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.ID, r.MemberID, null(r.TrainingID), r.Subject(), r.Title, r.Kind, r.State, r.Day, r.Minutes, r.Cost, r.ClassCost, r.Rating, r.Note,
		null(r.By), r.CreatedAt, r.WithdrawnAt, max(r.Version, 1))
	return firstError(err, func() error { return writeRecordSkills(ctx, t, r) })
}

func writeRecordSkills(ctx context.Context, t tx, r team.TrainingRecord) error {
	return each(r.Skills, func(k team.RecordSkill) error {
		return t.run(ctx, "INSERT INTO training_record_skills (record_id, skill_id, level) VALUES (?, ?, ?)", r.ID, k.SkillID, k.Level)
	})
}

// TrainingFilter says which records are asked for; what is empty leaves none out.
type TrainingFilter struct {
	MemberID, TrainingID string
	State                team.RecordState
	From, To             team.Date // both included
	// Withdrawn asks for those that were taken back, and for no others.
	Withdrawn bool
}

// TrainingRecords returns the records that a person may know of, the latest day first:
// leads all; the others their own, those they wrote down, and those of the people who
// were in the same class as they. What it cost and how it went is left out for who may
// not see the figures of the person it is about.
func (s *Store) TrainingRecords(ctx context.Context, by team.Member, f TrainingFilter) (list []team.TrainingRecord, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { list, err = trainingRecords(ctx, t, by, f); return err })
	return list, err
}

func trainingRecords(ctx context.Context, t tx, by team.Member, f TrainingFilter) ([]team.TrainingRecord, error) {
	where, args := "WHERE r.withdrawn_at IS NULL", []any{}
	if f.Withdrawn {
		where = "WHERE r.withdrawn_at IS NOT NULL"
	}
	also := func(condition string, more ...any) {
		where += " AND " + condition
		args = append(args, more...)
	}
	if !team.CanManage(by) {
		also(`(r.member_id = ? OR r.created_by = ? OR EXISTS (SELECT 1 FROM training_records o
			WHERE o.member_id = ? AND o.subject = r.subject AND o.day = r.day AND o.state <> ? AND o.withdrawn_at IS NULL))`, by.ID, by.ID, by.ID, team.RecordCancelled)
	}
	if f.MemberID != "" {
		also("r.member_id = ?", f.MemberID)
	}
	if f.TrainingID != "" {
		also("r.training_id = ?", f.TrainingID)
	}
	if f.State != "" {
		also("r.state = ?", f.State)
	}
	if !f.From.IsZero() {
		also("r.day >= ?", f.From)
	}
	if !f.To.IsZero() {
		also("r.day <= ?", f.To)
	}
	return readRecords(ctx, t, by, where+" ORDER BY r.day DESC, r.created_at DESC, r.id", args...)
}

// readRecords reads records with their skills, as a person may see them.
func readRecords(ctx context.Context, t tx, by team.Member, where string, args ...any) (list []team.TrainingRecord, err error) {
	if err = t.list(ctx, &list, "SELECT "+recordColumns+fromRecords+where, args...); err != nil || len(list) == 0 {
		return list, err
	}
	at, ids := map[string]*team.TrainingRecord{}, make([]string, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
		if !team.CanSeeFigures(by, list[i].MemberID) {
			list[i].Cost, list[i].ClassCost, list[i].Rating, list[i].Note = 0, 0, 0, ""
		}
	}
	for part := range slices.Chunk(ids, chunk) {
		var skills []team.RecordSkill
		if err = listIn(ctx, t, &skills, "SELECT record_id, skill_id, level FROM training_record_skills WHERE record_id IN (?) ORDER BY record_id, skill_id", part); err != nil {
			return nil, err
		}
		for _, k := range skills {
			at[k.RecordID].Skills = append(at[k.RecordID].Skills, k)
		}
	}
	return list, nil
}

// TrainingVersion is what a record said before somebody corrected it.
type TrainingVersion struct {
	team.TrainingRecord
	ReplacedBy string     `json:"replaced_by,omitzero"`
	ReplacedAt team.Stamp `json:"replaced_at,omitzero"`
}

// TrainingRecord returns one record with what it said before each correction, the
// latest first. The person, leads and who wrote it down may; for others there is none.
func (s *Store) TrainingRecord(ctx context.Context, by team.Member, id string) (r team.TrainingRecord, before []TrainingVersion, err error) {
	err = s.read(ctx, func(t tx) error {
		if r, err = editableRecord(ctx, t, by, id); err != nil {
			return err
		}
		before, err = recordVersions(ctx, t, by, id)
		return err
	})
	return r, before, err
}

// TrainingFiles returns the evidence of a record, without its content, for the person and
// leads; for others there is none.
func (s *Store) TrainingFiles(ctx context.Context, by team.Member, id string) (list []team.File, err error) {
	err = s.read(ctx, func(t tx) error {
		list, err = filesAbout(ctx, t, team.AboutTraining, []string{id})
		return err
	})
	return slices.DeleteFunc(list, func(f team.File) bool { return !team.CanReadFile(by, f.MemberID) }), err
}

// editableRecord returns a record that a person may correct; who wrote it down for
// somebody else does not see their figures.
func editableRecord(ctx context.Context, t tx, by team.Member, id string) (team.TrainingRecord, error) {
	list, err := readRecords(ctx, t, by, "WHERE r.id = ?", id)
	if err == nil && (len(list) == 0 || !team.CanEditRecord(by, list[0])) {
		err = team.ErrNotFound
	}
	if err != nil {
		return team.TrainingRecord{}, err
	}
	return list[0], nil
}

func recordVersions(ctx context.Context, t tx, by team.Member, id string) (list []TrainingVersion, err error) {
	var rows []versionRow
	err = t.list(ctx, &rows, versionQuery+" WHERE record_id = ? ORDER BY version DESC", id)
	for _, row := range rows {
		v, problem := row.read()
		err = firstError(err, func() error { return problem })
		if !team.CanSeeFigures(by, v.MemberID) {
			v.Cost, v.ClassCost, v.Rating, v.Note = 0, 0, 0, ""
		}
		list = append(list, v)
	}
	return list, err
}

// SaveTrainingRecord corrects a record at the version it was read at; what it said
// before is kept. Whose it is does not change. The person, leads and who wrote it down
// may; what it cost and how it went stays as it is when the latter do.
func (s *Store) SaveTrainingRecord(ctx context.Context, by team.Member, today team.Date, r team.TrainingRecord) (team.TrainingRecord, error) {
	if r.Version < 1 {
		return r, team.ErrStale
	}
	err := s.write(ctx, func(t tx) error {
		return changeRecord(ctx, t, by, r.ID, r.Version, "save", func(now *team.TrainingRecord) error {
			cleanRecord(&r)
			if err := correct(ctx, t, &r, *now); err != nil {
				return err
			}
			r.MemberID, r.By, r.CreatedAt, r.WithdrawnAt = now.MemberID, now.By, now.CreatedAt, now.WithdrawnAt
			if !team.CanSeeFigures(by, r.MemberID) {
				r.Cost, r.ClassCost, r.Rating, r.Note = now.Cost, now.ClassCost, now.Rating, now.Note
			}
			*now = r
			return now.Validate(today)
		})
	})
	if err == nil {
		r.Version++
	}
	return r, refusedRecord(err, "day")
}

// correct gives a corrected record what the catalogue says. It stays of the training it
// was of while nobody changes the title, also when that is not on offer any more.
func correct(ctx context.Context, t tx, r *team.TrainingRecord, now team.TrainingRecord) error {
	if now.TrainingID != "" && r.Title == now.Title {
		r.TrainingID, r.Kind, r.Skills = now.TrainingID, now.Kind, now.Skills
		r.Cost, r.ClassCost = max(r.Cost, 0), max(r.ClassCost, 0)
		return nil
	}
	n, err := findTraining(ctx, t, "", r.Title)
	fillRecord(r, n)
	return err
}

// SetTrainingState says that planned trainings took place or not, of all records or of
// none. One that took place before its day is of today. Who may correct the records may.
func (s *Store) SetTrainingState(ctx context.Context, by team.Member, today team.Date, state team.RecordState, ids ...string) error {
	return refusedRecord(s.write(ctx, func(t tx) error {
		return each(ids, func(id string) error {
			return changeRecord(ctx, t, by, id, 0, "state", func(now *team.TrainingRecord) error {
				now.State = state
				if state == team.RecordDone && today.Before(now.Day) {
					now.Day = today
				}
				return now.Validate(today)
			})
		})
	}), "day")
}

// WithdrawTraining takes a record back that was written down by mistake, or puts it
// back again. Who may correct the record may.
func (s *Store) WithdrawTraining(ctx context.Context, by team.Member, id string, back bool) error {
	action := "withdraw"
	if back {
		action = "put_back"
	}
	return refusedRecord(s.write(ctx, func(t tx) error {
		return changeRecord(ctx, t, by, id, 0, action, func(now *team.TrainingRecord) error {
			switch {
			case back:
				now.WithdrawnAt = team.Stamp{}
			case now.WithdrawnAt.IsZero():
				now.WithdrawnAt = t.now
			}
			return nil
		})
	}), "day")
}

// changeRecord changes a record and keeps what it said before; version 0 is any.
func changeRecord(ctx context.Context, t tx, by team.Member, id string, version int, action string, change func(now *team.TrainingRecord) error) error {
	if _, err := editableRecord(ctx, t, by, id); err != nil {
		return err
	}
	// What is kept is the whole record, whatever of it this person sees.
	list, err := readRecords(ctx, t, team.Operator(), "WHERE r.id = ?", id)
	if err != nil {
		return err
	}
	now := list[0]
	if version != 0 && now.Version != version {
		return team.ErrStale
	}
	before := TrainingVersion{TrainingRecord: now, ReplacedBy: by.ID, ReplacedAt: t.now}
	return firstError(change(&now),
		func() error { return updateRecord(ctx, t, now) },
		func() error { return insertVersionOf(ctx, t, id, before) },
		func() error { return audit(ctx, t, by, action, "training_record", id) })
}

// updateRecord writes a record over the version that it has.
func updateRecord(ctx context.Context, t tx, r team.TrainingRecord) error {
	err := t.update(ctx, `UPDATE training_records SET training_id = ?, subject = ?, title = ?, kind = ?, state = ?, day = ?, minutes = ?, cost = ?, class_cost = ?,
		rating = ?, note = ?, withdrawn_at = ?, version = version + 1 WHERE id = ? AND version = ?`,
		null(r.TrainingID), r.Subject(), r.Title, r.Kind, r.State, r.Day, r.Minutes, r.Cost, r.ClassCost, r.Rating, r.Note, r.WithdrawnAt, r.ID, r.Version)
	return firstError(err,
		func() error { return t.run(ctx, "DELETE FROM training_record_skills WHERE record_id = ?", r.ID) },
		func() error { return writeRecordSkills(ctx, t, r) })
}
