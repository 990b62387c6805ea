package web

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// certificateForm is the form to log, renew or correct a certificate.
type certificateForm struct {
	catalogueForm
	About   string // what is logged, or whose
	Groups  []optionGroup
	Kind    field // the list of certifications, where one is to choose
	Never   bool
	CanEdit bool // the catalogue
}

// optionGroup is a part of a list.
type optionGroup struct {
	Name    string
	Choices []choice
}

// readDay reads a day as people write it, 令和 included; nothing is no day.
func (s *Server) readDay(v url.Values, name string) (team.Date, error) {
	typed := strings.TrimSpace(v.Get(name))
	if typed == "" {
		return team.Date{}, nil
	}
	year, month, day, ok := text.ParseDate(typed, s.now().In(s.zone))
	if !ok || year > 9999 {
		return team.Date{}, team.Invalid{{Field: name, Rule: team.NotADate}}
	}
	return team.Date{Year: year, Month: time.Month(month), Day: day}, nil
}

func (s *Server) newCertificate(c *fiber.Ctx) error {
	v := url.Values{"member": {member(c).ID}, "certification": {c.Query("kind")}}
	p, err := s.certificateForm(c, v)
	if err != nil {
		return err
	}
	return c.Render("certifications/edit", p)
}

// periodField returns a field of a period.
func (p page) periodField(v url.Values, name string) field {
	f := field{Name: name, Label: p.T("certificate." + name), Value: v.Get(name), Autocomplete: "off"}
	switch name {
	case "starts_on":
		f.Hint, f.Placeholder = p.T("certificate.day_hint"), p.T("certificate.today")
	case "ends_on":
		f.Hint, f.Placeholder = p.T("certificate.ends_on_hint"), p.T("certificate.by_rules")
	case "applied_on":
		f.Hint = p.T("certificate.day_hint")
	case "number":
		f.Hint, f.MaxLength = p.T("certificate.who_sees"), 80
	case "note":
		f.Rows, f.MaxLength = 2, 500
	}
	return f
}

func (s *Server) certificateForm(c *fiber.Ctx, v url.Values) (certificateForm, error) {
	p := certificateForm{catalogueForm: s.catalogueForm(c, v, "certificate.new"), Never: v.Get("never") != ""}
	p.Nav, p.Back, p.ID = "certificates", "/certificates", ""
	p.CanEdit = p.CanManage()
	kinds, err := s.Store.Certifications(c.UserContext(), p.Member)
	if err != nil {
		return p, err
	}
	held, err := s.Store.Certificates(c.UserContext(), p.Member, s.today())
	if err != nil {
		return p, err
	}
	p.Kind = field{Name: "certification", Label: p.T("certificate.kind"), Value: v.Get("certification"), Required: true, Focus: true}
	p.Groups = p.kindGroups(kinds, held, v)
	if p.CanManage() {
		people, err := s.people(c, p.page, []string{v.Get("member")})
		if err != nil {
			return p, err
		}
		p.Fields = append(p.Fields, field{Name: "member", Label: p.T("certificate.holder"), Choices: people})
	}
	for _, name := range []string{"starts_on", "ends_on", "number", "note"} {
		p.Fields = append(p.Fields, p.periodField(v, name))
	}
	return p, nil
}

// kindGroups lists the certifications: those that the department holds first, then
// the others by their body.
func (p page) kindGroups(kinds []team.Certification, held []store.HeldCertificate, v url.Values) []optionGroup {
	used := map[string]bool{}
	for _, h := range held {
		used[h.CertificationID] = true
	}
	groups := []optionGroup{{Name: p.T("certificate.kinds_held")}}
	for _, k := range kinds {
		if !k.Active {
			continue
		}
		at := 0
		if !used[k.ID] {
			name := cmp.Or(k.Issuer, p.T("certificate.kinds_other"))
			if at = slices.IndexFunc(groups, func(g optionGroup) bool { return g.Name == name }); at < 0 {
				groups, at = append(groups, optionGroup{Name: name}), len(groups)
			}
		}
		groups[at].Choices = append(groups[at].Choices, choice{k.ID, k.DisplayName(p.Language), k.ID == v.Get("certification")})
	}
	slices.SortStableFunc(groups[1:], func(a, b optionGroup) int { return cmp.Compare(text.Key(a.Name), text.Key(b.Name)) })
	return slices.DeleteFunc(groups, func(g optionGroup) bool { return len(g.Choices) == 0 })
}

