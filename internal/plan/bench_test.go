package plan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// BenchmarkFortyLargeDepartments solves the forty instances, and prints the median and
// the longest time beside a reference that only this machine decides: sorting a million
// numbers.
func BenchmarkFortyLargeDepartments(b *testing.B) {
	for _, most := range []int{0, 2, 1} {
		b.Run(fmt.Sprintf("most per person %d", most), func(b *testing.B) {
			for b.Loop() {
				var times []time.Duration
				proven := 0
				for i := range instances {
					p := instance(i)
					start := time.Now()
					l, err := Solve(context.Background(), p, Options{TimeLimit: 10 * time.Second, MaxPerPerson: most})
					if err != nil {
						b.Fatal(err)
					}
					times = append(times, time.Since(start))
					if l.Proven {
						proven++
					}
				}
				slices.Sort(times)
				fmt.Printf("\n%d of %d proven, ms: median %.1f, longest %.1f; sorting a million numbers %.1f\n\n", proven, instances,
					milliseconds(times[instances/2]), milliseconds(times[instances-1]), milliseconds(reference()))
				b.ReportMetric(milliseconds(times[instances/2]), "median_ms")
				b.ReportMetric(milliseconds(times[instances-1]), "longest_ms")
				b.ReportMetric(float64(proven), "proven")
			}
		})
	}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func reference() time.Duration {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]int, 1_000_000)
	for i := range list {
		list[i] = r.Int()
	}
	start := time.Now()
	slices.Sort(list)
	return time.Since(start)
}
