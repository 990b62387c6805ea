package risk

import (
	"context"
	"math/bits"
)

// Loss is the most that the absence of a number of people can take away.
type Loss struct {
	Weight  float64 // of the critical skills that are newly below their minimum
	Members []int   // the first group that takes this much; nobody where nothing is lost
	Exact   bool    // no group takes more
	Bound   float64 // no group takes more than this; Weight where it is exact
}

// mostGroups is up to how many groups of people are all looked at, when there are
// more than three in a group.
const mostGroups = 2_000_000

// enumerable tells whether every group of k people is looked at: always up to three.
func (d Department) enumerable(k int) bool {
	return k <= LargestCut || binomial(len(d.Members), k) <= mostGroups
}

// Absence returns what the absence of k people does; where there are fewer people,
// of all of them: the share of such groups without whom no critical skill is below
// its minimum, and the most weight that one of them breaks. Both are exact for k up
// to 3 and where there are at most two million groups. Beyond, the share is
// estimated, and the loss is exact unless ctx ends the search.
func (d Department) Absence(ctx context.Context, k int) (Share, Loss) {
	k = min(k, len(d.Members))
	var resilience Share
	var worst Loss
	if d.enumerable(k) {
		var kept int
		kept, worst = d.absences(k)
		resilience = exactly(float64(kept) / float64(binomial(len(d.Members), k)))
	} else {
		resilience, worst = d.sampleResilience(k), d.searchLoss(ctx, k)
	}
	if len(d.Below()) > 0 {
		resilience = exactly(0)
	}
	return resilience, worst
}

// Share is a probability or a share. Where it is not exact it was estimated from
// seeded samples, and the true value lies from Low to High with 95 % confidence.
type Share struct {
	Value     float64
	Exact     bool
	Low, High float64
}

func exactly(v float64) Share { return Share{Value: v, Exact: true, Low: v, High: v} }

// absences looks at every group of k people: how many break nothing that is not
// broken yet, and the most that one breaks.
func (d Department) absences(k int) (kept int, worst Loss) {
	a := absences{m: d.model(), k: k, group: make([]int, 0, k)}
	a.open = make([][]set, k+1)
	for depth := range a.open {
		a.open[depth] = make([]set, k+1)
		for need := range a.open[depth] {
			a.open[depth][need] = newSet(len(a.m.need))
		}
	}
	for s, need := range a.m.need {
		if need <= k {
			a.open[0][need].add(s)
		}
	}
	a.walk(0, 0, true)
	weight := a.m.weight(a.best)
	return a.kept, Loss{Weight: weight, Members: a.worst, Exact: true, Bound: weight}
}

// absences is a walk over all groups of k people. open[depth][n] holds the skills
// that are broken when n more of their holders go, after depth people are gone.
type absences struct {
	m     *model
	k     int
	open  [][]set
	group []int
	kept  int
	best  int64
	worst []int
}

// walk goes on with everybody who comes after the last of the group. lost is what
// the group has broken so far, whole that it has broken nothing.
func (a *absences) walk(from int, lost int64, whole bool) {
	depth := len(a.group)
	if depth == a.k {
		a.leaf(lost, whole)
		return
	}
	hopeless := lost+a.within(depth) <= a.best
	if hopeless && !whole {
		return
	}
	if depth == a.k-1 {
		a.last(from, lost, whole, hopeless)
		return
	}
	for p := from; p <= a.m.people-(a.k-depth); p++ {
		broken := a.take(depth, p)
		a.group = append(a.group, p)
		a.walk(p+1, lost+a.m.sum(broken), whole && broken.empty())
		a.group = a.group[:depth]
	}
}

// last is the innermost loop: it adds one person to a group.
func (a *absences) last(from int, lost int64, whole, hopeless bool) {
	one := a.open[a.k-1][1]
	for p := from; p < a.m.people; p++ {
		holds := a.m.holds[p]
		breaks, more := false, int64(0)
		for i, w := range one {
			if w &= holds[i]; w != 0 {
				breaks = true
				for ; !hopeless && w != 0; w &= w - 1 {
					more += a.m.units[i*64+bits.TrailingZeros64(w)]
				}
			}
		}
		if whole && !breaks {
			a.kept++
		}
		if lost+more > a.best {
			a.best, a.worst = lost+more, append(append([]int(nil), a.group...), p)
		}
	}
}

func (a *absences) leaf(lost int64, whole bool) {
	if whole {
		a.kept++
	}
	if lost > a.best {
		a.best, a.worst = lost, append([]int(nil), a.group...)
	}
}

// within returns the most that the rest of a group could still break.
func (a *absences) within(depth int) int64 {
	var n int64
	for need := 1; need <= a.k-depth; need++ {
		n += a.m.sum(a.open[depth][need])
	}
	return n
}

// take fills the next depth with what is open after p is gone too, and returns what
// that broke.
func (a *absences) take(depth, p int) set {
	now, next, holds := a.open[depth], a.open[depth+1], a.m.holds[p]
	for need := 0; need <= a.k; need++ {
		for i := range holds {
			stays, arrives := uint64(0), uint64(0)
			if need > 0 {
				stays = now[need][i] &^ holds[i]
			}
			if need < a.k {
				arrives = now[need+1][i] & holds[i]
			}
			next[need][i] = stays | arrives
		}
	}
	return next[0]
}
