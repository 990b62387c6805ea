package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tasuki/internal/jsonfile"
	"tasuki/internal/risk"
)

const officeJSON = `{"members":["Aoi","Ben","Chie","Dai","Emi","Fumi"],
"skills":[{"id":"FOR","weight":3},{"id":"IR","minimum":2,"weight":3},{"id":"CLD","required_level":3,"minimum":2,"weight":2},
  {"id":"NET","minimum":1,"weight":2},{"id":"LAW","critical":true,"weight":2},{"id":"CRY","minimum":0,"critical":false}],
"levels":{"Aoi":{"FOR":4,"IR":3,"CLD":1,"NET":2,"LAW":0,"CRY":2},"Ben":{"FOR":2,"IR":3,"CLD":3,"NET":3,"LAW":null},
  "Chie":{"FOR":1,"IR":2,"CLD":3,"NET":3,"CRY":3.0},"Dai":{"IR":3,"CLD":2,"NET":3,"LAW":1},"Emi":{"IR":1,"LAW":4},
  "Fumi":{"FOR":2,"IR":2,"CLD":3,"NET":1,"LAW":2,"CRY":1}}}`

// riskOf runs `tasuki risk` on a file with some content.
func riskOf(t *testing.T, content string, args ...string) (out, warnings string, err error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "map.json")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	var o, w bytes.Buffer
	cmd := root()
	cmd.SetArgs(append([]string{"risk", path}, args...))
	cmd.SetIn(strings.NewReader(content))
	cmd.SetOut(&o)
	cmd.SetErr(&w)
	err = cmd.Execute()
	return o.String(), w.String(), err
}

const officeRisk = `{"skills":[{"id":"FOR","holders":["Aoi"],"minimum":1,"bus_factor":1},{"id":"IR","holders":["Aoi","Ben","Dai"],"minimum":2,"bus_factor":2},` +
	`{"id":"CLD","holders":["Ben","Chie","Fumi"],"minimum":2,"bus_factor":2},{"id":"NET","holders":["Ben","Chie","Dai"],"minimum":1,"bus_factor":3},` +
	`{"id":"LAW","holders":["Emi"],"minimum":1,"bus_factor":1},{"id":"CRY","holders":["Chie"],"minimum":0,"bus_factor":null}],` +
	`"coverage":1,"truck_factor":1,"witnesses":[["Aoi"],["Emi"]],` +
	`"minimal_cuts":[["Aoi"],["Emi"],["Ben","Chie"],["Ben","Dai"],["Ben","Fumi"],["Chie","Fumi"]],` +
	`"resilience":{"1":0.6666666666666666,"2":0.13333333333333333,"3":0},` +
	`"worst_loss":{"1":{"weight":3,"members":["Aoi"]},"2":{"weight":6,"members":["Aoi","Ben"]},"3":{"weight":8,"members":["Aoi","Ben","Chie"]}}}` + "\n"

func TestRiskPrintsTheNumbersOfAMapAsJSON(t *testing.T) {
	for name, content := range map[string]string{"UTF-8": officeJSON, "with a mark, as some editors write it": "\ufeff" + officeJSON, "UTF-16": utf16(officeJSON)} {
		t.Run(name, func(t *testing.T) {
			out, warnings, err := riskOf(t, content, "--json")
			if out != officeRisk || warnings != "" || err != nil {
				t.Errorf("got %v %s\n%s", err, warnings, out)
			}
		})
	}
}

func utf16(ascii string) string {
	var b strings.Builder
	b.WriteString("\xff\xfe")
	for _, c := range []byte(ascii) {
		b.Write([]byte{c, 0})
	}
	return b.String()
}

