// Package web answers browsers: routes, handlers, view models and the pages
// themselves. Handlers read, ask the store and show; rules are in team, SQL is in
// store, words are in i18n.
package web

import (
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/i18n"
	"tasuki/internal/team"
)

// What earlier middleware leaves for the page, in c.Locals.
const (
	localMember    = "member"     // team.Member who is signed in
	localCSRF      = "csrf"       // token of the form field and of the header
	localNotice    = "notice"     // notice to show once
	localRequestID = "request_id" // string
)

// csrfField and csrfHeader are where a page sends its token back.
const (
	csrfField  = "csrf"
	csrfHeader = "X-CSRF-Token"
)

// languageCookie remembers the language of somebody who is not signed in.
const languageCookie = "tasuki_language"

// look is what all pages share.
type look struct {
	words  *i18n.Catalog
	zone   *time.Location
	now    func() time.Time
	assets assets
	https  bool // people come over https: say so in the headers
}

// newLook reads words and assets. zone is the zone in which times are shown.
func newLook(zone *time.Location, now func() time.Time, https bool) (*look, error) {
	words, err := i18n.New()
	if err != nil {
		return nil, err
	}
	files, err := loadAssets()
	if err != nil {
		return nil, err
	}
	return &look{words: words, zone: zone, now: now, assets: files, https: https}, nil
}

// notice is a sentence shown once at the top of a page. Kind is "done", "info",
// "warn" or "error". With an Action it has a button that posts there (an undo);
// after Seconds, if any, the button goes away.
type notice struct {
	Kind        string
	Text        string
	Action      string
	ActionLabel string
	Seconds     int
}

// page is embedded in every view model.
type page struct {
	look     *look
	Language string
	Path     string      // of this request, without the query
	Query    string      // of this request, without "?"
	Title    string      // of the window and the history
	Nav      string      // the navItem this page belongs to, for example "ask"
	Member   team.Member // empty for somebody who is not signed in
	CSRF     string
	Notice   *notice
	Address  string // to load again, where this page answered a form that cannot be sent twice
	Refresh  int    // seconds after which the page comes again where there is no JavaScript; 0 never
}

// page returns what every page of this request needs.
func (l *look) page(c *fiber.Ctx) page {
	p := page{look: l, Path: strings.Clone(c.Path()), Query: string(c.Request().URI().QueryString())}
	p.Member, _ = c.Locals(localMember).(team.Member)
	p.CSRF, _ = c.Locals(localCSRF).(string)
	p.Notice, _ = c.Locals(localNotice).(*notice)
	p.Language = l.language(c, p.Member)
	return p
}

// language is the person's own, else the one they chose before, else the first
// of their browser that we have.
func (l *look) language(c *fiber.Ctx, m team.Member) string {
	for _, wish := range []string{m.Language, c.Cookies(languageCookie), c.AcceptsLanguages("ja", "ja-JP", "en", "en-US", "en-GB")} {
		for _, known := range i18n.Languages {
			if wish == known || strings.HasPrefix(wish, known+"-") {
				return known
			}
		}
	}
	return i18n.Languages[0]
}

// T returns the sentence of a key; args are name, value pairs.
func (p page) T(key string, args ...any) string { return p.look.words.T(p.Language, key, args...) }

// Word returns the word for a value of the domain: Word("role", team.RoleLead).
// An empty value is "none".
func (p page) Word(noun string, value any) string {
	name := fmt.Sprint(value)
	if name == "" {
		name = "none"
	}
	return p.T(noun + "." + name)
}

// Problem returns the sentence for what is wrong with a field.
func (p page) Problem(problem team.Problem) string {
	return p.T("invalid."+string(problem.Rule), "Limit", problem.Limit)
}

// Asset returns the address of a file in views/assets. It changes with the
// content, so that browsers may keep the file for ever.
func (p page) Asset(name string) string { return p.look.assets.address(name) }

// Markdown returns a box's Markdown as safe HTML.
func (p page) Markdown(text string) template.HTML { return renderMarkdown(text) }

// SignedIn tells whether somebody is signed in.
func (p page) SignedIn() bool { return p.Member.ID != "" || p.Member.Role == team.RoleOperator }

// Person is the name of who is signed in, in the language of the page.
func (p page) Person() string { return p.Member.DisplayName(p.Language) }

// Shortcuts is "on" unless the person switched single-letter keys off.
func (p page) Shortcuts() string {
	if p.SignedIn() && !p.Member.Shortcuts {
		return "off"
	}
	return "on"
}

// Here is the address of this page, to come back to after a change of language.
func (p page) Here() string {
	if p.Query == "" {
		return p.Path
	}
	return p.Path + "?" + p.Query
}

