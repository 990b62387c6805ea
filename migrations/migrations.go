// Package migrations holds the database schema, one numbered file a step, the
// same text for SQLite and PostgreSQL. A file never changes after its release.
package migrations

import "embed"

// Files holds every step, in goose's format.
//
//go:embed *.sql
var Files embed.FS
