package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"tasuki/internal/plan"
)

// planRun is one call of `tasuki plan`.
type planRun struct {
	console
	json    bool
	limit   time.Duration
	most    int
	budget  int64
	limited bool // by the budget
}

func planCommand() *cobra.Command {
	var r planRun
	cmd := &cobra.Command{Use: "plan FILE.json", Args: cobra.ExactArgs(1),
		Short: "Find the cheapest trainings that leave no skill to too few people, without an installation",
		Long: "Read who stands where, what is wanted and what can be learned (JSON; - reads it from the input), and print the\n" +
			"cheapest set of trainings that brings every critical skill to its minimum and its redundancy. It is proven to be the\n" +
			"cheapest, or the gap that is left is told. What no training can bring is listed apart. The file is\n\n" +
			`  {"people":[{"id":"Ben","levels":{"FOR":1},"max_hours":40}],` + "\n" +
			`   "skills":[{"id":"FOR","required_level":3,"minimum":1,"redundancy":1,"critical":true,"weight":1}],` + "\n" +
			`   "trainings":[{"id":"DFIR","grants":{"FOR":3},"prerequisite":{"FOR":1},"seat_cost":30000,"class_cost":100000,"seats":12,"hours":24}],` + "\n" +
			`   "offers":[{"person":"Ben","training":"DFIR","cost":28000}]}` + "\n\n" +
			"Costs are whole yen. max_hours, weight, prerequisite, class_cost, seats and offers may be missing. Where offers is\n" +
			"there, only its pairs are possible, at its costs, and seat_cost is not needed; hours is needed where somebody has\n" +
			"max_hours. With --json the answer is {proven, cost, bound, assignments, classes, uncovered}.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := r.open(cmd); err != nil {
				return err
			}
			r.limited = cmd.Flags().Changed("budget")
			return r.run(cmd.Context(), args[0])
		}}
	f := cmd.Flags()
	f.BoolVar(&r.json, "json", false, "print JSON")
	f.DurationVar(&r.limit, "time-limit", 10*time.Second, "how long to search for the proof; 0 is without end")
	f.IntVar(&r.most, "max-per-person", 0, "the most trainings one person may take; 0 is any number")
	f.Int64Var(&r.budget, "budget", 0, "the most the plan may cost, in yen; what weighs most is covered first")
	r.languageFlag(cmd)
	return cmd
}

func (r planRun) run(ctx context.Context, path string) error {
	switch {
	case r.limit < 0:
		return errors.New("--time-limit cannot be below 0")
	case r.most < 0:
		return errors.New("--max-per-person cannot be below 0")
	case r.budget < 0:
		return errors.New("--budget cannot be below 0")
	}
	in, err := r.input(path)
	if err != nil {
		return fmt.Errorf("%s: %s", path, r.sentence(err))
	}
	defer in.Close()
	problem, err := plan.Read(in)
	if err != nil {
		return fmt.Errorf("%s: %s", path, r.sentence(err))
	}
	r.leftOut(problem.Unknown)
	options := plan.Options{TimeLimit: r.limit, MaxPerPerson: r.most}
	if r.limited {
		options.Budget = &r.budget
	}
	found, err := plan.Solve(ctx, problem, options)
	if err != nil {
		return fmt.Errorf("%s: %s", path, r.sentence(err))
	}
	if r.json {
		e := json.NewEncoder(r.out)
		e.SetEscapeHTML(false)
		return e.Encode(found)
	}
	return r.print(problem, found)
}

// print writes a plan for people to read; the first write that fails ends it.
func (r planRun) print(p plan.Problem, l plan.Plan) (failed error) {
	tell := func(key string, args ...any) {
		if failed == nil {
			_, failed = fmt.Fprintln(r.out, r.t(key, args...))
		}
	}
	lacking := p.Lacking()
	people := 0
	for _, m := range lacking {
		people += m.Missing
	}
	tell("plan_file.head", "Members", len(p.People), "Skills", len(lacking), "People", people)
	if len(lacking) == 0 {
		tell("plan_file.nothing")
		return failed
	}
	key := "plan_file.cost"
	if !l.Proven {
		key = "plan_file.found"
	}
	tell(key, "Cost", yen(l.Cost), "Number", len(l.Assignments))
	switch {
	case l.Proven:
		tell("plan_file.proven")
	case l.OpenWeight > l.OpenBound:
		tell("plan_file.open", "Weight", number(l.OpenWeight), "Least", number(l.OpenBound))
	default:
		tell("plan_file.gap", "Bound", yen(l.Bound), "Percent", gap(l))
	}
	for _, load := range l.PerPerson(p) {
		var trainings []string
		for _, a := range l.Assignments {
			if a.Person == load.Person {
				trainings = append(trainings, a.Training)
			}
		}
		tell("plan_file.person", "Name", printable(load.Person), "Trainings", r.names(trainings), "Hours", number(load.Hours), "Cost", yen(load.Cost))
	}
	if len(l.Classes) > 0 {
		tell("plan_file.classes", "Names", r.names(l.Classes))
	}
	if len(l.Uncovered) > 0 {
		tell("plan_file.uncovered")
	}
	for _, m := range l.Uncovered {
		tell("plan_file.missing", "Skill", printable(m.Skill), "Number", m.Missing)
	}
	return failed
}

// gap returns how much cheaper a plan could still be, rounded up.
func gap(l plan.Plan) string {
	return strconv.FormatFloat(math.Ceil(float64(l.Cost-l.Bound)/float64(l.Cost)*1000)/10, 'f', -1, 64) + "%"
}

// yen writes a sum as both languages do: 1,234,000.
func yen(n int64) string { return message.NewPrinter(language.English).Sprintf("%d", n) }
