package store

import (
	"context"
	"slices"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// Compartments returns the compartments a person belongs to, with their members;
// for the operator, all of them.
func (s *Store) Compartments(ctx context.Context, by team.Member) (list []team.Compartment, err error) {
	err = s.read(ctx, func(t tx) error {
		list, err = compartments(ctx, t, by)
		return err
	})
	return list, err
}

func compartments(ctx context.Context, t tx, by team.Member) ([]team.Compartment, error) {
	var list []team.Compartment
	query, args := "SELECT id, name, version FROM compartments c", []any{}
	if !team.ReadsAll(by) {
		query += " WHERE EXISTS (SELECT 1 FROM compartment_members m WHERE m.compartment_id = c.id AND m.member_id = ?)"
		args = append(args, by.ID)
	}
	if err := t.list(ctx, &list, query+" ORDER BY c.name_key COLLATE \"C\", c.id", args...); err != nil {
		return nil, err
	}
	var rows []struct {
		Compartment string `db:"compartment_id"`
		Member      string `db:"member_id"`
	}
	if err := t.list(ctx, &rows, "SELECT compartment_id, member_id FROM compartment_members ORDER BY compartment_id, member_id"); err != nil {
		return nil, err
	}
	for i := range list {
		for _, r := range rows {
			if r.Compartment == list[i].ID {
				list[i].Members = append(list[i].Members, r.Member)
			}
		}
	}
	return list, nil
}

// SaveCompartment adds a compartment (empty id) or changes its name and members.
// Leads may, and only for the compartments they belong to; whoever adds one
// belongs to it.
func (s *Store) SaveCompartment(ctx context.Context, by team.Member, c team.Compartment) (team.Compartment, error) {
	c.Name = text.Clean(c.Name)
	if c.ID == "" && by.ID != "" && !slices.Contains(c.Members, by.ID) {
		c.Members = append(c.Members, by.ID)
	}
	if !team.CanManage(by) {
		return c, team.ErrForbidden
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	err := s.write(ctx, func(t tx) error {
		if err := writeCompartment(ctx, t, by, &c); err != nil {
			return err
		}
		if err := audit(ctx, t, by, "save", "compartment", c.ID); err != nil {
			return err
		}
		return recordChange(ctx, t, team.KindCompartment, c.ID)
	})
	return c, err
}

func writeCompartment(ctx context.Context, t tx, by team.Member, c *team.Compartment) error {
	var err error
	if c.ID == "" {
		c.ID, c.Version = newID(), 1
		err = t.run(ctx, "INSERT INTO compartments (id, name, name_key) VALUES (?, ?, ?)", c.ID, c.Name, text.Key(c.Name))
	} else {
		if err = checkCompartment(ctx, t, by, c.ID); err != nil {
			return err
		}
		err = t.update(ctx, "UPDATE compartments SET name = ?, name_key = ?, version = version + 1 WHERE id = ? AND version = ?",
			c.Name, text.Key(c.Name), c.ID, c.Version)
		c.Version++
	}
	if err != nil {
		return err
	}
	if err := t.run(ctx, "DELETE FROM compartment_members WHERE compartment_id = ?", c.ID); err != nil {
		return err
	}
	slices.Sort(c.Members)
	c.Members = slices.Compact(c.Members)
	for _, member := range c.Members {
		if err := t.run(ctx, "INSERT INTO compartment_members (compartment_id, member_id) VALUES (?, ?)", c.ID, member); err != nil {
			return err
		}
	}
	return nil
}
