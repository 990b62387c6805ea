package web

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/i18n"
	"tasuki/internal/team"
	"tasuki/views"
)

var tokyo = time.FixedZone("JST", 9*60*60)

// noon is the moment that tests of pages live in: Tuesday, 24 November 2026, 12:00 in Tokyo.
var noon = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

func testLook(t *testing.T, https bool) *look {
	t.Helper()
	l, err := newLook(tokyo, func() time.Time { return noon }, https)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// testApp has the frame of the real server and the routes of a test.
func testApp(t *testing.T, l *look) *fiber.App {
	t.Helper()
	e := newEngine(views.FS)
	if err := e.Load(); err != nil {
		t.Fatal(err)
	}
	app := fiber.New(fiber.Config{Views: e, ErrorHandler: l.showError, Immutable: true, BodyLimit: 1000, DisableStartupMessage: true})
	app.Use(l.headers, refuseEncodedBodies)
	app.Get("/assets/:name", l.assets.serve)
	return app
}

// send returns the answer to a request and its body.
func send(t *testing.T, app *fiber.App, r *http.Request) (*http.Response, string) {
	t.Helper()
	answer, err := app.Test(r, -1)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestDatesAsPeopleWriteThem(t *testing.T) {
	l := testLook(t, false)
	ja, en := page{look: l, Language: "ja"}, page{look: l, Language: "en"}
	at := func(year int, month time.Month, day, hour, minute int) team.Stamp {
		return team.At(time.Date(year, month, day, hour, minute, 0, 0, tokyo))
	}
	holiday := team.Date{Year: 2026, Month: 11, Day: 23}
	for _, test := range []struct{ name, got, want string }{
		{"a day in Japanese", ja.Date(holiday), "2026年11月23日（月）"},
		{"a day in English", en.Date(holiday), "23 Nov 2026"},
		{"no day", ja.Date(team.Date{}), ""},
		{"a moment in Japanese", ja.Time(at(2026, 11, 23, 15, 30)), "11/23（月）15:30"},
		{"a moment in English", en.Time(at(2026, 11, 23, 15, 30)), "23 Nov 15:30"},
		{"a moment of another year has its year", ja.Time(at(2025, 12, 31, 23, 59)), "2025/12/31（水）23:59"},
		{"a moment of another year in English", en.Time(at(2025, 12, 31, 23, 59)), "31 Dec 2025 23:59"},
		{"a moment that has not been", en.Time(team.Stamp{}), ""},
		{"the day of a moment is the day in Tokyo", ja.Day(team.At(time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC))), "2026年11月23日（月）"},
		{"a moment for machines", ja.Machine(at(2026, 11, 23, 15, 30)), "2026-11-23T15:30:00+09:00"},
		{"seconds ago", ja.Ago(team.At(noon.Add(-30 * time.Second))), "たった今"},
		{"a minute ago", en.Ago(team.At(noon.Add(-time.Minute))), "1 minute ago"},
		{"this morning", ja.Ago(at(2026, 11, 24, 9, 0)), "3時間前"},
		{"late last night is yesterday", ja.Ago(at(2026, 11, 23, 23, 0)), "昨日"},
		{"a few days ago", en.Ago(at(2026, 11, 20, 23, 0)), "4 days ago"},
		{"a week ago is a day", ja.Ago(at(2026, 11, 17, 12, 0)), "2026年11月17日（火）"},
		{"a clock that is ahead", ja.Ago(team.At(noon.Add(time.Hour))), "たった今"},
		{"never", ja.Ago(team.Stamp{}), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.got != test.want {
				t.Errorf("got %q, want %q", test.got, test.want)
			}
		})
	}
}

func TestEveryWordOfTheDomainHasASentence(t *testing.T) {
	l := testLook(t, false)
	words := map[string][]string{}
	add := func(noun string, values ...string) { words[noun] = append(words[noun], values...) }
	for _, v := range team.Roles {
		add("role", string(v))
	}
	for _, v := range team.Decisions {
		add("decision", string(v))
	}
	for _, v := range team.ArticleStates {
		add("article_state", string(v))
	}
	for _, v := range team.Audiences {
		add("audience", string(v))
	}
	for _, v := range team.Channels {
		add("channel", string(v))
	}
	for _, v := range team.LinkKinds {
		add("link_kind", string(v))
	}
	for _, v := range team.ReaderLevels {
		add("reader_level", string(v))
	}
	for _, v := range []team.Rule{team.Required, team.TooLong, team.NotADate, team.Unknown, team.Taken, team.TooShort, team.Common, team.Last, team.NotValid} {
		add("invalid", string(v))
	}
	for _, v := range team.TrainingKinds {
		add("training_kind", string(v))
	}
	for _, v := range team.RecordStates {
		add("record_state", string(v))
	}
	add("training_rating", "1", "2", "3", "4", "5")
	add("role", string(team.RoleOperator))
	add("consultation_state", string(team.ConsultationOpen), string(team.ConsultationAnswered))
	add("box", "decision", "short_answer", "reason", "merit", "demerit", "steps", "alternative", "due", "due_reason", "basis", "review_due")
	for _, language := range i18n.Languages {
		p := page{look: l, Language: language}
		for noun, values := range words {
			for _, v := range values {
				if got := p.Word(noun, v); strings.HasPrefix(got, noun+".") {
					t.Errorf("%s has no word for %s %q", language, noun, v)
				}
			}
		}
		for code := range explained {
			p := errorPage{page: p, Code: code}
			for _, sentence := range []string{p.Heading(), p.Kept(), p.Todo()} {
				if strings.HasPrefix(sentence, "error.") {
					t.Errorf("%s: %s is missing", language, sentence)
				}
			}
		}
		for _, item := range navItems {
			for _, key := range []string{"nav." + item.name, "nav." + item.name + "_short"} {
				if !l.words.Has(language, key) {
					t.Errorf("%s: %s is missing", language, key)
				}
			}
		}
	}
}

