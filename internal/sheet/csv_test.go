package sheet

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"tasuki/internal/text"
)

// now is when the tests run: fiscal year 2026.
var now = time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("JST", 9*3600))

func read(t *testing.T, name, content string) Table {
	t.Helper()
	table, err := Read(name, []byte(content), Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return table
}

// grid writes a table as one text: columns, then rows, cells between bars.
func grid(table Table) string {
	lines := []string{strings.Join(table.Columns, "|")}
	for _, row := range table.Rows {
		lines = append(lines, strings.Join(row.Cells, "|"))
	}
	return strings.Join(lines, "\n")
}

func kinds(table Table) string {
	var list []string
	for _, n := range table.Notes {
		list = append(list, string(n.Kind))
	}
	return strings.Join(list, " ")
}

func TestAListIsReadInEveryEncodingOfJapan(t *testing.T) {
	const list = "質問,回答,部門\r\nUSBメモリは使えますか,「あずけ箱」を使ってください。\r\n髙田さんのPC,①再起動する,製造部\r\n"
	const want = "質問|回答|部門\nUSBメモリは使えますか|「あずけ箱」を使ってください。|\n髙田さんのPC|①再起動する|製造部"
	for name, enc := range map[string]encoding.Encoding{
		text.UTF8: encoding.Nop, text.UTF8BOM: unicode.UTF8BOM, text.CP932: nil, text.EUCJP: japanese.EUCJP, text.ISO2022JP: japanese.ISO2022JP,
		text.UTF16LE: unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), text.UTF16BE: unicode.UTF16(unicode.BigEndian, unicode.UseBOM),
	} {
		source, want := list, want
		if name == text.EUCJP || name == text.ISO2022JP {
			source, want = strings.NewReplacer("髙", "高", "①", "1").Replace(source), strings.NewReplacer("髙", "高", "①", "1").Replace(want)
		}
		content, _ := text.EncodeCP932(source)
		if enc != nil {
			var err error
			if content, err = enc.NewEncoder().Bytes([]byte(source)); err != nil {
				t.Fatal(err)
			}
		}
		table, err := Read("faq.csv", content, Options{})
		if err != nil || table.Encoding != name || grid(table) != want || len(table.Notes) > 0 {
			t.Errorf("%s: read as %s, %v, notes %v\n%s", name, table.Encoding, err, table.Notes, grid(table))
		}
	}
}

func TestSeparatorsAreFoundInTheContent(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"semicolons":                      {"質問;回答\nUSBは、\"a\", c;いいえ", "質問|回答\nUSBは、\"a\", c|いいえ"},
		"semicolons and decimal commas":   {"質問;回答;x\na;1,5;c\nb;2,5;d", "質問|回答|x\na|1,5|c\nb|2,5|d"},
		"tabs in a file named csv":        {"質問\t回答\nUSB, SSDは\tいいえ", "質問|回答\nUSB, SSDは|いいえ"},
		"bars":                            {"質問|回答\nUSBは|いいえ", "質問|回答\nUSBは|いいえ"},
		"as Excel declares it":            {"sep=;\n質問;回答\na,b;c", "質問|回答\na,b|c"},
		"one column":                      {"質問\nUSBは、使えますか", "質問\nUSBは、使えますか"},
		"line breaks and quotes in cells": {"質問,回答\n\"USB\nは \"\"可\"\"？\",\"いいえ\r\n以上\"", "質問|回答\nUSB\nは \"可\"？|いいえ\n以上"},
		"old line ends":                   {"質問,回答\rUSBは,いいえ\r", "質問|回答\nUSBは|いいえ"},
		"ragged rows":                     {"質問,回答\nUSBは\nAIは,はい,備考,,\n,,,\n", "質問|回答|C\nUSBは||\nAIは|はい|備考"},
		"titles above":                    {"よくある質問一覧\n2026年度,,\n\n質問,回答,部門\nUSBは,いいえ,製造部", "質問|回答|部門\nUSBは|いいえ|製造部"},
		"headings over two rows":          {"No,質問,答え,\n,質問,短い答え,理由\n1,USBは,いいえ,x", "A|質問|短い答え|理由\n1|USBは|いいえ|x"},
		"guards of formulas":              {"質問,回答\n'=1+1,'-5度\n'80s,''=x", "質問|回答\n=1+1|-5度\n'80s|'=x"},
		"control characters":              {"質問,回答\nUS\x00B\x07は,い\u0085いえ", "質問|回答\nUSBは|いいえ"},
		"headings without a name":         {"質問,,回答\na,b,c", "質問|B|回答\na|b|c"},
	} {
		if got := grid(read(t, "a.csv", c.content)); got != c.want {
			t.Errorf("%s:\n got %q\nwant %q", name, got, c.want)
		}
	}
}

