package sheet

import (
	"bytes"
	"io"
	"strings"

	"github.com/emersion/go-message"

	"tasuki/internal/text"
)

// Limits inside one mail. Every level of parts reads through all the ones above it.
const (
	maxDepth    = 8
	maxParts    = 500
	maxBoundary = 200
)

func init() {
	// Without it the library leaves text in Japanese charsets as it came. The value
	// is the one that fits the whole program: it reads every label that mails carry.
	message.CharsetReader = text.CharsetReader
}

// mailParts collects what a mail says and holds.
type mailParts struct {
	parts       int
	attachments []string
	bad         []string
}

// body returns the text of an entity: of alternatives the plain one, of several parts
// all that are text. Attachments and what cannot be read are remembered by name.
func (m *mailParts) body(e *message.Entity, depth int) (s string, plain bool) {
	kind, params, _ := e.Header.ContentType()
	disposition, dispositionParams, _ := e.Header.ContentDisposition()
	name := text.DecodeHeader(firstOf(dispositionParams["filename"], params["name"]))
	reader := e.MultipartReader()
	switch {
	case reader != nil && (depth >= maxDepth || len(params["boundary"]) > maxBoundary):
		m.bad = append(m.bad, kind)
		return "", false
	case reader != nil:
		return m.multipart(reader, kind, depth)
	case disposition == "attachment" || name != "" || !strings.HasPrefix(kind, "text/") || kind == "text/calendar":
		m.attachments = append(m.attachments, firstOf(name, kind))
		return "", false
	}
	return m.textOf(e, kind, params)
}

// multipart reads the parts of an entity.
func (m *mailParts) multipart(reader message.MultipartReader, kind string, depth int) (string, bool) {
	var texts, html []string
	for m.parts < maxParts {
		part, err := reader.NextPart()
		if err == io.EOF {
			break
		}
		m.parts++
		if part == nil {
			m.bad = append(m.bad, kind)
			break
		}
		s, plain := m.body(part, depth+1)
		switch {
		case strings.TrimSpace(s) == "":
		case kind == "multipart/alternative" && !plain:
			html = append(html, s)
		default:
			texts = append(texts, s)
		}
	}
	if len(texts) == 0 && len(html) > 0 {
		return html[len(html)-1], false // the last alternative is the richest
	}
	if kind == "multipart/alternative" && len(texts) > 1 {
		texts = texts[:1]
	}
	return strings.Join(texts, "\n"), len(texts) > 0
}

// textOf reads a part that is text.
func (m *mailParts) textOf(e *message.Entity, kind string, params map[string]string) (string, bool) {
	b, err := io.ReadAll(e.Body)
	if err != nil {
		m.bad = append(m.bad, kind) // what came before the mistake is kept
	}
	s := string(b)
	if charset := strings.ToLower(params["charset"]); charset == "" || charset == "us-ascii" || charset == "utf-8" {
		if s, _, err = text.Decode(b, charset); err != nil {
			m.bad = append(m.bad, kind)
			return "", false
		}
	}
	if kind == "text/html" {
		return htmlText(s), false
	}
	if strings.EqualFold(params["format"], "flowed") {
		s = unflow(s, strings.EqualFold(params["delsp"], "yes"))
	}
	return s, true
}

// unflow joins the lines that a mail program wrapped (RFC 3676): those that end in a
// blank go on in the next line of the same quote depth.
func unflow(s string, deleteSpace bool) string {
	var out strings.Builder
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	open, openDepth := false, 0
	for _, line := range lines {
		depth := len(line) - len(strings.TrimLeft(line, ">"))
		content := strings.TrimPrefix(line[depth:], " ")
		if depth == 0 {
			content = strings.TrimPrefix(line, " ")
		}
		switch {
		case open && depth == openDepth && content != "-- ":
		case open || out.Len() > 0:
			out.WriteByte('\n')
			fallthrough
		default:
			if depth > 0 {
				out.WriteString(line[:depth] + " ")
			}
		}
		flows := strings.HasSuffix(content, " ") && content != "-- "
		if flows && deleteSpace {
			content = content[:len(content)-1]
		}
		out.WriteString(content)
		open, openDepth = flows, depth
	}
	return out.String()
}

// header returns a header in plain text.
func header(e *message.Entity, name string) string { return text.DecodeHeader(e.Header.Get(name)) }

// firstOf returns the first text that is not empty.
func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// readEntity reads the headers of one mail; lines that other programs leave above
// them are skipped.
func readEntity(raw []byte) (*message.Entity, error) {
	raw = bytes.TrimLeft(raw, "\r\n\t \ufeff")
	for bytes.HasPrefix(raw, []byte("From ")) || bytes.HasPrefix(raw, []byte(">From ")) {
		_, rest, _ := bytes.Cut(raw, []byte("\n"))
		raw = rest
	}
	e, err := message.Read(bytes.NewReader(raw))
	if e != nil && (message.IsUnknownCharset(err) || message.IsUnknownEncoding(err)) {
		err = nil
	}
	return e, err
}
