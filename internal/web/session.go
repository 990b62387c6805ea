package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/auth"
	"tasuki/internal/i18n"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// cookieName carries the secret of a session, or of a visit before signing in.
// Behind https the prefix makes browsers refuse it from anywhere but this host.
func (s *Server) cookieName() string {
	if s.https {
		return "__Host-tasuki"
	}
	return "tasuki"
}

func (s *Server) setCookie(c *fiber.Ctx, secret string) {
	c.Cookie(&fiber.Cookie{Name: s.cookieName(), Value: secret, Path: "/", HTTPOnly: true, Secure: s.https, SameSite: fiber.CookieSameSiteLaxMode})
	c.Locals(localCSRF, auth.FormToken(secret))
}

// withoutSession are addresses that answer while the database does not.
var withoutSession = []string{"/healthz", "/readyz", "/favicon.ico"}

// session finds out who asks. Somebody without a session gets a secret all the
// same, so that the sign-in form carries a token too.
func (s *Server) session(c *fiber.Ctx) error {
	if strings.HasPrefix(c.Path(), "/assets/") || slices.Contains(withoutSession, c.Path()) {
		return c.Next()
	}
	secret := c.Cookies(s.cookieName())
	if secret == "" {
		if reads(c) {
			s.setCookie(c, rand.Text())
		}
		return c.Next()
	}
	c.Locals(localCSRF, auth.FormToken(secret))
	m, err := s.Store.SessionMember(c.UserContext(), secret)
	if err != nil && !errors.Is(err, team.ErrNotFound) {
		return err
	}
	if err == nil {
		c.Locals(localMember, m)
	}
	return c.Next()
}

// errSignInAgain says that the session is over, or that the form is from an earlier
// one; what was typed is still on the page before.
var errSignInAgain = fiber.NewError(fiber.StatusUnauthorized)

// refuseForgery lets a write pass only when it comes from a page of ours: browsers
// say where a request comes from, and the form carries the session's token.
func (s *Server) refuseForgery(c *fiber.Ctx) error {
	if reads(c) {
		return c.Next()
	}
	if site := c.Get("Sec-Fetch-Site"); site != "" && site != "same-origin" && site != "none" {
		return fiber.ErrNotFound
	}
	if origin := c.Get(fiber.HeaderOrigin); origin != "" {
		from, err := url.Parse(origin)
		if err != nil || from.Host != string(c.Request().Host()) {
			return fiber.ErrNotFound
		}
	}
	token := c.Get(csrfHeader)
	if token == "" {
		token = body(c).Get(csrfField)
	}
	expected, _ := c.Locals(localCSRF).(string)
	if !auth.SameToken(token, expected) {
		return errSignInAgain
	}
	return c.Next()
}

// body reads the form sent, and only the body: fiber's FormValue would also take a
// value from the address. Bytes that are no text are replaced, since nobody can
// correct them and PostgreSQL refuses them.
func body(c *fiber.Ctx) url.Values {
	switch kind := c.Get(fiber.HeaderContentType); {
	case takesFiles(c.Path()) && strings.HasPrefix(kind, fiber.MIMEMultipartForm):
		form, err := c.MultipartForm()
		if err != nil {
			return url.Values{}
		}
		return cleaned(form.Value)
	case !strings.HasPrefix(kind, fiber.MIMEApplicationForm):
		return url.Values{}
	}
	values, err := url.ParseQuery(string(c.Body()))
	if err != nil {
		return url.Values{}
	}
	return cleaned(values)
}

func cleaned(values url.Values) url.Values {
	for _, list := range values {
		for i := range list {
			list[i] = strings.ReplaceAll(strings.ToValidUTF8(list[i], "\uFFFD"), "\x00", "")
		}
	}
	return values
}

// known returns a language that the interface has.
func known(language string) string {
	if slices.Contains(i18n.Languages, language) {
		return language
	}
	return i18n.Languages[0]
}

type signInPage struct {
	page
	Email   string
	Problem string
	Demo    bool
	People  []team.Member
}

func (s *Server) showSignIn(c *fiber.Ctx) error { return s.renderSignIn(c, "", "") }

