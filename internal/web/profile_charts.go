package web

import (
	"fmt"
	"math"
	"strings"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// radar is the mean level of each category, as a picture and as rows that say the same.
type radar struct {
	Drawn             bool // there are enough categories for a picture
	Rings             []string
	Axes              []radarAxis
	Now, Half, Target string // corners of the shapes; "" where there is nothing to show
	Rows              []radarRow
	HasHalf, HasAim   bool
}

// radarAxis is a line from the middle, with its name at the end.
type radarAxis struct {
	X, Y, LabelX, LabelY, Anchor, Name string
}

// radarRow is a category in figures; Width is the length of its bar, of 100.
type radarRow struct {
	Name, Now, Half, Target string
	Width, HalfWidth        string
	TargetAt                string
}

// The picture: its middle, and how far level 4 is from there.
const (
	radarX, radarY, radarReach = 180.0, 122.0, 84.0
	leastAxes                  = 3
)

func (p page) radarOf(data store.Profile, now, half []team.Level) radar {
	goal, hasAim := aimed(data, now)
	r := radar{HasHalf: data.Figures && sum(half) > 0, HasAim: data.Figures && hasAim}
	nowBy, halfBy, goalBy := byCategory(data, now), byCategory(data, half), byCategory(data, goal)
	var a, b, g []float64
	for _, category := range data.Categories {
		if len(nowBy[category.ID]) == 0 {
			continue
		}
		row := radarRow{Name: category.DisplayName(p.Language)}
		var is, was, aim float64
		is, row.Now = mean(nowBy[category.ID])
		was, row.Half = mean(halfBy[category.ID])
		aim, row.Target = mean(goalBy[category.ID])
		row.Width, row.HalfWidth, row.TargetAt = number1(is*25), number1(was*25), number1(aim*25)
		a, b, g, r.Rows = append(a, is), append(b, was), append(g, aim), append(r.Rows, row)
	}
	r.draw(a, b, g)
	return r
}

func (r *radar) draw(now, half, aim []float64) {
	n := len(r.Rows)
	if r.Drawn = n >= leastAxes; !r.Drawn {
		return
	}
	for ring := 1.0; ring <= 4; ring++ {
		r.Rings = append(r.Rings, corners(n, func(int) float64 { return ring }))
	}
	r.Now = corners(n, func(i int) float64 { return now[i] })
	if r.HasHalf {
		r.Half = corners(n, func(i int) float64 { return half[i] })
	}
	if r.HasAim {
		r.Target = corners(n, func(i int) float64 { return aim[i] })
	}
	for i, row := range r.Rows {
		x, y := corner(i, n, 4)
		labelX, labelY := corner(i, n, 4.5)
		axis := radarAxis{X: number1(x), Y: number1(y), LabelX: number1(labelX), LabelY: number1(labelY + 5), Anchor: "middle", Name: text.Snippet(row.Name, 14)}
		switch {
		case labelX > radarX+10:
			axis.Anchor = "start"
		case labelX < radarX-10:
			axis.Anchor = "end"
		}
		r.Axes = append(r.Axes, axis)
	}
}

// corner is where a level lies on an axis; the first axis points up.
func corner(i, n int, level float64) (x, y float64) {
	angle := 2*math.Pi*float64(i)/float64(n) - math.Pi/2
	return radarX + radarReach*level/4*math.Cos(angle), radarY + radarReach*level/4*math.Sin(angle)
}

func corners(n int, level func(int) float64) string {
	var points []string
	for i := range n {
		x, y := corner(i, n, level(i))
		points = append(points, number1(x)+","+number1(y))
	}
	return strings.Join(points, " ")
}

func number1(x float64) string { return fmt.Sprintf("%.1f", x) }

// growth is the sum of the levels month by month, from the first with any.
type growth struct {
	Line        string // "" where there is but one month
	Dots        []growthDot
	Months      []growthMonth
	First, Last int
	Since       string
}

type growthDot struct{ X, Y string }

// growthMonth is a row of the table.
type growthMonth struct {
	Month string
	Sum   int
}

// growthMonths is how far back the line goes.
const growthMonths = 12

func (p page) growthOf(data store.Profile, today team.Date) growth {
	var g growth
	for back := growthMonths; back >= 0; back-- {
		day := today.AddMonths(-back)
		if n := sum(data.LevelsOn(day)); n > 0 || len(g.Months) > 0 || back == 0 {
			g.Months = append(g.Months, growthMonth{p.month(day), n})
		}
	}
	g.Since, g.First, g.Last = g.Months[0].Month, g.Months[0].Sum, g.Months[len(g.Months)-1].Sum
	if len(g.Months) > 1 {
		g.draw()
	}
	return g
}

// draw places the months from the left to the right. A small change must not look
// like a cliff: the picture is ten levels high at least.
func (g *growth) draw() {
	least, most := g.First, g.First
	for _, m := range g.Months {
		least, most = min(least, m.Sum), max(most, m.Sum)
	}
	span := float64(max(most-least, 10))
	var points []string
	for i, m := range g.Months {
		dot := growthDot{number1(24 + 272*float64(i)/float64(len(g.Months)-1)), number1(72 - 52*float64(m.Sum-least)/span)}
		g.Dots, points = append(g.Dots, dot), append(points, dot.X+","+dot.Y)
	}
	g.Line = strings.Join(points, " ")
}

// month writes the month of a day: 2026年11月, or Nov 2026.
func (p page) month(d team.Date) string {
	if p.Language == "en" {
		return d.Time().Format("Jan 2006")
	}
	return d.Time().Format("2006年1月")
}