func TestARowKnowsItsLine(t *testing.T) {
	table := read(t, "a.csv", "sep=,\nタイトル\n質問,回答\n\"a\nb\",c\n\nd,e\n")
	if table.Rows[0].Line != 4 || table.Rows[1].Line != 7 {
		t.Errorf("lines %d and %d", table.Rows[0].Line, table.Rows[1].Line)
	}
}

func TestAForgottenQuoteDoesNotSwallowTheRest(t *testing.T) {
	table := read(t, "a.csv", "質問,回答\n\"USBは,いいえ\nAIは,\"はい\"\n「\"」は,\"\"\"x\"\n")
	if got := grid(table); got != "質問|回答\nUSBは|いいえ\nAIは|はい\n「\"」は|\"x" || kinds(table) != "open_quote" || table.Notes[0].Line != 2 {
		t.Errorf("notes %v\n%s", table.Notes, got)
	}
}

func TestWhatDoesNotFitIsCounted(t *testing.T) {
	rows := read(t, "a.csv", "質問,回答\n"+strings.Repeat("a,b\n", MaxRows+7))
	if len(rows.Rows) != MaxRows || kinds(rows) != "rows_cut" || rows.Notes[0].Detail != "7" {
		t.Errorf("%d rows, notes %v", len(rows.Rows), rows.Notes)
	}
	if many := read(t, "a.csv", "質問,回答\n"+strings.Repeat("a,b\n", MaxRows+3000)); many.Notes[0].Detail != "3000" {
		t.Errorf("notes %v", many.Notes)
	}
	wide := read(t, "a.csv", "質問,回答\na"+strings.Repeat(",b", MaxColumns+4))
	if len(wide.Columns) != MaxColumns || kinds(wide) != "columns_cut" || wide.Notes[0].Detail != "5" {
		t.Errorf("%d columns, notes %v", len(wide.Columns), wide.Notes)
	}
	long := read(t, "a.csv", "質問,回答\na,"+strings.Repeat("あ", MaxCell+1))
	if text.Runes(long.Rows[0].Cells[1]) != MaxCell || kinds(long) != "cell_cut" || long.Notes[0].Detail != "回答" || long.Notes[0].Line != 2 {
		t.Errorf("notes %v", long.Notes)
	}
}

func TestFilesThatAreNotReadSayWhy(t *testing.T) {
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	for name, c := range map[string]struct {
		file, content string
		want          error
	}{
		"a picture":                {"a.csv", "\x89PNG\r\n\x1a\n\x00\x00", ErrNotSupported},
		"a PDF":                    {"a.txt", "%PDF-1.7\n", ErrNotSupported},
		"Outlook's .msg":           {"a.msg", ole, ErrNotSupported},
		"a workbook with password": {"a.xlsx", ole + string(encryptedPackage), ErrPassword},
		"which is not supported":   {"a.xlsx", ole + string(encryptedPackage), ErrNotSupported},
		"no workbook":              {"a.xlsx", "hello", ErrDamaged},
		"half a workbook":          {"a.xlsx", "PK\x03\x04half", ErrDamaged},
		"an unknown name":          {"a.exe", "hello", ErrNotSupported},
		"bytes":                    {"a.csv", strings.Repeat("\x00\x01\x02\x03\x04\x05\x06\x07", 50), ErrNotSupported},
		"nothing":                  {"a.csv", " \r\n", ErrNoRows},
		"headings only":            {"a.csv", "質問,回答\r\n", ErrNoRows},
		"empty rows":               {"a.csv", "質問,回答\n,\n , \n", ErrNoRows},
		"too wide":                 {"a.csv", strings.Repeat(",", maxWide+1), ErrTooLarge},
		"too large":                {"a.csv", strings.Repeat("a", MaxFile+1), ErrTooLarge},
		"no mail":                  {"a.eml", "hello", ErrNoRows},
		"no JSON":                  {"a.json", "hello", ErrNoRows},
	} {
		if _, err := Read(c.file, []byte(c.content), Options{}); !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", name, err, c.want)
		}
	}
}

