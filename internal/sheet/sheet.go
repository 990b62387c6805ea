// Package sheet reads what a security department already has (tables of Excel,
// lists of questions and answers, Markdown files, mail boxes) into plain rows with
// named columns, and rows into articles and consultations; and it writes lists as
// CSV that it reads back unchanged. It knows no database, and its work grows in step
// with the size of the file.
package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"strings"

	"tasuki/internal/text"
)

// What one file may hold. More rows, columns or letters are left out with a Note;
// a bigger file is ErrTooLarge.
const (
	MaxFile    = 20 << 20 // bytes, also of what a workbook unpacks to
	MaxRows    = 50_000
	MaxColumns = 200
	MaxCell    = 50_000 // runes
)

// The reasons why a file cannot be read; every error of Read is one of them.
var (
	// ErrNotSupported says that the file is of a kind that is not read: a picture,
	// a PDF, .xls, .doc, .msg.
	ErrNotSupported = errors.New("this kind of file is not read")
	// ErrPassword says that a workbook opens only with a password. It is an ErrNotSupported.
	ErrPassword = fmt.Errorf("%w: protected by a password", ErrNotSupported)
	// ErrTooLarge says that the file, or what it unpacks to, is over MaxFile.
	ErrTooLarge = errors.New("the file is too large")
	// ErrNoRows says that there is nothing below the headings, or nothing at all.
	ErrNoRows = errors.New("the file has no rows")
	// ErrWholeExport says that the file is an export of a whole instance, which does
	// not come in row by row.
	ErrWholeExport = errors.New("the file is an export of a whole instance")
	// ErrNoSheet says that the workbook has no sheet of the wanted name.
	ErrNoSheet = errors.New("there is no such sheet")
	// ErrDamaged says that the file is of a known kind but broken.
	ErrDamaged = errors.New("the file is damaged")
)

// Format is a kind of file.
type Format string

// The formats that are read.
const (
	FormatCSV      Format = "csv"
	FormatTSV      Format = "tsv"
	FormatXLSX     Format = "xlsx"
	FormatJSONL    Format = "jsonl"
	FormatMarkdown Format = "markdown"
	FormatMail     Format = "mail"
)

// Table is one file as plain rows with named columns.
type Table struct {
	File     string
	Format   Format
	Encoding string   // the name text.Decode gave, "" where the format has only one
	Sheets   []string // the sheets of a workbook that people can see
	Sheet    string   // the one that was read
	Columns  []string // headings, or letters as in Excel where there are none
	Rows     []Row
	Notes    []Note // what a person should know before going on
}

// Row is one line of a table. Cells has one entry for each column.
type Row struct {
	Line  int // where it begins in the file, from 1; 0 where the format has no lines
	Cells []string
	long  []int // columns whose cell was over MaxCell and lost its end
}

// Note is something about a file that a person should know. Line is 0 where it
// concerns the whole file.
type Note struct {
	Kind   NoteKind
	Line   int
	Detail string
}

// NoteKind says what a Note is about.
type NoteKind string

// The kinds of notes. Detail holds what is named behind each.
const (
	NoteRowsCut       NoteKind = "rows_cut"       // how many were left out
	NoteColumnsCut    NoteKind = "columns_cut"    // how many were left out
	NoteCellCut       NoteKind = "cell_cut"       // the column
	NoteUndecodable   NoteKind = "undecodable"    // how many letters
	NoteOpenQuote     NoteKind = "open_quote"     // nothing: a quotation mark that is never closed
	NoteNoHeadings    NoteKind = "no_headings"    // nothing: the first row looked like content
	NoteFormula       NoteKind = "formula"        // the cell whose formula has no stored value
	NoteBadLine       NoteKind = "bad_line"       // nothing: a line that is not a JSON object
	NoteAttachment    NoteKind = "attachment"     // the name of the attachment left out
	NoteBadPart       NoteKind = "bad_part"       // what could not be read of a mail
	NoteFollowUp      NoteKind = "follow_up"      // the subject of a thank-you mail left out
	NoteSubjectCut    NoteKind = "subject_cut"    // the whole subject, which stands above the text
	NotePreamble      NoteKind = "preamble"       // the text above the first article, left out
	NoteNoQuestion    NoteKind = "no_question"    // the subject of a reply without its question, brought in as a question
	NoteMoreSheets    NoteKind = "more_sheets"    // the names of the other sheets with rows
	NoteNotesCut      NoteKind = "notes_cut"      // how many more notes there were
	NoteMessageBroken NoteKind = "message_broken" // the start of the mail that has no headers
)

