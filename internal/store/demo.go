package store

import (
	"context"
	"slices"

	"tasuki/internal/team"
)

// DemoData is a whole department with its history, as values that refer to each
// other by id: the fields of sample.Company, in their order.
type DemoData struct {
	Members       []team.Member
	Departments   []team.Department
	Topics        []team.Topic
	Requesters    []team.Requester
	Compartments  []team.Compartment
	Articles      []team.Article
	Versions      []team.ArticleVersion
	Flags         []team.Flag
	Consultations []team.Consultation
	Categories    []team.Category
	Skills        []team.Skill
	TopicSkills   []team.TopicSkill
	Assessments   []team.Assessment
	Targets       []team.Target
	Absences      []team.Absence
	Trainings     []team.Training
	Records       []team.TrainingRecord
	// Certifications do not say whom they renew: Renewals do.
	Certifications []team.Certification
	Renewals       []team.CertificationRenewal
	Certificates   []team.Certificate
	Activities     []team.CreditActivity
	Files          []team.File
}

// LoadDemo fills an empty instance with a department in one transaction, with the
// ids and moments it brings, and marks it as a demo. An instance that has members
// is team.ErrNotEmpty.
func (s *Store) LoadDemo(ctx context.Context, d DemoData) error {
	return s.write(ctx, func(t tx) error {
		var n int
		if err := t.get(ctx, &n, "SELECT COUNT(*) FROM members"); err != nil {
			return err
		}
		if n > 0 {
			return team.ErrNotEmpty
		}
		if err := t.run(ctx, "UPDATE instance SET demo = ?, certifications_loaded = ?", true, len(d.Certifications) > 0); err != nil {
			return err
		}
		return each(d.entries(), func(entry any) error { return restore(ctx, t, entry) })
	})
}

// each runs do for every value until one fails.
func each[T any](list []T, do func(T) error) error {
	for _, v := range list {
		if err := do(v); err != nil {
			return err
		}
	}
	return nil
}

// entries returns everything in the order of an export.
func (d DemoData) entries() []any {
	all := slices.Concat(anys(d.Departments), anys(d.Topics), anys(d.Members), anys(d.Compartments), anys(d.Requesters),
		anys(d.Categories), anys(d.Skills), anys(d.TopicSkills), anys(d.Assessments), anys(d.Targets), anys(d.Absences),
		anys(d.Certifications), anys(d.Renewals), anys(d.Certificates), anys(d.Activities), anys(d.Files), anys(d.Trainings), anys(d.Records), anys(d.Consultations))
	for _, a := range d.Articles {
		e := ArticleEntry{Article: a}
		for _, v := range d.Versions {
			if v.ArticleID == a.ID {
				e.Versions = append(e.Versions, v)
			}
		}
		for _, f := range d.Flags {
			if f.ArticleID == a.ID {
				e.Flags = append(e.Flags, f)
			}
		}
		for _, c := range d.Consultations {
			for _, l := range c.Links {
				if l.ArticleID == a.ID {
					l.ConsultationID = c.ID
					e.Uses = append(e.Uses, l)
				}
			}
		}
		all = append(all, e)
	}
	return all
}

func anys[T any](list []T) []any {
	all := make([]any, len(list))
	for i, v := range list {
		all[i] = v
	}
	return all
}
