package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// importLife is how long the files of an import wait for somebody to run it.
const importLife = 24 * time.Hour

const importColumns = "i.id, COALESCE(i.member_id, '') AS member_id, i.at, i.name, COALESCE(i.compartment_id, '') AS compartment_id, i.options, i.state, " +
	"i.done, i.total, i.created, i.changed, i.skipped, i.finished_at, i.undone_at, COALESCE(i.undone_by, '') AS undone_by, i.report, i.beat_at"

// importRow is an import with what only the store reads.
type importRow struct {
	team.Import
	Report string     `db:"report"`
	BeatAt team.Stamp `db:"beat_at"`
}

// importVisible is the condition under which a person may know of an import. What
// has not run yet belongs to whoever uploaded it: nobody has said who may read it.
func importVisible(by team.Member) (string, []any) {
	if team.ReadsAll(by) {
		return "1 = 1", nil
	}
	seen, args := visible(by, "i")
	return "((i.state IN (?, ?) AND " + seen + ") OR (i.state NOT IN (?, ?) AND i.member_id = ?))",
		append(append([]any{team.ImportDone, team.ImportUndone}, args...), team.ImportDone, team.ImportUndone, by.ID)
}

// AddImport keeps the files of an import until it runs, is deleted or is a day old.
// Leads may; until it has run, only the person who added it sees it.
func (s *Store) AddImport(ctx context.Context, by team.Member, files []team.ImportFile, options string) (team.Import, error) {
	i := team.Import{ID: newID(), MemberID: by.ID, Name: importName(files), Options: options, State: team.ImportReady}
	if !team.CanManage(by) {
		return i, team.ErrForbidden
	}
	err := s.write(ctx, func(t tx) error {
		i.At = t.now
		if err := tidyImports(ctx, t); err != nil {
			return err
		}
		if err := insertImport(ctx, t, i); err != nil {
			return err
		}
		for place, f := range files {
			err := t.run(ctx, "INSERT INTO import_files (import_id, place, name, content) VALUES (?, ?, ?, ?)", i.ID, place, text.Clean(f.Name), append([]byte{}, f.Content...)) // never NULL
			if err != nil {
				return fmt.Errorf("keep the uploaded file: %w", err)
			}
		}
		return nil
	})
	return i, err
}

func insertImport(ctx context.Context, t tx, i team.Import) error {
	return t.run(ctx, "INSERT INTO imports (id, member_id, at, name, options, state) VALUES (?, ?, ?, ?, ?, ?)",
		i.ID, null(i.MemberID), i.At, i.Name, i.Options, i.State)
}

// importName is what a list calls the files.
func importName(files []team.ImportFile) string {
	name := ""
	for n, f := range files {
		if n == 3 {
			return fmt.Sprintf("%s … (%d)", name, len(files))
		}
		if n > 0 {
			name += ", "
		}
		name += text.Snippet(text.Clean(f.Name), 80)
	}
	return name
}

// TidyImports forgets uploads that nobody ran within a day.
func (s *Store) TidyImports(ctx context.Context) error {
	return s.write(ctx, func(t tx) error { return tidyImports(ctx, t) })
}

func tidyImports(ctx context.Context, t tx) error {
	old := team.At(t.now.Add(-importLife))
	return firstError(t.run(ctx, "DELETE FROM imports WHERE state = ? AND at < ?", team.ImportReady, old),
		func() error {
			return t.run(ctx, "DELETE FROM import_files WHERE import_id IN (SELECT id FROM imports WHERE at < ? AND state <> ?)", old, team.ImportRunning)
		})
}

// ReleaseImports says of the imports that were running on a SQLite file that they
// stopped: only one program serves such a file, so they ended with its last life.
func (s *Store) ReleaseImports(ctx context.Context) error {
	if s.postgres {
		return nil
	}
	return s.write(ctx, func(t tx) error {
		return t.run(ctx, "UPDATE imports SET state = ?, run = '' WHERE state = ?", team.ImportStopped, team.ImportRunning)
	})
}

// Import returns one import, or team.ErrNotFound when there is none that the person
// may know of. One whose program ended in the middle is stopped.
func (s *Store) Import(ctx context.Context, by team.Member, id string) (i team.Import, err error) {
	err = s.read(ctx, func(t tx) error {
		i, err = s.oneImport(ctx, t, by, id)
		return err
	})
	return i, err
}

func (s *Store) oneImport(ctx context.Context, t tx, by team.Member, id string) (team.Import, error) {
	if !team.CanManage(by) {
		return team.Import{}, team.ErrNotFound
	}
	var row importRow
	seen, args := importVisible(by)
	if err := t.get(ctx, &row, "SELECT "+importColumns+" FROM imports i WHERE "+seen+" AND i.id = ?", append(args, id)...); err != nil {
		return row.Import, err
	}
	return s.readImport(t, row)
}

