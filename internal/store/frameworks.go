package store

import (
	"context"
	"slices"
	"strings"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const entryColumns = "e.framework, e.version, e.code, e.kind, e.title, e.text"

// CompareFramework returns what BringInFramework would change. Leads may.
func (s *Store) CompareFramework(ctx context.Context, by team.Member, entries []team.FrameworkEntry) (d team.FrameworkDifference, err error) {
	if !team.CanEditCatalogue(by) {
		return d, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { d, err = compareFramework(ctx, t, entries); return err })
	return d, err
}

// BringInFramework adds the entries of a published framework, or changes them to
// what is published now, all of them or none; entries that are not named stay. A
// second time changes nothing. What skills are called is not touched. Leads may.
func (s *Store) BringInFramework(ctx context.Context, by team.Member, entries []team.FrameworkEntry) (d team.FrameworkDifference, err error) {
	if !team.CanEditCatalogue(by) {
		return d, team.ErrForbidden
	}
	for _, e := range entries {
		if err := e.Validate(); err != nil {
			return d, err
		}
	}
	err = s.writeMuch(ctx, func(t tx) error {
		if d, err = compareFramework(ctx, t, entries); err != nil || len(d.New)+len(d.Changed) == 0 {
			return err
		}
		return firstError(each(d.New, func(e team.FrameworkEntry) error { return insertEntry(ctx, t, e) }),
			func() error {
				return each(d.Changed, func(e team.FrameworkEntry) error { return changeEntry(ctx, t, e) })
			},
			func() error { return audit(ctx, t, by, "import", "framework", "") })
	})
	return d, err
}

// entryID names an entry.
type entryID struct{ framework, version, code string }

func idOfEntry(e team.FrameworkEntry) entryID { return entryID{e.Framework, e.Version, e.Code} }

// compareFramework sorts entries into new, changed and same; the last of two with
// the same code counts.
func compareFramework(ctx context.Context, t tx, entries []team.FrameworkEntry) (d team.FrameworkDifference, err error) {
	stands := map[entryID]team.FrameworkEntry{}
	if err := readVersions(ctx, t, entries, stands); err != nil {
		return d, err
	}
	last := map[entryID]int{}
	for i, e := range entries {
		last[idOfEntry(e)] = i
	}
	for i, e := range entries {
		switch before, known := stands[idOfEntry(e)]; {
		case last[idOfEntry(e)] != i:
		case !known:
			d.New = append(d.New, e)
		case before == e:
			d.Same++
		default:
			d.Changed = append(d.Changed, e)
		}
	}
	return d, nil
}

// readVersions reads all that is stored of the frameworks and versions of some entries.
func readVersions(ctx context.Context, t tx, entries []team.FrameworkEntry, into map[entryID]team.FrameworkEntry) error {
	var read []entryID
	for _, e := range entries {
		of := entryID{framework: e.Framework, version: e.Version}
		if slices.Contains(read, of) {
			continue
		}
		read = append(read, of)
		var list []team.FrameworkEntry
		err := t.list(ctx, &list, "SELECT "+entryColumns+" FROM framework_entries e WHERE e.framework = ? AND e.version = ?", of.framework, of.version)
		if err != nil {
			return err
		}
		for _, one := range list {
			into[idOfEntry(one)] = one
		}
	}
	return nil
}

func insertEntry(ctx context.Context, t tx, e team.FrameworkEntry) error {
	return t.run(ctx, "INSERT INTO framework_entries (framework, version, code, kind, title, title_key, text) VALUES (?, ?, ?, ?, ?, ?, ?)",
		e.Framework, e.Version, e.Code, e.Kind, e.Title, text.Key(e.Title), e.Text)
}

func changeEntry(ctx context.Context, t tx, e team.FrameworkEntry) error {
	return t.run(ctx, "UPDATE framework_entries SET kind = ?, title = ?, title_key = ?, text = ? WHERE framework = ? AND version = ? AND code = ?",
		e.Kind, e.Title, text.Key(e.Title), e.Text, e.Framework, e.Version, e.Code)
}

// MaxEntriesFound is how many entries of frameworks one search returns.
const MaxEntriesFound = 50

// FrameworkEntries finds entries of published frameworks by code or by words, all of
// which have to be there; more says that there are more than MaxEntriesFound. The
// newest version comes first, and in it work roles before single statements. No
// words find nothing. Everybody who may read may.
func (s *Store) FrameworkEntries(ctx context.Context, by team.Member, words string) (list []team.FrameworkEntry, more bool, err error) {
	if !team.CanRead(by) {
		return nil, false, team.ErrForbidden
	}
	where, args := entryCondition(words)
	if where == "" {
		return nil, false, nil
	}
	order := "CASE e.kind"
	for i, kind := range team.EntryKinds {
		order += " WHEN ? THEN " + string(rune('1'+i))
		args = append(args, kind)
	}
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT "+entryColumns+" FROM framework_entries e WHERE "+where+
			` ORDER BY e.framework COLLATE "C", e.version COLLATE "C" DESC, `+order+` ELSE 9 END, e.code COLLATE "C" LIMIT ?`, append(args, MaxEntriesFound+1)...)
	})
	if more = len(list) > MaxEntriesFound; more {
		list = list[:MaxEntriesFound]
	}
	return list, more, err
}

