package store

import (
	"context"
	"slices"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

const certificationColumns = `c.id, c.name, c.name_en, c.short, c.issuer, c.rules, c.note, c.note_en, c.source_url, c.source_quality, c.checked_on, c.minimum,
	c.active, c.version`

// Certifications returns the whole catalogue, those in use first, then by name.
// Everybody who may read may see it.
func (s *Store) Certifications(ctx context.Context, by team.Member) (list []team.Certification, err error) {
	if !team.CanRead(by) {
		return nil, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error { list, err = certifications(ctx, t); return err })
	return list, err
}

func certifications(ctx context.Context, t tx) (list []team.Certification, err error) {
	var skills []team.CertificationSkill
	var renews []team.CertificationRenewal
	err = firstError(
		t.list(ctx, &list, "SELECT "+certificationColumns+` FROM certifications c ORDER BY c.active DESC, c.name_key COLLATE "C", c.id`),
		func() error {
			return t.list(ctx, &skills, "SELECT certification_id, skill_id, level FROM certification_skills ORDER BY certification_id, skill_id")
		},
		func() error {
			return t.list(ctx, &renews, "SELECT certification_id, renews_id FROM certification_renewals ORDER BY certification_id, renews_id")
		})
	at := map[string]*team.Certification{}
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	for _, s := range skills {
		at[s.CertificationID].Skills = append(at[s.CertificationID].Skills, s)
	}
	for _, r := range renews {
		at[r.CertificationID].Renews = append(at[r.CertificationID].Renews, r.RenewsID)
	}
	return list, err
}

// byCertification finds certifications by their ids.
func byCertification(list []team.Certification) map[string]team.Certification {
	at := map[string]team.Certification{}
	for _, c := range list {
		at[c.ID] = c
	}
	return at
}

// SaveCertification adds a certification (empty id) or changes one at the version it
// was read at, with the skills it shows and what it renews. Leads may.
func (s *Store) SaveCertification(ctx context.Context, by team.Member, c team.Certification) (team.Certification, error) {
	cleanCertification(&c)
	err := s.saveSetting(ctx, by, "certification", &c.ID, &c.Version, c.Validate(), func(t tx, fresh bool) error {
		if fresh {
			return firstError(insertCertification(ctx, t, c), func() error { return tieCertification(ctx, t, c) })
		}
		return firstError(changeCertification(ctx, t, c), func() error { return tieCertification(ctx, t, c) })
	})
	return c, taken(err, "name")
}

func cleanCertification(c *team.Certification) {
	for _, s := range []*string{&c.Name, &c.NameEn, &c.Short, &c.Issuer, &c.Source} {
		*s = oneLine(*s)
	}
	c.Note, c.NoteEn = text.Clean(c.Note), text.Clean(c.NoteEn)
	slices.Sort(c.Renews)
	c.Renews = slices.Compact(c.Renews)
}

func insertCertification(ctx context.Context, t tx, c team.Certification) error {
	return t.run(ctx, `INSERT INTO certifications (id, name, name_key, name_en, short, issuer, rules, note, note_en, source_url, source_quality, checked_on, minimum, active, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Name, text.Key(c.Name), c.NameEn, c.Short, c.Issuer, c.Rules, c.Note, c.NoteEn, c.Source, c.Quality, c.Checked, c.Minimum, c.Active, max(c.Version, 1))
}

func changeCertification(ctx context.Context, t tx, c team.Certification) error {
	return t.update(ctx, `UPDATE certifications SET name = ?, name_key = ?, name_en = ?, short = ?, issuer = ?, rules = ?, note = ?, note_en = ?, source_url = ?,
		source_quality = ?, checked_on = ?, minimum = ?, active = ?, version = version + 1 WHERE id = ? AND version = ?`,
		c.Name, text.Key(c.Name), c.NameEn, c.Short, c.Issuer, c.Rules, c.Note, c.NoteEn, c.Source, c.Quality, c.Checked, c.Minimum, c.Active, c.ID, c.Version)
}

// tieCertification writes which skills a certification shows and what it renews, in
// place of what was said before.
func tieCertification(ctx context.Context, t tx, c team.Certification) error {
	err := firstError(
		t.run(ctx, "DELETE FROM certification_skills WHERE certification_id = ?", c.ID),
		func() error { return t.run(ctx, "DELETE FROM certification_renewals WHERE certification_id = ?", c.ID) },
		func() error { return insertCertificationTies(ctx, t, c) })
	if isForeignKeyViolation(err) || isUniqueViolation(err) {
		err = team.Invalid{{Field: "skills", Rule: team.Unknown}}
	}
	return err
}

func insertCertificationTies(ctx context.Context, t tx, c team.Certification) error {
	return firstError(
		each(c.Skills, func(s team.CertificationSkill) error {
			return t.run(ctx, "INSERT INTO certification_skills (certification_id, skill_id, level) VALUES (?, ?, ?)", c.ID, s.SkillID, s.Level)
		}),
		func() error {
			return each(c.Renews, func(id string) error {
				return insertRenewal(ctx, t, team.CertificationRenewal{CertificationID: c.ID, RenewsID: id})
			})
		})
}

func insertRenewal(ctx context.Context, t tx, r team.CertificationRenewal) error {
	return t.run(ctx, "INSERT INTO certification_renewals (certification_id, renews_id) VALUES (?, ?)", r.CertificationID, r.RenewsID)
}

// LoadCertifications fills the catalogue of an instance once with those that are well
// known; later calls do nothing, so that what leads put aside stays so. One whose name
// is there already is left out.
func (s *Store) LoadCertifications(ctx context.Context, list []team.Certification) error {
	return s.write(ctx, func(t tx) error {
		n, err := t.exec(ctx, "UPDATE instance SET certifications_loaded = ? WHERE NOT certifications_loaded", true)
		if err != nil || n == 0 {
			return err
		}
		there, err := certifications(ctx, t)
		if err != nil {
			return err
		}
		names := map[string]bool{}
		for _, c := range there {
			names[text.Key(c.Name)] = true
		}
		fresh := slices.DeleteFunc(slices.Clone(list), func(c team.Certification) bool { return names[text.Key(c.Name)] })
		return firstError(
			each(fresh, func(c team.Certification) error {
				c.ID = starterID(c.ID)
				return insertCertification(ctx, t, c)
			}),
			func() error {
				return each(fresh, func(c team.Certification) error { return tieStarter(ctx, t, c) })
			})
	})
}

// tieStarter ties what is well known; all of it is there by now.
func tieStarter(ctx context.Context, t tx, c team.Certification) error {
	c.ID = starterID(c.ID)
	renews := c.Renews
	c.Renews = nil
	for _, key := range renews {
		c.Renews = append(c.Renews, starterID(key))
	}
	return insertCertificationTies(ctx, t, c)
}
