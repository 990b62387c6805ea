package risk

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// large returns 200 people and 150 skills: share of the people hold a skill, and
// spare holders are there beyond the minimum at most; without spare, two are needed.
func large(share float64, spare int) Department {
	r := rand.New(rand.NewPCG(1, 2))
	d := Department{}
	for p := range 200 {
		d.Members = append(d.Members, fmt.Sprint("m", p))
	}
	for s := range 150 {
		h := Held{Skill: Skill{ID: fmt.Sprint("s", s), Required: 3, Critical: true, Weight: float64(1 + r.IntN(9))}}
		for p := range d.Members {
			if r.Float64() < share {
				h.Holders = append(h.Holders, p)
			}
		}
		if h.Minimum = 2; spare > 0 {
			h.Minimum = max(1, len(h.Holders)-r.IntN(spare+1))
		}
		d.Skills = append(d.Skills, h)
	}
	return d
}

var shapes = []struct {
	name  string
	share float64
	spare int
}{{"few holders", .02, 3}, {"two of a few are needed", .02, 0}, {"two of a tenth are needed", .1, 0}, {"a tenth holds a skill", .1, 3}, {"half holds a skill", .5, 2}, {"all hold a skill and each is needed but two", 1, 2}}

// BenchmarkTwoHundredPeople measures all that is exact up to groups of three, at 200
// people and 150 skills.
func BenchmarkTwoHundredPeople(b *testing.B) {
	for _, shape := range shapes {
		d := large(shape.share, shape.spare)
		b.Run(shape.name, func(b *testing.B) {
			for b.Loop() {
				d.TruckFactor()
				d.Witnesses(1000)
				d.MinimalCuts(1000)
				for k := 1; k <= 3; k++ {
					d.Absence(b.Context(), k)
				}
			}
		})
	}
}

// BenchmarkSearch measures what is searched for: half of all skills, and the joint
// probability. Where the search is stopped after ten seconds it prints the gap.
func BenchmarkSearch(b *testing.B) {
	for _, shape := range shapes {
		d := large(shape.share, shape.spare)
		b.Run("worst loss of 5/"+shape.name, func(b *testing.B) {
			ctx, stop := context.WithTimeout(b.Context(), 10*time.Second)
			defer stop()
			for b.Loop() {
				_, l := d.Absence(ctx, 5)
				b.ReportMetric(l.Bound-l.Weight, "gap")
			}
		})
		b.Run("a tenth of the skills/"+shape.name, func(b *testing.B) {
			ctx, stop := context.WithTimeout(b.Context(), 10*time.Second)
			defer stop()
			for b.Loop() {
				p := d.PartialTruckFactor(ctx, len(d.Below())+15)
				b.ReportMetric(float64(p.Upper-p.Lower), "gap")
			}
		})
		b.Run("joint/"+shape.name, func(b *testing.B) {
			absence := make([]float64, len(d.Members))
			for p := range absence {
				absence[p] = .1
			}
			for b.Loop() {
				j := d.Availability(absence).Joint
				b.ReportMetric(j.High-j.Low, "interval")
			}
		})
	}
}
