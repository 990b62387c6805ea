package web

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

func (s *Server) certificateRoutes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	return []route{
		{get, "/certificates", readers, s.listCertificates},
		{get, "/certificates/new", writers, s.newCertificate}, {post, "/certificates/new", writers, s.addCertificate},
		{get, "/certificates/:id", readers, s.showCertificate},
		{get, "/certificates/:id/renew", writers, s.editRenewal}, {post, "/certificates/:id/renew", writers, s.saveRenewal},
		{get, "/certificates/:id/periods/:place", writers, s.editPeriod}, {post, "/certificates/:id/periods/:place", writers, s.savePeriod},
		{post, "/certificates/:id/withdraw", writers, s.withdrawCertificate},
		{post, "/certificates/:id/files", writers, s.attachToCertificate},
		{get, "/credits/new", writers, s.newCredits}, {post, "/credits/new", writers, s.addCredits},
		{post, "/credits/:id/take-back", writers, s.takeBackCredits},
		{get, "/files/:id", readers, s.sendFile}, {post, "/files/:id/remove", writers, s.removeFile},
		{get, "/certifications", readers, s.listCertifications},
		{get, "/certifications/new", leads, s.editCertification}, {post, "/certifications/new", leads, s.saveCertification},
		{get, "/certifications/:id", readers, s.showCertification},
		{get, "/certifications/:id/edit", leads, s.editCertification}, {post, "/certifications/:id/edit", leads, s.saveCertification},
	}
}

// certificatesPage is one's own certificates and, as far as the reader may see them,
// those of the department, with what ends when.
type certificatesPage struct {
	page
	Own      []certificateRow
	Rows     []certificateRow // of the department, those that end first
	Timeline timeline
	ForLife  []certifiedCount // what never ends, by how many people hold it
	Wanted   []certifiedCount // what the department wants
	Kind     *team.Certification
	KindName string
	Hidden   bool // others are left out
	CanLog   bool
}

// certifiedCount is a certification with how many hold it today.
type certifiedCount struct {
	ID, Name      string
	Have, Minimum int
}

// Short tells whether there are fewer holders than are wanted.
func (c certifiedCount) Short() bool { return c.Have < c.Minimum }

// certificateRow is a certificate in a list.
type certificateRow struct {
	ID, Name, Short, Holder, HolderID string
	KindID                            string
	State                             badge
	Until, Left                       string // the last day, and how far it is
	Days                              int    // until the last day
	Pressing                          bool   // somebody should do something soon
	Wants                             []string
	Credits                           string // so far and needed, for who may see them
	Renewable                         bool   // renewing can be logged
	Countable                         bool   // credits can be logged
	state                             team.CertificateState
	until                             team.Date
}

func (s *Server) listCertificates(c *fiber.Ctx) error {
	p := certificatesPage{page: s.page(c)}
	p.Title, p.Nav, p.CanLog = p.T("certificate.title"), "certificates", p.CanWrite()
	list, err := s.Store.Certificates(c.UserContext(), p.Member, s.today())
	if err != nil {
		return err
	}
	kinds, err := s.Store.Certifications(c.UserContext(), p.Member)
	if err != nil {
		return err
	}
	if id := c.Query("kind"); id != "" {
		i := slices.IndexFunc(kinds, func(k team.Certification) bool { return k.ID == id })
		if i < 0 {
			return team.ErrNotFound
		}
		p.Kind, p.KindName = &kinds[i], kinds[i].DisplayName(p.Language)
	}
	names, err := s.Store.NamesVisible(c.UserContext())
	if err != nil {
		return err
	}
	p.Hidden = !names && !p.CanManage()
	p.fill(list, kinds, s.today())
	if wantsCSV(c) {
		return s.sendCSV(c, "certificates", p.csvColumns(), p.csvRows())
	}
	if done := c.Query("done"); done == "saved" {
		p.Notice = &notice{Kind: "done", Text: p.T("common.saved")}
	}
	return c.Render("certifications/list", p)
}

func (p *certificatesPage) fill(list []store.HeldCertificate, kinds []team.Certification, today team.Date) {
	valid := map[string]int{}
	for _, h := range list {
		if h.Standing.State.Valid() {
			valid[h.CertificationID]++
		}
		if h.Standing.State == team.CertificateWithdrawn || (p.Kind != nil && h.CertificationID != p.Kind.ID) {
			continue
		}
		row := p.heldRow(h, today)
		if h.MemberID == p.Member.ID && p.Kind == nil {
			p.Own = append(p.Own, row)
		}
		p.Rows = append(p.Rows, row)
	}
	slices.SortStableFunc(p.Rows, func(a, b certificateRow) int { return compareEnds(a.until, b.until) })
	slices.SortStableFunc(p.Own, func(a, b certificateRow) int { return compareEnds(a.until, b.until) })
	p.Timeline = p.timelineOf(p.Rows, today)
	for _, k := range kinds {
		count := certifiedCount{k.ID, k.DisplayName(p.Language), valid[k.ID], k.Minimum}
		if k.Active && k.Minimum > 0 && !p.Hidden {
			p.Wanted = append(p.Wanted, count)
		}
		if k.Rules.Lifetime() && count.Have > 0 {
			p.ForLife = append(p.ForLife, count)
		}
	}
}

