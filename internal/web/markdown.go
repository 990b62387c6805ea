package web

import (
	"bytes"
	"html"
	"html/template"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// markdown knows tables, lists with boxes and links as people write them, and
// never passes raw HTML on. A line break in Japanese text is one on screen: our
// boxes hold what people typed into a text field.
var markdown = goldmark.New(
	goldmark.WithExtensions(
		extension.Linkify, extension.Strikethrough, extension.TaskList,
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.NewCJK(extension.WithEscapedSpace()), nextToKana{},
	),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(lowerHeadings{}, 100))),
	goldmark.WithRendererOptions(
		renderer.WithNodeRenderers(util.Prioritized(plainNodes{}, 10)),
		gmhtml.WithHardWraps(),
	),
)

// cleaner is the second lock: even if the renderer let something through, only
// these elements remain. Pictures are left out, so that reading an answer never
// loads anything from anywhere.
var cleaner = newCleaner()

func newCleaner() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote")
	p.AllowLists()
	p.AllowTables()
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(true)
	p.RequireNoReferrerOnLinks(true)
	p.RequireNoFollowOnLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	return p
}

// renderMarkdown returns text as safe HTML. A text that would take the program
// long or grow out of proportion comes back as it was typed.
func renderMarkdown(source string) template.HTML {
	if strings.TrimSpace(source) == "" {
		return ""
	}
	if !modest(source) {
		return typed(source)
	}
	var out bytes.Buffer
	if err := markdown.Convert([]byte(source), &out); err != nil || out.Len() > maxRendered {
		return typed(source)
	}
	return template.HTML(cleaner.SanitizeBytes(out.Bytes()))
}

// typed returns a text as it was typed.
func typed(source string) template.HTML {
	return template.HTML(`<p class="typed">` + html.EscapeString(source) + `</p>`)
}

// The limits of what is rendered. A table row of one character is filled up to
// the width of the head, so 32 KB can become 194 MB; brackets and quotes inside
// one another cost time by their square.
const (
	maxMarkdown = 64 << 10
	maxRendered = 1 << 20
	maxColumns  = 50
	maxCells    = 5000
	maxDepth    = 20
	maxBrackets = 500
	maxMarks    = 4000 // runs of * _ ~ `
)

// modest tells whether a text keeps to the limits, in one pass over its lines.
func modest(source string) bool {
	if len(source) > maxMarkdown {
		return false
	}
	brackets, marks, columns, cells := 0, 0, 0, 0
	for line := range strings.Lines(source) {
		line = strings.TrimRight(line, "\r\n")
		if tooDeep(line) {
			return false
		}
		brackets += strings.Count(line, "[") + strings.Count(line, "<")
		marks += strings.Count(line, "*") + strings.Count(line, "_") + strings.Count(line, "~") + strings.Count(line, "`")
		if strings.TrimSpace(line) == "" {
			columns = 0
		} else if isTableRule(line) {
			columns = max(columns, strings.Count(line, "|")+1)
		}
		cells += columns
		if brackets > maxBrackets || marks > maxMarks || columns > maxColumns || cells > maxCells {
			return false
		}
	}
	return true
}

// isTableRule tells whether a line could be the rule under the head of a table,
// wherever the table stands.
func isTableRule(line string) bool {
	return strings.Contains(line, "|") && strings.Contains(line, "-") && strings.Trim(line, "|:-> \t*+0123456789.)") == ""
}

var (
	containerMarks = regexp.MustCompile(`^(?:[ \t]*(?:>|[-*+]|[0-9]{1,9}[.)])[ \t]*)*`)
	containerMark  = regexp.MustCompile(`>|[-*+](?:[ \t]|$)|[0-9]{1,9}[.)]`)
)

// tooDeep tells whether quotes, lists or brackets of a line stand too deep inside
// one another. Each list inside another is indented by two columns at least.
func tooDeep(line string) bool {
	indent := len(line) - len(strings.TrimLeft(line, " \t"))
	marks := containerMark.FindAllString(containerMarks.FindString(line), maxDepth+1)
	if len(marks) > maxDepth || len(marks) > 0 && indent > 2*maxDepth {
		return true
	}
	depth := 0
	for _, r := range line {
		switch r {
		case '[':
			depth++
		case ']':
			depth = max(0, depth-1)
		}
		if depth > maxDepth {
			return true
		}
	}
	return false
}

// lowerHeadings keeps headings of a box below those of the page around it.
type lowerHeadings struct{}

// Transform moves every heading two levels down.
func (lowerHeadings) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			h.Level = min(6, h.Level+2)
		}
	}
}

// plainNodes writes the box of a task as a character (a real one would be a field
// without a label that does nothing), and a picture as its description.
type plainNodes struct{}

// RegisterFuncs takes over the two kinds of nodes.
func (plainNodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(east.KindTaskCheckBox, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		sign := "☐ "
		if n.(*east.TaskCheckBox).IsChecked {
			sign = "☑ "
		}
		_, err := w.WriteString(sign)
		return ast.WalkContinue, err
	})
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
		return ast.WalkContinue, nil
	})
}
