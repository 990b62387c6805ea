package team

import "time"

// How long a draft is kept after it was last saved, and how many a person can have.
const (
	DraftLife = 30 * 24 * time.Hour
	MaxDrafts = 100
)

// MaxDraft is the longest draft in bytes: all boxes of an answer filled to the brim,
// as a form sends them, are shorter.
const MaxDraft = 512 << 10

// Draft is what somebody has typed into a form and not sent yet. Only they see it.
type Draft struct {
	Place   string `db:"place"`   // which form
	Content string `db:"content"` // its fields, as a form sends them; "" when there is no draft
	SavedAt Stamp  `db:"saved_at"`
}