func TestAPersonCanSayTheEncoding(t *testing.T) {
	table, err := Read("a.csv", []byte("\xbc\xc1\xcc\xe4,x\n\xb2\xf3\xc5\xfa,y"), Options{Encoding: text.EUCJP})
	if err != nil || table.Encoding != text.EUCJP || grid(table) != "質問|x\n回答|y" {
		t.Errorf("%v %s", err, grid(table))
	}
	table, err = Read("a.csv", []byte("質問,x\n回\xff,y"), Options{Encoding: text.UTF8})
	if err != nil || kinds(table) != "undecodable" || table.Notes[0].Detail != "1" {
		t.Errorf("%v %v", err, table.Notes)
	}
}

func TestPastedRowsAreRecognised(t *testing.T) {
	for content, want := range map[string]Format{
		"質問\t回答\na\tb": FormatTSV, "質問,回答\na,b": FormatCSV, `{"question":"a","answer":"b"}`: FormatJSONL, "[\n {\"question\":\"a\"}]": FormatJSONL,
		"# USBは\nいいえ": FormatMarkdown, "---\ntitle: a\n---\nb": FormatMarkdown, "From: a@example.com\nSubject: x\n\nUSB?": FormatMail, "From x@example.com Mon Nov  2 10:12:00 2026\nFrom: a@example.com\nSubject: x\n\nUSB?": FormatMail,
		"From: 1\nthe list\nof questions": FormatCSV,
	} {
		if table, err := Read("", []byte(content), Options{}); err != nil || table.Format != want {
			t.Errorf("%q: got %s %v, want %s", content, table.Format, err, want)
		}
	}
}

func FuzzReadCSV(f *testing.F) {
	sjis, _ := text.EncodeCP932("質問,回答\r\n\"USB\r\nは\",'=1\r\n")
	f.Add("a.csv", sjis)
	for _, s := range []string{"質問,回答\na,b\n", "sep=;\na;b\n\"c;d", "\xef\xbb\xbfa\tb\n1\t2", "a|b\n\"\"\"|\"x\"y\n", "題\n\n質問,回答,C\n,,\na"} {
		f.Add("a.csv", []byte(s))
		f.Add("a.tsv", []byte(s))
		f.Add("", []byte(s))
	}
	f.Fuzz(func(t *testing.T, name string, content []byte) { wellFormed(t, name, content) })
}

// wellFormed reads a file and checks what holds for every table and what becomes of it.
func wellFormed(t *testing.T, name string, content []byte) {
	table, err := Read(name, content, Options{})
	if err != nil {
		known := []error{ErrNotSupported, ErrTooLarge, ErrNoRows, ErrNoSheet, ErrDamaged}
		if !slices.ContainsFunc(known, func(k error) bool { return errors.Is(err, k) }) {
			t.Fatalf("error without a name: %v", err)
		}
		return
	}
	if len(table.Rows) == 0 || len(table.Rows) > MaxRows || len(table.Columns) > MaxColumns || len(table.Notes) > maxNotes+3 {
		t.Fatalf("%d rows, %d columns, %d notes", len(table.Rows), len(table.Columns), len(table.Notes))
	}
	for _, row := range append([]Row{{Cells: table.Columns}}, table.Rows...) {
		if len(row.Cells) != len(table.Columns) {
			t.Fatalf("line %d has %d cells of %d", row.Line, len(row.Cells), len(table.Columns))
		}
		for _, cell := range row.Cells {
			if !utf8.ValidString(cell) || text.Clean(cell) != cell || text.Runes(cell) > MaxCell {
				t.Fatalf("line %d: cell %.100q", row.Line, cell)
			}
		}
	}
	for _, kind := range Kinds {
		m := GuessAs(table, kind)
		if list := table.Incoming(m, now); !m.Valid(table) || len(list) != len(table.Rows) {
			t.Fatalf("%v gives %d of %d", m, len(list), len(table.Rows))
		}
	}
}
