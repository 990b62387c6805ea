package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

// certificationForm is the form of a certification. What there can be several of has a
// line for each, and some to fill in.
type certificationForm struct {
	catalogueForm
	Categories, Events, Fees, Skills []formLine
	RenewBy, Renews                  []choice
	Parts                            []field // of the lines, with what is wrong
}

// formLine is a line of fields.
type formLine struct {
	Key    string // by which what was logged knows it
	Fields []field
}

// spareLines is how many empty lines there are to fill in.
const spareLines = 2

// certificationFields are the plain fields, in the order of the form.
var certificationFields = []string{"name", "name_en", "short", "issuer", "minimum", "validity_months", "cycle_months", "cycle_anchor", "cycle_total", "annual_min", "annual_hard",
	"apply_before_days", "window_days", "grace_days", "carry_max", "carry_months", "carry_categories", "source_url", "quality", "checked_on", "note", "note_en", "active"}

func (s *Server) certificationOf(c *fiber.Ctx) (team.Certification, []team.Certification, error) {
	kinds, err := s.Store.Certifications(c.UserContext(), member(c))
	if c.Params("id") == "" {
		return team.NewCertification(), kinds, err
	}
	k, err := one(kinds, err, func(k team.Certification) bool { return k.ID == c.Params("id") })
	return k, kinds, err
}

func certificationValues(k team.Certification) url.Values {
	r := k.Rules
	v := url.Values{"name": {k.Name}, "name_en": {k.NameEn}, "short": {k.Short}, "issuer": {k.Issuer}, "minimum": {strconv.Itoa(k.Minimum)}, "note": {k.Note}, "note_en": {k.NoteEn},
		"source_url": {k.Source}, "quality": {string(k.Quality)}, "checked_on": {k.Checked.String()}, "active": {flag(k.Active)}, "version": {strconv.Itoa(k.Version)},
		"validity_months": {strconv.Itoa(r.ValidityMonths)}, "cycle_months": {strconv.Itoa(r.CycleMonths)}, "cycle_anchor": {string(r.CycleAnchor)}, "cycle_total": {r.CycleTotal.String()},
		"annual_min": {r.AnnualMin.String()}, "annual_hard": {flag(r.AnnualMinIsHard)}, "apply_before_days": {strconv.Itoa(r.ApplyBeforeDays)}, "window_days": {strconv.Itoa(r.WindowDays)},
		"grace_days": {strconv.Itoa(r.GraceDays)}, "carry_max": {r.CarryOver.Maximum.String()}, "carry_months": {strconv.Itoa(r.CarryOver.LastMonths)},
		"carry_categories": {strings.Join(r.CarryOver.Categories, " ")}, "renews": k.Renews}
	for _, w := range r.RenewBy {
		v.Add("renew_by", string(w))
	}
	for _, g := range r.Categories {
		addAll(v, "category_key", g.Key, "category_min", g.Minimum.String(), "category_max", g.Maximum.String())
	}
	for _, e := range r.Events {
		addAll(v, "event_key", e.Key, "event_name", e.Name, "event_name_en", e.NameEn, "event_per", string(e.Per), "event_count", strconv.Itoa(e.Count))
	}
	for _, f := range r.Fees {
		addAll(v, "fee_amount", strconv.Itoa(f.Amount), "fee_currency", f.Currency, "fee_per", string(f.Per), "fee_scope", string(f.Scope), "fee_quality", string(f.Quality),
			"fee_note", f.Note, "fee_note_en", f.NoteEn)
	}
	for _, x := range k.Skills {
		addAll(v, "skill", x.SkillID, "level", x.Level.String())
	}
	return v
}

func addAll(v url.Values, pairs ...string) {
	for i := 0; i < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
}

func (s *Server) editCertification(c *fiber.Ctx) error {
	k, kinds, err := s.certificationOf(c)
	if err != nil {
		return err
	}
	p, err := s.certificationForm(c, k, kinds, certificationValues(k))
	if err != nil {
		return err
	}
	return c.Render("certifications/kind_edit", p)
}

func (s *Server) certificationForm(c *fiber.Ctx, k team.Certification, kinds []team.Certification, v url.Values) (certificationForm, error) {
	p := certificationForm{catalogueForm: s.catalogueForm(c, v, "certification.new")}
	p.Nav, p.Back = "certificates", "/certifications"
	if p.ID != "" {
		p.Title, p.Back = p.T("certification.edit"), "/certifications/"+p.ID
	}
	for _, name := range certificationFields {
		p.Fields = append(p.Fields, p.certificationField(v, name))
	}
	for _, w := range team.RenewWays {
		p.RenewBy = append(p.RenewBy, choice{string(w), p.Word("renew_by", w), slices.Contains(v["renew_by"], string(w))})
	}
	for _, other := range kinds {
		if other.ID != k.ID && (other.Active || slices.Contains(v["renews"], other.ID)) {
			p.Renews = append(p.Renews, choice{other.ID, other.DisplayName(p.Language), slices.Contains(v["renews"], other.ID)})
		}
	}
	catalogue, err := s.Store.Catalogue(c.UserContext(), p.Member)
	p.lines(v, catalogue.Skills)
	return p, err
}

