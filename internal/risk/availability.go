package risk

import "slices"

// Availability is how likely the department has enough holders when every person
// is absent with some probability, one independently of the other.
type Availability struct {
	Skills []float64 // of each skill: at least its minimum is present; exact
	// Joint is the probability that every critical skill has its minimum at once. It
	// is not the product of theirs, because skills share people. It is exact unless
	// too many skills share too many people. Then two bounds are proven: no less than
	// the product, as whoever is there helps every skill, and no more than the least
	// available skill; where they are not close, samples say where between them it is.
	Joint Share
}

// mostStates ends the exact computation of a joint probability.
const mostStates = 20_000

// closeEnough is how far apart proven bounds may be to make samples needless.
const closeEnough = 1e-4

// Availability computes it; absence holds the probability for each member, from 0 to 1.
func (d Department) Availability(absence []float64) Availability {
	a := Availability{Skills: make([]float64, len(d.Skills))}
	product, least := 1.0, 1.0
	for s, h := range d.Skills {
		a.Skills[s] = atLeast(h.Minimum, h.Holders, absence)
		if h.Critical {
			product *= a.Skills[s]
			least = min(least, a.Skills[s])
		}
	}
	if len(d.Below()) > 0 {
		a.Joint = exactly(0)
		return a
	}
	m := d.model()
	if p, ok := m.joint(absence); ok {
		a.Joint = exactly(p)
		return a
	}
	if least-product < closeEnough {
		a.Joint = Share{Value: (product + least) / 2, Low: product, High: least}
		return a
	}
	a.Joint = m.sampleJoint(absence)
	a.Joint.Low, a.Joint.High = max(a.Joint.Low, product), min(a.Joint.High, least)
	a.Joint.Value = min(max(a.Joint.Value, a.Joint.Low), a.Joint.High)
	return a
}

// atLeast returns the probability that n of the holders are present: the Poisson
// binomial distribution, person by person.
func atLeast(n int, holders []int, absence []float64) float64 {
	if n <= 0 {
		return 1
	}
	present := make([]float64, n+1) // present[n] is n or more
	if n > len(holders) {
		return 0
	}
	present[0] = 1
	for _, p := range holders {
		away := absence[p]
		present[n] += present[n-1] * (1 - away)
		for i := n - 1; i > 0; i-- {
			present[i] = present[i]*away + present[i-1]*(1-away)
		}
		present[0] *= away
	}
	return min(1, present[n])
}

// joint returns the probability that no skill is broken. Groups of skills that share
// nobody are independent, so their probabilities multiply; within a group it goes
// person by person over the states that still differ.
func (m *model) joint(absence []float64) (float64, bool) {
	p := 1.0
	for _, skills := range m.groups(m.binding()) {
		q, ok := m.jointOf(skills, absence)
		if !ok {
			return 0, false
		}
		p *= q
	}
	return p, true
}

// minimum returns how many holders a skill needs.
func (m *model) minimum(s int) int { return m.holders[s].count() - m.need[s] + 1 }

// binding leaves out each skill that is available whenever another one is: all
// holders of the other hold it too, and it needs no more of them.
func (m *model) binding() []int {
	var list []int
	for s := range m.need {
		implied := slices.ContainsFunc(m.others(s), func(t int) bool {
			if !m.holders[t].within(m.holders[s]) || m.minimum(t) < m.minimum(s) {
				return false
			}
			same := m.holders[s].within(m.holders[t]) && m.minimum(s) == m.minimum(t)
			return !same || t < s // of two that say the same, the first one stays
		})
		if !implied {
			list = append(list, s)
		}
	}
	return list
}

func (m *model) others(s int) []int {
	list := make([]int, 0, len(m.need))
	for t := range m.need {
		if t != s {
			list = append(list, t)
		}
	}
	return list
}

