package web

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"tasuki/internal/team"
)

// cellWriter writes the cells of the map. A large one has 30,000 of them, which
// html/template would escape one by one for a second; here only ids and our own
// signs are placed, and the ids are escaped once.
type cellWriter struct {
	p               *skillMapPage
	m               team.SkillMap
	skills, members []string // the ids as they stand in links
	self            int      // one's own column, -1 for none
}

func newCellWriter(p *skillMapPage, m team.SkillMap) cellWriter {
	w := cellWriter{p: p, m: m, self: -1}
	skills, members := make([]string, len(m.Skills)), make([]string, len(m.Members))
	for i, k := range m.Skills {
		skills[i] = k.ID
	}
	for j, person := range m.Members {
		members[j] = person.ID
		if person.ID == p.Member.ID {
			w.self = j
		}
	}
	w.skills, w.members = inLinks(skills), inLinks(members)
	return w
}

// shortest is how many letters of an id tell it from others well enough for a link.
const shortest = 5

// inLinks shortens ids as far as they stay different, and escapes them.
func inLinks(ids []string) []string {
	for n := shortest; n < 26; n++ {
		seen, short := map[string]bool{}, make([]string, len(ids))
		for i, id := range ids {
			short[i] = template.HTMLEscapeString(url.PathEscape(id[:min(n, len(id))]))
			seen[short[i]] = true
		}
		if len(seen) == len(ids) {
			return short
		}
	}
	whole := make([]string, len(ids))
	for i, id := range ids {
		whole[i] = template.HTMLEscapeString(url.PathEscape(id))
	}
	return whole
}

// meant returns the id that a link means: the id itself, or the only one that begins
// so; "" where there is none.
func meant(ids []string, given string) (found string) {
	for _, id := range ids {
		switch {
		case id == given:
			return id
		case len(given) < shortest || !strings.HasPrefix(id, given):
		case found != "":
			return ""
		default:
			found = id
		}
	}
	return found
}

// row writes the cells of a skill, and one's own level with its link. The links begin
// where the page's own address ends: a third of the page would be their beginning.
func (w cellWriter) row(i int, to *mapRow) {
	var b, seen strings.Builder
	b.Grow(48 * len(w.members))
	expert := w.self >= 0 && w.m.Cells[i][w.self].Validated.On(w.m.Day) == team.Deciding
	for j, cell := range w.m.Cells[i] {
		class, sign := w.sign(cell, w.m.Skills[i])
		b.WriteString("<td class=\"")
		b.WriteString(class)
		b.WriteString("\"><a href=\"map/")
		b.WriteString(w.skills[i])
		b.WriteByte('/')
		b.WriteString(w.members[j])
		b.WriteString("\">")
		b.WriteString(sign)
		b.WriteString("</a></td>")
		if j > 0 {
			seen.WriteByte(' ')
		}
		seen.WriteString(w.seen(cell, j, expert))
		if j == w.self {
			to.Own, to.OwnHref = orDash(cell.On(w.m.Day)), "/skills/map/"+url.PathEscape(w.m.Skills[i].ID)+"/"+url.PathEscape(w.m.Members[j].ID)
		}
	}
	to.Cells, to.Seen = template.HTML(b.String()), seen.String()
}

// seen is what the reader saw last in a cell that they may set; "." where they may not.
func (w cellWriter) seen(cell team.Cell, j int, expert bool) string {
	if !w.p.Editable || j != w.self && !team.CanValidate(w.p.Member, expert, w.m.Members[j].ID) {
		return "."
	}
	return seenSign(cell, j == w.self)
}

// seenSign is the beginning of the id of the last level that somebody could replace:
// enough to notice when there is another one.
func seenSign(cell team.Cell, own bool) string {
	last := lastOf(cell, own)
	if last == nil {
		return "-"
	}
	return last.ID[:min(6, len(last.ID))]
}

// lastOf is the assessment that a new one replaces: of one's own word, or of those
// of others.
func lastOf(cell team.Cell, own bool) *team.Assessment {
	if own {
		return cell.Declared
	}
	return cell.Validated
}

const noLevel = "–"

func orDash(l team.Level) string {
	if !l.Assessed() {
		return noLevel
	}
	return l.String()
}

// sign returns the class and the text of a cell in the view that was asked for.
func (w cellWriter) sign(cell team.Cell, k team.Skill) (class, sign string) {
	switch w.p.View {
	case "gap":
		return gapSign(cell, w.m.Day)
	case "confidence":
		if cell.Declared == nil || cell.Declared.Confidence == 0 {
			return "n", noLevel
		}
		return "l" + strconv.Itoa(cell.Declared.Confidence-1), strconv.Itoa(cell.Declared.Confidence)
	case "age":
		return ageSign(cell, k, w.m.Day)
	case "sources":
		class, _ = nowSign(cell, w.m.Day)
		return class, orDash(cell.Declared.On(w.m.Day)) + "·" + orDash(cell.Validated.On(w.m.Day)) + "·" + orDash(cell.Observed)
	}
	return nowSign(cell, w.m.Day)
}

func nowSign(cell team.Cell, day team.Date) (class, sign string) {
	l := cell.On(day)
	if !l.Assessed() {
		return "n", noLevel
	}
	class = "l" + l.String()
	if _, certified := cell.ByCertificate(day); certified {
		class += " c"
	} else if !cell.Validated.On(day).Assessed() {
		class += " s" // only the person's own word
	}
	return class, l.String()
}

func gapSign(cell team.Cell, day team.Date) (class, sign string) {
	if cell.Target == nil || !cell.Target.Level.Assessed() {
		return "n", noLevel
	}
	gap := int(cell.Target.Level - max(cell.On(day), team.None))
	if gap <= 0 {
		return "g0", "0"
	}
	return "g" + strconv.Itoa(gap), "−" + strconv.Itoa(gap)
}

// ageSign says how many months ago the level was given; "!" after it ran out.
func ageSign(cell team.Cell, k team.Skill, day team.Date) (class, sign string) {
	a := cell.Validated
	if a == nil {
		a = cell.Declared
	}
	if a == nil || !a.Level.Assessed() {
		return "n", noLevel
	}
	days := a.Day.DaysTo(day)
	sign = strconv.Itoa(min(days/30, 99))
	switch {
	case !a.On(day).Assessed():
		return "ax", sign + "!"
	case days >= k.HalfLifeDays:
		return "a2", sign
	case days >= k.HalfLifeDays/2:
		return "a1", sign
	}
	return "a0", sign
}