func (p page) certificationField(v url.Values, name string) field {
	f := field{Name: name, Label: p.T("certification.field." + name), Value: v.Get(name), Autocomplete: "off"}
	switch name {
	case "name":
		f.Required, f.MaxLength = true, 120
	case "cycle_anchor":
		f = choose(p, f, "cycle_anchor", team.CycleAnchors)
	case "quality":
		f = choose(p, f, "source_quality", team.SourceQualities)
	case "annual_hard":
		f.Choices = []choice{{"1", p.T("common.yes"), f.Value != ""}, {"", p.T("common.no"), f.Value == ""}}
	case "active":
		f.Choices = []choice{{"1", p.T("settings.active_yes"), f.Value != ""}, {"", p.T("settings.active_no"), f.Value == ""}}
	case "note", "note_en":
		f.Rows = 3
	case "minimum", "validity_months", "cycle_months", "window_days", "carry_categories", "checked_on":
		f.Hint = p.T("certification.hint." + name)
	}
	return f
}

// lines makes the lines of what there can be several of.
func (p *certificationForm) lines(v url.Values, skills []team.Skill) {
	text := func(name string, i int) field {
		f := field{Name: name, Prefix: strconv.Itoa(i) + "-", Label: p.T("certification.field." + name), Autocomplete: "off"}
		if i < len(v[name]) {
			f.Value = v[name][i]
		}
		return f
	}
	for i := range len(v["category_key"]) + spareLines {
		p.Categories = append(p.Categories, formLine{"", []field{text("category_key", i), text("category_min", i), text("category_max", i)}})
	}
	for i := range len(v["event_name"]) + spareLines {
		per := text("event_per", i)
		p.Events = append(p.Events, formLine{text("event_key", i).Value, []field{text("event_name", i), text("event_name_en", i), choose(p.page, per, "event_per", team.EventPers), text("event_count", i)}})
	}
	for i := range len(v["fee_amount"]) + spareLines {
		p.Fees = append(p.Fees, formLine{"", []field{text("fee_amount", i), text("fee_currency", i), choose(p.page, text("fee_per", i), "fee_per", team.FeePers),
			choose(p.page, text("fee_scope", i), "fee_scope", team.FeeScopes), choose(p.page, text("fee_quality", i), "source_quality", team.SourceQualities), text("fee_note", i), text("fee_note_en", i)}})
	}
	for i := range len(v["skill"]) + spareLines {
		skill, level := text("skill", i), text("level", i)
		skill.Choices = []choice{{"", p.T("certification.no_skill"), skill.Value == ""}}
		for _, k := range skills {
			if k.Active || k.ID == skill.Value {
				skill.Choices = append(skill.Choices, choice{k.ID, k.DisplayName(p.Language), k.ID == skill.Value})
			}
		}
		level.Choices = []choice{{"", p.T("certification.supports"), level.Value == ""}}
		for _, l := range team.Levels[1:] {
			level.Choices = append(level.Choices, choice{l.String(), p.T("certification.grants", "Level", l.String()), l.String() == level.Value})
		}
		p.Skills = append(p.Skills, formLine{"", []field{skill, level}})
	}
}

// reader takes typed values apart and keeps what is wrong.
type reader struct {
	v       url.Values
	invalid team.Invalid
}

func (r *reader) at(name string, i int) string {
	if i < len(r.v[name]) {
		return strings.TrimSpace(r.v[name][i])
	}
	return ""
}

// whole reads a number; nothing is 0.
func (r *reader) whole(field, typed string) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		r.invalid = append(r.invalid, team.Problem{Field: field, Rule: team.NotValid})
	}
	return n
}

func (r *reader) credits(field, typed string) team.Credits {
	if typed == "" {
		return 0
	}
	n, err := team.ParseCredits(typed)
	if err != nil {
		r.invalid = append(r.invalid, team.Problem{Field: field, Rule: team.NotValid})
	}
	return n
}

