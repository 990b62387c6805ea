package store

import (
	"context"

	"tasuki/internal/team"
)

// deadlineSources are the things that have deadlines.
var deadlineSources []func(ctx context.Context, t tx, from, until team.Date) ([]team.Deadline, error)

// deadlines returns everybody's deadlines between two days, both included.
func deadlines(ctx context.Context, t tx, from, until team.Date) (all []team.Deadline, err error) {
	for _, source := range deadlineSources {
		list, err := source(ctx, t, from, until)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}
