package risk

import (
	"math"
	"math/rand/v2"
)

// samples is how many random cases an estimate looks at. The seed is fixed: the same
// department gives the same estimate on every machine.
const samples = 40_000

func seeded() *rand.Rand { return rand.New(rand.NewPCG(0x7461_7375, 0x6b69)) }

// sampleResilience estimates the share of groups of k people who break nothing.
func (d Department) sampleResilience(k int) Share {
	m, r := d.model(), seeded()
	people := make([]int, m.people)
	for p := range people {
		people[p] = p
	}
	kept := 0
	for range samples {
		gone := newSet(m.people)
		for i := range k {
			j := i + r.IntN(m.people-i)
			people[i], people[j] = people[j], people[i]
			gone.add(people[i])
		}
		if m.stands(gone) {
			kept++
		}
	}
	return estimate(kept)
}

// stands tells whether a group breaks nothing.
func (m *model) stands(gone set) bool {
	for s := range m.need {
		if m.left(s, gone) == 0 {
			return false
		}
	}
	return true
}

// estimate returns the share of samples with its Wilson interval at 95 %.
func estimate(hits int) Share {
	const z, n = 1.959963984540054, float64(samples)
	p := float64(hits) / n
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return Share{Value: p, Low: max(0, middle-half), High: min(1, middle+half)}
}