// compareEnds orders by last days; what never ends comes last.
func compareEnds(a, b team.Date) int {
	switch {
	case a.IsZero() && b.IsZero():
		return 0
	case a.IsZero():
		return 1
	case b.IsZero():
		return -1
	}
	return a.Time().Compare(b.Time())
}

// heldRow returns a certificate as a line of a list.
func (p page) heldRow(h store.HeldCertificate, today team.Date) certificateRow {
	k := h.Certification
	r := certificateRow{ID: h.ID, Name: k.DisplayName(p.Language), Short: k.ShortName(p.Language), Holder: h.Holder.DisplayName(p.Language), HolderID: h.MemberID, KindID: k.ID,
		State: p.Badge("certificate_state", h.Standing.State), state: h.Standing.State, until: h.Standing.Until, Days: daysTo(today, h.Standing.Until)}
	r.Until, r.Left = p.until(h.Standing, today)
	r.Pressing = h.Standing.State == team.CertificateAtRisk || h.Standing.State == team.CertificateGrace || h.Standing.State == team.CertificateLapsed
	may := h.Details && team.CanLogCertificate(p.Member, h.MemberID)
	r.Renewable = may && !h.Standing.To.IsZero() && h.Standing.Through == "" && h.Standing.State != team.CertificateWithdrawn
	r.Countable = may && countable(k)
	for _, w := range h.Standing.Wants {
		if w.Late || w.Behind || !today.AddDays(soonWanted).Before(w.By) {
			r.Wants = append(r.Wants, p.want(k, w))
		}
	}
	if t := h.Standing.Tally; t != nil && t.Need > 0 {
		r.Credits = p.T("certificate.so_far", "Counted", t.Counted.String(), "Need", t.Need.String())
	}
	return r
}

// soonWanted is how many days ahead a list says what is missing.
const soonWanted = 180

// countable tells whether a certification is kept by credits or courses.
func countable(k team.Certification) bool {
	return k.Rules.CycleTotal > 0 || k.Rules.AnnualMin > 0 || len(k.Rules.Events) > 0
}

// daysTo counts the days from a day to another.
func daysTo(today, on team.Date) int {
	if on.IsZero() {
		return 0
	}
	return today.DaysTo(on)
}

// until writes the last day and how far it is.
func (p page) until(s team.Standing, today team.Date) (day, left string) {
	switch days := daysTo(today, s.Until); {
	case s.Until.IsZero():
		return p.T("certificate.no_end"), ""
	case days < 0:
		return p.Date(s.Until), p.T("certificate.days_gone", "Count", -days)
	case days == 0:
		return p.Date(s.Until), p.T("certificate.last_day")
	default:
		return p.Date(s.Until), p.T("certificate.days_left", "Count", days)
	}
}

// want says what is missing to keep a certificate, and by when.
func (p page) want(k team.Certification, w team.Want) string {
	key, name := "certificate.want_"+string(w.Kind), w.Key
	if e, known := k.Rules.Event(w.Key); known && w.Kind == team.WantEvent {
		name = e.DisplayName(p.Language)
	}
	if w.Late {
		key += "_late"
	}
	return p.T(key, "Credits", w.Credits.String(), "Name", name, "Left", w.Count, "By", p.Date(w.By), "From", p.Date(w.From), "Ways", p.ways(k))
}

// ways joins the ways to renew a certification.
func (p page) ways(k team.Certification) string {
	if len(k.Rules.RenewBy) == 0 {
		return p.T("certification.renewal")
	}
	text := ""
	for i, w := range k.Rules.RenewBy {
		if i > 0 {
			text += p.T("certification.or")
		}
		text += p.Word("renew_by", w)
	}
	return text
}

func (p certificatesPage) csvColumns() []string {
	return []string{p.T("certificate.holder"), p.T("certificate.kind"), p.T("certificate.state"), p.T("certificate.until"), p.T("certificate.days"), p.T("certificate.credits")}
}

func (p certificatesPage) csvRows() [][]string {
	var rows [][]string
	for _, r := range p.Rows {
		days := ""
		if !r.until.IsZero() {
			days = strconv.Itoa(r.Days)
		}
		rows = append(rows, []string{r.Holder, r.Name, r.State.Label, r.until.String(), days, r.Credits})
	}
	return rows
}