// typedCertification returns the certification as a form wants it.
func (s *Server) typedCertification(k team.Certification, v url.Values) (team.Certification, error) {
	r := &reader{v: v}
	k.Name, k.NameEn, k.Short, k.Issuer, k.Note, k.NoteEn = v.Get("name"), v.Get("name_en"), v.Get("short"), v.Get("issuer"), v.Get("note"), v.Get("note_en")
	k.Source, k.Quality, k.Active = strings.TrimSpace(v.Get("source_url")), team.SourceQuality(v.Get("quality")), v.Get("active") != ""
	checked, err := s.readDay(v, "checked_on")
	r.invalid = append(r.invalid, problemsOf(err)...)
	k.Checked, k.Minimum, k.Renews = checked, r.whole("minimum", r.at("minimum", 0)), slices.Clone(v["renews"])
	number := func(name string) int { return r.whole(name, r.at(name, 0)) }
	credits := func(name string) team.Credits { return r.credits(name, r.at(name, 0)) }
	k.Rules = team.CertificationRules{ValidityMonths: number("validity_months"), CycleMonths: number("cycle_months"), CycleAnchor: team.CycleAnchor(v.Get("cycle_anchor")),
		CycleTotal: credits("cycle_total"), AnnualMin: credits("annual_min"), AnnualMinIsHard: v.Get("annual_hard") != "", ApplyBeforeDays: number("apply_before_days"),
		WindowDays: number("window_days"), GraceDays: number("grace_days"),
		CarryOver: team.CarryOver{Maximum: credits("carry_max"), LastMonths: number("carry_months"), Categories: strings.Fields(v.Get("carry_categories"))}}
	for _, w := range v["renew_by"] {
		k.Rules.RenewBy = append(k.Rules.RenewBy, team.RenewBy(w))
	}
	r.parts(&k)
	k.Version, _ = strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	return k, r.invalid.Or()
}

// parts reads the lines; an empty one is none.
func (r *reader) parts(k *team.Certification) {
	for i := range r.v["category_key"] {
		if key := r.at("category_key", i); key != "" {
			k.Rules.Categories = append(k.Rules.Categories, team.CreditCategory{Key: key, Minimum: r.credits("categories", r.at("category_min", i)), Maximum: r.credits("categories", r.at("category_max", i))})
		}
	}
	for i := range r.v["event_name"] {
		name := r.at("event_name", i)
		if name == "" {
			continue
		}
		e := team.RequiredEvent{Key: r.at("event_key", i), Name: name, NameEn: r.at("event_name_en", i), Per: team.EventPer(r.at("event_per", i)), Count: r.whole("events", r.at("event_count", i))}
		if e.Key == "" {
			e.Key = "event" + strconv.Itoa(i+1)
		}
		e.Count = max(e.Count, 1)
		k.Rules.Events = append(k.Rules.Events, e)
	}
	for i := range r.v["fee_amount"] {
		if amount := r.at("fee_amount", i); amount != "" {
			k.Rules.Fees = append(k.Rules.Fees, team.CertificateFee{Amount: r.whole("fees", strings.ReplaceAll(amount, ",", "")), Currency: strings.ToUpper(r.at("fee_currency", i)), Per: team.FeePer(r.at("fee_per", i)),
				Scope: team.FeeScope(r.at("fee_scope", i)), Quality: team.SourceQuality(r.at("fee_quality", i)), Note: r.at("fee_note", i), NoteEn: r.at("fee_note_en", i)})
		}
	}
	k.Skills = nil
	for i := range r.v["skill"] {
		if id := r.at("skill", i); id != "" {
			k.Skills = append(k.Skills, team.CertificationSkill{SkillID: id, Level: readLevel(r.at("level", i))})
		}
	}
}

func (s *Server) saveCertification(c *fiber.Ctx) error {
	now, kinds, err := s.certificationOf(c)
	if err != nil {
		return err
	}
	v := body(c)
	s.onceForNew(c, v)
	k, err := s.typedCertification(now, v)
	if err == nil {
		k, err = s.Store.SaveCertification(c.UserContext(), member(c), k)
	}
	if err == nil && c.Params("id") != "" {
		return c.Redirect("/certifications/"+k.ID+"?done=saved", fiber.StatusSeeOther)
	}
	if err == nil {
		return c.Redirect("/certifications?done=saved", fiber.StatusSeeOther)
	}
	p, problem := s.certificationForm(c, now, kinds, v)
	if problem != nil {
		return problem
	}
	for _, name := range []string{"categories", "events", "fees", "skills", "renews", "renew_by"} {
		if what, wrong := problemsOf(err).Field(name); wrong {
			p.Parts = append(p.Parts, field{Name: name, Label: p.T("certification.field." + name), Error: p.Problem(what)})
		}
	}
	if err := p.refused(c, err, certificationValues(now)); err != nil {
		return err
	}
	return c.Render("certifications/kind_edit", p)
}

// Problems lists what has to be corrected, that of the lines last.
func (p certificationForm) Problems() []field { return append(p.form.Problems(), p.Parts...) }
