package sheet

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"tasuki/internal/text"
)

// axis is one side of the table: what its lines are called.
type axis struct {
	names  []label
	groups []string // what stands above or left of each name, "" without
	target []bool   // of each line: it holds targets
	title  string   // "person" or "skill" where a heading says so
}

// label is a text and the address where it stands.
type label struct{ text, cell string }

// heads is a row of headings, or a column of labels, with what stands in its corner.
type heads struct {
	title string
	cells []label
}

var (
	personTitle   = regexp.MustCompile(`^(?i:氏名|名前|お名前|姓名|姓|名|氏|担当者?|担当者名|社員名?|職員名?|メンバー名?|要員|対象者|作業者|従業員名?|name|full name|member|members|person|people|employee|staff)$`)
	skillTitle    = regexp.MustCompile(`^(?i:スキル名?|スキル項目|項目名?|評価項目|業務名?|業務内容|作業名?|作業内容|工程名?|能力|技能|力量|知識・?技能|skills?|skill name|competenc(?:e|y|ies)|task|item|ability)$`)
	categoryTitle = regexp.MustCompile(`^(?i:.*(?:分類|カテゴリー?|区分|領域|分野)|category|group|area|domain)$`)
	nowWord       = regexp.MustCompile(`^(?i:現状|現在|現|実績|now|current|actual|as-is)$`)
	targetWord    = regexp.MustCompile(`^(?i:目標|目標値|目|計画|target|goal|plan|to-be)$`)
	skillWord     = regexp.MustCompile(`(?i:管理|分析|対応|設計|運用|監視|調査|診断|評価|解析|教育|研修|訓練|知識|技術|構築|開発|作成|保全|検査|試験|テスト|点検|操作|説明|相談|法令|規程|規格|法$|セキュリティ|ネットワーク|クラウド|フォレンジック|インシデント|リスク|ログ|プログラ|サーバ|データ|security|management|analysis|response|network|cloud|forensic|incident|risk|testing|design|operation|monitor|threat|hunting|intelligence|governance|audit|policy|malware|vulnerab)`)
	honorific     = regexp.MustCompile(`(?:さん|氏|様|殿|くん|君)$`)
	acronym       = regexp.MustCompile(`[A-Z]{2,}|[0-9]`)
)

// titleOf tells what a corner or heading says stands below it or beside it.
func titleOf(s string) string {
	switch s = plain(s); {
	case categoryTitle.MatchString(s):
		return ""
	case personTitle.MatchString(s):
		return "person"
	case skillTitle.MatchString(s):
		return "skill"
	}
	return ""
}

// nameScore tells how much a text looks like the name of a person.
// The members are known by the text.Key of their names.
func nameScore(s string, members []string) float64 {
	score := 0.0
	if len(members) > 0 && slices.Contains(members, text.Key(honorific.ReplaceAllString(s, ""))) {
		score += 3
	}
	s = strings.Join(strings.Fields(norm.NFKC.String(s)), " ")
	if honorific.MatchString(s) && text.Runes(s) > 2 {
		score += 2
	}
	if strings.Contains(s, " ") {
		score += 0.8
	}
	han, runes := 0, 0
	for _, r := range strings.ReplaceAll(s, " ", "") {
		runes++
		if unicode.Is(unicode.Han, r) || r == '々' {
			han++
		}
	}
	if han == runes && runes >= 2 && runes <= 6 {
		score += 0.6
	}
	if skillWord.MatchString(s) {
		score -= 1.5
	}
	if acronym.MatchString(s) || runes > 14 {
		score--
	}
	return score
}

// columnAxis reads the rows of headings above the levels.
func (r *mapReader) columnAxis() axis {
	var lines []heads
	labels := r.labels()
	for i := r.header; i >= 0 && len(lines) < 3; i-- {
		h := heads{}
		for _, c := range labels {
			if s := r.cell(i, c); s != "" {
				h.title = s // the one nearest to the levels
			}
		}
		for _, c := range r.cols {
			h.cells = append(h.cells, label{r.cell(i, c), r.name(i, c)})
		}
		if h.different() > 0 && !r.counts(i) && !r.dropped(i) && !(i < r.header && h.different() == 1 && len(r.cols) > 1 && !categoryTitle.MatchString(plain(h.title))) {
			lines = append(lines, h)
		}
	}
	return axisOf(lines)
}