// typedPeriod reads what all forms of a period share. Without a last day, it is the one
// that the rules say; with "never" there is none.
func (s *Server) typedPeriod(v url.Values, rules team.CertificationRules) (team.CertificatePeriod, error) {
	p := team.CertificatePeriod{Number: v.Get("number"), Note: v.Get("note")}
	var invalid team.Invalid
	for name, into := range map[string]*team.Date{"starts_on": &p.StartsOn, "ends_on": &p.EndsOn, "applied_on": &p.AppliedOn} {
		day, err := s.readDay(v, name)
		invalid = append(invalid, problemsOf(err)...)
		*into = day
	}
	if len(invalid) > 0 {
		return p, invalid
	}
	if p.StartsOn.IsZero() {
		p.StartsOn = s.today()
	}
	switch {
	case v.Get("never") != "":
		p.EndsOn = team.Date{}
	case p.EndsOn.IsZero():
		p.EndsOn = rules.LastDay(p.StartsOn)
	}
	return p, nil
}

// problemsOf returns what is wrong, nothing for other errors.
func problemsOf(err error) team.Invalid {
	var invalid team.Invalid
	errors.As(err, &invalid)
	return invalid
}

func (s *Server) addCertificate(c *fiber.Ctx) error {
	v := body(c)
	kinds, err := s.Store.Certifications(c.UserContext(), member(c))
	if err != nil {
		return err
	}
	held := team.Certificate{MemberID: member(c).ID, CertificationID: v.Get("certification")}
	if team.CanManage(member(c)) && v.Get("member") != "" {
		held.MemberID = v.Get("member")
	}
	var rules team.CertificationRules
	if i := slices.IndexFunc(kinds, func(k team.Certification) bool { return k.ID == held.CertificationID }); i >= 0 {
		rules = kinds[i].Rules
	}
	period, err := s.typedPeriod(v, rules)
	if err == nil {
		held, err = s.Store.AddCertificate(c.UserContext(), member(c), s.today(), held, period, v.Get("key"))
	}
	if err == nil {
		return c.Redirect("/certificates/"+held.ID+"?done=added", fiber.StatusSeeOther)
	}
	p, problem := s.certificateForm(c, v)
	if problem != nil {
		return problem
	}
	if err := p.refused(c, err, nil); err != nil {
		return err
	}
	p.explainKind(err)
	return c.Render("certifications/edit", p)
}

// explainKind says what is wrong with the certification that was chosen.
func (p *certificateForm) explainKind(err error) {
	problem, wrong := problemsOf(err).Field("certification")
	if !wrong {
		return
	}
	p.Kind.Error = p.Problem(problem)
	if problem.Rule == team.Taken {
		p.Kind.Error = p.T("certificate.held_already")
	}
}

// Problems lists what has to be corrected, the certification first.
func (p certificateForm) Problems() []field {
	list := p.form.Problems()
	if p.Kind.Error != "" {
		list = append([]field{p.Kind}, list...)
	}
	return list
}

// heldForEdit returns a certificate that the person may change.
func (s *Server) heldForEdit(c *fiber.Ctx) (store.HeldCertificate, error) {
	h, err := s.Store.Certificate(c.UserContext(), member(c), c.Params("id"), s.today())
	if err == nil && !team.CanLogCertificate(member(c), h.MemberID) {
		err = team.ErrNotFound
	}
	return h, err
}

func periodValues(p team.CertificatePeriod, version int) url.Values {
	v := url.Values{"starts_on": {p.StartsOn.String()}, "ends_on": {p.EndsOn.String()}, "applied_on": {p.AppliedOn.String()}, "number": {p.Number}, "note": {p.Note},
		"version": {strconv.Itoa(version)}}
	if p.EndsOn.IsZero() {
		v.Set("never", "1")
	}
	return v
}