func (s *Store) readImport(t tx, row importRow) (team.Import, error) {
	if row.State == team.ImportRunning && t.now.Sub(row.BeatAt.Time) > s.importGrace() {
		row.State = team.ImportStopped
	}
	if row.Report != "" {
		if err := json.Unmarshal([]byte(row.Report), &row.Left); err != nil {
			return row.Import, fmt.Errorf("read the report of an import: %w", err)
		}
	}
	return row.Import, nil
}

// Imports returns one page of the imports that a person may know of, the latest
// first, and how many there are. Leads may.
func (s *Store) Imports(ctx context.Context, by team.Member, page int) (list []team.Import, total int, err error) {
	if !team.CanManage(by) {
		return nil, 0, team.ErrForbidden
	}
	seen, args := importVisible(by)
	err = s.read(ctx, func(t tx) error {
		if err := t.get(ctx, &total, "SELECT COUNT(*) FROM imports i WHERE "+seen, args...); err != nil {
			return err
		}
		var rows []importRow
		err := t.list(ctx, &rows, "SELECT "+importColumns+" FROM imports i WHERE "+seen+" ORDER BY i.at DESC, i.id LIMIT ? OFFSET ?",
			append(args, PageSize, PageSize*max(page, 0))...)
		for _, row := range rows {
			one, wrong := s.readImport(t, row)
			err, list = firstError(err, func() error { return wrong }), append(list, one)
		}
		return err
	})
	return list, total, err
}

// ImportFiles returns the files of an import that has not run; they are gone (an
// empty list) afterwards and after a day.
func (s *Store) ImportFiles(ctx context.Context, by team.Member, id string) (files []team.ImportFile, err error) {
	err = s.read(ctx, func(t tx) error {
		if _, err := s.oneImport(ctx, t, by, id); err != nil {
			return err
		}
		return t.list(ctx, &files, "SELECT name, content FROM import_files WHERE import_id = ? ORDER BY place", id)
	})
	return files, err
}

// SaveImportOptions keeps how the files of an import are to be read. One that runs
// or has run is team.ErrStale.
func (s *Store) SaveImportOptions(ctx context.Context, by team.Member, id, options string) error {
	return s.write(ctx, func(t tx) error {
		i, err := s.oneImport(ctx, t, by, id)
		if err != nil {
			return err
		}
		if !i.CanRun() {
			return team.ErrStale
		}
		return t.run(ctx, "UPDATE imports SET options = ? WHERE id = ?", options, id)
	})
}

// DeleteImport throws an import away that has not run. One that runs or has run is
// team.ErrStale.
func (s *Store) DeleteImport(ctx context.Context, by team.Member, id string) error {
	return s.write(ctx, func(t tx) error {
		i, err := s.oneImport(ctx, t, by, id)
		if err != nil {
			return err
		}
		if !i.CanRun() {
			return team.ErrStale
		}
		return t.run(ctx, "DELETE FROM imports WHERE id = ?", id)
	})
}

// ImportItems returns one page of what an import wrote, with the titles of now, and
// how many there are. After an undo these are the things that were kept.
func (s *Store) ImportItems(ctx context.Context, by team.Member, id string, page int) (list []team.ImportItem, total int, err error) {
	err = s.read(ctx, func(t tx) error {
		if _, err := s.oneImport(ctx, t, by, id); err != nil {
			return err
		}
		if err := t.get(ctx, &total, "SELECT COUNT(*) FROM import_items WHERE import_id = ?", id); err != nil {
			return err
		}
		// A thing is named only to who may read it: somebody may have been let into the
		// compartment of the import and not of the thing.
		articles, args := visible(by, "a")
		consultations, more := visible(by, "c")
		args = append(append(args, more...), id, PageSize, PageSize*max(page, 0))
		return t.list(ctx, &list, `SELECT x.kind, x.object_id, x.action, x.version, COALESCE(a.title, c.subject, p.name, d.name, k.name, g.name, m.name, '') AS title, COALESCE(c.ref, '') AS ref
			FROM import_items x
			LEFT JOIN articles a ON x.kind = 'article' AND a.id = x.object_id AND `+articles+`
			LEFT JOIN consultations c ON x.kind = 'consultation' AND c.id = x.object_id AND `+consultations+`
			LEFT JOIN topics p ON x.kind = 'topic' AND p.id = x.object_id
			LEFT JOIN departments d ON x.kind = 'department' AND d.id = x.object_id
			LEFT JOIN skills k ON x.kind = 'skill' AND k.id = x.object_id
			LEFT JOIN categories g ON x.kind = 'category' AND g.id = x.object_id
			LEFT JOIN members m ON x.kind = 'member' AND m.id = x.object_id
			WHERE x.import_id = ? ORDER BY x.action, x.kind, title, x.object_id LIMIT ? OFFSET ?`, args...)
	})
	return list, total, err
}
