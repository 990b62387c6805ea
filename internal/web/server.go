package web

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/recover"
	// Pinned in go.mod: the version that fiber asks for lets line breaks into headers
	// and accepts ambiguous framing.
	_ "github.com/valyala/fasthttp"

	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/views"
)

// Limits on every request.
const (
	maxBody        = 1 << 20
	maxHeaders     = 16 << 10
	requestTimeout = 10 * time.Second
	readTimeout    = 10 * time.Second
	idleTimeout    = 60 * time.Second
)

// Config is what a server is made of.
type Config struct {
	Store   *store.Store
	Index   *search.Index
	BaseURL string         // as people type it, for example https://tasuki.example.com
	Zone    *time.Location // in which times are shown
	Demo    bool           // anybody signs in by a click on a name
	Work    *Work          // ends after the server and before the store
	// StarterSkills is the catalogue that a department can begin with.
	StarterSkills []team.StarterCategory
	Mail          Mail
}

// Mail is what the pages need of sending mail.
type Mail interface {
	// SetUp returns the mail server and the sender; "" where no mail is set up.
	SetUp() (server, from string)
	// Test sends somebody a mail now. Its error may name its kind by MailProblem.
	Test(ctx context.Context, m team.Member) error
}

// Server answers browsers.
type Server struct {
	*look
	Config
	feeds *feedLimit
}

// New returns the application, ready to listen. It fails when a view does not
// parse or a route does not say who may use it.
func New(config Config) (*fiber.App, error) {
	l, err := newLook(config.Zone, config.Store.Now, strings.HasPrefix(config.BaseURL, "https://"))
	if err != nil {
		return nil, err
	}
	engine := newEngine(fs.FS(views.FS))
	if err := engine.Load(); err != nil {
		return nil, err
	}
	s := &Server{look: l, Config: config, feeds: newFeedLimit()}
	app := fiber.New(fiber.Config{
		AppName: "tasuki", Views: engine, ErrorHandler: l.showError, DisableStartupMessage: true,
		// Strings of a request are otherwise overwritten by the next one.
		Immutable:     true,
		CaseSensitive: true, StrictRouting: true,
		BodyLimit: maxBody, ReadBufferSize: maxHeaders,
		ReadTimeout: readTimeout, WriteTimeout: 2 * requestTimeout, IdleTimeout: idleTimeout,
		// Addresses and protocol come from BaseURL and the connection, never from a header.
		EnableTrustedProxyCheck: true,
	})
	app.Use(l.headers, recover.New(), refuseEncodedBodies, refuseBrokenText, deadline)
	if err := s.mount(app, s.routes()); err != nil {
		return nil, err
	}
	app.Use(s.session, func(*fiber.Ctx) error { return fiber.ErrNotFound })
	l.guard(app)
	s.admitUploads(app)
	return app, nil
}

// mount adds the routes. It fails on one that does not say who may use it, and
// when the application has any route besides them.
func (s *Server) mount(app *fiber.App, routes []route) error {
	declared := map[string]bool{}
	for _, r := range routes {
		if r.policy == nil {
			return fmt.Errorf("route %s %s does not say who may use it", r.method, r.path)
		}
		methods := []string{r.method}
		if r.method == fiber.MethodGet {
			methods = append(methods, fiber.MethodHead)
		}
		for _, method := range methods {
			declared[method+" "+r.path] = true
			app.Add(method, r.path, s.session, s.refuseForgery, r.policy, r.handler)
		}
	}
	for _, r := range app.GetRoutes(true) {
		if !declared[r.Method+" "+r.Path] {
			return fmt.Errorf("route %s %s is not in the list that says who may use it", r.Method, r.Path)
		}
	}
	return nil
}

// deadline gives every request an end that the database and the search obey.
func deadline(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(context.Background(), requestTimeout)
	defer cancel()
	c.SetUserContext(ctx)
	return c.Next()
}

// route is one address with who may use it.
type route struct {
	method, path string
	policy       fiber.Handler
	handler      fiber.Handler
}

