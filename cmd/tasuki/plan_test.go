package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tasuki/internal/i18n"
	"tasuki/internal/plan"
)

// planJSON is a department in which Aoi alone holds FOR and Emi alone LAW.
const planJSON = `{"people":[{"id":"Aoi","levels":{"FOR":4,"LAW":0}},{"id":"Ben","levels":{"FOR":2}},{"id":"Chie","levels":{"FOR":1}},{"id":"Dai","levels":{"LAW":1}},
  {"id":"Emi","levels":{"LAW":4,"FOR":null}},{"id":"Fumi","levels":{"FOR":2,"LAW":2}}],
"skills":[{"id":"FOR","required_level":3,"minimum":1,"redundancy":1,"critical":true},{"id":"LAW","required_level":3,"minimum":1,"redundancy":1,"critical":true}],
"trainings":[{"id":"DFIR","grants":{"FOR":3},"hours":24},{"id":"LAWX","grants":{"LAW":3},"hours":8},{"id":"COMBO","grants":{"FOR":3,"LAW":3},"hours":40.5}],
"offers":[{"person":"Ben","training":"DFIR","cost":300},{"person":"Fumi","training":"DFIR","cost":320},{"person":"Chie","training":"DFIR","cost":480},
  {"person":"Fumi","training":"LAWX","cost":120},{"person":"Dai","training":"LAWX","cost":260},{"person":"Fumi","training":"COMBO","cost":380}]}`

// planOf runs `tasuki plan` on a file with some content.
func planOf(t *testing.T, content string, args ...string) (out, warnings string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, w bytes.Buffer
	cmd := root()
	cmd.SetArgs(append([]string{"plan", path}, args...))
	cmd.SetOut(&o)
	cmd.SetErr(&w)
	err = cmd.Execute()
	return o.String(), w.String(), err
}

func TestPlanPrintsTheCheapestPlanAsJSON(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"all": {[]string{"--json"}, `{"proven":true,"cost":380,"bound":380,"assignments":[{"person":"Fumi","training":"COMBO"}],"classes":[],"uncovered":[]}`},
		"with 150 yen": {[]string{"--json", "--budget", "150"},
			`{"proven":true,"cost":120,"bound":120,"assignments":[{"person":"Fumi","training":"LAWX"}],"classes":[],"uncovered":[{"skill":"FOR","missing":1}]}`},
		"with nothing": {[]string{"--json", "--budget=0"}, `{"proven":true,"cost":0,"bound":0,"assignments":[],"classes":[],"uncovered":[{"skill":"FOR","missing":1},{"skill":"LAW","missing":1}]}`},
		"without end":  {[]string{"--json", "--time-limit", "0", "--max-per-person=1"}, `{"proven":true,"cost":380,"bound":380,"assignments":[{"person":"Fumi","training":"COMBO"}],"classes":[],"uncovered":[]}`},
	} {
		out, warnings, err := planOf(t, planJSON, test.args...)
		if out != test.want+"\n" || warnings != "" || err != nil {
			t.Errorf("%s: %v %s\n%s", name, err, warnings, out)
		}
	}
}

func TestPlanReadsItsInput(t *testing.T) {
	var o bytes.Buffer
	cmd := root()
	cmd.SetArgs([]string{"plan", "-", "--json"})
	cmd.SetIn(strings.NewReader("\ufeff" + planJSON))
	cmd.SetOut(&o)
	if err := cmd.Execute(); err != nil || !strings.HasPrefix(o.String(), `{"proven":true,"cost":380,`) {
		t.Errorf("%v %s", err, o.String())
	}
}

func TestPlanSpeaksBothLanguages(t *testing.T) {
	missing := strings.Replace(planJSON, `"minimum":1,"redundancy":1,"critical":true},`, `"minimum":1,"redundancy":5,"critical":true},`, 1)
	for language, wants := range map[string][]string{
		"ja": {"メンバー6人、人が足りない大事なスキル2（合わせてあと6人）", "いちばん安い計画: 1,160円（のべ3人分の研修）", "これより安い計画はありません", "Ben: DFIR（24時間、300円）", "FOR: あと2人"},
		"en": {"Members: 6. Critical skills that lack people: 2 (people wanted: 6).", "The cheapest plan: 1,160 yen (seats: 3)", "No plan is cheaper (proven).", "Ben: DFIR (24 hours, 300 yen)", "FOR: 2 more"},
	} {
		out, _, err := planOf(t, missing, "--language", language)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s", language, want, out)
			}
		}
		if strings.Contains(out, "plan_file.") {
			t.Errorf("%s lacks a sentence:\n%s", language, out)
		}
	}
	out, _, err := planOf(t, `{"people":[],"skills":[],"trainings":[]}`, "--language", "ja")
	if err != nil || !strings.Contains(out, "研修はいりません") {
		t.Errorf("nobody and nothing: %v\n%s", err, out)
	}
}

