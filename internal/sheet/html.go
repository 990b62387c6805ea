package sheet

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText reduces the HTML of a mail to what it says: paragraphs and rows become
// lines, quoted passages get the mark of a quote, links their address.
func htmlText(source string) string {
	h := htmlReader{}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			h.newline()
			return h.out.String()
		case html.TextToken:
			if h.hidden == 0 {
				h.text(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			h.open(z.Token())
		case html.EndTagToken:
			h.close(z.Token().DataAtom)
		}
	}
}

type htmlReader struct {
	out, line strings.Builder
	quotes    int  // how deep in blockquotes
	hidden    int  // how deep in what is not shown
	pre       int  // how deep in text whose blanks count
	blank     bool // a blank is due before the next word
	link      string
	linkFrom  int
}

// mostQuotes bounds the marks before a line.
const mostQuotes = 5

// text adds words to the line, runs of blanks as one.
func (h *htmlReader) text(s string) {
	if h.pre > 0 {
		for i, line := range strings.Split(s, "\n") {
			if i > 0 {
				h.newline()
			}
			h.line.WriteString(line)
		}
		return
	}
	words := strings.FieldsFunc(s, htmlBlank)
	if len(words) == 0 {
		h.blank = h.blank || s != ""
		return
	}
	for i, word := range words {
		if (h.blank || i > 0 || htmlBlank([]rune(s[:1])[0])) && h.line.Len() > 0 {
			h.line.WriteByte(' ')
		}
		h.blank = false
		h.line.WriteString(strings.ReplaceAll(word, "\u00a0", " "))
	}
	h.blank = htmlBlank(rune(s[len(s)-1]))
}

// htmlBlank tells whether HTML takes r for a blank: U+00A0 and U+3000 are none.
func htmlBlank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

func (h *htmlReader) newline() {
	if line := strings.TrimRight(h.line.String(), " "); line != "" {
		h.out.WriteString(strings.Repeat("> ", min(h.quotes, mostQuotes)) + line)
	}
	h.out.WriteByte('\n')
	h.line.Reset()
	h.blank, h.linkFrom = false, 0
}

// breakLine ends a line that has begun.
func (h *htmlReader) breakLine() {
	if h.line.Len() > 0 {
		h.newline()
	}
}

func (h *htmlReader) open(t html.Token) {
	switch t.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title:
		if t.Type == html.StartTagToken {
			h.hidden++
		}
	case atom.Br:
		h.newline()
	case atom.P, atom.Div, atom.Tr, atom.Table, atom.Ul, atom.Ol, atom.Hr, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		h.breakLine()
	case atom.Li:
		h.breakLine()
		h.line.WriteString("・")
	case atom.Td, atom.Th:
		h.blank = h.line.Len() > 0
	case atom.Pre:
		h.breakLine()
		h.pre++
	case atom.Blockquote:
		h.breakLine()
		h.quotes++
	case atom.A:
		h.link, h.linkFrom = "", h.line.Len()
		for _, a := range t.Attr {
			if a.Key == "href" && (strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "https://")) {
				h.link = a.Val
			}
		}
	}
}

func (h *htmlReader) close(tag atom.Atom) {
	switch tag {
	case atom.Script, atom.Style, atom.Head, atom.Title:
		h.hidden = max(0, h.hidden-1)
	case atom.Body, atom.Html:
		h.hidden = 0
	case atom.P:
		h.breakLine()
		h.newline()
	case atom.Div, atom.Tr, atom.Li, atom.Table, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		h.breakLine()
	case atom.Pre:
		h.breakLine()
		h.pre = max(0, h.pre-1)
	case atom.Blockquote:
		h.breakLine()
		h.quotes = max(0, h.quotes-1)
	case atom.A:
		shown := h.line.String()[min(h.linkFrom, h.line.Len()):]
		if h.link != "" && !strings.Contains(shown, strings.TrimSuffix(h.link, "/")) {
			h.line.WriteString(" (" + h.link + ")")
		}
		h.link = ""
	}
}