// routes lists every address there is.
func (s *Server) routes() []route {
	const get, post = fiber.MethodGet, fiber.MethodPost
	list := []route{
		{get, "/healthz", anyone, s.healthy},
		{get, "/readyz", anyone, s.ready},
		{get, "/assets/:name", anyone, s.assets.serve},
		{get, "/favicon.ico", anyone, s.favicon},
		{get, "/", readers, s.home},
		{get, "/sign-in", anyone, s.showSignIn},
		{post, "/sign-in", anyone, s.signIn},
		{post, "/sign-out", anyone, s.signOut},
		{get, "/welcome/:token", anyone, s.showWelcome},
		{post, "/welcome/:token", anyone, s.welcome},
		{post, "/language", anyone, s.setLanguage},

		{get, "/ask", readers, s.showAsk},
		{post, "/ask", readers, s.ask},
		{post, "/ask/flag", writers, s.askFlag},
		{post, "/use", writers, s.use},
		{post, "/consultations/:id/undo", writers, s.undoUse},
	}
	list = append(list, s.articleRoutes()...)
	list = append(list, s.consultationRoutes()...)
	list = append(list, s.settingsRoutes()...)
	list = append(list, s.importRoutes()...)
	list = append(list, s.skillOrderRoutes()...)   // before /skills/:id
	list = append(list, s.waitingLevelRoutes()...) // the same
	list = append(list, s.skillMapRoutes()...)     // the same
	list = append(list, s.skillRoutes()...)
	list = append(list, s.absenceRoutes()...)
	list = append(list, s.trainingRoutes()...)
	list = append(list, s.certificateRoutes()...)
	list = append(list, s.riskRoutes()...)
	list = append(list, s.whatIfRoutes()...)
	list = append(list, s.skillCodeRoutes()...)
	list = append(list, s.selfAssessmentRoutes()...)
	list = append(list, s.profileRoutes()...)
	list = append(list, s.meRoutes()...)
	list = append(list, s.jobRoutes()...)
	if s.Demo {
		list = append(list, route{post, "/demo/sign-in", anyone, s.demoSignIn})
	}
	return list
}

// The policies. Who is refused sees what they would see if the address did not
// exist; who is not signed in is asked to.
func anyone(c *fiber.Ctx) error { return c.Next() }

// reads tells whether a request only asks.
func reads(c *fiber.Ctx) bool { return c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead }

func readers(c *fiber.Ctx) error { return allow(c, team.CanRead) }
func writers(c *fiber.Ctx) error { return allow(c, team.CanWrite) }

func leads(c *fiber.Ctx) error { return allow(c, team.CanManage) }

func admins(c *fiber.Ctx) error { return allow(c, team.CanLookAfterProgram) }

func allow(c *fiber.Ctx, may func(team.Member) bool) error {
	by := member(c)
	if by.ID == "" {
		if !reads(c) {
			return errSignInAgain
		}
		return c.Redirect("/sign-in", fiber.StatusSeeOther)
	}
	if !may(by) {
		return team.ErrForbidden
	}
	return c.Next()
}

// member returns who is signed in, or the zero Member.
func member(c *fiber.Ctx) team.Member {
	m, _ := c.Locals(localMember).(team.Member)
	return m
}

// healthy says that the process answers.
func (s *Server) healthy(c *fiber.Ctx) error { return c.SendString("ok\n") }

// ready says whether the database answers and the index has caught up.
func (s *Server) ready(c *fiber.Ctx) error {
	if err := s.Store.Ping(c.UserContext()); err != nil {
		return c.Status(fiber.StatusServiceUnavailable).SendString("database\n")
	}
	// A share and not two numbers: those would count restricted things for strangers.
	if ready, done, total := s.Index.Ready(); !ready {
		return c.Status(fiber.StatusServiceUnavailable).SendString(fmt.Sprintf("index %d%%\n", 100*done/max(total, 1)))
	}
	return c.SendString("ok\n")
}

func (s *Server) favicon(c *fiber.Ctx) error {
	return c.Redirect(s.assets.address("favicon.svg"), fiber.StatusMovedPermanently)
}

func (s *Server) home(c *fiber.Ctx) error { return c.Redirect("/ask", fiber.StatusSeeOther) }
