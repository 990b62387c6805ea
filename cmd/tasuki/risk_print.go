package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"time"

	"tasuki/internal/risk"
)

// riskJSON is what --json prints.
type riskJSON struct {
	Skills      []riskSkill         `json:"skills"`
	Coverage    float64             `json:"coverage"`
	TruckFactor *int                `json:"truck_factor"` // null where nothing can break
	Witnesses   [][]string          `json:"witnesses"`
	MinimalCuts [][]string          `json:"minimal_cuts"`
	Resilience  map[string]float64  `json:"resilience"`
	WorstLoss   map[string]riskLoss `json:"worst_loss"`
}

type riskSkill struct {
	ID        string   `json:"id"`
	Holders   []string `json:"holders"`
	Minimum   int      `json:"minimum"`
	BusFactor *int     `json:"bus_factor"` // null where nothing can break it
}

type riskLoss struct {
	Weight  float64  `json:"weight"`
	Members []string `json:"members"`
}

// mostSets is how many groups of people JSON lists; text shows the first few.
const (
	mostSets  = 100_000
	shownSets = 20
)

func orNull(n int, ok bool) *int {
	if !ok {
		return nil
	}
	return &n
}

func (r riskRun) printJSON(ctx context.Context, d risk.Department) error {
	out := riskJSON{Skills: []riskSkill{}, Coverage: d.Coverage(), TruckFactor: orNull(d.TruckFactor()),
		Resilience: map[string]float64{}, WorstLoss: map[string]riskLoss{}}
	for _, h := range d.Skills {
		out.Skills = append(out.Skills, riskSkill{h.ID, d.Names(h.Holders), h.Minimum, orNull(h.BusFactor())})
	}
	witnesses, cuts := d.Witnesses(mostSets), d.MinimalCuts(mostSets)
	out.Witnesses, out.MinimalCuts = named(d, witnesses.List), named(d, cuts.List)
	for k := 1; k <= risk.LargestCut; k++ {
		resilience, worst := d.Absence(ctx, k)
		out.Resilience[strconv.Itoa(k)] = resilience.Value
		out.WorstLoss[strconv.Itoa(k)] = riskLoss{worst.Weight, d.Names(worst.Members)}
	}
	if witnesses.More() > 0 {
		fmt.Fprintln(r.err, "witnesses: "+r.more(witnesses))
	}
	if cuts.More() > 0 {
		fmt.Fprintln(r.err, "minimal_cuts: "+r.more(cuts.Sets))
	}
	e := json.NewEncoder(r.out)
	e.SetEscapeHTML(false)
	return e.Encode(out)
}

func named(d risk.Department, groups [][]int) [][]string {
	list := make([][]string, len(groups))
	for i, g := range groups {
		list[i] = d.Names(g)
	}
	return list
}

// riskPage writes lines; the first write that fails ends them.
type riskPage struct {
	riskRun
	d      risk.Department
	failed error
}

func (p *riskPage) line(text string) {
	if p.failed == nil {
		_, p.failed = fmt.Fprintln(p.out, text)
	}
}

func (p *riskPage) tell(key string, args ...any) { p.line(p.t(key, args...)) }

// searchTime is how long the text waits for what has to be searched for.
const searchTime = 3 * time.Second

// print writes the numbers for people to read.
func (r riskRun) print(ctx context.Context, w risk.WhatIf, gone []string) error {
	p := &riskPage{riskRun: r, d: w.After}
	critical := 0
	for _, h := range p.d.Skills {
		if h.Critical {
			critical++
		}
	}
	p.tell("risk.head", "Members", len(p.d.Members), "Skills", len(p.d.Skills), "Critical", critical)
	if len(gone) > 0 {
		p.tell("risk.without", "Names", r.names(gone))
		p.skills("risk.newly_below", w.NewlyBelow)
	}
	p.tell("risk.coverage", "Percent", percent(p.d.Coverage()))
	p.skills("risk.below", p.d.Below())
	p.skills("risk.alone", p.alone())
	p.truck()
	p.absences(ctx)
	p.half(ctx)
	p.joint()
	return p.failed
}

