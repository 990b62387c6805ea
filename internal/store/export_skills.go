package store

import (
	"context"

	"tasuki/internal/team"
)

// exportSkills hands over the catalogue, the frameworks, everybody's levels, targets and
// absences, and the trainings.
func exportSkills(ctx context.Context, t tx, write func(any) error) error {
	return firstError(
		exportList[team.Settings](ctx, t, write, "SELECT names_visible FROM instance"),
		func() error {
			return exportList[team.Category](ctx, t, write, "SELECT "+categoryColumns+" FROM categories c ORDER BY c.id")
		},
		func() error {
			c, err := catalogue(ctx, t)
			return firstError(err, func() error { return each(c.Skills, func(k team.Skill) error { return write(k) }) },
				func() error { return each(c.Topics, func(k team.TopicSkill) error { return write(k) }) })
		},
		func() error {
			return exportList[team.FrameworkEntry](ctx, t, write, "SELECT "+entryColumns+` FROM framework_entries e
				ORDER BY e.framework COLLATE "C", e.version COLLATE "C", e.code COLLATE "C"`)
		},
		func() error {
			return exportList[team.Assessment](ctx, t, write, "SELECT "+assessmentColumns+" FROM assessments a ORDER BY a.id")
		},
		func() error {
			return exportList[team.Target](ctx, t, write, "SELECT "+targetColumns+" FROM targets g ORDER BY g.id")
		},
		func() error {
			return exportList[team.Absence](ctx, t, write, "SELECT "+absenceColumns+" FROM absences a ORDER BY a.id")
		},
		func() error { return exportTrainings(ctx, t, write) })
}

// restoreSkills writes one thing of the skill map as it is. Numbers that cannot be,
// which only somebody who changed the export can have written, are team.Invalid.
func restoreSkills(ctx context.Context, t tx, entry any) error {
	switch v := entry.(type) {
	case team.Category:
		return insertCategory(ctx, t, v)
	case team.Skill:
		return firstError(v.Validate(), func() error { return insertSkill(ctx, t, v) })
	case team.TopicSkill:
		return firstError(v.Validate(), func() error { return insertTopicSkill(ctx, t, v) })
	case team.FrameworkEntry:
		return insertEntry(ctx, t, v)
	case team.Assessment:
		return firstError(v.Validate(v.Day), func() error { return insertAssessment(ctx, t, v) })
	case team.Target:
		return firstError(v.Validate(v.Day), func() error { return insertTarget(ctx, t, v) })
	case team.Absence:
		return firstError(v.Validate(), func() error { return insertAbsence(ctx, t, v) })
	}
	return restoreCertificates(ctx, t, entry)
}