func TestRiskWithoutSomePeople(t *testing.T) {
	var both, spread riskJSON
	for into, args := range map[*riskJSON][]string{&both: {"--json", "--absent", "Aoi", "Ben"}, &spread: {"--absent", "ａｏｉ", "--absent=Ben", "--absent", "Aoi", "--json"}} {
		out, _, err := riskOf(t, officeJSON, args...)
		if err == nil {
			err = json.Unmarshal([]byte(out), into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if fmt.Sprint(both.Skills) == "" || len(both.Skills) != 6 || *both.TruckFactor != 0 || fmt.Sprint(both.Witnesses) != "[[]]" {
		t.Errorf("without two: %+v", both)
	}
	if got := both.MinimalCuts; !slices.EqualFunc(got, [][]string{{"Chie"}, {"Emi"}, {"Fumi"}}, slices.Equal) {
		t.Errorf("cuts of what is left: %v", got)
	}
	if a, b := asJSON(t, both), asJSON(t, spread); a != b {
		t.Errorf("the same people, written otherwise:\n%s\n%s", a, b)
	}
	if _, _, err := riskOf(t, officeJSON, "--absent", "Gen", "--language", "en"); err == nil || !strings.Contains(err.Error(), "nobody called “Gen”") {
		t.Errorf("a stranger: %v", err)
	}
	if _, _, err := riskOf(t, officeJSON, "Aoi"); err == nil {
		t.Error("a name without --absent was taken for a file, or left out")
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestRiskSpeaksBothLanguages(t *testing.T) {
	for language, wants := range map[string][]string{
		"ja": {"メンバー6人、スキル6（うち大事なスキル5）", "充足率: 100%", "FOR: Aoi（必要1人、いるのは1人）", "抜けたら困る人数: 1人", "6組（1人2、2人4、3人0）", "Ben、Fumi",
			"2人抜けたとき: 何も足りなくならない割合 13.3%、最悪は重み6を失います（Aoi、Ben）。", "大事なスキル5のうち3が足りなくなるのは、最少で3人", "全部がそろっている確率: 78.1%"},
		"en": {"6 members, 6 skills (5 of them critical)", "Coverage: 100%", "LAW: Emi (1 needed, 1 there)", "Truck factor: 1.", "Ben, Fumi", "78.1%"},
	} {
		out, _, err := riskOf(t, officeJSON, "--language", language)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(out, want) {
				t.Errorf("%s does not say %q:\n%s", language, want, out)
			}
		}
		if strings.Contains(out, "risk.") {
			t.Errorf("%s lacks a sentence:\n%s", language, out)
		}
	}
}

func TestRiskSpeaksOfWhatIsNewlyMissing(t *testing.T) {
	out, _, err := riskOf(t, officeJSON, "--language", "ja", "--absent", "Aoi")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"次の人がいないとした数字です: Aoi", "新しく人が足りなくなるスキル: 1", "FOR: いない（必要1人、いるのは0人）", "すでに人が足りないスキルがある"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "risk.") {
		t.Errorf("it lacks a sentence:\n%s", out)
	}
}

func TestTheLanguageOfATerminal(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want string
	}{{map[string]string{"LANG": "ja_JP.UTF-8"}, "ja"}, {map[string]string{"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"},
		{map[string]string{"LC_MESSAGES": "ja", "LANG": "en_US"}, "ja"}, {nil, "en"}} {
		if got := languageOf(func(name string) string { return test.env[name] }); got != test.want {
			t.Errorf("%v: got %s, want %s", test.env, got, test.want)
		}
	}
}

// wrongMaps are files that are refused: what the sentence begins with and speaks of.
var wrongMaps = []struct{ name, content, path, rule string }{
	{"nothing", ``, "", "syntax"},
	{"no JSON", `members,skills`, "", "syntax"},
	{"a number that JSON does not have", `{"members":["a"],"skills":[{"id":"x","weight":NaN}]}`, "", "syntax"},
	{"half a file", `{"members":["a"`, "", "syntax"},
	{"two files in one", `{"members":[],"skills":[],"levels":{}} {}`, "", "syntax"},
	{"a list", `[]`, "", "not_object"},
	{"a word", `"members"`, "", "not_object"},
	{"no members", `{"skills":[],"levels":{}}`, "members", "missing"},
	{"no levels", `{"members":[],"skills":[]}`, "levels", "missing"},
	{"members as an object", `{"members":{},"skills":[],"levels":{}}`, "members", "not_list"},
	{"a member without a name", `{"members":["a"," "],"skills":[],"levels":{}}`, "members[1]", "empty"},
	{"a number for a member", `{"members":[7],"skills":[],"levels":{}}`, "members[0]", "not_text"},
	{"a member twice", `{"members":["a","b","a"],"skills":[],"levels":{}}`, "members[2]", "twice"},
	{"a skill that is a word", `{"members":[],"skills":["x"],"levels":{}}`, "skills[0]", "not_object"},
	{"a skill without an id", `{"members":[],"skills":[{"minimum":1}],"levels":{}}`, "skills[0].id", "missing"},
	{"a skill twice", `{"members":[],"skills":[{"id":"x"},{"id":"x"}],"levels":{}}`, "skills[1].id", "twice"},
	{"a negative minimum", `{"members":[],"skills":[{"id":"x"},{"id":"y","minimum":-1}],"levels":{}}`, "skills[1].minimum", "not_whole"},
	{"half a head", `{"members":[],"skills":[{"id":"x","minimum":1.5}],"levels":{}}`, "skills[0].minimum", "not_whole"},
	{"a minimum without end", `{"members":[],"skills":[{"id":"x","minimum":1e300}],"levels":{}}`, "skills[0].minimum", "not_whole"},
	{"a minimum in words", `{"members":[],"skills":[{"id":"x","minimum":"2"}],"levels":{}}`, "skills[0].minimum", "not_whole"},
	{"a minimum of null", `{"members":[],"skills":[{"id":"x","minimum":null}],"levels":{}}`, "skills[0].minimum", "not_whole"},
	{"a required level of five", `{"members":[],"skills":[{"id":"x","required_level":5}],"levels":{}}`, "skills[0].required_level", "not_whole"},
	{"a negative weight", `{"members":[],"skills":[{"id":"x","weight":-0.1}],"levels":{}}`, "skills[0].weight", "not_number"},
	{"a weight beyond all numbers", `{"members":[],"skills":[{"id":"x","weight":1e999}],"levels":{}}`, "skills[0].weight", "not_number"},
	{"critical in words", `{"members":[],"skills":[{"id":"x","critical":"yes"}],"levels":{}}`, "skills[0].critical", "not_bool"},
	{"a level of five", `{"members":["a"],"skills":[{"id":"x"}],"levels":{"a":{"x":5}}}`, "levels.a.x", "not_whole"},
	{"a level below nought", `{"members":["a"],"skills":[{"id":"x"}],"levels":{"a":{"x":-1}}}`, "levels.a.x", "not_whole"},
	{"a level that is a list", `{"members":["a"],"skills":[{"id":"x"}],"levels":{"a":{"x":[3]}}}`, "levels.a.x", "not_whole"},
	{"levels of a stranger", `{"members":["a"],"skills":[],"levels":{"Bo Li":{}}}`, `levels["Bo Li"]`, "unknown_member"},
	{"a level in something unknown", `{"members":["青"],"skills":[{"id":"x"}],"levels":{"青":{"y":3}}}`, "levels.青.y", "unknown_skill"},
	{"a skill's level twice", `{"members":["a"],"skills":[{"id":"x"}],"levels":{"a":{"x":3,"x":1}}}`, "levels.a.x", "twice"},
	{"levels in a list", `{"members":["a"],"skills":[{"id":"x"}],"levels":{"a":[3]}}`, "levels.a", "not_object"},
	{"members without end", `{"members":[` + strings.Repeat(`"a",`, 1_000_000) + `"b"]}`, "members", "too_many"},
	{"nested without end", strings.Repeat(`[`, 1_000_000), "[0][0][0][0][0][0][0][0]", "too_deep"},
}

func TestAWrongMapIsRefusedWithThePathOfWhatIsWrong(t *testing.T) {
	for _, test := range wrongMaps {
		t.Run(test.name, func(t *testing.T) {
			_, err := readSkillMapJSON(test.content)
			var p jsonfile.Problem
			if !errors.As(err, &p) || p.Path != test.path || p.Rule != test.rule {
				t.Errorf("got %v, want %s: %s", err, test.path, test.rule)
			}
		})
	}
}

func TestAWrongMapIsExplainedInBothLanguages(t *testing.T) {
	wrong := `{"members":["a"],"skills":[{"id":"x"},{"id":"y"},{"id":"z"},{"id":"q","minimum":"2"}],"levels":{}}`
	for language, want := range map[string]string{"ja": "skills[3].minimum: 0 から 1000000 までの整数で書いてください。",
		"en": "skills[3].minimum: this has to be a whole number from 0 to 1000000."} {
		if _, _, err := riskOf(t, wrong, "--language", language); err == nil || !strings.HasSuffix(err.Error(), "map.json: "+want) {
			t.Errorf("%s: %v", language, err)
		}
	}
	if _, _, err := riskOf(t, "{\n  \"members\": [\"あ\", NaN]\n}", "--language", "en"); err == nil || !strings.HasSuffix(err.Error(), "this is not JSON (line 2, column 20).") {
		t.Errorf("where: %v", err)
	}
	for _, test := range wrongMaps {
		if _, _, err := riskOf(t, test.content, "--language", "ja"); err == nil || strings.Contains(err.Error(), "risk_file.") {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestWhatIsNotKnownIsNamedAndLeftOut(t *testing.T) {
	out, warnings, err := riskOf(t, `{"of":"IT","members":["a"],"skills":[{"id":"x","minimun":0}],"levels":{"a":{"x":3}}}`, "--json", "--language", "en")
	if err != nil || !strings.Contains(out, `"minimum":1,"bus_factor":1`) {
		t.Errorf("%v %s", err, out)
	}
	if warnings != "of is not known and was left out.\nskills[0].minimun is not known and was left out.\n" {
		t.Errorf("warnings: %q", warnings)
	}
}

func TestRiskOfNobodyAndNothing(t *testing.T) {
	out, _, err := riskOf(t, `{"members":[],"skills":[],"levels":{}}`, "--json")
	want := `{"skills":[],"coverage":1,"truck_factor":null,"witnesses":[],"minimal_cuts":[],"resilience":{"1":1,"2":1,"3":1},` +
		`"worst_loss":{"1":{"weight":0,"members":[]},"2":{"weight":0,"members":[]},"3":{"weight":0,"members":[]}}}` + "\n"
	if out != want || err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if out, _, err = riskOf(t, `{"members":[],"skills":[],"levels":{}}`, "--language", "ja"); err != nil || !strings.Contains(out, "人が抜けて足りなくなるスキルはありません。") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestANameDoesNotSteerTheTerminal(t *testing.T) {
	out, _, err := riskOf(t, `{"members":["a\u001b[31m\u202eb　c"],"skills":[{"id":"x\ny"}],"levels":{"a\u001b[31m\u202eb　c":{"x\ny":3}}}`)
	if err != nil || strings.ContainsAny(out, "\x1b\u202e") || !strings.Contains(out, "x y: a\uFFFD[31m\uFFFDb　c") {
		t.Errorf("%v %q", err, out)
	}
}

func TestAShareIsNotRoundedToAllOrNothing(t *testing.T) {
	for share, want := range map[float64]string{0: "0%", 1e-9: "<0.1%", .001: "0.1%", .1333: "13.3%", .5: "50%", .999: "99.9%", 1 - 1e-9: ">99.9%", 1: "100%"} {
		if got := percent(share); got != want {
			t.Errorf("%v: got %s, want %s", share, got, want)
		}
	}
}

func TestGroupsThatAreTooManyAreCountedAndNotListed(t *testing.T) {
	var m skillMap
	for i := range 200 {
		m.members = append(m.members, fmt.Sprint("m", i))
		m.levels = append(m.levels, []int{4})
	}
	m.skills = []risk.Skill{usualSkill("x")}
	m.skills[0].Minimum = 198
	out, warnings, err := riskOf(t, written(t, m), "--json", "--language", "en")
	var got riskJSON
	if err == nil {
		err = json.Unmarshal([]byte(out), &got)
	}
	if err != nil || len(got.MinimalCuts) != mostSets || warnings != "witnesses: and 1213400 more\nminimal_cuts: and 1213400 more\n" {
		t.Errorf("%v: %d cuts, %q", err, len(got.MinimalCuts), warnings)
	}
	out, _, err = riskOf(t, written(t, m), "--language", "ja")
	if err != nil || !strings.Contains(out, "ほかに1313380組あります。") || !strings.Contains(out, "1313400組") {
		t.Errorf("%v\n%s", err, out)
	}
}

// written returns a map as a file.
func written(t *testing.T, m skillMap) string {
	t.Helper()
	skills := []map[string]any{}
	levels := map[string]map[string]int{}
	for _, s := range m.skills {
		skills = append(skills, map[string]any{"id": s.ID, "required_level": s.Required, "minimum": s.Minimum, "critical": s.Critical, "weight": s.Weight})
	}
	for p, name := range m.members {
		levels[name] = map[string]int{}
		for s, level := range m.levels[p] {
			if level != risk.NotAssessed {
				levels[name][m.skills[s].ID] = level
			}
		}
	}
	return asJSON(t, map[string]any{"members": append([]string{}, m.members...), "skills": skills, "levels": levels})
}

func TestATableOfNamesAndLevelsNeedsOnePersonAtLevelThree(t *testing.T) {
	levels := [][]int{{3, risk.NotAssessed}, {2, 4}}
	m := newSkillMap([]string{"a", "b"}, []string{"x", "y"}, func(p, s int) int { return levels[p][s] })
	d := m.department()
	if !slices.Equal(d.Skills[0].Holders, []int{0}) || !slices.Equal(d.Skills[1].Holders, []int{1}) || d.Skills[0].Minimum != 1 || !d.Skills[0].Critical {
		t.Errorf("got %+v", d.Skills)
	}
	again, err := readSkillMapJSON(written(t, m))
	if err != nil || fmt.Sprint(again.department()) != fmt.Sprint(d) {
		t.Errorf("as a file it is %v %+v", err, again)
	}
}

func FuzzReadSkillMapJSON(f *testing.F) {
	f.Add(officeJSON)
	f.Add(`{"members":[],"skills":[],"levels":{}}`)
	for _, test := range wrongMaps {
		if len(test.content) < 1000 {
			f.Add(test.content)
		}
	}
	f.Fuzz(func(t *testing.T, content string) {
		m, err := readSkillMapJSON(content)
		var p jsonfile.Problem
		if err != nil {
			if !errors.As(err, &p) || p.Rule == "" {
				t.Fatalf("not a problem that people can act on: %v", err)
			}
			return
		}
		d := m.department()
		for _, h := range d.Skills {
			if len(h.Holders) > len(d.Members) {
				t.Fatalf("%s has more holders than there are members", h.ID)
			}
		}
		if c := d.Coverage(); !(c >= 0 && c <= 1) {
			t.Fatalf("coverage %v", c)
		}
		if again, err := readSkillMapJSON(written(t, m)); err != nil || fmt.Sprint(again.levels) != fmt.Sprint(m.levels) {
			t.Fatalf("written and read again: %v", err)
		}
	})
}
