package store

import (
	"context"

	"tasuki/internal/team"
)

// exportCertificates hands over the catalogue of certifications, who holds what with
// its history, what counts for it, and the evidence.
func exportCertificates(ctx context.Context, t tx, write func(any) error) error {
	return firstError(exportCertifications(ctx, t, write),
		func() error {
			list, err := allCertificates(ctx, t)
			return firstError(err, func() error { return each(list, func(c team.Certificate) error { return write(c) }) })
		},
		func() error {
			list, err := allActivities(ctx, t)
			return firstError(err, func() error { return each(list, func(a team.CreditActivity) error { return write(a) }) })
		},
		func() error { return exportFiles(ctx, t, write) })
}

// exportCertifications hands over first all certifications, then which of them renew
// each other.
func exportCertifications(ctx context.Context, t tx, write func(any) error) error {
	list, err := certifications(ctx, t)
	return firstError(err,
		func() error {
			return each(list, func(c team.Certification) error {
				c.Renews = nil
				return write(c)
			})
		},
		func() error {
			return exportList[team.CertificationRenewal](ctx, t, write, "SELECT certification_id, renews_id FROM certification_renewals ORDER BY certification_id, renews_id")
		})
}

// exportFiles hands over the evidence, one file at a time.
func exportFiles(ctx context.Context, t tx, write func(any) error) error {
	var ids []string
	err := t.list(ctx, &ids, "SELECT id FROM files ORDER BY id")
	return firstError(err, func() error {
		return each(ids, func(id string) error {
			var f team.File
			err := t.get(ctx, &f, "SELECT "+fileColumns+", f.content FROM files f WHERE f.id = ?", id)
			return firstError(err, func() error { return write(f) })
		})
	})
}

// restoreCertificates writes one thing about certificates as it is.
func restoreCertificates(ctx context.Context, t tx, entry any) error {
	switch v := entry.(type) {
	case team.Certification:
		return firstError(v.Validate(), func() error { return insertCertification(ctx, t, v) }, func() error { return insertCertificationTies(ctx, t, v) },
			// An export from before there were any leaves the place to the well-known ones.
			func() error { return t.run(ctx, "UPDATE instance SET certifications_loaded = ?", true) })
	case team.CertificationRenewal:
		return insertRenewal(ctx, t, v)
	case team.Certificate:
		return firstError(insertCertificate(ctx, t, v), func() error {
			return each(v.Periods, func(p team.CertificatePeriod) error {
				p.CertificateID = v.ID
				return insertPeriod(ctx, t, p)
			})
		})
	case team.CreditActivity:
		return insertActivity(ctx, t, v)
	case team.File:
		return restoreFile(ctx, t, v)
	}
	return restoreTrainings(ctx, t, entry)
}

// restoreFile writes evidence, which is looked at as if somebody sent it.
func restoreFile(ctx context.Context, t tx, f team.File) error {
	var err error
	if f.Kind, f.Content, err = team.ReadFile(f.Content); err != nil {
		return err
	}
	f.Name, f.Size = fileName(f.Name, f.Kind), len(f.Content)
	return insertFile(ctx, t, f)
}
