package web

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// address reads the secret address off the page that shows it.
var addressOf = regexp.MustCompile(`id="calendar-address" readonly value="http://example.com(/calendar/[A-Z2-7]{26}\.ics)"`)

// newCalendar makes an address as a person does, and returns its path.
func newCalendar(t *testing.T, b *browser) string {
	t.Helper()
	got := b.ask(http.MethodPost, "/me/calendar", nil)
	found := addressOf.FindStringSubmatch(got.body)
	if got.code != http.StatusOK || found == nil {
		t.Fatalf("%d without an address", got.code)
	}
	return found[1]
}

// program asks as a calendar program does: without a cookie, with what it knows.
func program(w *world, path, tag string) answer {
	stranger := &browser{t: w.t, app: w.app}
	return stranger.ask(http.MethodGet, path, nil, func(r *http.Request) {
		r.Header.Del("Cookie")
		if tag != "" {
			r.Header.Set("If-None-Match", tag)
		}
	})
}

func TestACalendarProgramReadsTheDeadlinesOfItsOwnerAlone(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		day := team.DateOf(time.Now().UTC())
		on := day.AddDays(40)
		testdb.Certificate(t, s, w.people["member"], "情報処理安全確保支援士", day, on)
		testdb.Certificate(t, s, w.people["other"], "CISSP", day, on)
		path := newCalendar(t, w.as("member"))
		got := program(w, path, "")
		if got.code != http.StatusOK || strings.Contains(got.body, "CISSP") || strings.Contains(got.body, "000123") {
			t.Fatalf("%d %s", got.code, got.body)
		}
		for name, want := range map[string]string{"Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer",
			"X-Robots-Tag": "noindex, nofollow", "Set-Cookie": ""} {
			if have := got.header.Get(name); have != want {
				t.Errorf("%s: %q, want %q", name, have, want)
			}
		}
		events := parseCalendar(t, got.body)
		if len(events) != 1 {
			t.Fatalf("%d events", len(events))
		}
		checkEvent(t, events[0], on, "情報処理安全確保支援士の有効期限")
		again := program(w, path, "W/"+got.header.Get("ETag")+`, "other"`)
		if again.code != http.StatusNotModified || again.body != "" || again.header.Get("ETag") != got.header.Get("ETag") {
			t.Errorf("unchanged: %d with %d bytes", again.code, len(again.body))
		}
	})
}

func checkEvent(t *testing.T, e ical.Event, on team.Date, summary string) {
	t.Helper()
	start, end := e.Props.Get(ical.PropDateTimeStart), e.Props.Get(ical.PropDateTimeEnd)
	if start.Value != on.Time().Format("20060102") || end.Value != on.AddDays(1).Time().Format("20060102") || start.Params.Get("VALUE") != "DATE" {
		t.Errorf("from %+v to %+v, want the day %s", start, end, on)
	}
	if got, err := e.Props.Text(ical.PropSummary); err != nil || got != summary {
		t.Errorf("summary %q, %v", got, err)
	}
	for _, name := range []string{ical.PropUID, ical.PropDateTimeStamp, ical.PropLastModified, ical.PropSequence} {
		if e.Props.Get(name) == nil {
			t.Errorf("there is no %s", name)
		}
	}
}

// parseCalendar reads a calendar with a library that did not write it, and checks what
// that forgives.
func parseCalendar(t testing.TB, body string) []ical.Event {
	t.Helper()
	if !utf8.ValidString(body) || strings.Count(body, "\n") != strings.Count(body, "\r\n") || strings.Count(body, "\r") != strings.Count(body, "\r\n") {
		t.Fatalf("lines do not end as they must: %q", body)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(body, "\r\n"), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' && r != '\t' }) {
			t.Fatalf("a line of %d: %q", len(line), line)
		}
	}
	cal, err := ical.NewDecoder(strings.NewReader(body)).Decode()
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	for name, want := range map[string]string{ical.PropVersion: "2.0", ical.PropMethod: "PUBLISH", "REFRESH-INTERVAL": "PT6H"} {
		if p := cal.Props.Get(name); p == nil || p.Value != want {
			t.Errorf("%s: %+v, want %s", name, p, want)
		}
	}
	return cal.Events()
}

// Whatever a certificate is called, its event stays one event with that name.
func FuzzACalendarHoldsAnyTitle(f *testing.F) {
	for _, title := range []string{"CISSP", "支援士\r\nEND:VEVENT", `a;b,c\d:"e"`, strings.Repeat("長い名前𠮷", 60), "\x00\x1b", "\xff", strings.Repeat("x", 74) + " y", " ", "<b>", "a\n b"} {
		f.Add(title, "ja")
	}
	words, err := newLook(time.UTC, time.Now, false)
	if err != nil {
		f.Fatal(err)
	}
	s := &Server{look: words, Config: Config{BaseURL: "http://example.com"}}
	f.Fuzz(func(t *testing.T, title, language string) {
		day := team.Date{Year: 2028, Month: 2, Day: 29}
		e := team.CalendarEvent{Deadline: team.Deadline{Kind: team.CertificateExpires, ObjectID: "x", Title: title, On: day}, ChangedAt: team.At(day.Time())}
		if language != "en" {
			language = "ja"
		}
		events := parseCalendar(t, s.calendarText(team.Member{Language: language}, []team.CalendarEvent{e, {Deadline: e.Deadline, Nth: 1, ChangedAt: e.ChangedAt}}))
		if len(events) != 2 || events[0].Props.Get(ical.PropUID).Value == events[1].Props.Get(ical.PropUID).Value {
			t.Fatalf("%d events", len(events))
		}
		want := plainLine(s.words.T(language, "deadline_short.certificate_expires", "Title", title))
		if got, err := events[0].Props.Text(ical.PropSummary); err != nil || got != want {
			t.Fatalf("%q became %q, %v", want, got, err)
		}
	})
}