// maxEntryWords bounds the work of one search.
const maxEntryWords = 8

// entryCondition is the condition of a search: every word stands in the code, the
// title or the text. It is "" where there are no words.
func entryCondition(words string) (string, []any) {
	const like = " LIKE ? ESCAPE '!'"
	var parts []string
	var args []any
	list := strings.Fields(strings.ToLower(text.Fold(text.Clean(words))))
	for _, word := range list[:min(len(list), maxEntryWords)] {
		parts = append(parts, "(LOWER(e.code)"+like+" OR LOWER(e.title)"+like+" OR LOWER(e.text)"+like+")")
		part := "%" + likeEscape(word) + "%"
		args = append(args, likeEscape(word)+"%", part, part)
	}
	return strings.Join(parts, " AND "), args
}

// HasFrameworks tells whether any published framework was brought in.
func (s *Store) HasFrameworks(ctx context.Context) (has bool, err error) {
	err = s.read(ctx, func(t tx) error { return t.get(ctx, &has, "SELECT EXISTS (SELECT 1 FROM framework_entries)") })
	return has, err
}

// AddSkillCode adds what a skill is called in a framework, and returns the skill as
// it stands then. One that it has already changes nothing. Leads may.
func (s *Store) AddSkillCode(ctx context.Context, by team.Member, code team.SkillCode) (team.Skill, error) {
	return s.changeCodes(ctx, by, code, func(k *team.Skill) { k.Codes = append(k.Codes, code) })
}

// RemoveSkillCode takes a code from a skill, and returns the skill as it stands
// then. One that it has not changes nothing. Leads may.
func (s *Store) RemoveSkillCode(ctx context.Context, by team.Member, code team.SkillCode) (team.Skill, error) {
	return s.changeCodes(ctx, by, code, func(k *team.Skill) {
		k.Codes = slices.DeleteFunc(k.Codes, func(c team.SkillCode) bool { return c == code })
	})
}

// changeCodes changes the codes of a skill. It counts as a new version of the skill,
// so that somebody who has it open for editing is told.
func (s *Store) changeCodes(ctx context.Context, by team.Member, code team.SkillCode, change func(*team.Skill)) (k team.Skill, err error) {
	if !team.CanEditCatalogue(by) {
		return k, team.ErrForbidden
	}
	err = s.write(ctx, func(t tx) error {
		if k, err = skill(ctx, t, code.SkillID); err != nil {
			return err
		}
		before := slices.Clone(k.Codes)
		change(&k)
		if cleanSkill(&k); slices.Equal(k.Codes, before) {
			return nil
		}
		if err := k.Validate(); err != nil {
			return err
		}
		return firstError(changeSkill(ctx, t, k), func() error { k.Version++; return audit(ctx, t, by, "codes", "skill", k.ID) })
	})
	return k, err
}

// CodeEntries returns what the codes of a skill stand for, as far as their
// frameworks were brought in. Everybody who may read may.
func (s *Store) CodeEntries(ctx context.Context, by team.Member, skillID string) (list []team.FrameworkEntry, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT "+entryColumns+` FROM framework_entries e JOIN skill_codes c ON c.framework = e.framework AND c.version = e.version AND c.code = e.code
			WHERE c.skill_id = ? ORDER BY e.framework, e.version, e.code`, skillID)
	})
	return list, err
}
