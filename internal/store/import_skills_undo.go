package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"tasuki/internal/team"
)

// execInWith runs a statement with one value before its list of ids.
func execInWith(ctx context.Context, t tx, query string, value any, ids []string) error {
	query, args, err := sqlx.In(query, value, ids)
	if err != nil {
		return err
	}
	return t.run(ctx, query, args...)
}

// skillMap takes back what an import put on the map. What people said in the same
// cells stays, and follows what stood there before the import.
func (u *undo) skillMap(ctx context.Context, t tx) error {
	return firstError(u.withdraw(ctx, t, "assessments", " AND x.kind = r.kind", " AND n.kind = r.kind"),
		func() error { return u.withdraw(ctx, t, "targets", "", "") },
		func() error { return u.needs(ctx, t) },
		func() error { return u.catalogue(ctx, t) })
}

// withdraw takes the rows of an import out of a history, whose other rows are linked
// to one another again. At each moment a cell has one last row, which the index
// asks for: those of the import stop being one first.
func (u *undo) withdraw(ctx context.Context, t tx, table, sameX, sameN string) error {
	var n int
	err := t.get(ctx, &n, "SELECT COUNT(*) FROM "+table+" WHERE import_id = ?", u.id)
	if err != nil || n == 0 {
		return err
	}
	u.total += n
	err = firstError(t.run(ctx, "UPDATE "+table+" SET replaced_on = day WHERE import_id = ?", u.id), func() error {
		return t.run(ctx, `UPDATE `+table+` AS r SET replaced_on = (SELECT MIN(n.day) FROM `+table+` n WHERE n.member_id = r.member_id AND n.skill_id = r.skill_id`+sameN+`
			AND n.import_id <> ? AND (n.day > r.day OR (n.day = r.day AND (n.made_at > r.made_at OR (n.made_at = r.made_at AND n.replaced_on IS NULL AND r.replaced_on IS NOT NULL)))))
			WHERE r.import_id <> ? AND r.replaced_on IS NOT NULL AND EXISTS (SELECT 1 FROM `+table+` x WHERE x.import_id = ? AND x.member_id = r.member_id AND x.skill_id = r.skill_id`+sameX+`)`,
			u.id, u.id, u.id)
	}, func() error { return t.run(ctx, "DELETE FROM "+table+" WHERE import_id = ?", u.id) })
	u.step(n)
	return err
}

// needs gives skills back what they needed, unless somebody changed them since.
func (u *undo) needs(ctx context.Context, t tx) error {
	var items []undoItem
	err := t.list(ctx, &items, `SELECT x.kind, x.object_id, x.action, x.version, x.former, k.version AS now, FALSE AS used
		FROM import_items x JOIN skills k ON k.id = x.object_id WHERE x.import_id = ? AND x.kind = 'skill' AND x.action = 'change' ORDER BY x.object_id`, u.id)
	return firstError(err, func() error {
		return each(items, func(item undoItem) error {
			var former team.Skill
			if err := json.Unmarshal([]byte(item.Former), &former); err != nil {
				return fmt.Errorf("read what was there before: %w", err)
			}
			if item.Now != item.Version {
				return nil
			}
			return firstError(
				t.update(ctx, "UPDATE skills SET required_level = ?, minimum = ?, version = version + 1 WHERE id = ? AND version = ?", former.RequiredLevel, former.Minimum, item.ObjectID, item.Now),
				func() error { return audit(ctx, t, u.by, "undo", team.KindSkill, item.ObjectID) },
				func() error { return u.handBack(ctx, t, item, item.Now+1) })
		})
	})
}

// catalogue removes the skills, categories and people that the import added and that
// nothing else knows by now.
func (u *undo) catalogue(ctx context.Context, t tx) error {
	for _, kind := range []struct{ name, table, unused string }{
		{team.KindSkill, "skills", `NOT EXISTS (SELECT 1 FROM assessments a WHERE a.skill_id = skills.id) AND NOT EXISTS (SELECT 1 FROM targets g WHERE g.skill_id = skills.id)
			AND NOT EXISTS (SELECT 1 FROM topic_skills y WHERE y.skill_id = skills.id)`},
		{team.KindCategory, "categories", `NOT EXISTS (SELECT 1 FROM skills k WHERE k.category_id = categories.id)`},
		{team.KindMember, "members", unusedMember},
	} {
		var ids []string
		err := t.list(ctx, &ids, "SELECT object_id FROM import_items WHERE import_id = ? AND kind = ? AND action = ?", u.id, kind.name, team.ImportNew)
		if err != nil {
			return err
		}
		for _, id := range ids {
			n, err := t.exec(ctx, "DELETE FROM "+kind.table+" WHERE id = ? AND version = 1 AND "+kind.unused, id)
			if err == nil && n > 0 {
				err = firstError(audit(ctx, t, u.by, "undo", kind.name, id),
					func() error { return t.run(ctx, "DELETE FROM import_items WHERE object_id = ?", id) })
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// unusedMember holds for somebody of whom nothing is known and who has never come:
// whoever got a link, signed in or did anything stays.
const unusedMember = `NOT EXISTS (SELECT 1 FROM assessments x WHERE x.member_id = members.id OR x.assessed_by = members.id)
	AND NOT EXISTS (SELECT 1 FROM targets x WHERE x.member_id = members.id OR x.set_by = members.id)
	AND NOT EXISTS (SELECT 1 FROM absences x WHERE x.member_id = members.id OR x.created_by = members.id)
	AND NOT EXISTS (SELECT 1 FROM consultations x WHERE x.answered_by = members.id)
	AND NOT EXISTS (SELECT 1 FROM audit x WHERE x.member_id = members.id)
	AND NOT EXISTS (SELECT 1 FROM imports x WHERE x.member_id = members.id OR x.undone_by = members.id)
	AND NOT EXISTS (SELECT 1 FROM sessions x WHERE x.member_id = members.id)
	AND NOT EXISTS (SELECT 1 FROM passwords x WHERE x.member_id = members.id)
	AND NOT EXISTS (SELECT 1 FROM invitations x WHERE x.member_id = members.id)
	AND NOT EXISTS (SELECT 1 FROM compartment_members x WHERE x.member_id = members.id)`
