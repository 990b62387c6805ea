package store

import (
	"context"
	"errors"
	"time"

	"tasuki/internal/team"
)

// errSameKey says that a request with the same key committed in between.
var errSameKey = errors.New("the same form was sent at the same moment")

// requestKey is the key of a form with who sent it.
type requestKey struct {
	by  team.Member
	key string
}

type requestKeyName struct{}

// Once returns a context in which writing happens at most once for a form's key: a
// second write, after a reply that was lost, does nothing and succeeds. It is for
// methods whose result nobody needs again; the others take the key themselves. An
// empty key changes nothing.
func Once(ctx context.Context, by team.Member, key string) context.Context {
	return context.WithValue(ctx, requestKeyName{}, requestKey{by, key})
}

func onlyOnce(ctx context.Context, do func(tx) error) func(tx) error {
	k, _ := ctx.Value(requestKeyName{}).(requestKey)
	if k.key == "" {
		return do
	}
	return func(t tx) error {
		if done, err := once(ctx, t, k.by, k.key); err != nil || done != "" {
			return err
		}
		// The key goes first: the same form at the same moment waits here, before it
		// could meet a name that is taken by then.
		return firstError(remember(ctx, t, k.by, k.key, "done"), func() error { return do(t) })
	}
}

// keyOf is what the database keeps of a key: as long as any other, and of no use to
// another person.
func keyOf(by team.Member, key string) string { return hashToken(by.ID + "\x00" + key) }

// once returns the result that an earlier request with the same key left behind,
// or "" when this is the first. Only the same person gets it.
func once(ctx context.Context, t tx, by team.Member, key string) (string, error) {
	if key == "" {
		return "", nil
	}
	var result string
	err := t.get(ctx, &result, "SELECT result FROM request_keys WHERE key = ?", keyOf(by, key))
	if errors.Is(err, team.ErrNotFound) {
		return "", nil
	}
	return result, err
}

// remember keeps the result of a request under its key for a day of retries.
func remember(ctx context.Context, t tx, by team.Member, key, result string) error {
	if key == "" {
		return nil
	}
	if err := t.run(ctx, "DELETE FROM request_keys WHERE at < ?", team.At(t.now.Add(-24*time.Hour))); err != nil {
		return err
	}
	err := t.run(ctx, "INSERT INTO request_keys (key, member_id, result, at) VALUES (?, ?, ?, ?)", keyOf(by, key), null(by.ID), result, t.now)
	if isUniqueViolation(err) {
		return errSameKey
	}
	return err
}
