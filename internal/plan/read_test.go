package plan

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tasuki/internal/jsonfile"
)

const written = `{"people":[{"id":"Aoi","levels":{"FOR":4,"LAW":null},"max_hours":40.5},{"id":"Ben","levels":{}}],
"skills":[{"id":"FOR","required_level":3,"minimum":1,"redundancy":1,"critical":true},{"id":"LAW","required_level":3,"minimum":1,"redundancy":0,"critical":false,"weight":0.5}],
"trainings":[{"id":"DFIR","grants":{"FOR":3},"prerequisite":{"LAW":1},"seat_cost":30000,"class_cost":100000,"seats":12,"hours":24}],
"offers":[{"person":"Ben","training":"DFIR","cost":28000}]}`

func TestAFileIsReadWhole(t *testing.T) {
	got, err := Read(strings.NewReader(written))
	hours, seats := 40.5, 12
	want := Problem{
		People:    []Person{{"Aoi", map[string]int{"FOR": 4}, &hours}, {"Ben", map[string]int{}, nil}},
		Skills:    []Skill{{"FOR", 3, 1, 1, true, 1}, {"LAW", 3, 1, 0, false, .5}},
		Trainings: []Training{{"DFIR", map[string]int{"FOR": 3}, map[string]int{"LAW": 1}, 30000, 100000, &seats, 24}},
		Offers:    []Offer{{"Ben", "DFIR", 28000}},
	}
	if a, b := encoded(t, got), encoded(t, want); err != nil || a != b {
		t.Errorf("%v\ngot  %s\nwant %s", err, a, b)
	}
}

