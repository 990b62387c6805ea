// Package auth computes what signing in needs; it keeps nothing.
package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"sync"

	"github.com/alexedwards/argon2id"
)

// OWASP's second recommendation for argon2id: 19 MiB, two passes, one lane.
var params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// Each computation takes 19 MiB, so a flood of sign-ins must not run side by side.
var slots = make(chan struct{}, 2)

func acquire(ctx context.Context) (release func(), err error) {
	select {
	case slots <- struct{}{}:
		return func() { <-slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Hash returns the argon2id hash of a password, or ctx's error when too many are
// being computed.
func Hash(ctx context.Context, password string) (string, error) {
	release, err := acquire(ctx)
	if err != nil {
		return "", err
	}
	defer release()
	return argon2id.CreateHash(password, params)
}

// nobody is a hash that no password has, to spend the same time on an address that
// does not exist.
var nobody = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(string(make([]byte, 32)), params) })

// Check tells whether a password belongs to a hash. An empty hash takes as long
// and is never right.
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
	right, err := argon2id.ComparePasswordAndHash(password, hash)
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
