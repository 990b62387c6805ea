// Package auth computes what signing in needs; it keeps nothing.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane.
var params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Each computation takes 19 MiB, so a flood of sign-ins must not run side by side,
// and only as many may wait as can be served before people give up.
const (
	sideBySide = 2
	maxWaiting = 32
)

var (
	slots    = make(chan struct{}, sideBySide)
	waiting  atomic.Int64
	computed atomic.Int64
)

// ErrBusy says that too many passwords are being computed already.
var ErrBusy = errors.New("too many passwords are being computed")

// Computed returns how many passwords have been computed since the start.
func Computed() int64 { return computed.Load() }

func acquire(ctx context.Context) (release func(), err error) {
	defer waiting.Add(-1)
	if waiting.Add(1) > maxWaiting {
		return nil, ErrBusy
	}
	select {
	case slots <- struct{}{}:
		computed.Add(1)
		return func() { <-slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// canonical makes the same password of the same letters: keyboards of some systems
// send が as one letter, others as か and a mark. Nothing else is changed.
func canonical(password string) string { return norm.NFC.String(password) }

// Hash returns the argon2id hash of a password in Unicode form NFC. It is ErrBusy
// when too many are waiting, or ctx's error when its turn does not come in time.
func Hash(ctx context.Context, password string) (string, error) {
	release, err := acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return argon2id.CreateHash(canonical(password), params)
}

// nobody is a hash that no password has, to spend the same work on an address that
// does not exist.
var nobody = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(rand.Text(), params) })

// Check tells whether a password belongs to a hash. An empty hash costs the same
// work and is never right. Errors are those of Hash.
func Check(ctx context.Context, password, hash string) (bool, error) {
	release, err := acquire(ctx)
	if err != nil {
		return false, err
	}
	defer release()
	known := hash != ""
	if !known {
		if hash, err = nobody(); err != nil {
			return false, err
		}
	}
	right, err := argon2id.ComparePasswordAndHash(canonical(password), hash)
	return right && known, err
}

// FormToken derives the token that forms carry from the secret of the session:
// another site cannot know it, and it needs no storage.
func FormToken(secret string) string {
	sum := sha256.Sum256([]byte("form\x00" + secret))
	return hex.EncodeToString(sum[:16])
}

// SameToken compares two tokens in a time that tells nothing about them.
func SameToken(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}