func TestWhateverIsWrongWithACalendarAddressLooksAlike(t *testing.T) {
	w := sqliteWorld(t)
	b := w.as("member")
	old := newCalendar(t, b)
	path := newCalendar(t, b)
	gone := testdb.Person(t, w.store, sample.Member("gone"))
	w.people["gone"] = gone
	left := newCalendar(t, w.as("gone"))
	gone.Active = false
	if _, err := w.store.SaveMember(ctx, team.Operator(), gone); err != nil {
		t.Fatal(err)
	}
	want := program(w, "/there/is/nothing/here", "").masked()
	wrong := []string{old, left, "/calendar/" + strings.Repeat("A", 26) + ".ics", "/calendar/" + strings.Repeat("A", 500) + ".ics", strings.TrimSuffix(path, ".ics"), strings.ToLower(path), "/calendar/.ics"}
	for _, address := range wrong {
		if got := program(w, address, ""); got.code != http.StatusNotFound || got.masked() != want {
			t.Errorf("%s: %d, %s", address, got.code, difference(got.masked(), want))
		}
	}
	if got := program(w, path, ""); got.code != http.StatusOK {
		t.Fatalf("the right one: %d", got.code)
	}
	if got := b.ask(http.MethodPost, "/me/calendar/revoke", nil); got.code != http.StatusSeeOther {
		t.Fatalf("revoke: %d", got.code)
	}
	if got := program(w, path, ""); got.code != http.StatusNotFound || got.masked() != want {
		t.Errorf("revoked: %d", got.code)
	}
}

func TestTheCalendarAddressIsShownOnceAndStandsInNoLog(t *testing.T) {
	w := sqliteWorld(t)
	b := w.as("member")
	var path string
	logged := faults(func() {
		path = newCalendar(t, b)
		program(w, path, "")
		w.db.Exec("DROP TABLE calendar_events")
		if got := program(w, path, ""); got.code != http.StatusInternalServerError {
			t.Errorf("without its table: %d", got.code)
		}
	})
	secret := strings.TrimSuffix(strings.TrimPrefix(path, "/calendar/"), ".ics")
	if logged == "" || strings.Contains(logged, secret) {
		t.Errorf("logged %s", logged)
	}
	page := b.ask(http.MethodGet, "/me", nil)
	if strings.Contains(page.body, secret) || !strings.Contains(page.body, "/me/calendar/revoke") {
		t.Error("the page shows it again, or says nothing of it")
	}
	var stored int
	if err := w.db.QueryRow("SELECT COUNT(*) FROM calendars WHERE token_hash LIKE '%' || ? || '%'", secret).Scan(&stored); err != nil || stored > 0 {
		t.Errorf("the secret itself is stored: %d, %v", stored, err)
	}
}

func TestACalendarThatIsAskedForTooOftenHasToWait(t *testing.T) {
	l, now := newFeedLimit(), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for range feedLimits {
		if !l.allow("aoi", now) {
			t.Fatal("refused too soon")
		}
	}
	if l.allow("aoi", now.Add(feedWindow)) || !l.allow("ben", now) || !l.allow("aoi", now.Add(feedWindow+time.Second)) {
		t.Error("one's own count, and a while, are what counts")
	}
	w := sqliteWorld(t)
	path := newCalendar(t, w.as("member"))
	code := 0
	for range feedLimits + 1 {
		code = program(w, path, "").code
	}
	if code != http.StatusTooManyRequests {
		t.Errorf("the %dth answer is %d", feedLimits+1, code)
	}
}

func TestWhatIsDueStandsOnThePersonsPageUntilPutAside(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		day := team.DateOf(time.Now().UTC())
		own := testdb.Certificate(t, s, w.people["member"], "支援士", day, day.AddDays(5))
		testdb.Certificate(t, s, w.people["other"], "CISSP", day, day.AddDays(5))
		b := w.as("member")
		page := b.ask(http.MethodGet, "/me", nil).body
		if !strings.Contains(page, "支援士：有効期限は") || !strings.Contains(page, "あと5日") || !strings.Contains(page, "/certificates/"+own.ID) || strings.Contains(page, "CISSP") {
			t.Fatal("the page does not show what is due, and that alone")
		}
		form := url.Values{"kind": {"certificate_expires"}, "object": {own.ID}, "part": {""}}
		for _, who := range []string{"other", "member"} {
			if got := w.as(who).ask(http.MethodPost, "/me/deadlines", form); got.code != http.StatusSeeOther {
				t.Errorf("%s: %d", who, got.code)
			}
			if shown := strings.Contains(b.ask(http.MethodGet, "/me", nil).body, "支援士：有効期限は"); shown != (who == "other") {
				t.Errorf("after %s put it aside, shown is %t", who, shown)
			}
		}
	})
}
