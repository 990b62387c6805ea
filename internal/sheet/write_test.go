package sheet

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tasuki/internal/text"
)

func TestAListIsWrittenForExcel(t *testing.T) {
	var b bytes.Buffer
	missing, err := WriteCSV(&b, []string{"質問", "回答"}, [][]string{{"=1+1", "a,b"}, {"\"x\"", "＝1\ny"}, {"'=z", "-"}}, "")
	if want := "\xef\xbb\xbf質問,回答\r\n'=1+1,\"a,b\"\r\n\"\"\"x\"\"\",\"'＝1\ny\"\r\n''=z,'-\r\n"; b.String() != want || missing != nil || err != nil {
		t.Errorf("got %q %v %v", b.String(), missing, err)
	}
	b.Reset()
	missing, err = WriteCSV(&b, []string{"質問"}, [][]string{{"𠮷野家😀"}, {"😀"}}, text.CP932)
	if got, _, _ := text.Decode(b.Bytes(), text.CP932); got != "質問\r\n〓野家〓\r\n〓\r\n" || string(missing) != "𠮷😀" || err != nil {
		t.Errorf("got %q %q %v", got, string(missing), err)
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	word := rapid.StringOfN(rapid.SampledFrom([]rune("あ髙①zZ9,;|\t\n\"'=+-@＝＋－＠ 　。？")), 0, 12, -1)
	headings := []string{"質問", "-回答", "=理由", "手順;1", "a\tb"}
	rapid.Check(t, func(t *rapid.T) {
		columns := headings[:rapid.IntRange(1, len(headings)).Draw(t, "columns")]
		var rows [][]string
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			row := make([]string, len(columns))
			for i := range row {
				row[i] = text.Clean(word.Draw(t, "cell"))
			}
			if blank(row) {
				row[0] = "x"
			}
			rows = append(rows, row)
		}
		encoding := rapid.SampledFrom([]string{text.UTF8BOM, text.CP932}).Draw(t, "encoding")
		var b bytes.Buffer
		if missing, err := WriteCSV(&b, columns, rows, encoding); err != nil || len(missing) > 0 {
			t.Fatal(missing, err)
		}
		table, err := Read("a.csv", b.Bytes(), Options{Encoding: encoding})
		if err != nil || len(table.Rows) != len(rows) || len(table.Notes) > 0 {
			t.Fatalf("%q: %v, %d rows of %d, %v", b.String(), err, len(table.Rows), len(rows), table.Notes)
		}
		if got, want := strings.Join(table.Columns, "|"), strings.ReplaceAll(strings.Join(columns, "|"), "\t", " "); got != want {
			t.Fatalf("%q: columns %q, want %q", b.String(), got, want)
		}
		for i, row := range rows {
			if !slices.Equal(table.Rows[i].Cells, row) {
				t.Fatalf("%q: got %q, want %q", b.String(), table.Rows[i].Cells, row)
			}
		}
	})
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestAFullDiskIsReported(t *testing.T) {
	if _, err := WriteCSV(broken{}, []string{"a"}, nil, ""); err == nil {
		t.Error("no error")
	}
}
