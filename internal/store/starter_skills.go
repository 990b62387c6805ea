package store

import (
	"context"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// starterID is the id of what comes from the starter catalogue: it stays known after
// somebody has given it another name.
func starterID(key string) string { return "starter-" + key }

// Taken tells by their keys which skills of the starter catalogue are in a catalogue
// already: taken over earlier, or written under the same name.
func (c Catalogue) Taken(starter []team.StarterCategory) map[string]bool {
	ids, names := map[string]bool{}, map[string]bool{}
	for _, k := range c.Skills {
		ids[k.ID], names[text.Key(k.Name)] = true, true
	}
	taken := map[string]bool{}
	for _, g := range starter {
		for _, k := range g.Skills {
			taken[k.Key] = ids[starterID(k.Key)] || names[text.Key(k.Skill.Name)]
		}
	}
	return taken
}

// TakeStarterSkills adds those of some categories and skills that are not there yet,
// in one transaction, and returns how many skills it added. Leads may.
func (s *Store) TakeStarterSkills(ctx context.Context, by team.Member, chosen []team.StarterCategory) (added int, err error) {
	if !team.CanEditCatalogue(by) {
		return 0, team.ErrForbidden
	}
	err = s.write(ctx, func(t tx) error {
		added = 0
		// Two people who take the same skills at the same moment do so one after the other.
		if err := t.run(ctx, "UPDATE instance SET names_visible = names_visible"); err != nil {
			return err
		}
		c, err := catalogue(ctx, t)
		if err != nil {
			return err
		}
		has := c.Taken(chosen)
		for _, g := range chosen {
			n, err := takeCategory(ctx, t, c, g, has)
			if err != nil {
				return err
			}
			added += n
		}
		return audit(ctx, t, by, "starter", "skill", "")
	})
	return added, err
}

// takeCategory adds the skills of a category that are not there yet.
func takeCategory(ctx context.Context, t tx, c Catalogue, g team.StarterCategory, has map[string]bool) (added int, err error) {
	id := ""
	for _, k := range g.Skills {
		if has[k.Key] {
			continue
		}
		if id == "" {
			if id, err = categoryFor(ctx, t, c, g); err != nil {
				return added, err
			}
		}
		skill := k.Skill
		skill.ID, skill.CategoryID = starterID(k.Key), id
		if err := addSkill(ctx, t, &skill); err != nil {
			return added, err
		}
		added++
	}
	return added, nil
}

// categoryFor returns the id of the category of the department that g is, a new one
// where there is none.
func categoryFor(ctx context.Context, t tx, c Catalogue, g team.StarterCategory) (string, error) {
	for _, there := range c.Categories {
		if there.ID == starterID(g.Key) || text.Key(there.Name) == text.Key(g.Category.Name) {
			return there.ID, nil
		}
	}
	fresh := g.Category
	fresh.ID = starterID(g.Key)
	return fresh.ID, addCategory(ctx, t, &fresh)
}
