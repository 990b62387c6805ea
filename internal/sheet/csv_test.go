package sheet

import (
	"strings"
	"testing"
	"time"

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