func (s *Server) renderSignIn(c *fiber.Ctx, email, problem string) error {
	p := signInPage{page: s.page(c), Email: email, Problem: problem, Demo: s.Demo}
	p.Title = p.T("account.sign_in")
	if s.Demo {
		people, err := s.Store.Members(c.UserContext())
		if err != nil {
			return err
		}
		p.People = people
	}
	if problem != "" {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return c.Render("account/sign_in", p, "layouts/plain")
}

func (s *Server) signIn(c *fiber.Ctx) error {
	f, ctx := body(c), c.UserContext()
	email := text.Clean(f.Get("email"))
	m, hash, err := s.Store.PasswordHash(ctx, email, c.IP())
	if errors.Is(err, store.ErrTooManyAttempts) {
		return s.renderSignIn(c, email, s.page(c).T("account.too_many"))
	}
	if err != nil && !errors.Is(err, team.ErrNotFound) {
		return err
	}
	right, err := auth.Check(ctx, f.Get("password"), hash)
	if err != nil {
		return err
	}
	if !right {
		return s.renderSignIn(c, email, s.page(c).T("account.wrong"))
	}
	return s.start(c, m)
}

// start begins a session under a new secret, so that one planted before is worth nothing.
func (s *Server) start(c *fiber.Ctx, m team.Member) error {
	secret, err := s.Store.StartSession(c.UserContext(), m)
	if err != nil {
		return err
	}
	return s.enter(c, secret)
}

// enter goes on under a new session; the one that the browser had before ends.
func (s *Server) enter(c *fiber.Ctx, secret string) error {
	if member(c).ID != "" {
		if err := s.Store.EndSession(c.UserContext(), c.Cookies(s.cookieName())); err != nil {
			return err
		}
	}
	s.setCookie(c, secret)
	return c.Redirect("/ask", fiber.StatusSeeOther)
}

// demoSignIn exists in the demo only.
func (s *Server) demoSignIn(c *fiber.Ctx) error {
	m, err := s.Store.Member(c.UserContext(), body(c).Get("member"))
	if err != nil {
		return err
	}
	return s.start(c, m)
}

func (s *Server) signOut(c *fiber.Ctx) error {
	if err := s.Store.EndSession(c.UserContext(), c.Cookies(s.cookieName())); err != nil {
		return err
	}
	s.setCookie(c, rand.Text())
	c.Set("Clear-Site-Data", `"cache"`)
	return c.Redirect("/sign-in", fiber.StatusSeeOther)
}

func (s *Server) setLanguage(c *fiber.Ctx) error {
	f := body(c)
	language := f.Get("language")
	by := member(c)
	if by.ID != "" {
		if err := s.Store.SavePreferences(c.UserContext(), by, language, by.Shortcuts, !by.NoMails); err != nil {
			return err
		}
	} else {
		c.Cookie(&fiber.Cookie{Name: languageCookie, Value: known(language), Path: "/", HTTPOnly: true, Secure: s.https,
			SameSite: fiber.CookieSameSiteLaxMode, Expires: s.now().Add(365 * 24 * time.Hour)})
	}
	return c.Redirect(local(f.Get("back")), fiber.StatusSeeOther)
}

// local keeps a redirect on this site: a path of ours, or the first page.
func local(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(to, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}

type welcomePage struct {
	page
	First   bool
	Name    string
	Email   string
	Invalid team.Invalid
}

func (s *Server) showWelcome(c *fiber.Ctx) error {
	m, err := s.Store.Invitation(c.UserContext(), c.Params("token"))
	if err != nil {
		return err
	}
	return s.renderWelcome(c, welcomePage{page: s.page(c), First: m.ID == "", Name: m.Name, Email: m.Email})
}

func (s *Server) renderWelcome(c *fiber.Ctx, p welcomePage) error {
	p.Title = p.T("account.welcome")
	if p.Invalid != nil {
		c.Status(fiber.StatusUnprocessableEntity)
	}
	return c.Render("account/welcome", p, "layouts/plain")
}

// Passwords: long rather than complicated (NIST SP 800-63B); the upper bound only
// keeps the work of hashing in hand.
const (
	minPassword = 10
	maxPassword = 256
)

// checkPassword returns what is wrong with a new password, or nil. The person's own
// name and address, and what everybody knows about this place, are no secrets.
func (s *Server) checkPassword(password string, m team.Member) error {
	switch n := text.Runes(password); {
	case n < minPassword:
		return team.Invalid{{Field: "password", Rule: team.TooShort, Limit: minPassword}}
	case n > maxPassword:
		return team.Invalid{{Field: "password", Rule: team.TooLong, Limit: maxPassword}}
	case auth.Guessable(password, m.Name, m.NameEn, m.Email, s.BaseURL):
		return team.Invalid{{Field: "password", Rule: team.Common}}
	}
	return nil
}

func (s *Server) welcome(c *fiber.Ctx) error {
	f, ctx := body(c), c.UserContext()
	m, err := s.Store.Invitation(ctx, c.Params("token"))
	if err != nil {
		return err
	}
	p := welcomePage{page: s.page(c), First: m.ID == "", Name: m.Name, Email: m.Email}
	if p.First {
		p.Name, p.Email = text.Clean(f.Get("name")), text.Clean(f.Get("email"))
	}
	password := f.Get("password")
	m.Name, m.Email = p.Name, p.Email
	if errors.As(s.checkPassword(password, m), &p.Invalid) {
		return s.renderWelcome(c, p)
	}
	hash, err := auth.Hash(ctx, password)
	if err != nil {
		return err
	}
	first := team.Member{Name: p.Name, Email: p.Email, Role: team.RoleAdmin, Language: p.Language}
	_, secret, err := s.Store.Accept(ctx, c.Params("token"), first, hash)
	if errors.As(err, &p.Invalid) {
		return s.renderWelcome(c, p)
	}
	if err != nil {
		return err
	}
	return s.enter(c, secret)
}
