package risk

import (
	"cmp"
	"math"
	"slices"

	"tasuki/internal/team"
)

// The defaults for measuring knowledge from answers.
const (
	DefaultHalfLife = 180.0 // days after which an answer counts half
	DefaultLeast    = 2.0   // answers, by today's weight, below which nothing is said
)

// Answer is one accepted answer on a topic, and who contributed to it. Only the
// proportion of the contributions counts.
type Answer struct {
	On team.Date
	By []Contribution
}

// Contribution is somebody's part in an answer.
type Contribution struct {
	Member string
	Part   float64
}

// Answerer is what one person's answers weigh in a topic.
type Answerer struct {
	Member string
	Weight float64 // their answers, each halved every half-life
	Share  float64 // of all weight in the topic
	Active bool
}

// Concentration tells how far the answers of a topic come from few people. Where
// there is not enough data, only Weight and Answerers' weights are filled.
type Concentration struct {
	Weight     float64
	Enough     bool
	Answerers  []Answerer // the largest share first
	HHI        float64    // the sum of squared shares, from 1/n to 1
	Normalized float64    // HHI from 0 (all active members answer alike) to 1; 0 where fewer than two are active
	Effective  float64    // how many people who answer alike would make this HHI
	Half       int        // the fewest people who hold half of the weight
	Most       int        // the fewest people who hold 80 % of it
	Orphaned   float64    // the share of people who are no longer active
}

// Knowledge are the choices for measuring a topic.
type Knowledge struct {
	HalfLife float64  // days; DefaultHalfLife where it is not positive
	Least    float64  // the weight below which there is not enough data
	Active   []string // the members of today
}

// Concentration measures the answers up to a day. Who left still counts in shares
// and HHI, as the knowledge was theirs; Orphaned says how much of it that is.
func (k Knowledge) Concentration(answers []Answer, on team.Date) Concentration {
	c := Concentration{}
	k.weigh(&c, answers, on)
	if c.Enough = c.Weight > 0 && c.Weight >= k.Least; !c.Enough {
		return c
	}
	for i, a := range c.Answerers {
		a.Share = a.Weight / c.Weight
		c.Answerers[i].Share = a.Share
		c.HHI += a.Share * a.Share
		if !a.Active {
			c.Orphaned += a.Share
		}
	}
	slices.SortStableFunc(c.Answerers, func(a, b Answerer) int { return cmp.Compare(b.Weight, a.Weight) })
	c.Effective = 1 / c.HHI
	if n := float64(len(k.Active)); n >= 2 {
		c.Normalized = min(1, max(0, (c.HHI-1/n)/(1-1/n)))
	}
	c.Half, c.Most = c.fewest(0.5), c.fewest(0.8)
	return c
}

// weigh adds the answers up, people in the order in which they first answered.
func (k Knowledge) weigh(c *Concentration, answers []Answer, on team.Date) {
	life := k.HalfLife
	if life <= 0 {
		life = DefaultHalfLife
	}
	at := map[string]int{}
	for _, a := range answers {
		parts := 0.0
		for _, b := range a.By {
			parts += max(0, b.Part)
		}
		if parts == 0 || on.Before(a.On) {
			continue
		}
		weight := math.Exp2(-float64(days(a.On, on)) / life)
		c.Weight += weight
		for _, b := range a.By {
			i, known := at[b.Member]
			if !known {
				i = len(c.Answerers)
				at[b.Member] = i
				c.Answerers = append(c.Answerers, Answerer{Member: b.Member, Active: slices.Contains(k.Active, b.Member)})
			}
			c.Answerers[i].Weight += weight * max(0, b.Part) / parts
		}
	}
}

// Share returns the part of the weight that some people hold together, and 0 where
// there is not enough data.
func (c Concentration) Share(members ...string) float64 {
	sum := 0.0
	for _, a := range c.Answerers {
		if slices.Contains(members, a.Member) {
			sum += a.Share
		}
	}
	return sum
}

// Of returns what one person's answers weigh.
func (c Concentration) Of(member string) Answerer {
	for _, a := range c.Answerers {
		if a.Member == member {
			return a
		}
	}
	return Answerer{Member: member}
}

// fewest returns the fewest people who hold a share together. Four fifths are 80 %,
// whatever rounding makes of the sum.
func (c Concentration) fewest(share float64) int {
	sum := 0.0
	for i, a := range c.Answerers {
		if sum += a.Share; sum >= share-1e-9 {
			return i + 1
		}
	}
	return len(c.Answerers)
}
