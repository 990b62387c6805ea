package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// creditsPage is the form to log something that counts for certificates.
type creditsPage struct {
	page
	form
	Key, Back, For string
	Claims         []claimRow
	ClaimsError    string
}

// claimRow is a certificate for which the activity can count.
type claimRow struct {
	ID, Name, Until string
	As              field // as what it counts
	Amount          field // with how many credits, where it is not all of them
	Full            string
}

func (s *Server) newCredits(c *fiber.Ctx) error {
	p, err := s.creditsPage(c, url.Values{"certificate": {c.Query("certificate")}, "for": {c.Query("for")}}, true)
	if err != nil {
		return err
	}
	return c.Render("certifications/credits", p)
}

// countedFor returns whose credits are logged, and their certificates that are kept by
// credits or courses.
func (s *Server) countedFor(c *fiber.Ctx, v url.Values) (holder string, list []store.HeldCertificate, err error) {
	all, err := s.Store.Certificates(c.UserContext(), member(c), s.today())
	holder = member(c).ID
	if id := v.Get("for"); id != "" {
		holder = id
	}
	named := false
	for _, h := range all {
		if slices.Contains(v["certificate"], h.ID) {
			named = true
			if v.Get("for") == "" {
				holder = h.MemberID
			}
		}
	}
	if err == nil && v.Get("certificate") != "" && !named {
		err = team.ErrNotFound
	}
	for _, h := range all {
		if h.MemberID == holder && h.Details && countable(h.Certification) && h.Standing.State != team.CertificateWithdrawn {
			list = append(list, h)
		}
	}
	if err == nil && !team.CanLogCertificate(member(c), holder) {
		err = team.ErrNotFound
	}
	return holder, list, err
}

// creditsPage fills the form; fresh is one that nobody has filled in yet: then the
// activity counts for the certificate that the person came from.
func (s *Server) creditsPage(c *fiber.Ctx, v url.Values, fresh bool) (creditsPage, error) {
	p := creditsPage{page: s.page(c), Key: v.Get("key"), Back: "/certificates"}
	p.Title, p.Nav = p.T("credits.log"), "certificates"
	if p.Key == "" {
		p.Key = rand.Text()
	}
	holder, list, err := s.countedFor(c, v)
	if err != nil {
		return p, err
	}
	p.For = holder
	word := func(name string) field {
		return field{Name: name, Label: p.T("credits." + name), Value: v.Get(name), Autocomplete: "off"}
	}
	title, day, credits, note := word("title"), word("day"), word("credits"), word("note")
	title.Required, title.MaxLength, title.Placeholder, title.Focus = true, 200, p.T("credits.title_example"), true
	day.Placeholder, day.Hint = p.T("certificate.today"), p.T("certificate.day_hint")
	credits.Hint = p.T("credits.credits_hint")
	note.Rows, note.MaxLength = 2, 500
	p.Fields = []field{title, day, credits, note}
	for _, h := range list {
		p.Claims = append(p.Claims, p.claim(h, v, fresh))
		if slices.Contains(v["certificate"], h.ID) && len(v["certificate"]) == 1 {
			p.Back = "/certificates/" + h.ID
		}
	}
	return p, nil
}

func (p creditsPage) claim(h store.HeldCertificate, v url.Values, fresh bool) claimRow {
	k := h.Certification
	row := claimRow{ID: h.ID, Name: k.DisplayName(p.Language), Until: p.T("certificate.valid_to", "Day", p.Date(h.Standing.Until))}
	ways := waysToCount(k)
	as, amount := claimed(v, h.ID)
	if fresh && slices.Contains(v["certificate"], h.ID) {
		as = ways[0]
	}
	row.As = field{Name: "as", Prefix: h.ID + "-", Label: p.T("credits.counts_as", "Name", row.Name), Choices: []choice{{"", p.T("credits.not_counted"), as == ""}}}
	for _, way := range ways {
		row.As.Choices = append(row.As.Choices, choice{way, p.wayLabel(k, way), as == way})
	}
	row.Amount = field{Name: "amount", Prefix: h.ID + "-", Label: p.T("credits.amount", "Name", row.Name), Value: amount, Placeholder: p.T("credits.all"), Autocomplete: "off"}
	if t := h.Standing.Tally; t != nil && t.Need > 0 {
		row.Full = p.T("certificate.so_far", "Counted", t.Counted.String(), "Need", t.Need.String())
	}
	return row
}

