package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// How long a session lives without use and at most, an invitation waits, and how
// many wrong passwords one account may meet within the window.
const (
	sessionIdle       = 8 * time.Hour
	sessionMax        = 7 * 24 * time.Hour
	InvitationLife    = 72 * time.Hour
	failureWindow     = 15 * time.Minute
	MaxSignInFailures = 10
)

// ErrTooManyAttempts says that an account met too many wrong passwords lately.
var ErrTooManyAttempts = errors.New("too many sign-in attempts")

// hashToken is what the database keeps of a secret that is itself random: whoever
// reads the table cannot sign in with it.
func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// PasswordHash returns the active member with this e-mail address and their
// password hash, or team.ErrNotFound; ErrTooManyAttempts when the account is
// resting. Each call counts as an attempt until StartSession follows. The source is
// kept for whoever looks into an attack; it opens no second count, because an
// address on the network costs an attacker nothing.
func (s *Store) PasswordHash(ctx context.Context, email, source string) (m team.Member, hash string, err error) {
	key := accountKey(email)
	if err := s.countAttempt(ctx, key, source); err != nil {
		return m, "", err
	}
	err = s.read(ctx, func(t tx) error {
		if err := t.get(ctx, &m, "SELECT "+memberColumns+" FROM members m WHERE m.email_key = ? AND m.active", key); err != nil {
			return err
		}
		return t.get(ctx, &hash, "SELECT hash FROM passwords WHERE member_id = ?", m.ID)
	})
	return m, hash, err
}

// accountKey is the form in which addresses are compared. What is longer than any
// address can be (and than an index can hold) is cut off.
func accountKey(email string) string {
	const longest = 400
	key := []rune(text.Key(email))
	return string(key[:min(len(key), longest)])
}

// countAttempt notes an attempt and then counts: of many at the same moment, the
// ones that commit late see all before them, so that never more than
// MaxSignInFailures pass. One that does not pass is not counted, or whoever keeps
// knocking would keep the account's owner out for ever.
func (s *Store) countAttempt(ctx context.Context, key, source string) error {
	mark := source + " " + newID() // tells this attempt from the others
	err := s.write(ctx, func(t tx) error {
		since := team.At(t.now.Add(-failureWindow))
		if err := t.run(ctx, "DELETE FROM sign_in_failures WHERE at < ?", since); err != nil {
			return err
		}
		return t.run(ctx, "INSERT INTO sign_in_failures (email_key, source, at) VALUES (?, ?, ?)", key, mark, t.now)
	})
	if err != nil {
		return err
	}
	tooMany := false
	err = s.write(ctx, func(t tx) error {
		var attempts int
		if err := t.get(ctx, &attempts, "SELECT COUNT(*) FROM sign_in_failures WHERE email_key = ?", key); err != nil {
			return err
		}
		if tooMany = attempts > MaxSignInFailures; !tooMany {
			return nil
		}
		return t.run(ctx, "DELETE FROM sign_in_failures WHERE email_key = ? AND source = ?", key, mark)
	})
	if err == nil && tooMany {
		err = ErrTooManyAttempts
	}
	return err
}

// StartSession signs a member in: it forgets their failed attempts and returns
// the secret of a new session, of which only the hash is kept.
func (s *Store) StartSession(ctx context.Context, m team.Member) (string, error) {
	token := newID()
	err := s.write(ctx, func(t tx) error { return startSession(ctx, t, m, token) })
	return token, err
}

func startSession(ctx context.Context, t tx, m team.Member, token string) error {
	if err := t.run(ctx, "DELETE FROM sign_in_failures WHERE email_key = ?", accountKey(m.Email)); err != nil {
		return err
	}
	if err := t.run(ctx, "DELETE FROM sessions WHERE seen_at < ? OR created_at < ?",
		team.At(t.now.Add(-sessionIdle)), team.At(t.now.Add(-sessionMax))); err != nil {
		return err
	}
	if err := t.run(ctx, "INSERT INTO sessions (token_hash, member_id, created_at, seen_at) VALUES (?, ?, ?, ?)",
		hashToken(token), m.ID, t.now, t.now); err != nil {
		return err
	}
	return audit(ctx, t, m, "sign_in", "member", m.ID)
}

// SessionMember returns the active member whose session the secret opens, or
// team.ErrNotFound.
func (s *Store) SessionMember(ctx context.Context, token string) (m team.Member, err error) {
	var seen team.Stamp
	err = s.read(ctx, func(t tx) error {
		row := struct {
			team.Member
			SeenAt    team.Stamp `db:"seen_at"`
			CreatedAt team.Stamp `db:"created_at"`
		}{}
		err := t.get(ctx, &row, "SELECT "+memberColumns+`, s.seen_at, s.created_at FROM sessions s JOIN members m ON m.id = s.member_id
			WHERE s.token_hash = ? AND m.active`, hashToken(token))
		if err != nil {
			return err
		}
		if t.now.Sub(row.SeenAt.Time) > sessionIdle || t.now.Sub(row.CreatedAt.Time) > sessionMax {
			return team.ErrNotFound
		}
		m, seen = row.Member, row.SeenAt
		return nil
	})
	// Once a minute is enough to tell an idle session; every request would be a write.
	if err == nil && s.Now().Sub(seen.Time) > time.Minute {
		s.touch(ctx, token)
	}
	return m, err
}

