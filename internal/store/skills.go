package store

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const (
	categoryColumns = "c.id, c.name, c.name_en, c.place, c.active, c.version"
	skillColumns    = `s.id, s.category_id, s.name, s.name_en, s.description, s.description_en, s.anchors, s.anchors_en, s.required_level, s.minimum,
		s.redundancy, s.critical, s.weight, s.incident, s.half_life_days, s.valid_days, s.place, s.active, s.version`
)

const topicSkillList = "SELECT topic_id, skill_id, level FROM topic_skills ORDER BY topic_id, skill_id"

// Catalogue is every category and skill, those out of use included, in the order in
// which they are shown.
type Catalogue struct {
	Categories []team.Category
	Skills     []team.Skill      // with their codes
	Topics     []team.TopicSkill // which topics need them
}

// Catalogue returns the whole catalogue. Everybody who may read may see it.
func (s *Store) Catalogue(ctx context.Context, by team.Member) (c Catalogue, err error) {
	if !team.CanRead(by) {
		return c, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { c, err = catalogue(ctx, t); return err })
	return c, err
}

func catalogue(ctx context.Context, t tx) (c Catalogue, err error) {
	var codes []team.SkillCode
	err = firstError(
		t.list(ctx, &c.Categories, "SELECT "+categoryColumns+" FROM categories c ORDER BY c.active DESC, c.place, c.id"),
		func() error {
			return t.list(ctx, &c.Skills, "SELECT "+skillColumns+` FROM skills s JOIN categories c ON c.id = s.category_id
				ORDER BY c.active DESC, c.place, c.id, s.active DESC, s.place, s.id`)
		},
		func() error {
			return t.list(ctx, &codes, "SELECT skill_id, framework, version, code FROM skill_codes ORDER BY skill_id, framework, version, code")
		},
		func() error {
			return t.list(ctx, &c.Topics, topicSkillList)
		})
	attachCodes(c.Skills, codes)
	return c, err
}

func attachCodes(skills []team.Skill, codes []team.SkillCode) {
	at := map[string]*team.Skill{}
	for i := range skills {
		at[skills[i].ID] = &skills[i]
	}
	for _, c := range codes {
		if s := at[c.SkillID]; s != nil {
			s.Codes = append(s.Codes, c)
		}
	}
}

// Skill returns one skill with its codes, or team.ErrNotFound.
func (s *Store) Skill(ctx context.Context, by team.Member, id string) (k team.Skill, err error) {
	if !team.CanRead(by) {
		return k, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { k, err = skill(ctx, t, id); return err })
	return k, err
}

func skill(ctx context.Context, t tx, id string) (k team.Skill, err error) {
	err = firstError(t.get(ctx, &k, "SELECT "+skillColumns+" FROM skills s WHERE s.id = ?", id), func() error {
		return t.list(ctx, &k.Codes, "SELECT skill_id, framework, version, code FROM skill_codes WHERE skill_id = ? ORDER BY framework, version, code", id)
	})
	return k, err
}

// SaveCategory adds a category at the end (empty id) or changes one at the version
// it was read at. Leads may.
func (s *Store) SaveCategory(ctx context.Context, by team.Member, c team.Category) (team.Category, error) {
	c.Name, c.NameEn = text.Clean(c.Name), text.Clean(c.NameEn)
	err := s.saveSetting(ctx, by, "category", &c.ID, &c.Version, c.Validate(), func(t tx, fresh bool) error {
		if fresh {
			return addCategory(ctx, t, &c)
		}
		return t.update(ctx, "UPDATE categories SET name = ?, name_key = ?, name_en = ?, active = ?, version = version + 1 WHERE id = ? AND version = ?",
			c.Name, text.Key(c.Name), c.NameEn, c.Active, c.ID, c.Version)
	})
	return c, taken(err, "name")
}

// addCategory puts a new category after the others.
func addCategory(ctx context.Context, t tx, c *team.Category) error {
	return firstError(t.get(ctx, &c.Place, "SELECT COALESCE(MAX(place), 0) + 1 FROM categories"),
		func() error { return insertCategory(ctx, t, *c) })
}

func insertCategory(ctx context.Context, t tx, c team.Category) error {
	return t.run(ctx, "INSERT INTO categories (id, name, name_key, name_en, place, active, version) VALUES (?, ?, ?, ?, ?, ?, ?)",
		c.ID, c.Name, text.Key(c.Name), c.NameEn, c.Place, c.Active, max(c.Version, 1))
}

