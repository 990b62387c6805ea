package web

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

// certificationsPage is the catalogue of certifications.
type certificationsPage struct {
	page
	Rows  []certificationRow
	Aside []certificationRow // out of use, for leads
}

// certificationRow is a certification in the catalogue.
type certificationRow struct {
	ID, Name, Issuer   string
	Validity, Keeping  string
	Source             badge
	Checked            string
	Holders, Minimum   int
	Short, CountHidden bool
}

func (s *Server) listCertifications(c *fiber.Ctx) error {
	p := certificationsPage{page: s.page(c)}
	p.Title, p.Nav = p.T("certification.catalogue"), "certificates"
	kinds, err := s.Store.Certifications(c.UserContext(), p.Member)
	if err != nil {
		return err
	}
	held, err := s.Store.Certificates(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	names, err := s.Store.NamesVisible(c.UserContext())
	if err != nil {
		return err
	}
	count := map[string]int{}
	for _, h := range held {
		if h.Standing.State.Valid() {
			count[h.CertificationID]++
		}
	}
	for _, k := range kinds {
		r := p.certificationRow(k)
		r.Holders, r.CountHidden = count[k.ID], !names && !p.CanManage()
		r.Short = !r.CountHidden && r.Holders < r.Minimum
		switch {
		case k.Active:
			p.Rows = append(p.Rows, r)
		case p.CanManage():
			p.Aside = append(p.Aside, r)
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b certificationRow) int {
		return cmp.Or(cmp.Compare(min(b.Minimum, 1), min(a.Minimum, 1)), cmp.Compare(b.Holders, a.Holders))
	})
	if c.Query("done") == "saved" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("certifications/catalogue", p)
}

func (p page) certificationRow(k team.Certification) certificationRow {
	r := certificationRow{ID: k.ID, Name: k.DisplayName(p.Language), Issuer: k.Issuer, Validity: p.validity(k.Rules), Keeping: p.keeping(k), Minimum: k.Minimum,
		Source: p.Badge("source_quality", cmp.Or(k.Quality, "none")), Checked: p.Date(k.Checked)}
	return r
}

// validity says how long a certificate is valid.
func (p page) validity(r team.CertificationRules) string {
	switch {
	case r.Lifetime():
		return p.T("certificate.no_end")
	case r.ValidityMonths%12 == 0:
		return p.T("certification.years", "Count", r.ValidityMonths/12)
	}
	return p.T("certification.months", "Count", r.ValidityMonths)
}

// keeping says in one line what it takes to keep a certificate.
func (p page) keeping(k team.Certification) string {
	r, text := k.Rules, ""
	add := func(said string) {
		if text != "" {
			text += p.T("certification.and")
		}
		text += said
	}
	if r.CycleTotal > 0 {
		add(p.T("credits.credits_of", "Credits", r.CycleTotal.String()))
	}
	if r.AnnualMin > 0 && r.AnnualMinIsHard {
		add(p.T("certification.each_year", "Credits", r.AnnualMin.String()))
	}
	for _, e := range r.Events {
		add(p.T("certification.event", "Name", e.DisplayName(p.Language), "Times", e.Count, "Per", p.Word("event_per", e.Per)))
	}
	if text == "" && !r.Lifetime() {
		return p.ways(k)
	}
	return text
}

// certificationPage is one certification with its rules and where they are from.
type certificationPage struct {
	page
	Row    certificationRow
	Kind   team.Certification
	Facts  []field
	Fees   []feeRow
	Skills []certifiedSkill
	Renews []riskLink
	Note   string
	Held   string
	Trust  string // how far the rules can be relied on
}

// feeRow is a fee.
type feeRow struct {
	Amount, For, Note string
	Source            badge
}

func (s *Server) showCertification(c *fiber.Ctx) error {
	kinds, err := s.Store.Certifications(c.UserContext(), member(c))
	k, err := one(kinds, err, func(k team.Certification) bool { return k.ID == c.Params("id") })
	if err != nil {
		return err
	}
	p := certificationPage{page: s.page(c), Kind: k}
	p.Title, p.Nav, p.Row, p.Note = k.DisplayName(p.Language), "certificates", p.certificationRow(k), k.DisplayNote(p.Language)
	p.Facts, p.Held, p.Trust = p.ruleFacts(k), "/certificates?kind="+k.ID, p.Word("source_trust", k.Quality)
	for _, f := range k.Rules.Fees {
		p.Fees = append(p.Fees, feeRow{p.money(f), p.Word("fee_per", f.Per) + " " + p.Word("fee_scope", f.Scope), f.DisplayNote(p.Language), p.Badge("source_quality", cmp.Or(f.Quality, "none"))})
	}
	for _, other := range kinds {
		if slices.Contains(k.Renews, other.ID) {
			p.Renews = append(p.Renews, riskLink{other.ID, other.DisplayName(p.Language)})
		}
	}
	p.Skills, err = s.certifiedSkills(c, p.page, k)
	if err != nil {
		return err
	}
	if c.Query("done") == "saved" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("certifications/kind", p)
}

// money writes a fee: ¥20,000 or USD 135.
func (p page) money(f team.CertificateFee) string {
	if f.Amount == 0 {
		return p.T("certification.free")
	}
	digits := strconv.Itoa(f.Amount)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	if f.Currency == "JPY" {
		return "¥" + digits
	}
	return f.Currency + " " + digits
}

// ruleFacts are the rules in words.
func (p page) ruleFacts(k team.Certification) (list []field) {
	r := k.Rules
	add := func(name string, shown bool, value string) {
		if shown {
			list = append(list, field{Label: p.T("certification.field." + name), Value: value})
		}
	}
	days := func(n int) string { return p.T("certification.days", "Count", n) }
	add("validity_months", true, p.validity(r))
	add("cycle_months", r.CycleMonths > 0 && r.CycleMonths != r.ValidityMonths, p.T("certification.months", "Count", r.CycleMonths))
	add("cycle_anchor", !r.Lifetime(), p.Word("cycle_anchor", r.CycleAnchor))
	add("cycle_total", r.CycleTotal > 0, p.T("credits.credits_of", "Credits", r.CycleTotal.String()))
	add("annual_min", r.AnnualMin > 0 && r.AnnualMinIsHard, p.T("certificate.at_least", "Credits", r.AnnualMin.String()))
	add("annual_min", r.AnnualMin > 0 && !r.AnnualMinIsHard, p.T("certificate.suggested", "Credits", r.AnnualMin.String()))
	for _, g := range r.Categories {
		add("categories", g.Minimum > 0, p.T("certificate.category", "Key", g.Key)+" "+p.T("certificate.at_least", "Credits", g.Minimum.String()))
		add("categories", g.Maximum > 0, p.T("certificate.category", "Key", g.Key)+" "+p.T("certificate.at_most", "Credits", g.Maximum.String()))
	}
	add("carry_max", r.CarryOver.Maximum > 0, p.T("certification.carry", "Credits", r.CarryOver.Maximum.String(), "Months", r.CarryOver.LastMonths))
	for _, e := range r.Events {
		add("events", true, p.T("certification.event", "Name", e.DisplayName(p.Language), "Times", e.Count, "Per", p.Word("event_per", e.Per)))
	}
	add("apply_before_days", r.ApplyBeforeDays > 0, days(r.ApplyBeforeDays))
	add("window_days", r.WindowDays > 0, days(r.WindowDays))
	add("grace_days", r.GraceDays > 0, days(r.GraceDays))
	add("renew_by", len(r.RenewBy) > 0, p.ways(k))
	add("minimum", k.Minimum > 0, p.T("common.people", "Count", k.Minimum))
	return list
}
