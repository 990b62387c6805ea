package store

import (
	"context"
	"path"
	"strings"
	"unicode"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// fileColumns are those of a list; what a file holds is read one at a time.
const fileColumns = "f.id, f.member_id, f.about, f.about_id, f.kind, f.name, f.size, COALESCE(f.added_by, '') AS added_by, f.added_at"

// fileOwners ask whose evidence something is.
var fileOwners = map[team.FileAbout]string{
	team.AboutCertificate: "SELECT member_id FROM certificates WHERE id = ?",
	team.AboutCredits:     "SELECT member_id FROM credit_activities WHERE id = ? AND removed_at IS NULL",
	team.AboutTraining:    "SELECT member_id FROM training_records WHERE id = ? AND withdrawn_at IS NULL",
}

// AddFile attaches evidence (About, AboutID, Name, Content) to something of somebody.
// What it is, is told by its content. Whose it is, is read from the database; for
// others than that person and leads there is no such thing. Past a limit, and when it
// is no file that we take: team.Invalid.
func (s *Store) AddFile(ctx context.Context, by team.Member, f team.File, key string) (team.File, error) {
	err := s.write(ctx, func(t tx) error {
		if id, err := once(ctx, t, by, key); err != nil || id != "" {
			f.ID = id
			return err
		}
		// Whose it is comes first: others learn nothing of it by what they send.
		if err := ownFile(ctx, t, by, &f); err != nil {
			return err
		}
		var err error
		if f.Kind, f.Content, err = team.ReadFile(f.Content); err != nil {
			return err
		}
		f.Name, f.Size, f.By = fileName(f.Name, f.Kind), len(f.Content), by.ID
		return firstError(holdCells(ctx, t, f.MemberID), func() error { return roomFor(ctx, t, f) }, func() error {
			f.ID, f.AddedAt = newID(), t.now
			return insertFile(ctx, t, f)
		}, func() error { return audit(ctx, t, by, "attach", string(f.About), f.AboutID) },
			func() error { return remember(ctx, t, by, key, f.ID) })
	})
	return f, err
}

// ownFile reads whose evidence it is, and checks that it may be attached.
func ownFile(ctx context.Context, t tx, by team.Member, f *team.File) error {
	query, known := fileOwners[f.About]
	if !known {
		return team.ErrNotFound
	}
	err := t.get(ctx, &f.MemberID, query, f.AboutID)
	if err == nil && !team.CanAddFile(by, f.MemberID) {
		err = team.ErrNotFound
	}
	return err
}

// extensions are how files of a kind end.
var extensions = map[team.FileKind]string{team.FilePDF: ".pdf", team.FilePNG: ".png", team.FileJPEG: ".jpg"}

// fileName is the name under which a file is kept: without folders or signs that a
// file system or a header reads in its own way, and ending as what it is.
func fileName(name string, kind team.FileKind) string {
	name = path.Base(strings.ReplaceAll(text.Clean(name), "\\", "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`/\:*?"<>|;%`, r) || !unicode.IsGraphic(r) {
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.TrimSuffix(name, path.Ext(name)), ". ")
	if name == "" {
		name = string(kind)
	}
	return text.Snippet(name, 80) + extensions[kind]
}

// roomFor refuses what goes beyond the limits of one thing, one person and everybody.
func roomFor(ctx context.Context, t tx, f team.File) error {
	var used struct {
		Files  int   `db:"files"`
		Member int64 `db:"of_member"`
		All    int64 `db:"of_all"`
	}
	err := t.get(ctx, &used, `SELECT COALESCE(SUM(CASE WHEN about = ? AND about_id = ? THEN 1 ELSE 0 END), 0) AS files,
		COALESCE(SUM(CASE WHEN member_id = ? THEN size ELSE 0 END), 0) AS of_member, COALESCE(SUM(size), 0) AS of_all FROM files`, f.About, f.AboutID, f.MemberID)
	switch {
	case err != nil:
		return err
	case used.Files >= team.MaxFilesOfOne, used.Member+int64(f.Size) > team.MaxFilesMember, used.All+int64(f.Size) > team.MaxFilesAll:
		return team.Invalid{{Field: "file", Rule: team.Full}}
	}
	return nil
}

func insertFile(ctx context.Context, t tx, f team.File) error {
	return t.run(ctx, "INSERT INTO files (id, member_id, about, about_id, kind, name, size, content, added_by, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		f.ID, f.MemberID, f.About, f.AboutID, f.Kind, f.Name, f.Size, f.Content, null(f.By), f.AddedAt)
}

// File returns evidence with its content. For others than the person and leads there
// is none.
func (s *Store) File(ctx context.Context, by team.Member, id string) (f team.File, err error) {
	err = s.read(ctx, func(t tx) error {
		err := t.get(ctx, &f, "SELECT "+fileColumns+", f.content FROM files f WHERE f.id = ?", id)
		if err == nil && !team.CanReadFile(by, f.MemberID) {
			f, err = team.File{}, team.ErrNotFound
		}
		return err
	})
	return f, err
}

// filesAbout returns the evidence of some things, without its content, the oldest first.
func filesAbout(ctx context.Context, t tx, about team.FileAbout, ids []string) (list []team.File, err error) {
	if len(ids) == 0 {
		return nil, nil
	}
	// The kind is one of our own words, not of the reader.
	err = listIn(ctx, t, &list, "SELECT "+fileColumns+" FROM files f WHERE f.about = '"+string(about)+"' AND f.about_id IN (?) ORDER BY f.added_at, f.id", ids)
	return list, err
}

// RemoveFile takes evidence off. The person and leads may; for others there is none.
func (s *Store) RemoveFile(ctx context.Context, by team.Member, id string) error {
	return s.write(ctx, func(t tx) error {
		var f team.File
		err := t.get(ctx, &f, "SELECT "+fileColumns+" FROM files f WHERE f.id = ?", id)
		if err == nil && !team.CanAddFile(by, f.MemberID) {
			err = team.ErrNotFound
		}
		return firstError(err, func() error { return t.run(ctx, "DELETE FROM files WHERE id = ?", id) },
			func() error { return audit(ctx, t, by, "detach", string(f.About), f.AboutID) })
	})
}
