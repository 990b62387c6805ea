package plan

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// cbcName names cbc (Debian coinor-cbc); named and missing fails.
const cbcName = "TASUKI_TEST_CBC"

// weightPrice is what an uncovered person costs in the model: more than any of these plans.
const weightPrice = 1_000_000

// model writes a problem as a mixed integer program in the LP format: (1) to (4) of
// the definition, and (6), which makes it easier. It shares nothing with the solver.
type model struct {
	p                               Problem
	objective, rows, bounds, binary bytes.Buffer
	by                              [][]string      // of a person: their x
	grants                          []map[int][]int // of a training and a skill: who would be a new holder
}

func name(kind string, list ...int) string {
	for _, n := range list {
		kind += fmt.Sprint("_", n)
	}
	return kind
}

func modelOf(p Problem, most int) string {
	m := &model{p: p, by: make([][]string, len(p.People)), grants: make([]map[int][]int, len(p.Trainings))}
	for t := range p.Trainings {
		m.training(t)
	}
	for s, skill := range p.Skills {
		lack := skill.Minimum + skill.Redundancy
		for _, w := range p.People {
			if w.Levels[skill.ID] >= skill.Required {
				lack--
			}
		}
		if skill.Critical && lack > 0 {
			m.skill(s, lack)
		}
	}
	for _, x := range m.by {
		if most > 0 && len(x) > most {
			fmt.Fprintf(&m.rows, "%s <= %d\n", strings.Join(x, " + "), most)
		}
	}
	return "Minimize\n" + m.objective.String() + "Subject To\n" + m.rows.String() + "Bounds\n" + m.bounds.String() + "Binaries\n" + m.binary.String() + "End\n"
}

// training writes who may take a training: (3).
func (m *model) training(t int) {
	x, class := m.p.Trainings[t], name("y", t)
	var seats []string
	m.grants[t] = map[int][]int{}
	for i, w := range m.p.People {
		cost, possible := m.seat(w, x)
		useful := false
		for s, skill := range m.p.Skills {
			if possible && skill.Critical && x.Grants[skill.ID] >= skill.Required && w.Levels[skill.ID] < skill.Required {
				m.grants[t][s] = append(m.grants[t][s], i)
				useful = true
			}
		}
		if useful {
			seat := name("x", i, t)
			seats, m.by[i] = append(seats, seat), append(m.by[i], seat)
			fmt.Fprintf(&m.objective, " + %d %s\n", cost, seat)
			fmt.Fprintf(&m.rows, "%s - %s <= 0\n", seat, class)
			fmt.Fprintln(&m.binary, seat)
		}
	}
	if len(seats) == 0 {
		return
	}
	fmt.Fprintf(&m.objective, " + %d %s\n", x.ClassCost, class)
	fmt.Fprintln(&m.binary, class)
	if x.Seats != nil {
		fmt.Fprintf(&m.rows, "%s - %d %s <= 0\n", strings.Join(seats, " + "), *x.Seats, class)
	}
}

func (m *model) seat(w Person, x Training) (cost int64, possible bool) {
	for s, level := range x.Prerequisite {
		if w.Levels[s] < level {
			return 0, false
		}
	}
	if m.p.Offers == nil {
		return x.SeatCost, true
	}
	i := slices.IndexFunc(m.p.Offers, func(o Offer) bool { return o.Person == w.ID && o.Training == x.ID })
	if i < 0 {
		return 0, false
	}
	return m.p.Offers[i].Cost, true
}

// skill writes what a skill lacks: (1), (2) and (6). Who is not found has a price.
func (m *model) skill(s, lack int) {
	open := name("u", s)
	fmt.Fprintf(&m.objective, " + %d %s\n", weightPrice, open)
	from, served, holders := make([][]string, len(m.p.People)), []string{open}, []string{open}
	for t := range m.p.Trainings {
		var seats []string
		for _, i := range m.grants[t][s] {
			seats = append(seats, name("x", i, t))
			from[i] = append(from[i], name("x", i, t))
		}
		if w := name("w", s, t); len(seats) > 0 {
			fmt.Fprintf(&m.rows, "%s - %s >= 0\n%s - %d %s <= 0\n", strings.Join(seats, " + "), w, w, lack, name("y", t))
			served = append(served, w)
		}
	}
	for i, x := range from {
		if z := name("z", i, s); len(x) > 0 {
			fmt.Fprintf(&m.rows, "%s - %s <= 0\n", z, strings.Join(x, " - "))
			fmt.Fprintf(&m.bounds, "%s <= 1\n", z)
			holders = append(holders, z)
		}
	}
	fmt.Fprintf(&m.rows, "%s >= %d\n%s >= %d\n", strings.Join(holders, " + "), lack, strings.Join(served, " + "), lack)
}

func TestAnotherSolverFindsTheSameCosts(t *testing.T) {
	cbc := os.Getenv(cbcName)
	if cbc == "" {
		t.Logf("%s is not set: nothing is compared", cbcName)
		return
	}
	for i := range 10 {
		p, most := instance(i), []int{0, 0, 2, 1}[i%4]
		want := solvedBy(t, cbc, modelOf(p, most))
		l := solved(t, p, Options{MaxPerPerson: most})
		if got := uncovered(p, l)/1000*weightPrice + l.Cost; !l.Proven || got != want {
			t.Errorf("%d: got %d, %s says %d", i, got, cbc, want)
		}
	}
}

// solvedBy returns what cbc finds the optimum of a model to be.
func solvedBy(t *testing.T, cbc, content string) int64 {
	t.Helper()
	path, answer := filepath.Join(t.TempDir(), "model.lp"), filepath.Join(t.TempDir(), "answer")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(cbc, path, "ratioGap", "0", "allowableGap", "0", "solve", "solution", answer).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", cbc, err, out)
	}
	solution, err := os.ReadFile(answer)
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(solution), "\n")
	said, optimal := strings.CutPrefix(first, "Optimal - objective value ")
	value, err := strconv.ParseFloat(strings.TrimSpace(said), 64)
	if !optimal || err != nil {
		t.Fatalf("%s says %q", cbc, first)
	}
	return int64(math.Round(value))
}