func TestAWrongPlanIsRefusedWithThePathOfWhatIsWrong(t *testing.T) {
	for _, test := range []struct{ old, wrong, want string }{
		{`"minimum":1`, `"minimum":-1`, "skills[0].minimum: 0 から 10000 までの整数で書いてください。"},
		{`"training":"DFIR"`, `"training":"DFIRE"`, "offers[0].training: 「DFIRE」は trainings にありません。"},
		{`"person":"Ben"`, `"person":"Bob"`, "offers[0].person: 「Bob」は people にいません。"},
		{`"cost":300`, `"cost":1e300`, "offers[0].cost: 0 から 1000000000000 までの整数で書いてください。"},
		{`"FOR":4`, `"FIR":4`, "people[0].levels.FIR: 「FIR」は skills にありません。"},
		{`"cost":380}]}`, `"cost":380}]} {}`, "JSONとして読めません"},
	} {
		_, _, err := planOf(t, strings.Replace(planJSON, test.old, test.wrong, 1), "--language", "ja")
		if err == nil || !strings.Contains(err.Error(), "plan.json: "+test.want) {
			t.Errorf("%s: %v", test.wrong, err)
		}
	}
	for _, args := range [][]string{{"--max-per-person=-1"}, {"--time-limit=-1s"}, {"--budget=-1"}, {"--language=fr"}} {
		if _, _, err := planOf(t, planJSON, args...); err == nil {
			t.Errorf("%v was accepted", args)
		}
	}
	if _, warnings, err := planOf(t, strings.Replace(planJSON, `"hours":24`, `"hours":24,"tutor":"Gen"`, 1), "--json", "--language", "en"); err != nil || warnings != "trainings[0].tutor is not known and was left out.\n" {
		t.Errorf("what is not known: %v %q", err, warnings)
	}
}

func TestAnEndedSearchSaysItsGap(t *testing.T) {
	problem, err := plan.Read(strings.NewReader(planJSON))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		plan plan.Plan
		want map[string]string
	}{
		{plan.Plan{Cost: 1_000_000, Bound: 987_654, Classes: []string{"INH"}}, map[string]string{
			"ja": "見つかった計画: 1,000,000円（のべ0人分の研修）\n時間内には、これがいちばん安いと証明できませんでした。もっと安い計画があっても、987,654円より安くはなりません（差は1.3%以内）。\n費用に入れた、開くための費用がかかる研修: INH\n",
			"en": "The best plan found: 1,000,000 yen (seats: 0)\nThere was no time to prove that it is the cheapest. No plan costs less than 987,654 yen (within 1.3%).\n"}},
		{plan.Plan{Cost: 500, OpenWeight: 3.5, OpenBound: 2}, map[string]string{"ja": "足りないまま残る重みは3.5で、どんな計画でも2より小さくはなりません。", "en": "It leaves a weight of 3.5 open; no plan leaves less than 2."}},
	} {
		for language, want := range test.want {
			say, err := i18n.New()
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := (planRun{console: console{language: language, say: say, out: &out}}).print(problem, test.plan); err != nil || !strings.Contains(out.String(), want) {
				t.Errorf("%v\n%s", err, out.String())
			}
		}
	}
}

func TestTheExampleOfTheDocsHasTheAnswerOfTheDocs(t *testing.T) {
	for _, path := range []string{"../../docs/plan.md", "../../docs/plan.ja.md"} {
		doc, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(doc), "```json\n")
		example, rest, _ := strings.Cut(rest, "```")
		out, warnings, err := planOf(t, example, "--json")
		if err != nil || warnings != "" || !strings.Contains(rest, "`"+strings.TrimSpace(out)+"`") {
			t.Errorf("%s: %v %s\n%s", path, err, warnings, out)
		}
	}
}