// maxNotes bounds how many notes a file can cause.
const maxNotes = 200

// Options override what Read would find out by itself; zero values find out.
type Options struct {
	Encoding string // one of text.Encodings
	Sheet    string // name of a sheet
}

// Read reads a file by what it holds, and where that does not tell, by its name.
// Its errors are the Err… of this package.
func Read(name string, content []byte, o Options) (Table, error) {
	if len(content) > MaxFile {
		return Table{}, ErrTooLarge
	}
	format, err := formatOf(name, content)
	if err != nil {
		return Table{}, err
	}
	b := &builder{table: Table{File: name, Format: format}}
	switch format {
	case FormatXLSX:
		err = readXLSX(b, content, o.Sheet)
	case FormatMail:
		err = readMail(b, content)
	default:
		err = readText(b, content, o.Encoding)
	}
	if err != nil {
		return Table{}, err
	}
	return b.done()
}

// readText reads the formats that are one text.
func readText(b *builder, content []byte, encoding string) error {
	s, err := decode(b, content, encoding)
	if err != nil {
		return err
	}
	switch b.table.Format {
	case FormatJSONL:
		return readJSONL(b, s)
	case FormatMarkdown:
		return readMarkdown(b, s)
	}
	return readCSV(b, s)
}

// decode returns a text with line feeds only.
func decode(b *builder, content []byte, encoding string) (string, error) {
	s, name, err := text.Decode(content, encoding)
	if err != nil || isBinary(s) {
		return "", ErrNotSupported
	}
	b.table.Encoding = name
	if n := strings.Count(s, "\uFFFD"); n > 0 {
		b.note(NoteUndecodable, 0, fmt.Sprint(n))
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s), nil
}

// isBinary tells whether a tenth of a file's start is control characters.
func isBinary(s string) bool {
	controls := 0
	start := s[:min(len(s), 4096)]
	for i := range len(start) {
		if c := start[i]; c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
			controls++
		}
	}
	return 10*controls > len(start)
}

// magics are the first bytes of files that are not read.
var magics = []string{"\x89PNG", "\xff\xd8\xff", "GIF8", "%PDF-", "RIFF", "\x1f\x8b", "Rar!", "7z\xbc\xaf", "{\\rtf", "BM", "II*\x00", "MM\x00*", "\x7fELF", "MZ", "SQLite format 3"}

// formatOf names the format of a file.
func formatOf(name string, content []byte) (Format, error) {
	switch {
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return FormatXLSX, nil
	case bytes.HasPrefix(content, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return "", oleError(content)
	}
	extension := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	for _, magic := range magics {
		if bytes.HasPrefix(content, []byte(magic)) && !(len(magic) == 2 && textExtensions[extension] != "") {
			return "", ErrNotSupported
		}
	}
	if len(bytes.TrimSpace(content)) == 0 {
		return "", ErrNoRows
	}
	switch format, known := textExtensions[extension]; {
	case known:
		return format, nil
	case extension == "txt" || extension == "":
		return sniff(content), nil
	case extension == "xlsx" || extension == "xlsm":
		return "", ErrDamaged
	}
	return "", ErrNotSupported
}

// textExtensions are the names that tell a format without a look at the content.
var textExtensions = map[string]Format{
	"csv": FormatCSV, "tsv": FormatTSV, "tab": FormatTSV, "jsonl": FormatJSONL, "ndjson": FormatJSONL, "json": FormatJSONL,
	"md": FormatMarkdown, "markdown": FormatMarkdown, "eml": FormatMail, "mbox": FormatMail, "mbx": FormatMail,
}

// encryptedPackage is the name, in UTF-16, under which Office keeps a workbook that
// has a password.
var encryptedPackage = []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")

// oleError tells a workbook with a password from the old formats (.xls, .doc, .msg).
func oleError(content []byte) error {
	if bytes.Contains(content, encryptedPackage) {
		return ErrPassword
	}
	return ErrNotSupported
}
