package web

import (
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// nextToKana makes **「重要」**です strong. CommonMark takes spaces between words
// for granted: it lets a mark that follows punctuation close only before a space
// or more punctuation, and Japanese has neither there.
type nextToKana struct{}

// Extend puts the parser for * and _ before goldmark's own.
func (nextToKana) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(nextToKana{}, 450)))
}

// Trigger returns the marks that begin or end emphasis.
func (nextToKana) Trigger() []byte { return []byte{'*', '_'} }

// Parse reads a run of marks and decides what it may do by its neighbours.
func (e nextToKana) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 1, e)
	if node == nil {
		return nil
	}
	after := ' '
	if rest := line[node.OriginalLength:]; len(rest) > 0 {
		after, _ = utf8.DecodeRune(rest)
	}
	if node.Char == '*' && (wide(before) || wide(after)) {
		node.CanOpen = node.CanOpen || !unicode.IsSpace(after) && (wide(before) || !util.IsPunctRune(after))
		node.CanClose = node.CanClose || !unicode.IsSpace(before) && (wide(after) || !util.IsPunctRune(before))
	}
	node.Segment = segment.WithStop(segment.Start + node.OriginalLength)
	block.Advance(node.OriginalLength)
	pc.PushDelimiter(node)
	return node
}

// IsDelimiter tells whether a byte is one of the marks.
func (nextToKana) IsDelimiter(b byte) bool { return b == '*' || b == '_' }

// CanOpenCloser tells whether two runs belong together.
func (nextToKana) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch returns the node for one mark (emphasis) or two (strong).
func (nextToKana) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

// wide tells whether a character belongs to Japanese text, its punctuation and
// full-width forms included.
func wide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303f || r == 'ー' || r >= 0xff00 && r <= 0xffef
}
