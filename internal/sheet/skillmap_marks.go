package sheet

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Scale is how a table writes levels.
type Scale string

// The scales. ScaleLegend is one whose meaning the table itself explains.
const (
	ScaleSymbols Scale = "symbols" // ◎4 ○3 △1 ×0
	ScaleBalls   Scale = "balls"   // ●4 ◕3 ◑2 ◔1 ○0
	ScaleLetters Scale = "letters" // A4 B3 C2 D1, and with S: S4 A3 B2 C1 D0
	ScaleStars   Scale = "stars"   // as many as there are
	ScaleFrom0   Scale = "from_0"  // 0 to 4
	ScaleFrom1   Scale = "from_1"  // 1 to 5
	ScaleLegend  Scale = "legend"
)

// Scales returns the scales that a person can choose.
func Scales() []Scale {
	return []Scale{ScaleSymbols, ScaleBalls, ScaleLetters, ScaleStars, ScaleFrom0, ScaleFrom1}
}

var presets = map[Scale]map[string]int{
	ScaleSymbols: {"◎": 4, "○": 3, "△": 1, "▲": 1, "×": 0, "X": 0},
	ScaleBalls:   {"●": 4, "◕": 3, "◑": 2, "◔": 1, "○": 0},
	ScaleLetters: {"A": 4, "B": 3, "C": 2, "D": 1},
	ScaleStars:   {"☆": 0, "★": 1, "★★": 2, "★★★": 3, "★★★★": 4},
	ScaleFrom0:   {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4},
	ScaleFrom1:   {"1": 0, "2": 1, "3": 2, "4": 3, "5": 4},
}

// withS are the letters of a scale that has an S above its A.
var withS = map[string]int{"S": 4, "A": 3, "B": 2, "C": 1, "D": 0}

var (
	numberMark = regexp.MustCompile(`^(?:LV\.?|LEVEL|L|レベル)?\s*([0-5])(?:\.0+)?$`)
	singleMark = regexp.MustCompile(`^(?:[◎○△▲×●◕◑◔SABCD]|★{1,5}|★{0,5}☆{1,5})$`)
	dash       = regexp.MustCompile(`^[-‐‑‒–—―−ーｰ─━/]+$`)
	noLevel    = regexp.MustCompile(`^(?:N/?A|未評価|対象外|未|NOT ASSESSED)$`)
)

// sameMarks writes marks that people use for one another in one way.
var sameMarks = strings.NewReplacer("〇", "○", "◯", "○", "⭕", "○", "⚪", "○", "⚫", "●", "✕", "×", "✖", "×", "☓", "×", "╳", "×", "✗", "×", "✘", "×", "❌", "×", "⨯", "×", "◐", "◑", "\ufe0f", "")

// markOf returns a cell in the form in which marks are compared: 3 for Ｌｖ３, ○ for
// 〇, - for any dash and whatever else says not assessed.
func markOf(cell string) string {
	if len(cell) > 40 {
		return cell
	}
	s := strings.ToUpper(sameMarks.Replace(strings.TrimSpace(norm.NFKC.String(cell))))
	if m := numberMark.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	if dash.MatchString(s) || noLevel.MatchString(s) {
		return "-"
	}
	if strings.HasPrefix(s, "★") && singleMark.MatchString(s) {
		return strings.TrimRight(s, "☆")
	}
	if strings.HasPrefix(s, "☆") && singleMark.MatchString(s) {
		return "☆"
	}
	return s
}

// levelLike tells whether a mark can be a level, or the dash where there is none.
func levelLike(mark string) bool {
	return mark == "-" || len(mark) == 1 && mark[0] >= '0' && mark[0] <= '5' || singleMark.MatchString(mark)
}

// families are the marks by which each scale is known; ○ and ● belong to two.
var families = []struct {
	scale Scale
	marks string
}{{ScaleBalls, "◕◑◔"}, {ScaleSymbols, "◎△▲×"}, {ScaleLetters, "SABCD"}, {ScaleStars, "★☆"}, {ScaleFrom0, "012345"}}

var rangeWords = regexp.MustCompile(`([01])\s*[-~〜～–から]+\s*([45])(?:[^0-9./-]|$)`)

// scaleOf tells the scale from how often each mark stands in the map and from what
// the texts around say of it; sure is false where another scale fits as well.
func scaleOf(count map[string]int, around []string) (scale Scale, sure bool) {
	best := 0
	for _, f := range families {
		n := 0
		for mark, times := range count {
			if r, _ := utf8.DecodeRuneInString(mark); strings.ContainsRune(f.marks, r) {
				n += times
			}
		}
		if n > best {
			scale, best = f.scale, n
		}
	}
	switch {
	case best < count["○"] && scale != ScaleBalls && scale != ScaleSymbols:
		return ScaleSymbols, count["●"] == 0
	case best == 0:
		return ScaleBalls, false // ● alone
	case scale == ScaleLetters:
		return scale, count["S"] == 0
	case scale == ScaleFrom0:
		return numbersOf(count, around)
	}
	return scale, true
}

// numbersOf tells 0 to 4 from 1 to 5.
func numbersOf(count map[string]int, around []string) (Scale, bool) {
	switch {
	case count["0"] > 0:
		return ScaleFrom0, count["5"] == 0
	case count["5"] > 0:
		return ScaleFrom1, true
	}
	for _, s := range around {
		m := rangeWords.FindStringSubmatch(norm.NFKC.String(s))
		switch {
		case m != nil && m[1] == "0" && m[2] == "4":
			return ScaleFrom0, true
		case m != nil && m[1] == "1" && m[2] == "5":
			return ScaleFrom1, true
		}
	}
	return ScaleFrom0, false
}

