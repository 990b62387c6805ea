package web

import (
	"errors"
	"net/url"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// certificatePage is one certificate with what it takes to keep it and its history.
type certificatePage struct {
	page
	certificateRow
	Details, CanLog      bool
	KindHref             string
	From, Number, Note   string
	ApplyBy, AppliedOn   string
	GraceTo              string
	Through              string // the address of the certificate that keeps this one
	Missing              []missingRow
	Tally                *tallyView
	Activities           []activityRow
	Files                []fileRow
	History              []periodRow
	Skills               []certifiedSkill
	Version              string
	Withdrawn            string
	WithdrawField        field
	FileError            string
	MaxFile              int
	LastPlace            int
	CanApply             bool
	KindName, KindNote   string
	Uploads, CreditsHref string
}

// missingRow is something that is missing to keep the certificate.
type missingRow struct {
	Text   string
	Badge  badge
	Action string // where it is logged
	Label  string
}

// tallyView is a cycle in figures.
type tallyView struct {
	Cycle      string
	Counted    string
	Need       string
	Width      string // of the bar, of 100
	DueAt      string // where an even pace would be
	Expected   string
	Notes      []string
	Rows       []tallyRow
	Events     []tallyEvent
	HasCredits bool
}

// tallyRow is a category or a year.
type tallyRow struct {
	Name, Counted, Need string
	Short, Hard         bool
}

// tallyEvent is something that is required.
type tallyEvent struct {
	Name, By   string
	Done, Need int
	Late       bool
}

// activityRow is something that counts, or did before it was taken back.
type activityRow struct {
	ID, Day, Title, Counts string
	Others                 int // certificates besides this one for which it counts
	TakenBack              string
	Files                  []fileRow
}

// fileRow is evidence.
type fileRow struct{ ID, Name, Size, Day string }

// periodRow is what was said of a period.
type periodRow struct {
	Place                         int
	From, To, Number, Note        string
	AppliedOn, Said, By, Replaced string
}

// certifiedSkill is a skill that the certificate shows.
type certifiedSkill struct{ ID, Name, Says string }

func (s *Server) showCertificate(c *fiber.Ctx) error {
	p, err := s.certificatePage(c)
	if err != nil {
		return err
	}
	switch done := c.Query("done"); done {
	case "added", "renewed", "corrected", "withdrawn", "counted", "attached":
		p.Notice = &notice{Kind: "done", Text: p.T("certificate.done_"+done, "Until", p.Until)}
	}
	return c.Render("certifications/show", p)
}

func (s *Server) certificatePage(c *fiber.Ctx) (certificatePage, error) {
	h, err := s.Store.Certificate(c.UserContext(), member(c), c.Params("id"), s.today())
	if err != nil {
		return certificatePage{}, err
	}
	p := certificatePage{page: s.page(c)}
	p.certificateRow = p.heldRow(h, s.today())
	p.Title, p.Nav = p.T("certificate.of", "Name", p.Holder, "Certification", p.Name), "certificates"
	p.Details, p.CanLog = h.Details, h.Details && team.CanLogCertificate(p.Member, h.MemberID)
	p.KindHref, p.KindName, p.KindNote = "/certifications/"+h.CertificationID, p.Name, h.Certification.DisplayNote(p.Language)
	p.MaxFile, p.Version = team.MaxFile>>20, strconv.Itoa(h.Version)
	p.Uploads, p.CreditsHref = "/certificates/"+h.ID+"/files", "/credits/new?certificate="+url.QueryEscape(h.ID)
	p.fillStanding(h)
	p.fillHistory(h)
	names, err := s.names(c)
	for i := range p.History {
		p.History[i].By = names[p.History[i].By]
	}
	if err != nil {
		return p, err
	}
	return p, s.fillSkills(c, &p, h.Certification)
}

func (p *certificatePage) fillStanding(h store.HeldCertificate) {
	today := team.DateOf(p.look.now().In(p.look.zone))
	st, last := h.Standing, h.Last()
	p.From, p.Number, p.Note, p.LastPlace = p.Date(st.From), last.Number, last.Note, last.Place
	p.Withdrawn = p.Date(h.WithdrawnOn)
	if h.Certification.Rules.ApplyBeforeDays > 0 {
		p.ApplyBy = p.Date(st.ApplyBy)
	}
	p.AppliedOn = p.Date(st.AppliedOn)
	p.CanApply = p.CanLog && p.ApplyBy != "" && st.AppliedOn.IsZero() && st.State.Valid() && !st.Renewed
	if h.Certification.Rules.GraceDays > 0 {
		p.GraceTo = p.Date(st.GraceTo)
	}
	if st.Through != "" {
		p.Through = "/certificates/" + st.Through
	}
	for _, w := range st.Wants {
		p.Missing = append(p.Missing, p.missing(h, w))
	}
	if st.Tally != nil {
		p.Tally = p.tally(h.Certification, *st.Tally, today)
	}
	p.WithdrawField = field{Name: "withdrawn_on", Label: p.T("certificate.withdrawn_on"), Hint: p.T("certificate.day_hint"), Placeholder: p.T("certificate.today"), Autocomplete: "off"}
}

func (p *certificatePage) missing(h store.HeldCertificate, w team.Want) missingRow {
	m := missingRow{Text: p.want(h.Certification, w)}
	switch {
	case w.Late:
		m.Badge = p.Badge("certificate_want", "late")
	case w.Behind:
		m.Badge = p.Badge("certificate_want", "behind")
	}
	switch w.Kind {
	case team.WantApply:
		m.Action, m.Label = "/certificates/"+h.ID+"/periods/"+strconv.Itoa(h.Last().Place), p.T("certificate.applied")
	case team.WantRenewal:
		m.Action, m.Label = "/certificates/"+h.ID+"/renew", p.T("certificate.renew")
	default:
		m.Action, m.Label = p.CreditsHref, p.T("credits.log")
	}
	return m
}

func (p page) tally(k team.Certification, t team.Tally, today team.Date) *tallyView {
	v := &tallyView{Counted: t.Counted.String(), Need: t.Need.String(), HasCredits: t.Need > 0}
	if v.Cycle = p.T("certificate.since", "From", p.Date(t.From)); !t.To.IsZero() {
		v.Cycle = p.T("certificate.span", "From", p.Date(t.From), "To", p.Date(t.To))
	}
	if t.Need > 0 {
		v.Width = number1(min(100, 100*float64(t.Counted)/float64(t.Need)))
		if !t.To.IsZero() {
			expected := t.Expected(today)
			v.Expected, v.DueAt = roundCredits(expected), number1(100*float64(expected)/float64(t.Need))
		}
	}
	for _, note := range []struct {
		key string
		n   team.Credits
	}{{"certificate.carried_in", t.CarriedIn}, {"certificate.carried", t.Carried}, {"certificate.over", t.Over}} {
		if note.n > 0 {
			v.Notes = append(v.Notes, p.T(note.key, "Credits", note.n.String()))
		}
	}
	for _, g := range t.Categories {
		row := tallyRow{Name: p.T("certificate.category", "Key", g.Key), Counted: g.Counted.String(), Short: g.Counted < g.Minimum}
		if g.Minimum > 0 {
			row.Need = p.T("certificate.at_least", "Credits", g.Minimum.String())
		} else if g.Maximum > 0 {
			row.Need = p.T("certificate.at_most", "Credits", g.Maximum.String())
		}
		v.Rows = append(v.Rows, row)
	}
	for _, y := range t.Years {
		if y.Need == 0 || today.Before(y.From) {
			continue
		}
		row := tallyRow{Name: p.T("certificate.span", "From", p.shortDay(y.From), "To", p.shortDay(y.To)), Counted: y.Counted.String(), Hard: y.Hard, Short: y.Hard && y.Counted < y.Need}
		row.Need = p.T("certificate.suggested", "Credits", y.Need.String())
		if y.Hard {
			row.Need = p.T("certificate.at_least", "Credits", y.Need.String())
		}
		v.Rows = append(v.Rows, row)
	}
	for _, e := range t.Events {
		v.Events = append(v.Events, tallyEvent{Name: e.Event.DisplayName(p.Language), By: p.Date(e.By), Done: e.Done, Need: e.Event.Count, Late: e.Missing() > 0 && e.By.Before(today)})
	}
	return v
}

// roundCredits writes an even pace without its digits.
func roundCredits(c team.Credits) string { return team.WholeCredits(int(c) / 100).String() }

func (p *certificatePage) fillHistory(h store.HeldCertificate) {
	files := map[string][]fileRow{}
	for _, f := range h.Files {
		row := fileRow{f.ID, f.Name, fileSize(f.Size), p.Day(f.AddedAt)}
		files[f.AboutID] = append(files[f.AboutID], row)
	}
	p.Files = files[h.ID]
	for _, a := range h.Activities {
		row := activityRow{ID: a.ID, Day: p.Date(a.Day), Title: a.Title, Others: len(a.Claims) - 1, TakenBack: p.Day(a.RemovedAt), Files: files[a.ID]}
		for _, claim := range a.Claims {
			if claim.CertificateID == h.ID {
				row.Counts = p.counts(h.Certification, claim)
			}
		}
		p.Activities = append(p.Activities, row)
	}
	for _, q := range h.Periods {
		to := p.T("certificate.no_end")
		if !q.EndsOn.IsZero() {
			to = p.Date(q.EndsOn)
		}
		p.History = append(p.History, periodRow{Place: q.Place, From: p.Date(q.StartsOn), To: to, Number: q.Number, Note: q.Note, AppliedOn: p.Date(q.AppliedOn),
			Said: p.Day(q.MadeAt), By: q.By, Replaced: p.Day(q.ReplacedAt)})
	}
}

// counts says as what an activity counts for a certificate.
func (p page) counts(k team.Certification, claim team.CreditClaim) string {
	if e, known := k.Rules.Event(claim.Event); known {
		return e.DisplayName(p.Language)
	}
	if claim.Category != "" {
		return p.T("credits.in_category", "Credits", claim.Credits.String(), "Key", claim.Category)
	}
	return p.T("credits.credits_of", "Credits", claim.Credits.String())
}

func fileSize(n int) string {
	if n < 1<<20 {
		return strconv.Itoa(max(1, n>>10)) + " KB"
	}
	return number1(float64(n)/(1<<20)) + " MB"
}

func (s *Server) fillSkills(c *fiber.Ctx, p *certificatePage, k team.Certification) error {
	if len(k.Skills) == 0 {
		return nil
	}
	var err error
	p.Skills, err = s.certifiedSkills(c, p.page, k)
	return err
}

// certifiedSkills says which skills a certification shows, and how.
func (s *Server) certifiedSkills(c *fiber.Ctx, p page, k team.Certification) (list []certifiedSkill, err error) {
	catalogue, err := s.Store.Catalogue(c.UserContext(), p.Member)
	for _, x := range catalogue.Skills {
		for _, tie := range k.Skills {
			if tie.SkillID != x.ID {
				continue
			}
			says := p.T("certification.supports")
			if tie.Level.Assessed() {
				says = p.T("certification.grants", "Level", tie.Level.String())
			}
			list = append(list, certifiedSkill{x.ID, x.DisplayName(p.Language), says})
		}
	}
	return list, err
}

func (s *Server) withdrawCertificate(c *fiber.Ctx) error {
	v := body(c)
	on, err := s.readDay(v, "withdrawn_on")
	version, _ := strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
	switch {
	case v.Get("undo") != "":
		on = team.Date{}
	case on.IsZero():
		on = s.today()
	}
	if err == nil {
		err = s.Store.WithdrawCertificate(c.UserContext(), member(c), s.today(), c.Params("id"), version, on)
	}
	if err == nil {
		return c.Redirect("/certificates/"+url.PathEscape(c.Params("id"))+"?done=withdrawn", fiber.StatusSeeOther)
	}
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	p, problem := s.certificatePage(c)
	if problem != nil {
		return problem
	}
	p.WithdrawField.Value = v.Get("withdrawn_on")
	p.WithdrawField.Error = p.Problem(invalid[0])
	c.Status(fiber.StatusUnprocessableEntity)
	return c.Render("certifications/show", p)
}

// attachToCertificate takes evidence for a certificate or, with "credits", for one of
// the activities that count for it.
func (s *Server) attachToCertificate(c *fiber.Ctx) error {
	if _, err := s.heldForEdit(c); err != nil {
		return err
	}
	f, key, err := readEvidence(c)
	if err != nil {
		return err
	}
	f.About, f.AboutID = team.AboutCertificate, c.Params("id")
	if id := body(c).Get("credits"); id != "" {
		f.About, f.AboutID = team.AboutCredits, id
	}
	_, err = s.Store.AddFile(c.UserContext(), member(c), f, key)
	if err == nil {
		return c.Redirect("/certificates/"+url.PathEscape(c.Params("id"))+"?done=attached", fiber.StatusSeeOther)
	}
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	p, problem := s.certificatePage(c)
	if problem != nil {
		return problem
	}
	p.FileError = p.fileProblem(invalid[0], f.Name)
	c.Status(fiber.StatusUnprocessableEntity)
	return c.Render("certifications/show", p)
}

// fileProblem says what is wrong with a file, which has to be chosen again.
func (p page) fileProblem(problem team.Problem, name string) string {
	switch problem.Rule {
	case team.Required:
		return p.T("file.none_chosen")
	case team.Unknown:
		return p.T("file.not_taken", "Name", text.Snippet(name, 60))
	}
	return p.Problem(problem)
}
