package risk

import (
	"strings"
	"testing"
)

// demoLevels are the thirty skills of the sample department: who asks for how many
// holders, and where its twelve members stand.
const demoLevels = `
A1 2 4 3 1 4 1 2 1 2 0 3 1 0
A2 2 4 3 2 3 1 2 2 1 1 3 2 0
A3 2 2 2 1 4 0 1 0 2 0 2 0 1
A4 2 3 2 1 4 0 1 1 2 0 2 1 0
A5 2 3 2 0 3 1 1 1 1 0 4 0 0
B1 3 3 4 1 3 2 2 1 4 2 2 3 1
B2 2 2 2 1 2 1 1 1 3 0 1 4 1
B3 2 3 3 2 2 1 3 2 2 2 1 3 0
B4 2 2 3 1 2 1 1 1 4 1 2 2 1
B5 2 1 2 1 2 1 4 1 1 2 2 0 0
C1 3 1 2 4 0 4 2 3 0 3 1 1 1
C2 2 0 1 3 0 4 2 2 0 2 0 0 1
C3 2 0 2 4 0 3 1 3 0 1 0 1 1
C4 2 2 2 3 1 2 1 2 2 1 3 1 0
C5 2 1 2 3 1 3 2 1 3 1 0 0 2
D1 3 2 3 4 1 3 1 2 1 1 0 1 1
D2 2 3 4 2 1 1 0 1 0 0 0 1 0
D3 2 0 0 4 0 1 0 1 0 1 0 0 0
D4 2 0 0 4 0 2 0 0 0 2 0 0 0
D5 2 3 3 2 2 0 0 0 1 0 1 0 0
E1 2 1 1 2 0 2 2 4 0 1 0 2 1
E2 2 0 1 1 0 1 4 2 0 3 0 0 0
E3 2 1 2 1 1 1 3 3 1 1 1 0 1
E4 2 1 2 2 0 2 2 4 0 3 1 1 1
E5 2 0 0 1 0 0 1 2 0 4 0 0 0
F1 2 0 1 1 0 1 0 1 0 0 0 4 0
F2 2 1 2 1 2 1 2 1 2 2 1 0 2
F3 2 0 0 1 0 0 2 2 0 2 0 0 0
F4 2 0 0 2 0 2 2 2 0 4 0 0 1
F5 2 3 2 1 2 0 1 1 0 0 2 3 0`

// demoMembers are numbered as the sample department numbers them.
var demoMembers = strings.Fields("佐藤 高橋 髙田 渡邉 山﨑 山崎 𠮷田 小林 グエン スミス 中島 鈴木")

// demo returns the sample department; with asked a skill needs and weighs as many
// holders as it asks for, otherwise one.
func demo(t testing.TB, asked bool) Department {
	ids, levels := tableOf(t, demoLevels)
	var skills []Skill
	for i, id := range ids {
		s := Skill{ID: id, Required: 3, Minimum: 1, Critical: true, Weight: 1}
		if asked {
			s.Minimum, s.Weight = levels[i][0], float64(levels[i][0])
		}
		skills = append(skills, s)
	}
	return New(demoMembers, skills, func(m, s int) int { return levels[s][m+1] })
}

func TestTheCoverageOfTheSampleDepartment(t *testing.T) {
	d := demo(t, true)
	near(t, "coverage", d.Coverage(), .8095, 5e-5)
	if taken, wanted := d.Seats(); taken != 51 || wanted != 63 {
		t.Errorf("%d of %d places are taken, want 51 of 63", taken, wanted)
	}
	if met := len(d.Skills) - len(d.Below()); met != 20 {
		t.Errorf("%d skills have enough holders, want 20", met)
	}
}

func TestTheSkillsOfTheSampleDepartmentByHolders(t *testing.T) {
	d := demo(t, false)
	var counts [6]int
	lone := map[string]string{}
	for _, h := range d.Skills {
		counts[len(h.Holders)]++
		if h.Alone() {
			lone[h.ID] = d.Members[h.Holders[0]]
		}
	}
	if counts != [6]int{2, 8, 11, 4, 4, 1} {
		t.Errorf("skills by holders: %v", counts)
	}
	for id, who := range map[string]string{"A3": "渡邉", "B5": "山崎", "D3": "髙田", "D4": "髙田", "E1": "𠮷田", "E5": "グエン", "F4": "グエン", "F1": "中島"} {
		if lone[id] != who {
			t.Errorf("%s hangs on %q, want %s", id, lone[id], who)
		}
	}
}

func TestTheWorstLossesOfTheSampleDepartment(t *testing.T) {
	d := demo(t, false)
	for i, want := range []float64{2, 4, 7, 9, 12, 13, 15} {
		k := i + 1
		all, searched := worstLoss(d, k), d.searchLoss(t.Context(), k)
		for name, loss := range map[string]Loss{"all groups": all, "the search": searched} {
			if loss.Weight != want || !loss.Exact || len(loss.Members) != k {
				t.Errorf("%s, %d people: got %+v, want %v", name, k, loss, want)
			}
		}
	}
	if got := d.Names(worstLoss(d, 1).Members); got[0] != "髙田" {
		t.Errorf("first of those who take two skills: %v", got)
	}
	// Half of all thirty, the two that nobody holds included.
	if p := d.PartialTruckFactor(t.Context(), 2+15); !p.Exact || p.Upper != 7 {
		t.Errorf("fifteen of the held skills: %+v, want 7 people", p)
	}
}