// SaveSkill adds a skill at the end of its category (empty id) or changes one at
// the version it was read at, with its codes. Leads may.
func (s *Store) SaveSkill(ctx context.Context, by team.Member, k team.Skill) (team.Skill, error) {
	return s.saveSkill(ctx, by, k, func(tx, string) error { return nil })
}

// SaveSkillForTopics is SaveSkill together with which topics need the skill, in
// place of those said before. Leads may.
func (s *Store) SaveSkillForTopics(ctx context.Context, by team.Member, k team.Skill, ties []team.TopicSkill) (team.Skill, error) {
	return s.saveSkill(ctx, by, k, func(t tx, id string) error { return replaceTopics(ctx, t, id, ties) })
}

// saveSkill saves a skill and what goes with it, which learns the id.
func (s *Store) saveSkill(ctx context.Context, by team.Member, k team.Skill, also func(t tx, id string) error) (team.Skill, error) {
	cleanSkill(&k)
	err := s.saveSetting(ctx, by, "skill", &k.ID, &k.Version, k.Validate(), func(t tx, fresh bool) error {
		if err := knownCategory(ctx, t, k.CategoryID); err != nil {
			return err
		}
		save := func() error { return changeSkill(ctx, t, k) }
		if fresh {
			save = func() error { return addSkill(ctx, t, &k) }
		}
		return firstError(save(), func() error { return also(t, k.ID) })
	})
	return k, taken(err, "name")
}

func knownCategory(ctx context.Context, t tx, id string) error {
	var n int
	if err := t.get(ctx, &n, "SELECT COUNT(*) FROM categories WHERE id = ?", id); err != nil {
		return err
	}
	if n == 0 {
		return team.Invalid{{Field: "category", Rule: team.Unknown}}
	}
	return nil
}

func cleanSkill(k *team.Skill) {
	for _, s := range []*string{&k.Name, &k.NameEn, &k.Description, &k.DescriptionEn} {
		*s = text.Clean(*s)
	}
	for i := range k.Anchors {
		// One sentence is one line, as the column keeps them.
		k.Anchors[i], k.AnchorsEn[i] = oneLine(k.Anchors[i]), oneLine(k.AnchorsEn[i])
	}
	seen, codes := map[string]bool{}, []team.SkillCode(nil)
	for _, c := range k.Codes {
		c.Framework, c.Version, c.Code = oneLine(c.Framework), oneLine(c.Version), oneLine(c.Code)
		if key := c.Framework + "\x00" + c.Version + "\x00" + c.Code; !seen[key] {
			seen[key] = true
			codes = append(codes, c)
		}
	}
	k.Codes = codes
}

func oneLine(s string) string { return strings.Join(strings.Fields(text.Clean(s)), " ") }

// addSkill puts a new skill at the end of its category.
func addSkill(ctx context.Context, t tx, k *team.Skill) error {
	return firstError(t.get(ctx, &k.Place, "SELECT COALESCE(MAX(place), 0) + 1 FROM skills WHERE category_id = ?", k.CategoryID),
		func() error { return insertSkill(ctx, t, *k) })
}

