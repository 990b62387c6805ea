package sheet

import (
	"strconv"
	"strings"
	"time"

	"tasuki/internal/text"
)

// sampleRows is how many rows a guess from contents looks at.
const sampleRows = 200

// Guess says what each column most likely fills, from the headings and, where these
// do not tell, from what the cells hold. A person sees and changes it.
func Guess(t Table) Mapping {
	g := newGuesser(t)
	return g.mapping(g.kind())
}

// GuessAs is Guess where the person has said what the rows become.
func GuessAs(t Table, kind Kind) Mapping { return newGuesser(t).mapping(kind) }

type guesser struct {
	table   Table
	fields  []Field
	matches []match
}

func newGuesser(t Table) *guesser {
	g := &guesser{table: t, fields: make([]Field, len(t.Columns)), matches: make([]match, len(t.Columns))}
	for i, name := range t.Columns {
		if name != Letter(i) { // the letter of a column without heading: A is no answer
			g.fields[i], g.matches[i] = fieldOf(name)
		}
	}
	return g
}

func (g *guesser) mapping(kind Kind) Mapping {
	g.translate(kind)
	g.dropWeaker()
	g.dropRunningNumbers()
	g.fill(kind)
	return Mapping{Kind: kind, Fields: g.fields}
}

// kind tells records of single cases from a list of reusable answers: somebody asked,
// somewhere, at a time.
func (g *guesser) kind() Kind {
	switch g.table.Format {
	case FormatMail:
		return Consultations
	case FormatMarkdown:
		return Articles
	}
	articles, consultations := 0, 0
	for _, f := range g.fields {
		switch f {
		case FieldRequester, FieldReceivedAt, FieldAnsweredAt, FieldAnsweredBy, FieldChannel, FieldReply:
			consultations += 2
		case FieldDepartment, FieldSubject, FieldText:
			consultations++
		case FieldShort, FieldAudience, FieldReviewDue, FieldWordings, FieldKeywords, FieldMerit, FieldDemerit, FieldAlternative:
			articles += 2
		case FieldTitle, FieldAnswer:
			articles++
		}
	}
	if consultations > articles {
		return Consultations
	}
	return Articles
}

// translate gives each field its meaning in the kind.
func (g *guesser) translate(kind Kind) {
	other := asArticle
	if kind == Consultations {
		other = asConsultation
	}
	for i, f := range g.fields {
		if as, differs := other[f]; differs {
			if kind == Consultations && f == FieldTitle && g.has(FieldText) {
				as = FieldSubject // 質問 beside 相談内容 is its short form
			}
			if kind == Articles && f == FieldText && (g.has(FieldTitle) || g.has(FieldSubject)) {
				as = FieldWordings // the question at length, beside its title
				if !g.has(FieldAnswer) && !g.has(FieldShort) && !g.has(FieldReply) {
					as = FieldAnswer
				}
			}
			g.fields[i] = as
		}
	}
}

func (g *guesser) has(f Field) bool {
	for _, one := range g.fields {
		if one == f {
			return true
		}
	}
	return false
}

// joined are the fields that may be spread over several columns (手順1, 手順2).
var joined = map[Field]bool{FieldAnswer: true, FieldReason: true, FieldMerit: true, FieldDemerit: true, FieldSteps: true, FieldAlternative: true,
	FieldBasis: true, FieldKeywords: true, FieldWordings: true, FieldTopics: true, FieldReply: true, FieldText: true}

// dropWeaker leaves a field to the column that names it best, or to several that
// differ in a number only.
func (g *guesser) dropWeaker() {
	best := map[Field]int{}
	for i, f := range g.fields {
		if f == FieldNone {
			continue
		}
		first, taken := best[f]
		if !taken || g.matches[i] > g.matches[first] {
			best[f] = i
		}
	}
	for i, f := range g.fields {
		if f != FieldNone && best[f] != i && !(joined[f] && stem(g.table.Columns[i]) == stem(g.table.Columns[best[f]])) {
			g.fields[i] = FieldNone
		}
	}
}

func stem(heading string) string { return text.Key(counter.ReplaceAllString(heading, "")) }

// dropRunningNumbers frees an id column that only counts the rows: the next list
// counts from 1 as well, and would overwrite what this one brought.
func (g *guesser) dropRunningNumbers() {
	for i, f := range g.fields {
		if f != FieldExternalID {
			continue
		}
		running := true
		for n, row := range g.sample() {
			running = running && strings.TrimLeft(row.Cells[i], "0") == strconv.Itoa(n+1)
		}
		if running {
			g.fields[i] = FieldNone
		}
	}
}

func (g *guesser) sample() []Row { return g.table.Rows[:min(len(g.table.Rows), sampleRows)] }

// fill looks for the question and the answer among columns whose headings say nothing.
func (g *guesser) fill(kind Kind) {
	question, answer := FieldTitle, FieldAnswer
	if kind == Consultations {
		question, answer = FieldText, FieldReply
	}
	if !g.has(question) && !(kind == Consultations && g.has(FieldSubject)) {
		g.take(question, func(s columnStats) float64 { return s.asks * s.filled })
	}
	if !g.has(answer) && !g.has(FieldShort) {
		g.take(answer, func(s columnStats) float64 {
			if s.runes < 8 || s.dates > 0.5 {
				return 0
			}
			return s.runes * s.filled
		})
	}
	if !g.has(question) && !(kind == Consultations && g.has(FieldSubject)) {
		g.take(question, func(s columnStats) float64 {
			if s.runes < 4 || s.dates > 0.5 {
				return 0
			}
			return s.runes * s.filled
		})
	}
	if kind == Consultations && !g.has(FieldReceivedAt) {
		g.take(FieldReceivedAt, func(s columnStats) float64 { return s.dates - 0.8 })
	}
}

// take gives a field to the free column with the highest points above 0.
func (g *guesser) take(f Field, points func(columnStats) float64) {
	best, bestPoints := -1, 0.0
	for i := range g.fields {
		if g.fields[i] != FieldNone || g.matches[i] != noMatch {
			continue
		}
		if p := points(g.stats(i)); p > bestPoints {
			best, bestPoints = i, p
		}
	}
	if best >= 0 {
		g.fields[best] = f
	}
}

// columnStats is what the cells of a column are like: the share that is filled, and
// of those the mean length and the shares that ask something or are days.
type columnStats struct{ filled, runes, asks, dates float64 }

func (g *guesser) stats(column int) columnStats {
	var s columnStats
	rows := g.sample()
	for _, row := range rows {
		cell := row.Cells[column]
		if cell == "" {
			continue
		}
		s.filled++
		s.runes += float64(text.Runes(cell))
		if text.Asks(cell) {
			s.asks++
		}
		if _, _, _, ok := text.ParseDate(cell, time.Unix(0, 0)); ok {
			s.dates++
		}
	}
	if s.filled > 0 {
		s.runes, s.asks, s.dates = s.runes/s.filled, s.asks/s.filled, s.dates/s.filled
		s.filled /= float64(len(rows))
	}
	return s
}
