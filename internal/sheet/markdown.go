package sheet

import (
	"path"
	"regexp"
	"strings"

	"tasuki/internal/text"
)

// Columns that a Markdown file gives besides the headings of its sections. They are
// named as their fields, which Guess knows.
const (
	columnTitle = string(FieldTitle)
	columnBody  = string(FieldAnswer)
)

// readMarkdown reads one article from a file, or one from each heading of the first
// level. Sections whose heading names a box become columns; others stay in the body
// with their heading. The lines are read here rather than by a Markdown library since
// sections are wanted as they were typed.
func readMarkdown(b *builder, s string) error {
	m := mdReader{b: b, index: map[string]int{}}
	m.column(columnTitle)
	lines, skipped := m.frontMatter(strings.Split(s, "\n"))
	heads := findHeads(lines)
	level := articleLevel(heads)
	one, first := mdArticle{line: skipped + 1}, 0
	for i, h := range heads {
		if h.level == level {
			one.heads = heads[first:i]
			if one.title == "" {
				m.preamble(lines[:h.line], one)
			} else {
				m.add(one, lines[:h.line])
			}
			one, first = mdArticle{title: h.text, from: h.line + h.lines, line: skipped + h.line + 1}, i+1
		}
	}
	one.heads = heads[first:]
	m.add(one, lines)
	return nil
}

// preamble notes what stands above the first article, besides the name of the file.
func (m *mdReader) preamble(lines []string, one mdArticle) {
	for _, h := range one.heads {
		for i := range h.lines {
			lines[h.line+i] = ""
		}
	}
	if said := strings.Join(lines, "\n"); strings.TrimSpace(said) != "" {
		m.b.note(NotePreamble, one.line, said)
	}
}

// mdArticle is an article: where its text begins, and the headings inside.
type mdArticle struct {
	title      string
	from, line int
	heads      []mdHead
}

type mdReader struct {
	b     *builder
	index map[string]int
	meta  []mdMeta
}

type mdMeta struct{ key, value string }

// mdHead is a heading; lines is how many lines it takes.
type mdHead struct {
	line, lines, level int
	text               string
}

func (m *mdReader) column(name string) int { return m.b.column(name, m.index) }

var metaLine = regexp.MustCompile(`^([^\s:：#-][^:：]{0,39}?)\s*[:：]\s*(.*)$`)

// frontMatter reads "key: value" between two lines of "---" at the top and returns
// the lines below and how many it took.
func (m *mdReader) frontMatter(lines []string) ([]string, int) {
	if strings.TrimSpace(lines[0]) != "---" {
		return lines, 0
	}
	const longest = 200
	var meta []mdMeta
	for i, line := range lines[1:min(len(lines), longest)] {
		line = strings.TrimRight(line, " \t")
		entry, isEntry := strings.CutPrefix(strings.TrimLeft(line, " "), "- ")
		match := metaLine.FindStringSubmatch(line)
		switch {
		case line == "---" || line == "...":
			m.meta = meta
			return lines[i+2:], i + 2
		case isEntry && len(meta) > 0:
			last := &meta[len(meta)-1]
			last.value = strings.TrimSpace(last.value + "\n" + unquote(entry))
		case match != nil:
			meta = append(meta, mdMeta{match[1], metaValue(match[2])})
		case line != "" && line[0] != '#':
			return lines, 0 // text between two rules
		}
	}
	return lines, 0
}

// metaValue reads a value: a plain text, one in quotation marks, or [a, b].
func metaValue(s string) string {
	s = strings.TrimSpace(s)
	if inner, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(inner, "]") {
		list := strings.FieldsFunc(strings.TrimSuffix(inner, "]"), func(r rune) bool { return r == ',' || r == '、' })
		for i := range list {
			list[i] = unquote(list[i])
		}
		return strings.Join(list, "\n")
	}
	return unquote(s)
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 1 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		return s[1 : len(s)-1]
	}
	return s
}

var (
	atxHead   = regexp.MustCompile(`^ {0,3}(#{1,6})(?:[ \t　]+(.*?))?(?:[ \t]+#+)?[ \t]*$`)
	underline = regexp.MustCompile(`^ {0,3}(=+|-{2,})[ \t]*$`)
	fence     = regexp.MustCompile("^ {0,3}(```+|~~~+)")
	noText    = regexp.MustCompile(`^\s*(?:$|[>|*+-]|\d+[.)]|#)`)
)

