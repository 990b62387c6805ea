package sample

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"tasuki/internal/team"
)

// visit is one consultation of the year before it has words: which question came
// when, and how it was answered.
type visit struct {
	at      time.Time
	month   int // 0 (twelve months ago) to 11
	item    int // index of the question; the one-off questions follow the repeated ones
	first   bool
	number  int // counts how often the question came before
	reused  bool
	kind    team.LinkKind
	by      string        // key of the member who answered
	work    time.Duration // working time until the answer
	channel team.Channel
	from    requesterData
	ask     ask // empty when the question came in its own words
}

// newWays is the month from which the department answers with articles.
const newWays = 6

// volumes is how many questions come in each calendar month: many with the new
// staff of April and with the projects of autumn.
var volumes = [12]int{8, 9, 11, 14, 9, 10, 9, 7, 10, 12, 11, 10} // January first

// slots returns when the year's questions came, in order.
func slots(today team.Date) (list []visit) {
	r := stream("slots")
	for m := range 12 {
		from, until := today.AddMonths(m-12), today.AddMonths(m-11)
		days := workdays(from, until)
		month := from.Month // the calendar month that covers most of these weeks
		if today.Day > 15 {
			month = until.Month
		}
		n := volumes[month-1]
		for k := range n {
			day := days[int((float64(k)+r.Float64())/float64(n)*float64(len(days)))]
			list = append(list, visit{at: at(day, minuteOfDay(r)), month: m})
		}
	}
	slices.SortStableFunc(list, func(a, b visit) int { return a.at.Compare(b.at) })
	return list
}

// minuteOfDay draws when on a day people write: mostly while the office is open.
func minuteOfDay(r *rand.Rand) int {
	if r.Float64() < 0.06 {
		return 17*60 + 35 + r.IntN(100)
	}
	s := shifts[r.IntN(len(shifts))]
	return s[0] + 2 + r.IntN(s[1]-s[0]-4)
}

// drawItems returns which question comes how often: each once, 68 more by rank
// (as far as there are ways of asking it), and the one-off questions.
func drawItems(asks []int, oneOffs, total int) (items []int) {
	r := stream("items")
	left := slices.Clone(asks)
	for i := range left {
		items = append(items, i)
	}
	for len(items) < total-oneOffs {
		if i := drawRank(r, left); left[i] > 0 {
			left[i]--
			items = append(items, i)
		}
	}
	for i := range oneOffs {
		items = append(items, len(asks)+i)
	}
	r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
	return items
}

// drawRank draws an index with a weight that falls with its rank.
func drawRank(r *rand.Rand, over []int) int {
	weight := func(i int) float64 { return 1 / math.Pow(float64(i)+1.2, 0.85) }
	sum := 0.0
	for i := range over {
		sum += weight(i)
	}
	x := r.Float64() * sum
	for i := range over {
		if x -= weight(i); x < 0 {
			return i
		}
	}
	return len(over) - 1
}

// pin moves an occurrence of an item into a slot between two moments, the latest
// one that is free, so that what the demo has to show is there on every day.
func pin(year []visit, pinned map[int]bool, item int, from, until time.Time) {
	source := slices.IndexFunc(year, func(v visit) bool { return v.item == item })
	for pinned[source] {
		source += 1 + slices.IndexFunc(year[source+1:], func(v visit) bool { return v.item == item })
	}
	for i := len(year) - 1; i >= 0; i-- {
		if !pinned[i] && !year[i].at.Before(from) && year[i].at.Before(until) {
			year[source].item, year[i].item = year[i].item, item
			pinned[i] = true
			return
		}
	}
}

// count marks the first time of each question and numbers the others.
func count(year []visit) {
	seen := map[int]int{}
	for i := range year {
		v := &year[i]
		v.number, v.first = seen[v.item], seen[v.item] == 0
		seen[v.item]++
	}
}

// reuse decides which questions are answered with an article: more each month,
// and share of all that came since the new ways began. The origins of articles
// written from a consultation count as linked already.
func reuse(year []visit, eligible func(visit) bool, origins int, share float64) {
	chance := [12]float64{newWays: .25, .40, .50, .55, .60, .65}
	sum, all := 0.0, 0
	for _, v := range year {
		if v.month >= newWays {
			all++
			if eligible(v) {
				sum += chance[v.month]
			}
		}
	}
	scale := (share*float64(all) - float64(origins)) / sum
	owed, n := 0.5, 0
	for i := range year {
		if v := &year[i]; v.month >= newWays && eligible(*v) {
			// Counting up instead of drawing keeps the share the same on every day.
			if owed += chance[v.month] * scale; owed >= 1 {
				owed--
				v.reused, v.kind = true, team.LinkAsIs
				if n++; n%3 == 0 {
					v.kind = team.LinkAdapted
				}
			}
		}
	}
}

// durations gives the visits chosen their time to the answer: lognormal around a
// median in working hours, one from each slice of the distribution.
func durations(year []visit, purpose string, chosen func(visit) bool, median func(month int) float64, sigma float64) {
	var list []int
	for i, v := range year {
		if chosen(v) {
			list = append(list, i)
		}
	}
	r := stream("durations " + purpose)
	for k, j := range r.Perm(len(list)) {
		u := (float64(k) + 0.5) / float64(len(list))
		z := math.Sqrt2 * math.Erfinv(2*u-1)
		v := &year[list[j]]
		v.work = time.Duration(median(v.month) * math.Exp(sigma*z) * float64(time.Hour)).Truncate(time.Minute)
	}
}

// fitBefore brings questions of the last days forward, or their answers, so that
// everything is answered before a moment.
func fitBefore(year []visit, end time.Time) {
	r := stream("fit")
	for i := range year {
		v := &year[i]
		free := workBetween(v.at, end)
		for free < 20*time.Minute {
			v.at = at(workdayBefore(team.DateOf(v.at), 1), minuteOfDay(r))
			free = workBetween(v.at, end)
		}
		if v.work >= free {
			v.work = time.Duration(float64(free) * (0.3 + 0.6*r.Float64())).Truncate(time.Minute)
		}
	}
	slices.SortStableFunc(year, func(a, b visit) int { return a.at.Compare(b.at) })
}

// spread returns n values that follow the weights exactly, in a drawn order.
func spread[K cmp.Ordered](purpose string, n int, weights map[K]float64) []K {
	keys := make([]K, 0, len(weights))
	sum := 0.0
	for k, w := range weights {
		keys = append(keys, k)
		sum += w
	}
	slices.Sort(keys)
	list := make([]K, 0, n)
	reached := 0.0
	for _, k := range keys {
		for reached += weights[k] / sum * float64(n); len(list) < int(math.Round(reached)); {
			list = append(list, k)
		}
	}
	stream(purpose).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
