package store

import (
	"context"
	"encoding/json"
	"fmt"

	"tasuki/internal/team"
)

// TrainingRecordEntry is a training record in an export, with what it said before.
type TrainingRecordEntry struct {
	team.TrainingRecord
	Before []TrainingVersion `json:"before,omitempty"`
}

// exportTrainings hands over the catalogue of trainings, everybody's records, those
// that were taken back too, and what was waved away.
func exportTrainings(ctx context.Context, t tx, write func(any) error) error {
	list, err := trainings(ctx, t)
	return firstError(err,
		func() error { return each(list, func(n team.Training) error { return write(n) }) },
		func() error {
			return inChunks(ctx, t, "SELECT id FROM training_records WHERE id > ? ORDER BY id LIMIT ?", func(id string) string { return id },
				func(ids []string) error { return exportRecords(ctx, t, write, ids) })
		},
		func() error {
			return exportList[TrainingDismissal](ctx, t, write, `SELECT id, record_id, skill_id, own, day, COALESCE(dismissed_by, '') AS dismissed_by
				FROM training_dismissals ORDER BY id`)
		})
}

// exportRecords hands over the records between two ids, both included.
func exportRecords(ctx context.Context, t tx, write func(any) error, ids []string) error {
	list, err := readRecords(ctx, t, team.Operator(), "WHERE r.id >= ? AND r.id <= ? ORDER BY r.id", ids[0], ids[len(ids)-1])
	var rows []versionRow
	err = firstError(err, func() error {
		return t.list(ctx, &rows, versionQuery+" WHERE record_id >= ? AND record_id <= ? ORDER BY record_id, version DESC", ids[0], ids[len(ids)-1])
	})
	before := map[string][]TrainingVersion{}
	for _, row := range rows {
		v, problem := row.read()
		err = firstError(err, func() error { return problem })
		before[row.RecordID] = append(before[row.RecordID], v)
	}
	return firstError(err, func() error {
		return each(list, func(r team.TrainingRecord) error { return write(TrainingRecordEntry{r, before[r.ID]}) })
	})
}

// restoreTrainings writes one thing of the trainings as it is.
func restoreTrainings(ctx context.Context, t tx, entry any) error {
	switch v := entry.(type) {
	case team.Training:
		return firstError(v.Validate(), func() error { return insertTraining(ctx, t, v) })
	case team.TrainingRecord:
		return restoreRecord(ctx, t, v)
	case TrainingRecordEntry:
		return firstError(restoreRecord(ctx, t, v.TrainingRecord), func() error {
			return each(v.Before, func(b TrainingVersion) error { return insertVersionOf(ctx, t, v.ID, b) })
		})
	case TrainingDismissal:
		return insertDismissal(ctx, t, v)
	}
	return fmt.Errorf("restore: nothing is known about %T", entry)
}

func restoreRecord(ctx context.Context, t tx, r team.TrainingRecord) error {
	return firstError(r.Validate(r.Day), func() error { return insertRecord(ctx, t, r) })
}

// versionRow is a line of training_record_versions.
type versionRow struct {
	RecordID   string     `db:"record_id"`
	Content    string     `db:"content"`
	ReplacedBy string     `db:"replaced_by"`
	ReplacedAt team.Stamp `db:"replaced_at"`
}

const versionQuery = "SELECT record_id, content, COALESCE(replaced_by, '') AS replaced_by, replaced_at FROM training_record_versions"

func (r versionRow) read() (v TrainingVersion, err error) {
	v.ReplacedBy, v.ReplacedAt = r.ReplacedBy, r.ReplacedAt
	return v, json.Unmarshal([]byte(r.Content), &v.TrainingRecord)
}

// insertVersionOf keeps what a record said before.
func insertVersionOf(ctx context.Context, t tx, id string, v TrainingVersion) error {
	content, err := json.Marshal(v.TrainingRecord)
	return firstError(err, func() error {
		return t.run(ctx, "INSERT INTO training_record_versions (record_id, version, content, replaced_by, replaced_at) VALUES (?, ?, ?, ?, ?)",
			id, v.Version, string(content), null(v.ReplacedBy), v.ReplacedAt)
	})
}
