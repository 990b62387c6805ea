package store

import (
	"context"

	"tasuki/internal/team"
)

// fillGrants puts what certificates give, on whatever day, into the cells of the map.
func fillGrants(ctx context.Context, t tx, at places) error {
	var n int
	if err := t.get(ctx, &n, "SELECT COUNT(*) FROM certification_skills"); err != nil || n == 0 {
		return err // most departments begin so, and a large map is read often
	}
	list, err := certificateSpans(ctx, t)
	for _, h := range list {
		for _, k := range h.Certification.Skills {
			c := at.cell(k.SkillID, h.MemberID)
			for _, s := range h.Spans {
				if c != nil {
					c.Granted = append(c.Granted, team.Grant{CertificateID: h.CertificateID, Name: h.Certification.Name, NameEn: h.Certification.NameEn, Level: k.Level,
						From: s.From, To: s.To})
				}
			}
		}
	}
	return err
}

// CertificateHolding says when somebody's certificate is valid.
type CertificateHolding struct {
	CertificateID, MemberID string
	Certification           team.Certification
	Spans                   []team.ValidSpan
}

// certificateSpans returns when the certificates of the members of today are valid.
func certificateSpans(ctx context.Context, t tx) (list []CertificateHolding, err error) {
	kinds, err := certifications(ctx, t)
	if err != nil {
		return nil, err
	}
	at, of := byCertification(kinds), map[string][]team.Certificate{}
	members, certificates, err := holders(ctx, t)
	for _, c := range certificates {
		of[c.MemberID] = append(of[c.MemberID], c)
	}
	for _, m := range members {
		spans := team.SpansOf(of[m.ID], at)
		for _, c := range of[m.ID] {
			list = append(list, CertificateHolding{c.ID, m.ID, at[c.CertificationID], spans[c.ID]})
		}
	}
	return list, err
}

// CertificationHolders is a certification with everybody who holds it.
type CertificationHolders struct {
	Certification team.Certification
	Holdings      []CertificateHolding
}

// certificationHolders returns the certifications in use that somebody holds or that
// the department wants, in their order.
func certificationHolders(ctx context.Context, t tx) (list []CertificationHolders, err error) {
	kinds, err := certifications(ctx, t)
	if err != nil {
		return nil, err
	}
	holdings, err := certificateSpans(ctx, t)
	of := map[string][]CertificateHolding{}
	for _, h := range holdings {
		of[h.Certification.ID] = append(of[h.Certification.ID], h)
	}
	for _, k := range kinds {
		if k.Active && (k.Minimum > 0 || len(of[k.ID]) > 0) {
			list = append(list, CertificationHolders{k, of[k.ID]})
		}
	}
	return list, err
}