// waysToCount are as what an activity can count: an event that is still missing comes
// before credits only where there are no credits.
func waysToCount(k team.Certification) (ways []string) {
	for _, g := range k.Rules.Categories {
		ways = append(ways, "credits:"+g.Key)
	}
	if len(ways) == 0 && (k.Rules.CycleTotal > 0 || k.Rules.AnnualMin > 0) {
		ways = append(ways, "credits:")
	}
	for _, e := range k.Rules.Events {
		ways = append(ways, "event:"+e.Key)
	}
	return ways
}

func (p creditsPage) wayLabel(k team.Certification, way string) string {
	kind, key, _ := strings.Cut(way, ":")
	if e, known := k.Rules.Event(key); known && kind == "event" {
		return e.DisplayName(p.Language)
	}
	if key == "" {
		return p.T("credits.as_credits")
	}
	return p.T("certificate.category", "Key", key)
}

// claimed finds what a form says of a certificate.
func claimed(v url.Values, id string) (as, amount string) {
	i := slices.Index(v["certificate"], id)
	if i >= 0 && i < len(v["as"]) {
		as = v["as"][i]
	}
	if i >= 0 && i < len(v["amount"]) {
		amount = v["amount"][i]
	}
	return as, amount
}

// typedCredits reads the form. What cannot be read is team.Invalid.
func (s *Server) typedCredits(v url.Values, holder string) (team.CreditActivity, error) {
	a := team.CreditActivity{MemberID: holder, Title: v.Get("title"), Note: v.Get("note")}
	var invalid team.Invalid
	day, err := s.readDay(v, "day")
	invalid = append(invalid, problemsOf(err)...)
	if a.Day = day; day.IsZero() {
		a.Day = s.today()
	}
	if typed := strings.TrimSpace(v.Get("credits")); typed != "" {
		if a.Credits, err = team.ParseCredits(typed); err != nil {
			invalid = append(invalid, team.Problem{Field: "credits", Rule: team.NotValid})
		}
	}
	for _, id := range v["certificate"] {
		as, amount := claimed(v, id)
		kind, key, _ := strings.Cut(as, ":")
		claim := team.CreditClaim{CertificateID: id, Credits: a.Credits}
		switch kind {
		case "credits":
			claim.Category = key
		case "event":
			claim.Event, claim.Credits = key, 0
		default:
			continue
		}
		if amount = strings.TrimSpace(amount); amount != "" && kind == "credits" {
			if claim.Credits, err = team.ParseCredits(amount); err != nil {
				invalid = append(invalid, team.Problem{Field: "certificates", Rule: team.NotValid})
			}
		}
		a.Claims = append(a.Claims, claim)
	}
	return a, invalid.Or()
}

func (s *Server) addCredits(c *fiber.Ctx) error {
	v := body(c)
	holder, _, err := s.countedFor(c, v)
	if err != nil {
		return err
	}
	a, err := s.typedCredits(v, holder)
	if err == nil {
		a, err = s.Store.AddCredits(c.UserContext(), member(c), s.today(), a, v.Get("key"))
	}
	if err == nil {
		back := "/certificates?done=saved"
		if len(a.Claims) > 0 {
			back = "/certificates/" + url.PathEscape(a.Claims[0].CertificateID) + "?done=counted"
		}
		return c.Redirect(back, fiber.StatusSeeOther)
	}
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	p, problem := s.creditsPage(c, v, false)
	if problem != nil {
		return problem
	}
	p.explain(p.page, err)
	p.explainClaims(invalid)
	c.Status(fiber.StatusUnprocessableEntity)
	return c.Render("certifications/credits", p)
}

// explainClaims says what is wrong with what the activity counts for.
func (p *creditsPage) explainClaims(invalid team.Invalid) {
	for _, name := range []string{"certificates", "category", "event"} {
		if problem, wrong := invalid.Field(name); wrong && p.ClaimsError == "" {
			p.ClaimsError = p.T("credits.claims_wrong")
			if problem.Rule == team.Required && name == "certificates" {
				p.ClaimsError = p.T("credits.counts_for_nothing")
			}
		}
	}
}

func (s *Server) takeBackCredits(c *fiber.Ctx) error {
	if err := s.Store.TakeBackCredits(c.UserContext(), member(c), c.Params("id")); err != nil {
		return err
	}
	back := body(c).Get("back")
	if !backToCertificate.MatchString(back) {
		back = "/certificates"
	}
	return c.Redirect(back, fiber.StatusSeeOther)
}