// periodForm is the form of one period of a certificate.
func (s *Server) periodForm(c *fiber.Ctx, h store.HeldCertificate, v url.Values, title string, names ...string) certificateForm {
	p := certificateForm{catalogueForm: s.catalogueForm(c, v, title), Never: v.Get("never") != ""}
	p.Nav, p.Back = "certificates", "/certificates/"+h.ID
	p.About = p.T("certificate.of", "Name", h.Holder.DisplayName(p.Language), "Certification", h.Certification.DisplayName(p.Language))
	for _, name := range names {
		p.Fields = append(p.Fields, p.periodField(v, name))
	}
	return p
}

func (s *Server) editRenewal(c *fiber.Ctx) error {
	h, err := s.heldForEdit(c)
	if err != nil {
		return err
	}
	v := periodValues(h.Certification.Rules.Renewal(h.Last()), h.Version)
	v.Del("never")
	return c.Render("certifications/edit", s.renewalForm(c, h, v))
}

func (s *Server) renewalForm(c *fiber.Ctx, h store.HeldCertificate, v url.Values) certificateForm {
	return s.periodForm(c, h, v, "certificate.renew", "starts_on", "ends_on", "number", "note")
}

func (s *Server) saveRenewal(c *fiber.Ctx) error {
	h, err := s.heldForEdit(c)
	if err != nil {
		return err
	}
	v := body(c)
	c.SetUserContext(store.Once(c.UserContext(), member(c), v.Get("key")))
	version, _ := strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	period, err := s.typedPeriod(v, h.Certification.Rules)
	if err == nil {
		err = s.Store.RenewCertificate(c.UserContext(), member(c), s.today(), h.ID, version, period)
	}
	if err == nil {
		return c.Redirect("/certificates/"+h.ID+"?done=renewed", fiber.StatusSeeOther)
	}
	p := s.renewalForm(c, h, v)
	if err := p.refused(c, err, periodValues(h.Last(), h.Version)); err != nil {
		return err
	}
	return c.Render("certifications/edit", p)
}

// periodOf finds the period that an address names.
func periodOf(c *fiber.Ctx, h store.HeldCertificate) (team.CertificatePeriod, error) {
	list := h.Said()
	i := slices.IndexFunc(list, func(p team.CertificatePeriod) bool { return strconv.Itoa(p.Place) == c.Params("place") })
	if i < 0 {
		return team.CertificatePeriod{}, team.ErrNotFound
	}
	return list[i], nil
}

func (s *Server) editPeriod(c *fiber.Ctx) error {
	h, err := s.heldForEdit(c)
	if err != nil {
		return err
	}
	period, err := periodOf(c, h)
	if err != nil {
		return err
	}
	return c.Render("certifications/edit", s.correctionForm(c, h, periodValues(period, h.Version)))
}

func (s *Server) correctionForm(c *fiber.Ctx, h store.HeldCertificate, v url.Values) certificateForm {
	names := []string{"starts_on", "ends_on", "number", "note"}
	if h.Certification.Rules.ApplyBeforeDays > 0 {
		names = []string{"applied_on", "starts_on", "ends_on", "number", "note"}
	}
	return s.periodForm(c, h, v, "certificate.correct", names...)
}

func (s *Server) savePeriod(c *fiber.Ctx) error {
	h, err := s.heldForEdit(c)
	if err != nil {
		return err
	}
	now, err := periodOf(c, h)
	if err != nil {
		return err
	}
	v := body(c)
	version, _ := strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	period, err := s.typedPeriod(v, h.Certification.Rules)
	period.Place = now.Place
	if h.Certification.Rules.ApplyBeforeDays == 0 {
		period.AppliedOn = now.AppliedOn
	}
	if err == nil {
		err = s.Store.CorrectCertificate(c.UserContext(), member(c), s.today(), h.ID, version, period)
	}
	if err == nil {
		return c.Redirect("/certificates/"+h.ID+"?done=corrected", fiber.StatusSeeOther)
	}
	p := s.correctionForm(c, h, v)
	if err := p.refused(c, err, periodValues(now, h.Version)); err != nil {
		return err
	}
	return c.Render("certifications/edit", p)
}