// groups parts skills so that no two groups share a person.
func (m *model) groups(skills []int) [][]int {
	var groups [][]int
	for len(skills) > 0 {
		group, reach := skills[:1:1], slices.Clone(m.holders[skills[0]])
		rest := skills[1:]
		for grown := true; grown; {
			grown = false
			var apart []int
			for _, s := range rest {
				if m.holders[s].meets(reach) {
					group, grown = append(group, s), true
					reach.addAll(m.holders[s])
				} else {
					apart = append(apart, s)
				}
			}
			rest = apart
		}
		groups, skills = append(groups, group), rest
	}
	return groups
}

// state is how many holders of each skill may still be absent, and how likely it is.
// A skill that can no longer break has 'spare' there, so that states meet again.
type state struct {
	slack []byte
	p     float64
}

const spare = 0xff

// jointOf walks through the holders of a group of skills.
func (m *model) jointOf(skills []int, absence []float64) (float64, bool) {
	ahead := make([]int, len(skills)) // holders not met yet
	slack := make([]byte, len(skills))
	for i, s := range skills {
		ahead[i] = m.holders[s].count()
		if m.need[s]-1 >= spare {
			return 0, false
		}
		slack[i] = settled(byte(m.need[s]-1), ahead[i])
	}
	states := []state{{slack, 1}}
	for _, p := range m.walk(skills) {
		var mine []int
		for i, s := range skills {
			if m.holders[s].has(p) {
				mine = append(mine, i)
				ahead[i]--
			}
		}
		if states = next(states, mine, ahead, absence[p]); len(states) > mostStates {
			return 0, false
		}
	}
	sum := 0.0
	for _, s := range states {
		sum += s.p
	}
	return min(1, sum), true
}

// settled marks a skill that keeps its minimum even if everybody ahead is absent.
func settled(slack byte, ahead int) byte {
	if int(slack) >= ahead {
		return spare
	}
	return slack
}

// next returns the states after one more person is met. They are kept in the order
// in which they arise, so that the sums come out the same every time.
func next(states []state, mine, ahead []int, away float64) []state {
	var out []state
	at := make(map[string]int, len(states))
	add := func(slack []byte, p float64) {
		if i, ok := at[string(slack)]; ok {
			out[i].p += p
			return
		}
		at[string(slack)] = len(out)
		out = append(out, state{slack, p})
	}
	for _, s := range states {
		present, absent, broken := slices.Clone(s.slack), slices.Clone(s.slack), false
		for _, i := range mine {
			if s.slack[i] == spare {
				continue
			}
			present[i] = settled(s.slack[i], ahead[i])
			if broken = broken || s.slack[i] == 0; !broken {
				absent[i] = settled(s.slack[i]-1, ahead[i])
			}
		}
		if away < 1 {
			add(present, s.p*(1-away))
		}
		if !broken && away > 0 {
			add(absent, s.p*away)
		}
	}
	return out
}

// walk orders people so that few skills are half met at a time: it finishes the
// skill with the fewest holders left, again and again.
func (m *model) walk(skills []int) []int {
	var order []int
	met := newSet(m.people)
	for left := slices.Clone(skills); len(left) > 0; {
		best, fewest := 0, m.people+1
		for i, s := range left {
			rest := slices.Clone(m.holders[s])
			rest.removeAll(met)
			if n := rest.count(); n < fewest {
				best, fewest = i, n
			}
		}
		m.holders[left[best]].each(func(p int) bool {
			if !met.has(p) {
				met.add(p)
				order = append(order, p)
			}
			return true
		})
		left = slices.Delete(left, best, best+1)
	}
	return order
}

// sampleJoint estimates the probability that no skill is broken.
func (m *model) sampleJoint(absence []float64) Share {
	r, kept := seeded(), 0
	for range samples {
		gone := newSet(m.people)
		for p, away := range absence {
			if r.Float64() < away {
				gone.add(p)
			}
		}
		if m.stands(gone) {
			kept++
		}
	}
	return estimate(kept)
}