func insertSkill(ctx context.Context, t tx, k team.Skill) error {
	err := t.run(ctx, `INSERT INTO skills (id, category_id, name, name_key, name_en, description, description_en, anchors, anchors_en, required_level, minimum,
		redundancy, critical, weight, incident, half_life_days, valid_days, place, active, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ID, k.CategoryID, k.Name, text.Key(k.Name), k.NameEn, k.Description, k.DescriptionEn, k.Anchors, k.AnchorsEn, k.RequiredLevel, k.Minimum,
		k.Redundancy, k.Critical, k.Weight, k.Incident, k.HalfLifeDays, k.ValidDays, k.Place, k.Active, max(k.Version, 1))
	return firstError(err, func() error { return writeCodes(ctx, t, k) })
}

func changeSkill(ctx context.Context, t tx, k team.Skill) error {
	err := t.update(ctx, `UPDATE skills SET category_id = ?, name = ?, name_key = ?, name_en = ?, description = ?, description_en = ?, anchors = ?, anchors_en = ?,
		required_level = ?, minimum = ?, redundancy = ?, critical = ?, weight = ?, incident = ?, half_life_days = ?, valid_days = ?, active = ?,
		version = version + 1 WHERE id = ? AND version = ?`,
		k.CategoryID, k.Name, text.Key(k.Name), k.NameEn, k.Description, k.DescriptionEn, k.Anchors, k.AnchorsEn, k.RequiredLevel, k.Minimum, k.Redundancy,
		k.Critical, k.Weight, k.Incident, k.HalfLifeDays, k.ValidDays, k.Active, k.ID, k.Version)
	return firstError(err,
		func() error { return t.run(ctx, "DELETE FROM skill_codes WHERE skill_id = ?", k.ID) },
		func() error { return writeCodes(ctx, t, k) })
}

func writeCodes(ctx context.Context, t tx, k team.Skill) error {
	return each(k.Codes, func(c team.SkillCode) error {
		return t.run(ctx, "INSERT INTO skill_codes (skill_id, framework, version, code) VALUES (?, ?, ?, ?)", k.ID, c.Framework, c.Version, c.Code)
	})
}

// SaveTopicSkills says which topics need a skill, and at which level; it replaces
// what was said before. Leads may.
func (s *Store) SaveTopicSkills(ctx context.Context, by team.Member, skillID string, ties []team.TopicSkill) error {
	if !team.CanEditCatalogue(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		if _, err := skill(ctx, t, skillID); err != nil {
			return err
		}
		return firstError(replaceTopics(ctx, t, skillID, ties), func() error { return audit(ctx, t, by, "tie", "skill", skillID) })
	})
}

func replaceTopics(ctx context.Context, t tx, skillID string, ties []team.TopicSkill) error {
	err := firstError(t.run(ctx, "DELETE FROM topic_skills WHERE skill_id = ?", skillID), func() error {
		return each(ties, func(tie team.TopicSkill) error {
			tie.SkillID = skillID
			return firstError(tie.Validate(), func() error { return insertTopicSkill(ctx, t, tie) })
		})
	})
	if isForeignKeyViolation(err) {
		err = team.Invalid{{Field: "topics", Rule: team.Unknown}}
	}
	return err
}

func insertTopicSkill(ctx context.Context, t tx, tie team.TopicSkill) error {
	return t.run(ctx, "INSERT INTO topic_skills (topic_id, skill_id, level) VALUES (?, ?, ?)", tie.TopicID, tie.SkillID, tie.Level)
}

// NamesVisible tells whether everybody sees names on the map, or only the totals
// and their own row.
func (s *Store) NamesVisible(ctx context.Context) (visible bool, err error) {
	err = s.read(ctx, func(t tx) error { visible, err = namesVisible(ctx, t); return err })
	return visible, err
}

func namesVisible(ctx context.Context, t tx) (visible bool, err error) {
	err = t.get(ctx, &visible, "SELECT names_visible FROM instance")
	return visible, err
}

// SaveNamesVisible decides who sees names on the map. Leads may.
func (s *Store) SaveNamesVisible(ctx context.Context, by team.Member, visible bool) error {
	if !team.CanEditCatalogue(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		return firstError(t.run(ctx, "UPDATE instance SET names_visible = ?", visible),
			func() error { return audit(ctx, t, by, "names", "skill_map", "") })
	})
}

// SaveOrder puts categories, and skills within their categories, in the order of some
// ids; those that are not named come after, in the order they had. Leads may.
func (s *Store) SaveOrder(ctx context.Context, by team.Member, ids []string) error {
	if !team.CanEditCatalogue(by) {
		return team.ErrForbidden
	}
	return s.write(ctx, func(t tx) error {
		c, err := catalogue(ctx, t)
		if err != nil {
			return err
		}
		at := map[string]int{}
		for i, id := range ids {
			at[id] = i + 1
		}
		var categories, skills []string
		for _, g := range c.Categories {
			categories = append(categories, g.ID)
		}
		for _, k := range c.Skills {
			skills = append(skills, k.ID)
		}
		return firstError(number(ctx, t, "UPDATE categories SET place = ? WHERE id = ?", categories, at),
			func() error { return number(ctx, t, "UPDATE skills SET place = ? WHERE id = ?", skills, at) },
			func() error { return audit(ctx, t, by, "order", "skill", "") })
	})
}

// number gives things their places: those that are named first, by where they stand.
func number(ctx context.Context, t tx, update string, list []string, at map[string]int) error {
	slices.SortStableFunc(list, func(a, b string) int {
		return cmp.Compare(cmp.Or(at[a], len(at)+1), cmp.Or(at[b], len(at)+1))
	})
	for i, id := range list {
		if err := t.run(ctx, update, i+1, id); err != nil {
			return err
		}
	}
	return nil
}