func encoded(t testing.TB, p Problem) string {
	t.Helper()
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatMayBeMissing(t *testing.T) {
	for _, content := range []string{
		`{"people":[{"id":"a","levels":{}}],"skills":[],"trainings":[{"id":"t","grants":{},"seat_cost":5,"hours":1}]}`,
		`{"people":[{"id":"a","levels":{}}],"skills":[],"trainings":[{"id":"t","grants":{},"seat_cost":5}]}`,
		`{"people":[{"id":"a","levels":{},"max_hours":null}],"skills":[],"trainings":[{"id":"t","grants":{},"class_cost":null,"seats":null,"prerequisite":null}],"offers":[]}`,
	} {
		if _, err := Read(strings.NewReader(content)); err != nil {
			t.Errorf("%s: %v", content, err)
		}
	}
	p, err := Read(strings.NewReader(`{"people":[],"skills":[],"trainings":[],"offers":null}`))
	if err != nil || p.Offers != nil {
		t.Errorf("offers of null: %v %v", err, p.Offers)
	}
}

// wrong are files with one thing that is wrong: what is replaced, by what, the path
// and the rule that name it.
var wrong = []struct{ old, new, path, rule string }{
	{`{"people"`, `["people"`, "", "syntax"},
	{`28000}]}`, `28000}]} x`, "", "syntax"},
	{`28000`, `NaN`, "", "syntax"},
	{`28000`, `-Infinity`, "", "syntax"},
	{`"people":`, `"persons":`, "people", "missing"},
	{`"trainings":[`, `"trainings":7,"x":[`, "trainings", "not_list"},
	{`"id":"Aoi"`, `"id":7`, "people[0].id", "not_text"},
	{`"id":"Aoi"`, `"id":" "`, "people[0].id", "empty"},
	{`"id":"Ben"`, `"id":"Aoi"`, "people[1].id", "twice"},
	{`"id":"LAW"`, `"id":"FOR"`, "skills[1].id", "twice"},
	{`"FOR":4`, `"FIR":4`, "people[0].levels.FIR", "unknown_skill"},
	{`"FOR":4`, `"FOR":-1`, "people[0].levels.FOR", "not_whole"},
	{`"FOR":4`, `"FOR":4,"FOR":3`, "people[0].levels.FOR", "twice"},
	{`"FOR":4`, `"FOR":[[[[[[4]]]]]]`, "people[0].levels.FOR[0][0][0][0]", "too_deep"},
	{`40.5`, `-1`, "people[0].max_hours", "not_number"},
	{`40.5`, `1e999`, "people[0].max_hours", "not_number"},
	{`"minimum":1,"redundancy":1`, `"redundancy":1`, "skills[0].minimum", "missing"},
	{`"redundancy":1`, `"redundancy":1.5`, "skills[0].redundancy", "not_whole"},
	{`"redundancy":1`, `"redundancy":"1"`, "skills[0].redundancy", "not_whole"},
	{`"critical":true`, `"critical":1`, "skills[0].critical", "not_bool"},
	{`"weight":0.5`, `"weight":-0.5`, "skills[1].weight", "not_number"},
	{`"grants":{"FOR":3}`, `"grants":["FOR"]`, "trainings[0].grants", "not_object"},
	{`"grants":{"FOR":3}`, `"grants":{"FOR":3.5}`, "trainings[0].grants.FOR", "not_whole"},
	{`"prerequisite":{"LAW":1}`, `"prerequisite":{"LAU":1}`, "trainings[0].prerequisite.LAU", "unknown_skill"},
	{`30000`, `-30000`, "trainings[0].seat_cost", "not_whole"},
	{`100000`, `9223372036854775808`, "trainings[0].class_cost", "not_whole"},
	{`"seats":12`, `"seats":-1`, "trainings[0].seats", "not_whole"},
	{`,"hours":24`, ``, "trainings[0].hours", "missing"},
	{`"person":"Ben"`, `"person":"Bob"`, "offers[0].person", "unknown_people"},
	{`"training":"DFIR"`, `"training":"dfir"`, "offers[0].training", "unknown_trainings"},
	{`28000}`, `28000},{"person":"Ben","training":"DFIR","cost":1}`, "offers[1]", "twice"},
	{`28000`, `0.5`, "offers[0].cost", "not_whole"},
	{`,"cost":28000`, ``, "offers[0].cost", "missing"},
}

func TestAWrongFileIsRefusedWithThePathOfWhatIsWrong(t *testing.T) {
	for _, test := range wrong {
		content := strings.Replace(written, test.old, test.new, 1)
		if content == written {
			t.Fatalf("%s is not in the file", test.old)
		}
		_, err := Read(strings.NewReader(content))
		var p jsonfile.Problem
		if !errors.As(err, &p) || p.Path != test.path || p.Rule != test.rule {
			t.Errorf("%s: got %v, want %s: %s", test.new, err, test.path, test.rule)
		}
	}
	_, err := Read(strings.NewReader(`{"people":[],"skills":[],"trainings":[{"id":"t","grants":{},"hours":1}]}`))
	if err == nil || !strings.HasPrefix(err.Error(), "trainings[0].seat_cost: missing") {
		t.Errorf("a seat without cost: %v", err)
	}
	if _, err = Read(strings.NewReader(strings.Repeat(" ", MaxFile+1))); err == nil || !strings.HasPrefix(err.Error(), "too_large") {
		t.Errorf("a file without end: %v", err)
	}
	if _, err = Read(bytes.NewReader([]byte{0, 1, 2, 0xff, 0xfe, 0})); err == nil {
		t.Error("bytes that are no text were read")
	}
}

func TestAProblemThatCannotBeIsRefusedWithThePathOfWhatIsWrong(t *testing.T) {
	for path, spoil := range map[string]func(p *Problem){
		"people[1].id":            func(p *Problem) { p.People[1].ID = "Aoi" },
		"skills[0].minimum":       func(p *Problem) { p.Skills[0].Minimum = -1 },
		"trainings[0].seat_cost":  func(p *Problem) { p.Trainings[0].SeatCost = -1 },
		"trainings[0].class_cost": func(p *Problem) { p.Trainings[0].ClassCost = 1 << 62 },
		"offers[0].person":        func(p *Problem) { p.Offers[0].Person = "Bob" },
		"offers[0].training":      func(p *Problem) { p.Offers[0].Training = "X" },
		"offers[1]":               func(p *Problem) { p.Offers = append(p.Offers, p.Offers[0]) },
	} {
		p, err := Read(strings.NewReader(written))
		if err != nil {
			t.Fatal(err)
		}
		spoil(&p)
		var problem jsonfile.Problem
		if _, err = Solve(context.Background(), p, Options{}); !errors.As(err, &problem) || problem.Path != path {
			t.Errorf("%s: got %v", path, err)
		}
	}
}

// TestTheLargestCostsAddUp: a thousand seats of a thousand milliard yen.
func TestTheLargestCostsAddUp(t *testing.T) {
	p := Problem{Skills: []Skill{{ID: "s", Required: 3, Minimum: 1000, Critical: true}}, Trainings: []Training{{ID: "t", Grants: map[string]int{"s": 3}, SeatCost: mostYen, ClassCost: mostYen - 1}}}
	for i := range 1000 {
		p.People = append(p.People, Person{ID: fmt.Sprint(i)})
	}
	if l, err := Solve(context.Background(), p, Options{}); err == nil && (!l.Proven || l.Cost != 1001*mostYen-1 || len(l.Uncovered) > 0) || err != nil && err.Error() != "too_much_together" {
		t.Errorf("got %v, cost %d", err, l.Cost)
	}
	p.Skills[0].Minimum = 100
	if l := solved(t, p, Options{}); !l.Proven || l.Cost != 101*mostYen-1 {
		t.Errorf("a hundred of them: %d", l.Cost)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(written)
	for _, test := range wrong {
		f.Add(strings.Replace(written, test.old, test.new, 1))
	}
	f.Fuzz(func(t *testing.T, content string) {
		p, err := Read(strings.NewReader(content))
		var problem jsonfile.Problem
		if err != nil {
			if !errors.As(err, &problem) || problem.Rule == "" {
				t.Fatalf("not a problem that people can act on: %v", err)
			}
			return
		}
		again, err := Read(strings.NewReader(encoded(t, p)))
		if err != nil || encoded(t, again) != encoded(t, p) {
			t.Fatalf("it does not come back: %v", err)
		}
		if len(p.People)*len(p.Trainings) > 50 {
			return
		}
		l, err := Solve(context.Background(), p, Options{TimeLimit: time.Second})
		if err != nil && !errors.As(err, &problem) || err == nil && (l.Bound > l.Cost || l.Bound < 0) {
			t.Fatalf("%v %+v", err, l)
		}
	})
}
