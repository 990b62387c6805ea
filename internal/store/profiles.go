package store

import (
	"context"

	"tasuki/internal/team"
)

// Profile is what one person can do and how it came about, as one reader may see it.
type Profile struct {
	Member     team.Member
	Categories []team.Category
	Skills     []team.Skill
	Cells      []team.Cell // of the skills, as of the day asked for; who said it is in History
	// History has every level ever given, the oldest first.
	History []team.Assessment
	// Holders counts of each skill who has the level it needs, in the whole department.
	Holders []int
	// Figures says that the reader may see what is computed of the person.
	Figures bool
}

// Profile returns somebody's profile on a day. Those who may see the person's levels
// may; for everybody else, and for who is not on the map, it is team.ErrNotFound.
// Notes, confidence and targets are for the person and leads.
func (s *Store) Profile(ctx context.Context, by team.Member, memberID string, day team.Date) (p Profile, err error) {
	if !team.CanRead(by) {
		return p, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		m, err := skillMap(ctx, t, by, day)
		if err == nil {
			p, err = profileOn(m, memberID)
		}
		return firstError(err, func() error {
			return t.list(ctx, &p.History, "SELECT "+assessmentColumns+" FROM assessments a WHERE a.member_id = ? AND a.day <= ? ORDER BY a.day, a.made_at, a.id", memberID, day)
		})
	})
	if p.Figures = team.CanSeeFigures(by, memberID); !p.Figures {
		for i := range p.History {
			p.History[i].Note, p.History[i].Confidence = "", 0
		}
	}
	return p, err
}

// LevelsOn returns what counted of each skill on a day.
func (p Profile) LevelsOn(day team.Date) []team.Level {
	granted := map[string][]team.Grant{}
	for i, c := range p.Cells {
		granted[p.Skills[i].ID] = c.Granted
	}
	return team.LevelsOn(p.History, granted, p.Skills, day)
}

func profileOn(m team.SkillMap, memberID string) (Profile, error) {
	for j, person := range m.Members {
		if person.ID != memberID {
			continue
		}
		p := Profile{Member: person, Categories: m.Categories, Skills: m.Skills}
		for i, k := range m.Skills {
			p.Cells = append(p.Cells, m.Cells[i][j])
			p.Holders = append(p.Holders, m.Totals[i].Holders(k.RequiredLevel))
		}
		return p, nil
	}
	return Profile{}, team.ErrNotFound
}

// WaitingLevel is a word of somebody's own that nobody has looked at since.
type WaitingLevel struct {
	Member    team.Member
	Skill     team.Skill
	Declared  team.Assessment
	Validated *team.Assessment // the last one, nil where there is none
	Observed  team.Level
}

// WaitingLevels returns the levels that a person may confirm and that are newer than
// the last confirmation, those that wait longest first. Leads see all but their own,
// experts those of their skills; others none.
func (s *Store) WaitingLevels(ctx context.Context, by team.Member, today team.Date) (list []WaitingLevel, err error) {
	if !team.CanWrite(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		m, err := skillMap(ctx, t, by, today)
		if err != nil {
			return err
		}
		experts, err := expertIn(ctx, t, by, today)
		if err != nil {
			return err
		}
		words, err := unconfirmed(ctx, t)
		list = waiting(m, by, experts, words)
		return err
	})
	return list, err
}

// unconfirmed returns the last words of people that are newer than what was confirmed.
func unconfirmed(ctx context.Context, t tx) (words []team.Assessment, err error) {
	err = t.list(ctx, &words, "SELECT "+assessmentColumns+` FROM assessments a
		LEFT JOIN assessments v ON v.member_id = a.member_id AND v.skill_id = a.skill_id AND v.kind = ? AND v.replaced_on IS NULL
		WHERE a.kind = ? AND a.replaced_on IS NULL AND a.level IS NOT NULL AND (v.id IS NULL OR v.day < a.day OR (v.day = a.day AND v.made_at < a.made_at))
		ORDER BY a.day, a.made_at, a.id`, team.Validated, team.Declared)
	return words, err
}

func waiting(m team.SkillMap, by team.Member, experts map[string]bool, words []team.Assessment) (list []WaitingLevel) {
	skills, members := map[string]int{}, map[string]int{}
	for i, k := range m.Skills {
		skills[k.ID] = i
	}
	for j, person := range m.Members {
		members[person.ID] = j
	}
	for _, a := range words {
		i, used := skills[a.SkillID]
		j, seen := members[a.MemberID]
		if !used || !seen || !team.CanValidate(by, experts[a.SkillID], a.MemberID) {
			continue
		}
		if !team.CanSeeFigures(by, a.MemberID) {
			a.Note, a.Confidence = "", 0
		}
		c := m.Cells[i][j]
		list = append(list, WaitingLevel{Member: m.Members[j], Skill: m.Skills[i], Declared: a, Validated: c.Validated, Observed: c.Observed})
	}
	return list
}