// touch notes that a session is in use. Reading must not wait for a long write (an
// import), so it gives up soon; the next request tries again.
func (s *Store) touch(ctx context.Context, token string) {
	ctx, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	err := s.write(ctx, func(t tx) error {
		return t.run(ctx, "UPDATE sessions SET seen_at = ? WHERE token_hash = ?", t.now, hashToken(token))
	})
	if err != nil {
		slog.Debug("a session was not noted as seen", "error", err)
	}
}

// EndSession signs out.
func (s *Store) EndSession(ctx context.Context, token string) error {
	return s.write(ctx, func(t tx) error {
		return t.run(ctx, "DELETE FROM sessions WHERE token_hash = ?", hashToken(token))
	})
}

// Empty tells whether nobody is a member yet, so that the first-run link may be offered.
func (s *Store) Empty(ctx context.Context) (bool, error) {
	var n int
	err := s.read(ctx, func(t tx) error { return t.get(ctx, &n, "SELECT COUNT(*) FROM members") })
	return n == 0, err
}

// Invite returns the secret of a one-time link with which a member sets their
// password; an earlier link of the same member stops working. With an empty
// member id it is the first-run link, which creates the first admin.
func (s *Store) Invite(ctx context.Context, by team.Member, memberID string) (string, error) {
	if !team.CanManage(by) {
		return "", team.ErrForbidden
	}
	token := newID()
	err := s.write(ctx, func(t tx) error {
		if memberID != "" {
			var m team.Member
			if err := t.get(ctx, &m, "SELECT "+memberColumns+" FROM members m WHERE m.id = ? AND m.active", memberID); err != nil {
				return err
			}
			// Whoever could set an admin's password would be one.
			if !team.CanGiveRole(by, m.Role) {
				return team.ErrForbidden
			}
		}
		if err := t.run(ctx, "DELETE FROM invitations WHERE COALESCE(member_id, '') = ? OR expires_at < ?", memberID, t.now); err != nil {
			return err
		}
		if err := t.run(ctx, "INSERT INTO invitations (token_hash, member_id, expires_at) VALUES (?, ?, ?)",
			hashToken(token), null(memberID), team.At(t.now.Add(InvitationLife))); err != nil {
			return err
		}
		return audit(ctx, t, by, "invite", "member", memberID)
	})
	return token, err
}

// Invitation returns whom a link is for: a member, or the zero Member for the
// first-run link. A used, expired or unknown link is team.ErrNotFound.
func (s *Store) Invitation(ctx context.Context, token string) (m team.Member, err error) {
	err = s.read(ctx, func(t tx) error { return invitation(ctx, t, token, &m) })
	return m, err
}

func invitation(ctx context.Context, t tx, token string, m *team.Member) error {
	var id string
	err := t.get(ctx, &id, "SELECT COALESCE(member_id, '') FROM invitations WHERE token_hash = ? AND expires_at >= ?", hashToken(token), t.now)
	if err != nil || id == "" {
		return err
	}
	return t.get(ctx, m, "SELECT "+memberColumns+" FROM members m WHERE m.id = ? AND m.active", id)
}

// Accept uses a link up: it sets the password, ends the member's other sessions
// and returns the secret of a new one. For the first-run link, first describes the
// admin to create, and only works while nobody is a member.
func (s *Store) Accept(ctx context.Context, token string, first team.Member, passwordHash string) (team.Member, string, error) {
	var m team.Member
	session := newID()
	err := s.write(ctx, func(t tx) error {
		if err := invitation(ctx, t, token, &m); err != nil {
			return err
		}
		// Of two who use a link at the same moment, one deletes it.
		if n, err := t.exec(ctx, "DELETE FROM invitations WHERE token_hash = ?", hashToken(token)); err != nil || n == 0 {
			return firstError(err, func() error { return team.ErrNotFound })
		}
		if m.ID == "" {
			if err := addFirst(ctx, t, &m, first); err != nil {
				return err
			}
		}
		if err := t.run(ctx, "DELETE FROM sessions WHERE member_id = ?", m.ID); err != nil {
			return err
		}
		if err := t.run(ctx, `INSERT INTO passwords (member_id, hash, changed_at) VALUES (?, ?, ?)
			ON CONFLICT (member_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at`, m.ID, passwordHash, t.now); err != nil {
			return err
		}
		return startSession(ctx, t, m, session)
	})
	return m, session, taken(err, "email")
}

func addFirst(ctx context.Context, t tx, m *team.Member, first team.Member) error {
	var n int
	if err := t.get(ctx, &n, "SELECT COUNT(*) FROM members"); err != nil {
		return err
	}
	if n > 0 {
		return team.ErrNotFound
	}
	*m = first
	m.ID, m.Version, m.Role, m.Active, m.Shortcuts = newID(), 1, team.RoleAdmin, true, true
	if err := m.Validate(); err != nil {
		return err
	}
	return addMember(ctx, t, *m)
}
