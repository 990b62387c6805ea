package web

import (
	"slices"

	"tasuki/internal/risk"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// certificateOutlook returns what is known of the holders of a certification in the
// days ahead.
func (m riskModel) certificateOutlook(c store.CertificationHolders) risk.Outlook {
	o := risk.Outlook{Minimum: c.Certification.Minimum, Away: m.away()}
	for _, h := range c.Holdings {
		for _, s := range h.Spans {
			o.Holdings = append(o.Holdings, risk.Holding{Member: h.MemberID, From: s.From, To: s.To})
		}
	}
	return o
}

// certificateEnds tells whether it is a certificate by which somebody counts in a
// skill up to a day, and not after it.
func (m riskModel) certificateEnds(id string, skill int, last team.Date) bool {
	j := memberAt(m.facts.Map, id)
	if j < 0 {
		return false
	}
	g, certified := m.facts.Map.Cells[skill][j].ByCertificate(last)
	return certified && g.To == last
}

// evidence is what is known of somebody in a skill, from the map, from certificates and
// from the answers on its topics.
func (m riskModel) evidence(id string, cell team.Cell, topics []string) risk.Evidence {
	e := risk.Evidence{Member: id, Level: int(cell.On(m.day()))}
	for _, g := range cell.Granted {
		if g.Covers(m.day()) {
			e.Certified = true
			if e.LastUse.IsZero() || g.From.Before(e.LastUse) {
				e.LastUse = g.From // a renewal is no use
			}
		}
	}
	for _, t := range topics {
		for _, a := range m.answers[t] {
			if a.By[0].Member == id && e.LastUse.Before(a.On) {
				e.LastUse = a.On
			}
		}
	}
	return e
}

// riskCertificate is a certification that the department wants, with who holds it.
type riskCertificate struct {
	riskLink
	Have, Minimum int
	Holders       string // names, where the reader may see them
	Breach        string // the first day ahead on which there are too few, for leads
}

// Short tells whether there are fewer holders than are wanted.
func (r riskCertificate) Short() bool { return r.Have < r.Minimum }

// certificates lists the certifications that the department wants.
func (p riskPage) certificates() (list []riskCertificate) {
	for _, c := range p.model.facts.Certificates {
		if c.Certification.Minimum == 0 {
			continue
		}
		o := p.model.certificateOutlook(c)
		holders := o.Holders(p.model.day())
		r := riskCertificate{riskLink: riskLink{c.Certification.ID, c.Certification.DisplayName(p.Language)}, Have: len(holders), Minimum: c.Certification.Minimum}
		if p.seesNames() {
			r.Holders = p.people(holders)
		}
		if p.CanManage() {
			r.Breach = p.breachOf(o, noSkill)
		}
		list = append(list, r)
	}
	return list
}

// certificateEffect is what an absence does to the number of holders of a certification.
type certificateEffect struct {
	ID, Name      string
	Badge         badge
	Before, After int
	Minimum       int
	When, Staying []string
}

// certificateEffects returns what the absence does to the certifications that the
// department wants, the worst first, and to the others that the people hold. As with
// levels, a certificate that is valid today is taken as renewed.
func (a answering) certificateEffects() (wanted, others []certificateEffect) {
	future := risk.Future{Away: a.future.Away}
	for _, c := range a.f.Certificates {
		future.Skills = append(future.Skills, risk.Skill{ID: c.Certification.ID, Minimum: c.Certification.Minimum, Critical: true, Weight: 1})
		future.Holdings = append(future.Holdings, a.holdersToday(c))
	}
	for _, e := range future.Without(a.q.Members, a.q.From, a.q.To) {
		c := a.f.Certificates[e.Skill].Certification
		wanted = append(wanted, certificateEffect{ID: c.ID, Name: c.DisplayName(a.p.Language), Badge: a.p.Badge("certificate_severity", severityNames[e.Severity]),
			Before: e.Before, After: e.After, Minimum: c.Minimum, When: a.spells(e.Lacking), Staying: a.people(e.Staying)})
	}
	for i, c := range a.f.Certificates {
		row := certificateEffect{ID: c.Certification.ID, Name: c.Certification.DisplayName(a.p.Language), Before: len(future.Holdings[i])}
		for _, h := range future.Holdings[i] {
			if !slices.Contains(a.q.Members, h.Member) {
				row.After++
			}
		}
		if c.Certification.Minimum == 0 && row.After < row.Before {
			others = append(others, row)
		}
	}
	return wanted, others
}

func (a answering) holdersToday(c store.CertificationHolders) (list []risk.Holding) {
	for _, h := range c.Holdings {
		if slices.ContainsFunc(h.Spans, func(s team.ValidSpan) bool { return s.Covers(a.f.Map.Day) }) {
			list = append(list, risk.Holding{Member: h.MemberID})
		}
	}
	return list
}
