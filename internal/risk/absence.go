package risk

import (
	"cmp"
	"slices"

	"tasuki/internal/team"
)

// LookAhead is how many days a what-if looks ahead where somebody leaves for good:
// later, most of what is known today will have been looked at again.
const LookAhead = 365

// Without returns what the absence of some people from one day to another does to the
// skills, the worst first; no last day means that they leave, and the days of a year
// count. Others' planned absences and the ends of levels count as well, on every day
// on which something changes. Skills that nothing can break are left out.
func (f Future) Without(gone []string, from, to team.Date) []Effect {
	if to.IsZero() {
		to = from.AddDays(LookAhead)
	}
	var mine []Away
	for _, m := range gone {
		mine = append(mine, Away{Member: m, From: from, To: to})
	}
	before, after := awayOf(f.Away), awayOf(f.Away, mine)
	var list []Effect
	for s, skill := range f.Skills {
		if skill.Minimum == 0 || !slices.ContainsFunc(f.Holdings[s], func(h Holding) bool { return slices.Contains(gone, h.Member) }) {
			continue
		}
		w := walk{skill, courseOf(f.Holdings[s], before), courseOf(f.Holdings[s], after), dayNumber(from), dayAfter(to)}
		if e, ok := w.worst(); ok {
			e.Skill = s
			e.Holders, e.Staying = f.holders(s, gone, e.On, before), f.staying(s, e.On, after)
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b Effect) int { return cmp.Compare(a.Severity, b.Severity) })
	return list
}

// walk goes through the days of an absence.
type walk struct {
	Skill
	before, after course
	from, end     int
}

// severity tells what a loss of holders means; ok is false where there is none.
func (s Skill) severity(before, after int) (v Severity, ok bool) {
	switch {
	case after >= before:
		return 0, false
	case after == 0:
		return Lost, true
	case before < s.Minimum:
		return Worse, true
	case after < s.Minimum:
		return NewlyBelow, true
	case after == s.Minimum:
		return OnOne, true
	}
	return Thinner, true
}

func (w walk) worst() (best Effect, found bool) {
	turns := turnsOf(w.from, w.end, w.before, w.after)
	for i, day := range turns {
		b, a := w.before.on(day), w.after.on(day)
		v, ok := w.severity(b, a)
		if !ok {
			continue
		}
		if v == Lost || v == NewlyBelow {
			best.Lacking = addSpell(best.Lacking, day, endOf(turns, i, w.end))
		}
		if !found || v < best.Severity {
			best.Severity, best.On, best.Before, best.After, found = v, dateOf(day), b, a, true
		}
	}
	return best, found
}

// endOf is the first day after the stretch that begins with a turn.
func endOf(turns []int, i, end int) int {
	if i+1 < len(turns) {
		return turns[i+1]
	}
	return end
}

// addSpell adds the days up to an end to the last spell, or begins a new one.
func addSpell(list []Spell, day, end int) []Spell {
	spell := Spell{dateOf(day), dateOf(end - 1)}
	if end == always {
		spell.To = team.Date{}
	}
	if last := len(list) - 1; last >= 0 && list[last].To == dateOf(day-1) {
		list[last].To = spell.To
		return list
	}
	return append(list, spell)
}

// holders returns those of some people who hold a skill on a day and would be there.
func (f Future) holders(skill int, of []string, on team.Date, away map[string]stretches) []string {
	there := f.staying(skill, on, away)
	return slices.DeleteFunc(there, func(m string) bool { return !slices.Contains(of, m) })
}

// staying returns who holds a skill on a day and is there.
func (f Future) staying(skill int, on team.Date, away map[string]stretches) (list []string) {
	day := dayNumber(on)
	for _, h := range f.Holdings[skill] {
		if covers(h.From, h.To, on) && !away[h.Member].covers(day) {
			list = append(list, h.Member)
		}
	}
	return list
}

// Guard tells in which critical skills planned absences leave too few people.
type Guard struct {
	f       Future
	away    map[string]stretches
	leaving map[string]stretches
	with    []course // with all that is planned
	without []course // with nobody on leave: those who have left are gone
}

// Guard returns a guard over what is planned. Leave, which ends, can be moved;
// leavings cannot, so a skill that they break is no reason to warn of leave.
func (f Future) Guard() Guard {
	leavings := slices.DeleteFunc(slices.Clone(f.Away), func(a Away) bool { return !a.To.IsZero() })
	g := Guard{f: f, away: awayOf(f.Away), leaving: awayOf(leavings)}
	for s := range f.Skills {
		g.with = append(g.with, courseOf(f.Holdings[s], g.away))
		g.without = append(g.without, courseOf(f.Holdings[s], g.leaving))
	}
	return g
}

// Warnings returns the critical skills that one of the planned absences takes part in
// breaking: the person would hold the skill, and with everything that is planned it is
// below its minimum where it would be kept if nobody were on leave, or has nobody left.
func (g Guard) Warnings(a Away) (list []Warning) {
	for s, skill := range g.f.Skills {
		if !skill.Critical || skill.Minimum == 0 {
			continue
		}
		w := Warning{Skill: s, Fewest: always}
		for _, h := range g.f.Holdings[s] {
			if h.Member == a.Member {
				g.look(&w, h, a)
			}
		}
		if len(w.Spells) > 0 {
			list = append(list, w)
		}
	}
	return list
}

// look goes through the days on which a holding and an absence meet.
func (g Guard) look(w *Warning, h Holding, a Away) {
	from, end := max(firstDay(h.From), firstDay(a.From)), min(dayAfter(h.To), dayAfter(a.To))
	if a.To.IsZero() {
		end = min(end, firstDay(a.From)+LookAhead+1)
	}
	if from >= end {
		return
	}
	with, without := g.with[w.Skill], g.without[w.Skill]
	turns := turnsOf(from, end, with, without)
	for i, day := range turns {
		n, all := with.on(day), without.on(day)
		if a.To.IsZero() {
			all++ // the one who leaves counts as one of those who could be there
		}
		if n < g.f.Skills[w.Skill].Minimum && (all >= g.f.Skills[w.Skill].Minimum || n == 0) {
			w.Spells = addSpell(w.Spells, day, endOf(turns, i, end))
			w.Fewest = min(w.Fewest, n)
		}
	}
}
