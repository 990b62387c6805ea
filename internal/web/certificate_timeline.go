package web

import (
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// timeline is a picture of what ends in the months ahead. The table beside it says the
// same.
type timeline struct {
	Rows    []timelineRow
	Marks   []timelineMark
	Height  int
	Bottom  int
	More    int // rows that do not fit
	NowX    string
	MonthsN int
}

// timelineRow is a certificate as a bar.
type timelineRow struct {
	Y, TextY, BarY int
	Label          string
	Kind           string // the state
	X, Width       string
	On             bool   // it goes on beyond the picture
	EndX, End      string // where the last day stands
	Anchor         string
	Title          string
}

// timelineMark is a month on the axis.
type timelineMark struct{ X, Label string }

// The picture, in its own units.
const (
	timelineMonths = 18
	timelineLeft   = 190.0
	timelineRight  = 980.0
	timelineTop    = 26
	timelineStep   = 26
	timelineMost   = 30
)

// timelineOf draws those that end, the first ones first. Those that ended long ago are
// in the table alone.
func (p page) timelineOf(rows []certificateRow, today team.Date) timeline {
	t := timeline{MonthsN: timelineMonths, NowX: number1(timelineLeft)}
	end := today.AddMonths(timelineMonths)
	for _, r := range rows {
		if r.until.IsZero() || r.until.Before(today) && r.state == team.CertificateLapsed && r.until.Before(today.AddDays(-60)) {
			continue
		}
		if len(t.Rows) == timelineMost {
			t.More++
			continue
		}
		y := timelineTop + timelineStep*len(t.Rows)
		row := timelineRow{Y: y, TextY: y + 17, BarY: y + 5, Label: text.Snippet(r.Short, 12) + " " + text.Snippet(r.Holder, 10), Kind: string(r.state), Title: r.Left, Anchor: "start"}
		row.place(today, end, r.until)
		row.End = p.shortDay(r.until)
		t.Rows = append(t.Rows, row)
	}
	t.Bottom = timelineTop + timelineStep*len(t.Rows)
	t.Height = t.Bottom + 6
	t.marks(p, today, end)
	return t
}

// place puts the bar from today to the last day. What has ended is a short stub.
func (r *timelineRow) place(today, end, until team.Date) {
	x := timelineX(today, end, until)
	r.On = end.Before(until)
	if r.On {
		x = timelineRight
	}
	r.X, r.Width = number1(timelineLeft), number1(max(x-timelineLeft, 4))
	r.EndX = number1(max(x, timelineLeft+4) + 6)
	if x > timelineRight-90 {
		r.EndX, r.Anchor = number1(x-6), "end"
	}
}

func timelineX(today, end, day team.Date) float64 {
	share := float64(day.Time().Sub(today.Time())) / float64(end.Time().Sub(today.Time()))
	return timelineLeft + (timelineRight-timelineLeft)*share
}

// marks puts the first days of every third month on the axis.
func (t *timeline) marks(p page, today, end team.Date) {
	first := team.Date{Year: today.Year, Month: today.Month, Day: 1}.AddMonths(1)
	for d := first; d.Before(end); d = d.AddMonths(1) {
		if d.Month == time.January || d.Month == time.April || d.Month == time.July || d.Month == time.October {
			t.Marks = append(t.Marks, timelineMark{number1(timelineX(today, end, d)), d.Time().Format("2006-01")})
		}
	}
}

// shortDay writes a day in few letters.
func (p page) shortDay(d team.Date) string {
	if p.Language == "en" {
		return d.Time().Format("2 Jan 2006")
	}
	return d.Time().Format("2006/1/2")
}