// findHeads finds the headings, those that are underlined included, outside of code.
func findHeads(lines []string) (heads []mdHead) {
	fenced := ""
	for i, line := range lines {
		first := firstLetter(line)
		if first == '`' || first == '~' {
			fenced = fenceAfter(line, fenced)
			continue
		}
		if fenced != "" {
			continue
		}
		switch first {
		case '#':
			if h := atxHead.FindStringSubmatch(line); h != nil {
				heads = append(heads, mdHead{line: i, lines: 1, level: len(h[1]), text: plainHeading(h[2])})
			}
		case '=', '-':
			if level := underlines(lines, i); level > 0 {
				heads = append(heads, mdHead{line: i - 1, lines: 2, level: level, text: plainHeading(lines[i-1])})
			}
		}
	}
	return heads
}

// firstLetter returns the first byte that is no blank, 0 where there is none.
func firstLetter(line string) byte {
	if line = strings.TrimLeft(line, " "); line == "" {
		return 0
	}
	return line[0]
}

// fenceAfter returns the fence that is open after a line that may be one.
func fenceAfter(line, open string) string {
	f := fence.FindStringSubmatch(line)
	switch {
	case f == nil:
		return open
	case open == "":
		return f[1]
	case strings.HasPrefix(f[1], open):
		return ""
	}
	return open
}

// underlines returns the level of the heading that line i makes of the one above it,
// 0 if it makes none: that one has to stand alone.
func underlines(lines []string, i int) int {
	u := underline.FindStringSubmatch(lines[i])
	if u == nil || i == 0 || noText.MatchString(lines[i-1]) || i > 1 && strings.TrimSpace(lines[i-2]) != "" {
		return 0
	}
	if u[1][0] == '=' {
		return 1
	}
	return 2
}

// plainHeading takes emphasis marks and "Q." off a heading.
func plainHeading(s string) string {
	return labelled(strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "*_`")), questionLabel)
}

// articleLevel returns the level of the headings that begin an article: the first,
// or the one below where that only names the file and the questions stand under it.
func articleLevel(heads []mdHead) int {
	for level := 1; level <= 3; level++ {
		here, below, asks := 0, 0, 0
		for _, h := range heads {
			if h.level == level {
				here++
			}
			if h.level == level+1 {
				below++
				if text.Asks(h.text) {
					asks++
				}
			}
		}
		if here > 1 || here == 1 && 2*asks <= below {
			return level
		}
	}
	return 1
}

// add adds an article that ends with the lines.
func (m *mdReader) add(one mdArticle, lines []string) {
	title := one.title
	if title == "" && blank(lines[one.from:]) {
		return
	}
	if m.b.full() {
		m.b.rowsCut++
		return
	}
	cells := map[int][]string{}
	put := func(column, value string) {
		value = text.Clean(value)
		if c := m.column(column); c >= 0 && value != "" {
			cells[c] = append(cells[c], value)
		}
	}
	if title != "" {
		put(columnTitle, title)
	}
	for _, meta := range m.meta {
		if f, _ := fieldOf(meta.key); f != FieldTitle || title == "" {
			put(metaColumn(meta.key), meta.value)
		}
	}
	if c := m.column(columnTitle); len(cells[c]) == 0 {
		name := path.Base(strings.ReplaceAll(m.b.table.File, `\`, "/"))
		put(columnTitle, strings.TrimSuffix(name, path.Ext(name)))
	}
	splitSections(one, lines, put)
	row := make([]string, len(m.b.table.Columns))
	for c, parts := range cells {
		row[c] = strings.Join(parts, "\n\n")
	}
	m.b.add(one.line, row)
}

// metaColumn is the column of a key: one column for the title, by whatever name.
func metaColumn(key string) string {
	if f, how := fieldOf(key); f == FieldTitle && how == exactMatch {
		return columnTitle
	}
	return key
}

// maxSections is how many headings of an article are looked at; what stands below the
// last belongs to its section.
const maxSections = 500

// splitSections puts what stands under the heading of a box into that box's column,
// the rest into the body.
func splitSections(one mdArticle, lines []string, put func(column, value string)) {
	column, start, depth := columnBody, one.from, 0
	flush := func(end int) { put(column, strings.Join(lines[start:end], "\n")) }
	for _, h := range one.heads[:min(len(one.heads), maxSections)] {
		f, how := fieldOf(h.text)
		switch {
		case how == exactMatch && (isBox(f) || sectionFields[f]):
			flush(h.line)
			column, start, depth = h.text, h.line+h.lines, h.level
		case depth > 0 && h.level <= depth: // a section of another name ends the box
			flush(h.line)
			column, start, depth = columnBody, h.line, 0
		}
	}
	flush(len(lines))
}

// sectionFields are the fields besides the boxes that people write as a section.
var sectionFields = map[Field]bool{FieldAnswer: true, FieldDecision: true, FieldKeywords: true, FieldWordings: true, FieldTopics: true,
	FieldReviewDue: true, FieldState: true, FieldAudience: true, FieldExternalID: true}
