package team

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestAnAnswerCountsHalfAfterEachHalfLife(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		age    time.Duration
		reused bool
		want   float64
	}{
		"now":                           {0, false, 1},
		"after one half-life":           {AnswerHalfLife, false, 0.5},
		"after two":                     {2 * AnswerHalfLife, false, 0.25},
		"an article passed on as it is": {AnswerHalfLife, true, 0.25},
		"from a clock that runs ahead":  {-time.Hour, false, 1},
	} {
		if got := AnswerWeight(now.Add(-c.age), now, c.reused); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestAnswersShowALevel(t *testing.T) {
	for name, c := range map[string]struct {
		practice Practice
		want     Level
	}{
		"no answers show nothing, not 0":             {Practice{}, NotAssessed},
		"one old answer is too little":               {Practice{3: 0.4}, NotAssessed},
		"one new answer":                             {Practice{3: 1}, Assisting},
		"two":                                        {Practice{3: 2}, Routine},
		"six on topics that need 3":                  {Practice{3: 6}, Independent},
		"sixty on topics that need 2":                {Practice{2: 60}, Routine},
		"sixty on topics that need 1":                {Practice{1: 60}, Assisting},
		"answers of harder topics count for easier":  {Practice{2: 1, 4: 1}, Routine},
		"answers never show that somebody teaches":   {Practice{4: 600}, Independent},
		"easy answers do not make up for hard ones":  {Practice{1: 50, 3: 3}, Routine},
		"five on hard ones and many on easy ones: 2": {Practice{2: 50, 3: 5}, Routine},
	} {
		if got := c.practice.Observed(); got != c.want {
			t.Errorf("%s: level %d, want %d", name, got, c.want)
		}
	}
}

func TestMorePracticeNeverShowsLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p Practice
		for i := range p {
			p[i] = rapid.Float64Range(0, 10).Draw(t, "weight")
		}
		before := p.Observed()
		p.Add(Level(rapid.IntRange(1, 4).Draw(t, "need")), rapid.Float64Range(0, 10).Draw(t, "more"))
		if after := p.Observed(); after < before {
			t.Fatalf("from %d to %d", before, after)
		}
	})
}
