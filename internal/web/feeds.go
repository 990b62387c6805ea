package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
)

// calendarPath is where calendar programs ask; a secret and .ics follow.
const calendarPath = "/calendar/"

// calendarCard is what the person sees of their calendar address: the address itself
// only just after it was made.
type calendarCard struct {
	Has           bool
	Made, Used    string
	Address       string
	Subscribe     string // the same for programs on this device
	AddressIsOpen bool   // it does not begin with https
}

func (s *Server) calendarCard(c *fiber.Ctx, p page) (card calendarCard, err error) {
	made, err := s.Store.Calendar(c.UserContext(), p.Member)
	if errors.Is(err, team.ErrNotFound) {
		return card, nil
	}
	return calendarCard{Has: err == nil, Made: p.Time(made.CreatedAt), Used: p.Ago(made.UsedAt)}, err
}

// renewCalendar shows the new address once: only its hash is kept.
func (s *Server) renewCalendar(c *fiber.Ctx) error {
	secret, err := s.Store.RenewCalendar(c.UserContext(), member(c))
	if err != nil {
		return err
	}
	p, err := s.mePage(c)
	if err != nil {
		return err
	}
	p.page.Address = "/me"
	p.Calendar.Address = strings.TrimSuffix(s.BaseURL, "/") + calendarPath + secret + ".ics"
	_, rest, _ := strings.Cut(p.Calendar.Address, "://")
	p.Calendar.Subscribe, p.Calendar.AddressIsOpen = "webcal://"+rest, !s.https
	return c.Render("account/me", p)
}

func (s *Server) revokeCalendar(c *fiber.Ctx) error {
	if err := s.Store.RevokeCalendar(c.UserContext(), member(c)); err != nil {
		return err
	}
	return c.Redirect("/me?done=revoked#calendar", fiber.StatusSeeOther)
}

// calendar answers a calendar program. Whatever is wrong with an address looks like an
// address that never was; the secret stands in no log, since only patterns of routes do.
func (s *Server) calendar(c *fiber.Ctx) error {
	secret, isCalendar := strings.CutSuffix(c.Params("name"), ".ics")
	if !isCalendar || len(secret) != len("ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
		return team.ErrNotFound
	}
	m, events, err := s.Store.CalendarEvents(c.UserContext(), secret, s.today())
	if err != nil {
		return err
	}
	if !s.feeds.allow(m.ID, s.now()) {
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(feedWindow/time.Second)))
		return fiber.ErrTooManyRequests
	}
	text := s.calendarText(m, events)
	sum := sha256.Sum256([]byte(text))
	tag := `"` + hex.EncodeToString(sum[:16]) + `"`
	c.Response().Header.Del(fiber.HeaderSetCookie) // a calendar program has no session
	c.Set(fiber.HeaderETag, tag)
	c.Set(fiber.HeaderCacheControl, "private, no-cache") // kept by the program alone, and asked for again each time
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set("X-Robots-Tag", "noindex, nofollow")
	if matches(c.Get(fiber.HeaderIfNoneMatch), tag) {
		return c.SendStatus(fiber.StatusNotModified)
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `inline; filename="tasuki.ics"`)
	return c.SendString(text)
}

// matches tells whether a tag is among those that a program has (RFC 9110, 13.1.2).
func matches(header, tag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// How often one calendar is made within a while, whoever asks. Programs ask a few
// times an hour.
const (
	feedWindow = 15 * time.Minute
	feedLimits = 60
)

// feedLimit counts what is asked for by calendar. Guessing an address needs no limit:
// it has 130 bits, and a wrong one costs one look into an index.
type feedLimit struct {
	mu    sync.Mutex
	since time.Time
	count map[string]int
}

func newFeedLimit() *feedLimit { return &feedLimit{count: map[string]int{}} }

func (l *feedLimit) allow(id string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if gone := now.Sub(l.since); gone > feedWindow || gone < 0 {
		l.since, l.count = now, map[string]int{}
	}
	l.count[id]++
	return l.count[id] <= feedLimits
}

// calendarText writes events as a calendar (RFC 5545), in their owner's language.
// Nothing in it depends on the moment, so that the same events are the same text.
func (s *Server) calendarText(m team.Member, events []team.CalendarEvent) string {
	say := func(key string, args ...any) string { return s.words.T(m.Language, key, args...) }
	cal := ics.NewCalendarFor("Tasuki")
	cal.SetProductId("-//Tasuki//Tasuki//" + strings.ToUpper(m.Language))
	cal.SetCalscale("GREGORIAN")
	cal.SetMethod(ics.MethodPublish)
	cal.SetName(say("calendar.name"))
	cal.SetRefreshInterval("PT6H", ics.WithValue(string(ics.ValueDataTypeDuration)))
	cal.SetXPublishedTTL("PT6H")
	for _, e := range events {
		v := cal.AddEvent(s.eventID(e))
		v.SetDtStampTime(e.ChangedAt.Time)
		v.SetModifiedAt(e.ChangedAt.Time)
		v.SetSequence(e.Sequence)
		v.SetAllDayStartAt(e.On.Time())
		v.SetAllDayEndAt(e.On.AddDays(1).Time()) // the first day after it
		v.SetSummary(plainLine(say("deadline_short."+string(e.Kind), "Title", e.DisplayTitle(m.Language))))
		v.SetDescription(s.BaseURL + "/me#deadlines")
		v.SetTimeTransparency(ics.TransparencyTransparent) // nobody is busy all day for it
		v.SetStatus(ics.ObjectStatusConfirmed)
	}
	return cal.Serialize(ics.WithNewLine("\r\n"))
}

// eventID is the name of an event for good, in all calendars.
func (s *Server) eventID(e team.CalendarEvent) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(e.Kind), e.ObjectID, e.Part, strconv.Itoa(e.Nth), e.MemberID}, "\x00")))
	host := "tasuki.invalid"
	if u, err := url.Parse(s.BaseURL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return hex.EncodeToString(sum[:16]) + "@" + host
}

// plainLine leaves out what cannot stand in a calendar: control characters.
func plainLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