// rowAxis reads the columns of labels left of the levels, the one that names the rows
// first.
func (r *mapReader) rowAxis() axis {
	var lines []heads
	labels := r.labels()
	slices.Reverse(labels)
	for _, c := range labels {
		h := heads{}
		if t := r.titles(c); len(t) > 0 {
			h.title = t[0]
		}
		for _, i := range r.lines {
			h.cells = append(h.cells, label{r.cell(i, c), r.name(i, c)})
		}
		if h.different() > 0 && !r.isMail(c) {
			lines = append(lines, h)
		}
	}
	lines = joinNames(lines)
	best := 0
	for n, h := range lines {
		if n > 0 && r.names(h) > r.names(lines[best]) {
			best = n
		}
	}
	if best > 0 && !lines[0].pairs() || best > 1 {
		named := lines[best]
		lines = slices.Insert(slices.Delete(lines, best, best+1), boolInt(lines[0].pairs()), named)
	}
	return axisOf(lines)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// names tells how well a column names its rows: by its heading, else by how many
// different texts it holds.
func (r *mapReader) names(h heads) float64 {
	score := float64(h.different()) / float64(len(h.cells))
	switch {
	case h.pairs() || categoryTitle.MatchString(plain(h.title)):
		score = -1
	case titleOf(h.title) != "":
		score += 3
	default:
		for _, l := range h.cells {
			score += max(0, nameScore(l.text, r.options.Members)) / float64(len(h.cells))
		}
	}
	return score
}

// joinNames makes one column of family and given names.
func joinNames(lines []heads) []heads {
	for n := 0; n+1 < len(lines); n++ {
		given, family := plain(lines[n].title), plain(lines[n+1].title)
		if given != "名" || family != "姓" && family != "氏" {
			continue
		}
		for i := range lines[n].cells {
			lines[n].cells[i].text = strings.TrimSpace(lines[n+1].cells[i].text + " " + lines[n].cells[i].text)
		}
		lines[n].title = "氏名"
		return slices.Delete(lines, n+1, n+2)
	}
	return lines
}

// different counts the different texts.
func (h heads) different() int {
	seen := map[string]bool{}
	for _, l := range h.cells {
		if l.text != "" {
			seen[l.text] = true
		}
	}
	return len(seen)
}

// pairs tells whether the texts are 現状 and 目標 and nothing else.
func (h heads) pairs() bool {
	now, target := 0, 0
	for _, l := range h.cells {
		switch s := plain(l.text); {
		case nowWord.MatchString(s):
			now++
		case targetWord.MatchString(s):
			target++
		case s != "":
			return false
		}
	}
	return now > 0 && target > 0
}

// axisOf takes names and groups from lines of headings, the nearest first.
func axisOf(lines []heads) axis {
	var a axis
	if len(lines) == 0 {
		return a
	}
	a.target = make([]bool, len(lines[0].cells))
	paired := lines[0].pairs() && len(lines) > 1
	if paired {
		for i, l := range lines[0].cells {
			a.target[i] = targetWord.MatchString(plain(l.text))
		}
		lines = lines[1:]
	}
	a.title = titleOf(lines[0].title)
	for i, l := range lines[0].cells {
		if l.text == "" && paired && i > 0 && a.target[i] != a.target[i-1] && a.target[i] {
			l.text = a.names[i-1].text
		}
		l.text = unbroken(l.text)
		a.names = append(a.names, l)
	}
	if !paired {
		a.splitPairs()
	}
	a.groups = groupsOf(lines, a.names)
	return a
}

var pairAtEnd = regexp.MustCompile(`^(.+?)[\s　_・/]*[(（]?(現状|現在|実績|目標値?|計画|(?i:current|now|actual|target|goal))[)）]?$`)

// splitPairs reads 「監視（現状）」 and 「監視（目標）」 as two lines of one name.
func (a *axis) splitPairs() {
	stems, now, target := map[string]int{}, 0, 0
	parts := make([][]string, len(a.names))
	for i, l := range a.names {
		if m := pairAtEnd.FindStringSubmatch(l.text); m != nil {
			parts[i] = m
			stems[text.Key(m[1])]++
			if targetWord.MatchString(m[2]) {
				target++
			} else {
				now++
			}
		}
	}
	if now == 0 || target == 0 {
		return
	}
	for i, m := range parts {
		if m != nil && stems[text.Key(m[1])] == 2 {
			a.names[i].text, a.target[i] = m[1], targetWord.MatchString(m[2])
		}
	}
}

// groupsOf takes the category from the line that is called so, else from the next one
// that holds fewer different texts than there are names; a blank continues the one before.
func groupsOf(lines []heads, names []label) []string {
	groups := make([]string, len(names))
	at := slices.IndexFunc(lines, func(h heads) bool { return categoryTitle.MatchString(plain(h.title)) })
	if at < 1 && len(lines) > 1 && titleOf(lines[1].title) == "" {
		at = 1
	}
	if at < 1 || at < len(lines) && lines[at].different() >= len(names) && len(names) > 1 && !categoryTitle.MatchString(plain(lines[at].title)) {
		return groups
	}
	before := ""
	for i, l := range lines[at].cells {
		if l.text != "" {
			before = unbroken(l.text)
		}
		if groups[i] = before; before == names[i].text && !categoryTitle.MatchString(plain(lines[at].title)) {
			groups[i] = ""
		}
	}
	return groups
}

// unbroken joins what a narrow cell breaks: without a blank between Japanese letters.
func unbroken(s string) string {
	var b strings.Builder
	for n, line := range strings.Split(s, "\n") {
		line = strings.Join(strings.Fields(line), " ")
		before := b.String()
		if n > 0 && line != "" && before != "" && before[len(before)-1] < 0x80 && line[0] < 0x80 {
			b.WriteByte(' ')
		}
		b.WriteString(line)
	}
	return strings.TrimSpace(b.String())
}
