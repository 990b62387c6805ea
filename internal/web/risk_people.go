package web

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"tasuki/internal/risk"
	"tasuki/internal/team"
)

// riskOfPeople is what only leads see: numbers with the people behind them.
type riskOfPeople struct {
	Truck      riskTruck
	Half       string // how few people carry half of the skills
	HalfWho    string
	Joint      string
	JointWeak  []riskWeak // the skills that are most likely to be missing
	Breaches   []riskBreach
	MoreAhead  int
	Topics     []riskTopicRow
	Mismatches []riskMismatch
	MoreToTalk int
}

// riskTruck is the fewest people whose loss takes a skill away.
type riskTruck struct {
	Below    []riskLink // skills that are below already: the number is 0
	Number   int        // over the others
	None     bool       // nothing can be lost
	Groups   []riskSet
	More     string
	CutsHead string
	Cuts     []riskSet
	MoreCuts string
}

// riskSet is a group of people with what their absence takes away.
type riskSet struct {
	Names  string
	Skills []riskLink
	WhatIf string // the address that asks about them
}

// shownSets is how many groups of people a page lists.
const shownSets = 30

func (p riskPage) ofPeople(ctx context.Context, d risk.Department, rate float64) *riskOfPeople {
	o := &riskOfPeople{Truck: p.truck(d)}
	o.Half, o.HalfWho = p.half(ctx, d)
	o.Joint, o.JointWeak = p.joint(d, rate)
	o.Breaches, o.MoreAhead = p.breaches()
	for _, t := range p.model.facts.Topics {
		if t.Active {
			o.Topics = append(o.Topics, p.topicRow(t))
		}
	}
	slices.SortStableFunc(o.Topics, func(a, b riskTopicRow) int {
		return cmp.Or(cmp.Compare(b.top, a.top), cmp.Compare(b.weight, a.weight))
	})
	for i := range d.Skills {
		seen, used := p.observed(d, i)
		o.Mismatches = append(o.Mismatches, p.mismatchesOf(i, seen, used)...)
	}
	if len(o.Mismatches) > shownSets {
		o.Mismatches, o.MoreToTalk = o.Mismatches[:shownSets], len(o.Mismatches)-shownSets
	}
	return o
}

func (p riskPage) truck(d risk.Department) riskTruck {
	t := riskTruck{Below: p.skillLinks(d.Below())}
	sound := d.Sound()
	n, ok := sound.TruckFactor()
	if t.Number, t.None = n, !ok; !ok {
		return t
	}
	groups, cuts := sound.Witnesses(shownSets), sound.MinimalCuts(shownSets)
	t.Groups, t.More = p.sets(d, groups.List), p.more(groups)
	t.CutsHead = p.T("risk_page.cuts_count", "Total", cuts.Total, "One", cuts.OfSize[1], "Two", cuts.OfSize[2], "Three", cuts.OfSize[3])
	t.Cuts, t.MoreCuts = p.sets(d, cuts.List), p.more(cuts.Sets)
	return t
}

func (p riskPage) sets(d risk.Department, groups [][]int) []riskSet {
	list := make([]riskSet, len(groups))
	for i, g := range groups {
		list[i] = riskSet{p.people(d.Names(g)), p.skillLinks(broken(d, g)), whatIfOf(d.Names(g)...)}
	}
	return list
}

func (p riskPage) more(sets risk.Sets) string {
	switch {
	case sets.More() == 0:
		return ""
	case sets.AtLeast:
		return p.T("risk.more_at_least", "Total", sets.More())
	}
	return p.T("risk.more", "Total", sets.More())
}

// half says how few people have to go until half of the skills are below what they
// need; where the search ends first, between which numbers it lies.
func (p riskPage) half(ctx context.Context, d risk.Department) (said, who string) {
	skills := 0
	for _, h := range d.Skills {
		if h.Critical && h.Breakable() {
			skills++
		}
	}
	half := (skills + 1) / 2
	if skills == 0 || len(d.Below()) >= half {
		return p.T("risk_page.half_already", "Half", half, "Skills", skills), ""
	}
	found := d.PartialTruckFactor(ctx, half)
	who = p.people(d.Names(found.Members))
	if found.Exact {
		return p.T("risk_page.half", "Half", half, "Skills", skills, "Number", found.Upper), who
	}
	return p.T("risk_page.half_between", "Half", half, "Skills", skills, "Low", found.Lower, "High", found.Upper), who
}

// riskWeak is a skill with how likely enough people for it are there.
type riskWeak struct {
	riskLink
	Percent string
}