// valuesOf returns what each mark of a scale means.
func valuesOf(scale Scale, count map[string]int) map[string]int {
	values := map[string]int{}
	for mark, level := range presets[scale] {
		values[mark] = level
	}
	switch {
	case scale == ScaleLetters && count["S"] > 0:
		return withS
	case scale == ScaleFrom0 && count["5"] > 0:
		values["5"] = 4 // more steps than there are: the best is the best
	case scale == ScaleStars && count["★★★★★"] > 0:
		return map[string]int{"★": 0, "★★": 1, "★★★": 2, "★★★★": 3, "★★★★★": 4}
	}
	return values
}

// meanings tells levels from words; the first that matches counts, since 指導を受け
// is no 指導 and a step that needs nobody is no step with help.
var meanings = []struct {
	level int
	words *regexp.Regexp
}{
	{3, regexp.MustCompile(`(?:指導|支援|補助|助け|手順書?|マニュアル)(?:を|が|は|も)?(?:なし|無し|なく|無く|受けず)|without (?:help|support|supervision)`)},
	{1, regexp.MustCompile(`指導を受け|指導(?:の|を)?(?:もと|下|要)|指導が?あれば|助けがあれば|教わ|教えてもら|補助|支援|見習|勉強中|学習中|教育中|研修中|習得中|with (?:help|support)|under supervision|supervised|assist|learning`)},
	{0, regexp.MustCompile(`できない|出来ない|未経験|経験なし|経験がない|知らない|未習得|cannot|can't|unable|no experience|not able|no knowledge`)},
	{4, regexp.MustCompile(`指導|教え|teach|coach|train others|mentor`)},
	{2, regexp.MustCompile(`手順|マニュアル|with (?:a |the )?(?:manual|instructions|procedure|guide)|by the (?:manual|book)`)},
	{3, regexp.MustCompile(`一人で|1人で|ひとりで|独力|単独|自力|独り立ち|alone|independent|on (?:one's|their|my) own`)},
	{3, regexp.MustCompile(`^(?:対応)?(?:できる|出来る|可能|可)$|^can do`)},
}

func meaningOf(words string) (level int, known bool) {
	s := strings.ToLower(strings.TrimSpace(norm.NFKC.String(words)))
	for _, m := range meanings {
		if m.words.MatchString(s) {
			return m.level, true
		}
	}
	return 0, false
}

// legendItem is a mark in a text with what parts it from its meaning. A figure or a
// letter needs a sign behind it; a symbol speaks for itself.
var legendItem = regexp.MustCompile(`([◎○△▲×●◕◑◔]|[★☆]{1,5})\s*[:=…→・-]*\s*|((?i:LV\.?|LEVEL|L|レベル)?\s?[0-5]|[SABCD])\s*[:=…→]\s*`)

// legendIn returns the marks that a text explains, and what it says of each.
func legendIn(cell string) (marks, words []string) {
	s := sameMarks.Replace(norm.NFKC.String(cell))
	var items [][]int
	for _, at := range legendItem.FindAllStringSubmatchIndex(s, 20) {
		before, _ := utf8.DecodeLastRuneInString(s[:at[0]])
		if at[2] >= 0 || at[0] == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) {
			items = append(items, at)
		}
	}
	for i, at := range items {
		end := len(s)
		if i+1 < len(items) {
			end = items[i+1][0]
		}
		from, to := at[2], at[3]
		if from < 0 {
			from, to = at[4], at[5]
		}
		if meaning := strings.Trim(s[at[1]:max(at[1], end)], " 　、,，/|;()（）\n\t"); meaning != "" {
			marks, words = append(marks, markOf(s[from:to])), append(words, meaning)
		}
	}
	return marks, words
}

// readLegend finds what the table says of its own marks, in one text or with a mark
// and its meaning side by side. Such marks are no levels of anybody.
func (r *mapReader) readLegend() {
	r.legend = map[string]int{}
	for i := range r.rows {
		for c, cell := range r.rows[i].Cells {
			if cell == "" || r.like[i][c] || len(cell) > 2000 {
				continue
			}
			marks, words := legendIn(cell)
			r.explain(i, c, marks, words)
		}
	}
	for c := range r.width {
		for i := 0; i < len(r.rows); {
			i += max(1, r.legendRun(i, c))
		}
	}
}

// explain takes the meanings of a text in which at least one is known.
func (r *mapReader) explain(i, c int, marks, words []string) {
	known := slices.ContainsFunc(words, func(w string) bool { _, ok := meaningOf(w); return ok })
	if !known || len(marks) == 0 {
		return
	}
	for n, mark := range marks {
		level, ok := meaningOf(words[n])
		if _, twice := r.legend[mark]; ok && !twice {
			r.legend[mark] = level
		} else if !ok && mark != "-" {
			r.doubt(DoubtLegend, r.name(i, c), mark)
		}
	}
}

// legendRun reads rows of marks with their meanings to the right, and returns how many
// there are. In the map itself another level stands to the left of a level.
func (r *mapReader) legendRun(i, c int) int {
	var marks, words []string
	for n := i; n < len(r.rows) && r.like[n][c] && c+1 < r.width && !(c > 0 && r.like[n][c-1]); n++ {
		mark, meaning := markOf(r.rows[n].Cells[c]), r.rows[n].Cells[c+1]
		if _, known := meaningOf(meaning); !known || slices.Contains(marks, mark) {
			break
		}
		marks, words = append(marks, mark), append(words, meaning)
	}
	if len(marks) < 2 {
		return 0
	}
	for n := range marks {
		r.like[i+n][c] = false
	}
	r.explain(i, c+1, marks, words)
	return len(marks)
}
