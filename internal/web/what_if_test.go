package web

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// severityOf finds the skills of an answer by what happens to them.
func severityOf(body string) map[string][]string {
	found := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?s)href="/skills/[A-Z2-7]+">([^<]+)</a><br>\s*<span class="badge badge-severity-(\w+)">`).FindAllStringSubmatch(body, -1) {
		found[m[2]] = append(found[m[2]], m[1])
	}
	return found
}

func TestTheLeadSeesWhatTheDemoLosesWithoutTakada(t *testing.T) {
	for kind, address := range testdb.URLs(t) {
		t.Run(kind, func(t *testing.T) {
			w := newTwin(t, address)
			takada := "/risk/what-if?member=" + sample.DemoMember("takada")
			got := w.as("lead").ask(http.MethodGet, takada, nil)
			if got.code != http.StatusOK || !strings.Contains(got.body, "髙田 健吾さんが2026年11月24日（火）から抜けたら") {
				t.Fatalf("%d: %.2000s", got.code, got.body)
			}
			found := severityOf(got.body)
			for severity, want := range map[string]string{"lost": "フォレンジック マルウェア解析", "below": "ログ分析 SIEM運用 脅威情報の収集・活用 初動・トリアージ", "on_one": "EDR運用 メールセキュリティ"} {
				if strings.Join(found[severity], " ") != want {
					t.Errorf("%s: %v, want %s", severity, found[severity], want)
				}
			}
			// Log analysis has enough people but for the days on which Nguyen is on leave.
			if !strings.Contains(got.body, "2026年12月29日（火）〜2027年1月11日（月）") {
				t.Error("another's leave does not count")
			}
			days := w.as("lead").ask(http.MethodGet, takada+"&from=2026-12-01&to=2026-12-04", nil)
			if found := severityOf(days.body); slices.Contains(found["below"], "ログ分析") || len(found["lost"]) != 2 {
				t.Errorf("four days before that leave: %v", found)
			}
			both := w.as("lead").ask(http.MethodGet, takada+"&member="+sample.DemoMember("yamazaki"), nil)
			if found := severityOf(both.body); !slices.Contains(found["lost"], "SIEM運用") {
				t.Errorf("without both who hold it: %v", found)
			}
			english := w.as("lead").ask(http.MethodGet, takada, nil, func(r *http.Request) { r.Header.Set("Accept-Language", "en") })
			if english.code != http.StatusOK {
				t.Errorf("%d", english.code)
			}
		})
	}
}

func TestTheHandOverListHoldsTheAnswer(t *testing.T) {
	w := newTwin(t, testdb.URLs(t)["sqlite"])
	lead := w.as("lead")
	query := "member=" + sample.DemoMember("takada")
	page := lead.ask(http.MethodGet, "/risk/hand-over?"+query, nil)
	if page.code != http.StatusOK || strings.Count(page.body, `class="tick"`) != 9 || !strings.Contains(page.body, "フォレンジック") || !strings.Contains(page.words(), "情報処理安全確保支援士 3人 → 2人") {
		t.Fatalf("%d: %.3000s", page.code, page.body)
	}
	file := lead.ask(http.MethodGet, "/risk/hand-over?"+query+"&csv=utf-8", nil)
	// The list passes through many hands: what hangs on people and their leave stay out.
	for _, secret := range []string{"支えています", "件分", "は休み"} {
		if answer := lead.ask(http.MethodGet, "/risk/what-if?"+query, nil); !strings.Contains(answer.body, secret) || strings.Contains(page.body+file.body, secret) {
			t.Errorf("%q is on the list, or not in the answer", secret)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file.body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 10 || rows[1][1] != "フォレンジック" || !strings.Contains(rows[1][3], "グエン") {
		t.Errorf("%v %v", rows, err)
	}
	for _, empty := range []string{"/risk/hand-over", "/risk/hand-over?csv=utf-8"} {
		if got := lead.ask(http.MethodGet, empty, nil); got.code != http.StatusOK || !strings.Contains(got.body, `name="member"`) {
			t.Errorf("%s: %d", empty, got.code)
		}
	}
	// Somebody on whom nothing hangs leaves nothing to hand over.
	if got := lead.ask(http.MethodGet, "/risk/hand-over?member="+sample.DemoMember("suzuki"), nil); !strings.Contains(got.body, `class="empty"`) {
		t.Errorf("%.3000s", got.body)
	}
}

func TestWhatIsAskedWronglyIsSaid(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		lead, who := w.as("lead"), w.people["member"].ID
		day := func(n int) string { return team.DateOf(time.Now().UTC()).AddDays(n).String() }
		year := team.DateOf(time.Now().UTC()).Year + 1 - 2018
		for name, test := range map[string]struct {
			q    url.Values
			want string // the beginning of the sentence, "" for an answer
		}{
			"nothing yet":           {url.Values{}, "what_if"},
			"nobody":                {url.Values{"from": {day(1)}, "to": {""}}, "だれかを選んで"},
			"somebody unknown":      {url.Values{"member": {"nobody"}}, "いまのメンバーではない人"},
			"somebody who looks on": {url.Values{"member": {w.people["viewer"].ID}}, "いまのメンバーではない人"},
			"one who is known too":  {url.Values{"member": {who, "nobody"}}, "いまのメンバーではない人"},
			"the end first":         {url.Values{"member": {who}, "from": {day(9)}, "to": {day(8)}}, "最初の日か、それより後"},
			"a day gone by":         {url.Values{"member": {who}, "from": {day(-1)}}, "今日か、それより後"},
			"a day far away":        {url.Values{"member": {who}, "from": {"9999-12-31"}}, "10年より先"},
			"an end far away":       {url.Values{"member": {who}, "to": {"2099-12-31"}}, "10年より先"},
			"no day":                {url.Values{"member": {who}, "from": {"来週"}}, "日付を読み取れません"},
			"a day that never was":  {url.Values{"member": {who}, "to": {"2027-02-30"}}, "日付を読み取れません"},
			"a Japanese year":       {url.Values{"member": {who}, "from": {fmt.Sprintf("令和%d年1月4日", year)}}, ""},
			"today by itself":       {url.Values{"member": {who}, "from": {day(0)}, "to": {day(0)}}, ""},
			"the same twice":        {url.Values{"member": {who, who}}, ""},
		} {
			got := lead.ask(http.MethodGet, "/risk/what-if?"+test.q.Encode(), nil)
			switch {
			case test.want == "what_if":
				if got.code != http.StatusOK || strings.Contains(got.body, `role="alert"`) {
					t.Errorf("%s: %d", name, got.code)
				}
			case test.want == "":
				if got.code != http.StatusOK || !strings.Contains(got.body, `id="answer"`) {
					t.Errorf("%s: %d %.2500s", name, got.code, got.body)
				}
			case got.code != http.StatusUnprocessableEntity || !strings.Contains(got.body, test.want):
				t.Errorf("%s: %d %.2500s", name, got.code, got.body)
			}
			for _, id := range test.q["member"] {
				if id == who && !strings.Contains(got.body, `value="`+who+`" checked`) {
					t.Errorf("%s: who was chosen is gone", name)
				}
			}
		}
	})
}

func TestEverybodyAtOnceCanBeAway(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		k := testdb.Skill(t, s, w.people["lead"], "港の警備")
		q := url.Values{}
		for i := range 50 {
			m := testdb.Person(t, s, sample.Member(fmt.Sprintf("人%02d", i)))
			q.Add("member", m.ID)
			testdb.Level(t, s, w.people["lead"], today(), team.Assessment{MemberID: m.ID, SkillID: k.ID, Kind: team.Validated, Level: 3, Day: today()})
		}
		got := w.as("lead").ask(http.MethodGet, "/risk/what-if?"+q.Encode(), nil)
		if found := severityOf(got.body); got.code != http.StatusOK || len(found["lost"]) != 1 || !strings.Contains(got.body, "近い人がいません") {
			t.Errorf("%d: %v", got.code, found)
		}
	})
}

func today() team.Date { return team.DateOf(time.Now().UTC()) }

// A consultation, an article and answers of a compartment change nothing in the answer
// of a lead who is not in it, and show to one who is.
func TestAWhatIfKeepsQuietAboutWhatIsRestricted(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s, "http://example.com")
		group, err := s.SaveCompartment(ctx, w.people["insider"], team.Compartment{ID: w.group.ID, Name: "人事案件", Members: []string{w.people["insider"].ID, w.people["member"].ID}, Version: w.group.Version})
		if err != nil {
			t.Fatal(err)
		}
		topic, err := s.SaveTopic(ctx, team.Operator(), sample.Topic("波止場"))
		if err != nil {
			t.Fatal(err)
		}
		ask := func(name, path string) string {
			return w.as(name).ask(http.MethodGet, path+"?member="+w.people["member"].ID, nil).masked()
		}
		before := map[string]string{"/risk/what-if": ask("lead", "/risk/what-if"), "/risk/hand-over": ask("lead", "/risk/hand-over")}
		for i := range 3 {
			c := sample.Answered(canaryWord("subject"))
			if i == 2 {
				c = sample.Consultation(canaryWord("open"))
			}
			c.Compartment, c.TopicID = group.ID, topic.ID
			if _, err := s.SaveConsultation(ctx, w.people["member"], c, ""); err != nil {
				t.Fatal(err)
			}
		}
		a := sample.Article(canaryWord("title"))
		a.Compartment, a.Topics = group.ID, []string{topic.ID}
		if _, err := s.SaveArticle(ctx, w.people["member"], a, ""); err != nil {
			t.Fatal(err)
		}
		for path, want := range before {
			if got := ask("lead", path); got != want {
				t.Errorf("%s differs: %s", path, difference(got, want))
			}
			for _, sign := range []string{"open", "title"} {
				if got := ask("insider", path); !strings.Contains(got, canaryWord(sign)) {
					t.Errorf("%s: who is in the compartment does not see the %s", path, sign)
				}
			}
		}
	})
}