func TestTheLanguageOfAPage(t *testing.T) {
	l := testLook(t, false)
	for _, test := range []struct{ name, own, cookie, browser, want string }{
		{"a person's own comes first", "en", "ja", "ja", "en"},
		{"then the one chosen before", "", "en", "ja", "en"},
		{"then the browser's", "", "", "fr, en-GB;q=0.8, ja;q=0.5", "en"},
		{"a browser of another language gets Japanese", "", "", "fr", "ja"},
		{"a cookie with nonsense is ignored", "", "xx", "en", "en"},
		{"nothing said is Japanese", "", "", "", "ja"},
	} {
		t.Run(test.name, func(t *testing.T) {
			app := fiber.New()
			app.Get("/", func(c *fiber.Ctx) error {
				c.Locals(localMember, team.Member{Language: test.own})
				return c.SendString(l.page(c).Language)
			})
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Accept-Language", test.browser)
			if test.cookie != "" {
				r.AddCookie(&http.Cookie{Name: languageCookie, Value: test.cookie})
			}
			if _, got := send(t, app, r); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestAnAddressWithOneValueChanged(t *testing.T) {
	p := page{Path: "/articles", Query: "state=draft&words=USB"}
	for _, test := range []struct{ name, key, value, want string }{
		{"another value", "state", "verified", "/articles?state=verified&words=USB"},
		{"a value left out", "state", "", "/articles?words=USB"},
		{"a value that has to be escaped", "words", "a&b", "/articles?state=draft&words=a%26b"},
	} {
		if got := p.With(test.key, test.value); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func TestAFormExplainsWhatIsWrong(t *testing.T) {
	p := page{look: testLook(t, false), Language: "ja"}
	f := form{Fields: []field{{Name: "title", Label: "題名"}, {Name: "short_answer", Hint: "短く"}}}
	if !f.explain(p, team.Invalid{{Field: "short_answer", Rule: team.TooLong, Limit: 200}}) {
		t.Fatal("an Invalid is for the form to explain")
	}
	wrong := f.Problems()
	if len(wrong) != 1 || wrong[0].Error != "200字以内にしてください。" || wrong[0].DescribedBy() != "field-short-answer-hint field-short-answer-error" {
		t.Errorf("got %+v", wrong)
	}
	if f.explain(p, team.ErrStale) {
		t.Error("another error is not for the form to explain")
	}
}

func TestTheMenuShowsLeadsWhatIsTheirs(t *testing.T) {
	l := testLook(t, false)
	for _, item := range navItems {
		if !item.leads {
			continue
		}
		for role, want := range map[team.Role]bool{team.RoleMember: false, team.RoleLead: true} {
			p := page{look: l, Language: "ja", Member: team.Member{ID: "m", Role: role, Active: true}}
			got := false
			for _, shown := range p.Menu() {
				got = got || shown.Name == item.name
			}
			if got != want {
				t.Errorf("%s sees %s: %v, want %v", role, item.name, got, want)
			}
		}
	}
}

// A field called like what the frame of every page asks for would be shown there
// instead: the name of somebody looked at as the name of who is signed in.
func TestNoPageHidesWhatItsFrameShows(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	frame := ""
	err = fs.WalkDir(views.FS, "layouts", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			var text []byte
			text, err = fs.ReadFile(views.FS, path)
			frame += string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	ofPage, models := map[string]bool{}, 0
	for pass := range 2 {
		for _, name := range files {
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.FuncDecl:
					if n.Recv != nil && fmt.Sprint(n.Recv.List[0].Type) == "page" && strings.Contains(frame, "."+n.Name.Name) {
						ofPage[n.Name.Name] = true
					}
				case *ast.TypeSpec:
					if fields, ok := n.Type.(*ast.StructType); ok && pass == 1 && embedsPage(fields) {
						models++
						for _, f := range fields.Fields.List {
							for _, id := range f.Names {
								if ofPage[id.Name] {
									t.Errorf("%s.%s hides page.%s", n.Name.Name, id.Name, id.Name)
								}
							}
						}
					}
				}
				return true
			})
		}
	}
	if len(ofPage) < 8 || models < 20 {
		t.Errorf("read %d methods and %d pages only", len(ofPage), models)
	}
}

func embedsPage(s *ast.StructType) bool {
	return slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool { return len(f.Names) == 0 && fmt.Sprint(f.Type) == "page" })
}