// OtherLanguage is the language that the switch offers, and OtherLanguageName
// its name in that language.
func (p page) OtherLanguage() string {
	if p.Language == "ja" {
		return "en"
	}
	return "ja"
}

// OtherLanguageName is the name of OtherLanguage in that language.
func (p page) OtherLanguageName() string {
	if p.Language == "ja" {
		return "English"
	}
	return "日本語"
}

// navItem is a line of the menu.
type navItem struct {
	Name    string // also the key of its words
	Href    string
	Icon    string
	Key     string // the letter after g
	Label   string
	Short   string
	Current bool
}

// navItems lists the menu; those with leads are shown to leads only.
var navItems = []struct {
	name, href, icon, key string
	leads                 bool
}{
	{"ask", "/ask", "search", "f", false},
	{"consultations", "/consultations", "message-square-text", "c", false},
	{"articles", "/articles", "library", "a", false},
	{"skills", "/skills/map", "shield-check", "s", false},
	{"certificates", "/certificates", "book-open", "q", false},
	{"settings", "/settings", "settings", "t", true},
}

// Menu returns the menu for this person.
func (p page) Menu() []navItem {
	var items []navItem
	for _, n := range navItems {
		if n.leads && !team.CanManage(p.Member) {
			continue
		}
		items = append(items, navItem{Name: n.name, Href: n.href, Icon: n.icon, Key: n.key,
			Label: p.T("nav." + n.name), Short: p.T("nav." + n.name + "_short"), Current: n.name == p.Nav})
	}
	return items
}

// CanWrite tells whether to show what only members may do.
func (p page) CanWrite() bool { return team.CanWrite(p.Member) }

// CanManage tells whether to show what only leads may do.
func (p page) CanManage() bool { return team.CanManage(p.Member) }

// badge is a state as text with a shape of its own: colour is never the only sign.
type badge struct{ Kind, Icon, Label string }

// badgeIcons gives every state its shape.
var badgeIcons = map[string]string{
	"article_state.draft": "circle-dashed", "article_state.not_verified": "circle", "article_state.verified": "circle-check",
	"article_state.archived": "archive", "consultation_state.open": "clock", "consultation_state.answered": "check",
	"decision.yes": "circle-check", "decision.conditional": "circle-alert", "decision.no": "x", "decision.info": "info",
	"decision.urgent": "triangle-alert", "audience.department": "lock", "audience.company": "building-2",
	"import_state.ready": "circle-dashed", "import_state.running": "clock", "import_state.stopped": "triangle-alert", "import_state.done": "circle-check",
	"import_state.undone": "undo-2", "import_action.new": "plus", "import_action.change": "pencil", "import_action.keep": "lock",
	"import_action.same": "check", "import_action.duplicate": "copy", "import_action.problem": "circle-alert", "import_action.skip": "x",
	"severity.lost": "x", "severity.below": "triangle-alert", "severity.worse": "circle-alert", "severity.on_one": "circle-dashed", "severity.thinner": "circle",
	"certificate_state.active": "circle-check", "certificate_state.at_risk": "triangle-alert", "certificate_state.in_window": "calendar-clock", "certificate_state.grace": "circle-alert",
	"certificate_state.lapsed": "x", "certificate_state.withdrawn": "archive", "certificate_want.late": "triangle-alert", "certificate_want.behind": "clock",
	"source_quality.official": "circle-check", "source_quality.third_party": "circle", "source_quality.memory": "circle-dashed", "source_quality.none": "circle-dashed",
	"certificate_severity.lost": "x", "certificate_severity.below": "triangle-alert", "certificate_severity.worse": "circle-alert",
	"certificate_severity.on_one": "circle-dashed", "certificate_severity.thinner": "circle",
	"record_state.planned": "clock", "record_state.done": "circle-check", "record_state.cancelled": "x",
	"channel.mail": "mail", "channel.chat": "message-circle", "channel.phone": "phone", "channel.meeting": "users",
}

// Badge returns the badge of a value: Badge("article_state", a.State).
func (p page) Badge(noun string, value any) badge {
	name := noun + "." + fmt.Sprint(value)
	return badge{Kind: strings.ReplaceAll(name, ".", "-"), Icon: badgeIcons[name], Label: p.Word(noun, value)}
}

// With returns the address of this page with one value of the query changed; an
// empty value leaves it out.
func (p page) With(name, value string) string {
	q, err := url.ParseQuery(p.Query)
	if err != nil {
		q = url.Values{}
	}
	q.Set(name, value)
	if value == "" {
		q.Del(name)
	}
	if len(q) == 0 {
		return p.Path
	}
	return p.Path + "?" + q.Encode()
}

// Self hands the page to a part that has a model of its own.
func (p page) Self() page { return p }
