package testdb

import (
	"sync"
	"time"

	"tasuki/internal/team"
)

// Clock is a clock that tests move.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the moment that the clock stands at.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// At moves the clock to a moment.
func (c *Clock) At(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now
}

// Set moves the clock to nine o'clock (UTC) of a day.
func (c *Clock) Set(day team.Date) { c.At(day.Time().Add(9 * time.Hour)) }

// Pass lets some time go by.
func (c *Clock) Pass(d time.Duration) { c.At(c.Now().Add(d)) }
