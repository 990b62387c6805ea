package store

import (
	"context"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const memberColumns = "m.id, m.name, m.reading, m.name_en, m.email, m.title, m.role, m.language, m.shortcuts, m.no_mails, m.active, m.joined_on, m.version"

// Members returns every member in the order of their readings, those who left included.
func (s *Store) Members(ctx context.Context) (list []team.Member, err error) {
	err = s.read(ctx, func(t tx) error {
		return t.list(ctx, &list, "SELECT "+memberColumns+" FROM members m ORDER BY m.sort_key COLLATE \"C\", m.id")
	})
	return list, err
}

// Member returns one member, or team.ErrNotFound.
func (s *Store) Member(ctx context.Context, id string) (m team.Member, err error) {
	err = s.read(ctx, func(t tx) error {
		return t.get(ctx, &m, "SELECT "+memberColumns+" FROM members m WHERE m.id = ?", id)
	})
	return m, err
}

// SaveMember adds a member (empty id) or changes one at the version it was read
// at. Leads may; nobody gives or takes a role above their own, and one active
// admin always remains.
func (s *Store) SaveMember(ctx context.Context, by team.Member, m team.Member) (team.Member, error) {
	if !team.CanGiveRole(by, m.Role) {
		return m, team.ErrForbidden
	}
	m.Name, m.Email = text.Clean(m.Name), text.Clean(m.Email)
	if err := m.Validate(); err != nil {
		return m, err
	}
	err := s.write(ctx, func(t tx) error {
		if m.ID == "" {
			m.ID, m.Version = newID(), 1
			return firstError(addMember(ctx, t, m), func() error { return audit(ctx, t, by, "add", "member", m.ID) })
		}
		return changeMember(ctx, t, by, &m)
	})
	return m, taken(err, "email")
}

// firstError returns err, or what next returns when err is nil.
func firstError(err error, next ...func() error) error {
	for _, do := range next {
		if err != nil {
			return err
		}
		err = do()
	}
	return err
}

func addMember(ctx context.Context, t tx, m team.Member) error {
	return t.run(ctx, `INSERT INTO members (id, name, reading, sort_key, name_en, email, email_key, title, role, language, shortcuts, no_mails, active, joined_on, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		m.ID, m.Name, m.Reading, memberSortKey(m), m.NameEn, m.Email, text.Key(m.Email), m.Title, m.Role, m.Language,
		m.Shortcuts, m.NoMails, m.Active, m.JoinedOn, m.Version)
}

// memberSortKey orders names by their reading; a name without one sorts by itself.
func memberSortKey(m team.Member) string {
	if m.Reading != "" {
		return text.SortKey(m.Reading)
	}
	return text.SortKey(m.Name)
}

func changeMember(ctx context.Context, t tx, by team.Member, m *team.Member) error {
	var before team.Member
	if err := t.get(ctx, &before, "SELECT "+memberColumns+" FROM members m WHERE m.id = ?", m.ID); err != nil {
		return err
	}
	if !team.CanGiveRole(by, before.Role) {
		return team.ErrForbidden
	}
	if err := keepAnAdmin(ctx, t, before, *m); err != nil {
		return err
	}
	err := t.update(ctx, `UPDATE members SET name = ?, reading = ?, sort_key = ?, name_en = ?, email = ?, email_key = ?, title = ?,
		role = ?, language = ?, active = ?, version = version + 1 WHERE id = ? AND version = ?`,
		m.Name, m.Reading, memberSortKey(*m), m.NameEn, m.Email, text.Key(m.Email), m.Title, m.Role, m.Language, m.Active, m.ID, m.Version)
	if err != nil {
		return err
	}
	m.Version++
	if before.Role != m.Role || before.Active != m.Active {
		// A changed role or a departure ends every session at once, and every open
		// link: one made for a member must not set the password of an admin.
		tables := []string{"sessions", "invitations"}
		if !m.Active {
			tables = append(tables, "calendars") // its address must not come back to life with them
		}
		for _, table := range tables {
			if err := t.run(ctx, "DELETE FROM "+table+" WHERE member_id = ?", m.ID); err != nil {
				return err
			}
		}
	}
	return audit(ctx, t, by, "change", "member", m.ID)
}

func keepAnAdmin(ctx context.Context, t tx, before, after team.Member) error {
	if before.Role != team.RoleAdmin || (after.Role == team.RoleAdmin && after.Active) {
		return nil
	}
	var others int
	err := t.get(ctx, &others, "SELECT COUNT(*) FROM members WHERE role = ? AND active AND id <> ?", team.RoleAdmin, before.ID)
	if err == nil && others == 0 {
		return team.Invalid{{Field: "role", Rule: team.Last}}
	}
	return err
}

// SavePreferences changes what a person decides about their own screen.
func (s *Store) SavePreferences(ctx context.Context, by team.Member, language string, shortcuts, mails bool) error {
	by.Language = language
	if err := by.Validate(); err != nil {
		return err
	}
	return s.write(ctx, func(t tx) error {
		return t.update(ctx, "UPDATE members SET language = ?, shortcuts = ?, no_mails = ? WHERE id = ? AND active", language, shortcuts, !mails, by.ID)
	})
}