// mostWeak is how many of the weakest skills are listed.
const mostWeak = 8

func (p riskPage) joint(d risk.Department, rate float64) (string, []riskWeak) {
	absence := make([]float64, len(d.Members))
	for i := range absence {
		absence[i] = rate
	}
	sound := d.Sound()
	a := sound.Availability(absence)
	key := "risk_page.joint"
	if !a.Joint.Exact {
		key = "risk_page.joint_between"
	}
	said := p.T(key, "Rate", strconv.FormatFloat(rate*100, 'f', -1, 64)+"%", "Percent", percent(a.Joint.Value), "Low", percent(a.Joint.Low), "High", percent(a.Joint.High))
	return said, p.weakest(sound, a)
}

func (p riskPage) weakest(d risk.Department, a risk.Availability) []riskWeak {
	type weak struct {
		skill int
		there float64
	}
	var list []weak
	for i, h := range d.Skills {
		if h.Critical && h.Breakable() {
			list = append(list, weak{i, a.Skills[i]})
		}
	}
	slices.SortStableFunc(list, func(a, b weak) int { return cmp.Compare(a.there, b.there) })
	var shown []riskWeak
	for _, w := range list[:min(len(list), mostWeak)] {
		k := p.skillOf(d.Skills[w.skill].ID)
		shown = append(shown, riskWeak{riskLink{k.ID, k.DisplayName(p.Language)}, percent(w.there)})
	}
	return shown
}

func (p riskPage) skillOf(id string) team.Skill {
	i := slices.IndexFunc(p.model.facts.Map.Skills, func(k team.Skill) bool { return k.ID == id })
	return p.model.facts.Map.Skills[i]
}

// riskBreach is a day ahead on which there are too few holders of something, and why.
type riskBreach struct {
	Name, Href, Day, Cause string
	on                     team.Date
}

// shownBreaches is how many of the days ahead are listed.
const shownBreaches = 10

// breaches returns the skills and certifications that come to have too few holders,
// the nearest first.
func (p riskPage) breaches() (list []riskBreach, more int) {
	for i, o := range p.model.outlooks() {
		if k := p.skillLink(i); p.model.facts.Map.Skills[i].Critical {
			list = p.addBreach(list, o, k.Name, "/risk/skills/"+k.ID, i)
		}
	}
	for _, c := range p.model.facts.Certificates {
		list = p.addBreach(list, p.model.certificateOutlook(c), c.Certification.DisplayName(p.Language), "/certificates?kind="+c.Certification.ID, noSkill)
	}
	slices.SortStableFunc(list, func(a, b riskBreach) int { return a.on.Time().Compare(b.on.Time()) })
	shown := min(len(list), shownBreaches)
	return list[:shown], len(list) - shown
}

func (p riskPage) addBreach(list []riskBreach, o risk.Outlook, name, href string, skill int) []riskBreach {
	b, ok := o.FirstBreach(p.model.day())
	if !ok || !p.model.day().Before(b.On) {
		return list
	}
	return append(list, riskBreach{name, href, p.Date(b.On), p.cause(o, b.On, skill), b.On})
}

// breachOf says when and why there come to be too few holders of a skill, or of a
// certification (noSkill); "" where they do not, and where they are too few already.
func (p riskPage) breachOf(o risk.Outlook, skill int) string {
	b, ok := o.FirstBreach(p.model.day())
	if !ok || !p.model.day().Before(b.On) {
		return ""
	}
	return p.T("risk_page.breach_of", "Day", p.Date(b.On), "Cause", p.cause(o, b.On, skill))
}

// noSkill stands for what hangs on certificates alone.
const noSkill = -1

// cause says who stops being a holder on a day, and by what.
func (p riskPage) cause(o risk.Outlook, on team.Date, skill int) string {
	after := o.Holders(on)
	var said []string
	for _, id := range o.Holders(on.AddDays(-1)) {
		if slices.Contains(after, id) {
			continue
		}
		key := "risk_page.cause_expiry"
		if skill == noSkill || p.model.certificateEnds(id, skill, on.AddDays(-1)) {
			key = "risk_page.cause_certificate"
		}
		for _, a := range p.model.facts.Absences {
			if a.MemberID == id && a.Covers(on) {
				key = "risk_page.cause_" + string(a.Kind)
			}
		}
		said = append(said, p.T(key, "Name", p.names[id]))
	}
	return joined(p.page, said)
}

func joined(p page, list []string) string {
	text := ""
	for i, s := range list {
		if i > 0 {
			text += p.T("risk.and")
		}
		text += s
	}
	return text
}