// alone returns the critical skills that depend on single people.
func (p *riskPage) alone() []int {
	var list []int
	for s, h := range p.d.Skills {
		if h.Critical && h.Alone() {
			list = append(list, s)
		}
	}
	return list
}

// skills lists skills with their holders.
func (p *riskPage) skills(key string, list []int) {
	p.line("")
	p.tell(key, "Number", len(list))
	for _, s := range list {
		h := p.d.Skills[s]
		holders := p.t("risk.nobody")
		if len(h.Holders) > 0 {
			holders = p.names(p.d.Names(h.Holders))
		}
		p.tell("risk.skill", "Skill", printable(h.ID), "Holders", holders, "Have", len(h.Holders), "Minimum", h.Minimum)
	}
}

// truck says how few people it takes, of the skills that are not below already.
func (p *riskPage) truck() {
	p.line("")
	d := p.d
	if len(d.Below()) > 0 {
		p.tell("risk.truck_below")
		d = d.Sound()
	}
	n, ok := d.TruckFactor()
	if !ok {
		p.tell("risk.truck_none")
		return
	}
	p.tell("risk.truck", "Number", n)
	p.groups(d.Witnesses(shownSets))
	cuts := d.MinimalCuts(shownSets)
	p.line("")
	p.tell("risk.cuts", "Total", cuts.Total, "One", cuts.OfSize[1], "Two", cuts.OfSize[2], "Three", cuts.OfSize[3])
	if n < risk.LargestCut { // else they are the witnesses again
		p.groups(cuts.Sets)
	}
}

func (p *riskPage) groups(sets risk.Sets) {
	for _, g := range sets.List {
		p.line("  " + p.names(p.d.Names(g)))
	}
	if sets.More() > 0 {
		p.line("  " + p.more(sets))
	}
}

func (r riskRun) more(sets risk.Sets) string {
	key := "risk.more"
	if sets.AtLeast {
		key = "risk.more_at_least"
	}
	return r.t(key, "Total", sets.More())
}

// absences says what one, two and three absences do.
func (p *riskPage) absences(ctx context.Context) {
	p.line("")
	for k := 1; k <= risk.LargestCut; k++ {
		resilience, worst := p.d.Sound().Absence(ctx, k)
		key := "risk.absence"
		if worst.Members == nil {
			key = "risk.absence_nothing"
		}
		p.tell(key, "Number", k, "Percent", percent(resilience.Value), "Weight", number(worst.Weight), "Names", p.names(p.d.Names(worst.Members)))
	}
}

// half says how many people carry half of the critical skills. A search that takes
// too long gives its bounds.
func (p *riskPage) half(ctx context.Context) {
	skills := 0
	for _, h := range p.d.Skills {
		if h.Critical && h.Breakable() {
			skills++
		}
	}
	ctx, stop := context.WithTimeout(ctx, searchTime)
	defer stop()
	half := (skills + 1) / 2
	found := p.d.PartialTruckFactor(ctx, half)
	switch {
	case skills == 0 || len(p.d.Below()) >= half:
	case found.Exact:
		p.tell("risk.half", "Half", half, "Skills", skills, "Number", found.Upper)
	default:
		p.tell("risk.half_between", "Half", half, "Skills", skills, "Low", found.Lower, "High", found.Upper)
	}
}

// joint says how likely everything is there at once.
func (p *riskPage) joint() {
	absence := make([]float64, len(p.d.Members))
	for i := range absence {
		absence[i] = p.rate
	}
	j := p.d.Sound().Availability(absence).Joint
	key := "risk.joint"
	if !j.Exact {
		key = "risk.joint_between"
	}
	p.tell(key, "Rate", percent(p.rate), "Percent", percent(j.Value), "Low", percent(j.Low), "High", percent(j.High))
}

// percent writes a share with one decimal. What is not all or nothing is not
// rounded to it.
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.001:
		return "<0.1%"
	case share < 1 && share > 0.999:
		return ">99.9%"
	}
	return strconv.FormatFloat(math.Round(share*1000)/10, 'f', -1, 64) + "%"
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
