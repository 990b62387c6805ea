package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// book writes a workbook; fill gets it empty.
func book(t testing.TB, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// set writes a cell; a wrong name is a mistake in the test.
func set(f *excelize.File, sheet, cell string, value any) {
	if err := f.SetCellValue(sheet, cell, value); err != nil {
		panic(err)
	}
}

func TestAWorkbookOfLibreOfficeIsReadAsPeopleSeeIt(t *testing.T) {
	content, err := os.ReadFile("testdata/libreoffice.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	table, err := Read("よくある質問.xlsx", content, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := "分類|質問|回答|見直し日|件数\n端末・媒体|USBメモリは使えますか|使えません。\n「あずけ箱」を使ってください。|2027年4月1日|42\n端末・媒体|髙田さんのSSDは使えますか|=使えません。|2028/5/2|1234.5"
	if got := grid(table); got != want || table.Sheet != "よくある質問" || strings.Join(table.Sheets, " ") != "表紙 よくある質問" || len(table.Notes) > 0 || table.Rows[0].Line != 4 {
		t.Errorf("sheet %q of %q, line %d, notes %v\n%s", table.Sheet, table.Sheets, table.Rows[0].Line, table.Notes, got)
	}
	in := table.Incoming(Guess(table), now)
	if a := in[1].Article; a.ReviewDue.String() != "2028-05-02" || in[1].Topics[0] != "端末・媒体" || len(in[0].Problems)+len(in[1].Problems) > 0 {
		t.Errorf("%+v %+v", in[1], *a)
	}
}

func TestDaysInCellsAreWholeDays(t *testing.T) {
	formats := []string{"yyyy/mm/dd", `m"月"d"日"`, `[$-411]ggge"年"m"月"d"日"`, "mmm-yy", `yyyy"年"m"月"`, "[$-411]ge.m.d", "#,##0", "0.0", "0000-0000", "yyyy-mm-dd hh:mm"}
	table, err := Read("a.xlsx", book(t, func(f *excelize.File) {
		set(f, "Sheet1", "A1", "質問")
		set(f, "Sheet1", "B1", "回答日")
		for i, format := range formats {
			style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
			if err != nil {
				t.Fatal(err)
			}
			cell := fmt.Sprintf("B%d", i+2)
			set(f, "Sheet1", cell, 46113.4375)
			set(f, "Sheet1", fmt.Sprintf("A%d", i+2), format)
			if err := f.SetCellStyle("Sheet1", cell, cell, style); err != nil {
				t.Fatal(err)
			}
		}
	}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"2026/04/01", "2026/4/1 10:30:00", "令和8年4月1日", "2026/4/1 10:30:00", "2026/4/1 10:30:00", "R8.4.1", "46,113", "46113.4", "0004-6113", "2026-04-01 10:30"}
	for i, row := range table.Rows {
		if row.Cells[1] != want[i] {
			t.Errorf("%s: got %q, want %q", formats[i], row.Cells[1], want[i])
		}
	}
}

func TestMergedCellsFormulasAndOtherSheets(t *testing.T) {
	content := book(t, func(f *excelize.File) {
		for cell, value := range map[string]any{"A1": "分類", "B1": "質問", "C1": "回答", "A2": "媒体", "B2": "USBは", "C2": "いいえ", "B3": "SSDは", "B5": "AIは", "C5": "はい"} {
			set(f, "Sheet1", cell, value)
		}
		for range 2 {
			if f.MergeCell("Sheet1", "A2", "A4") != nil || f.SetCellFormula("Sheet1", "C3", "1+1") != nil {
				t.Fatal("cannot write")
			}
		}
		for _, name := range []string{"別の表", "裏"} {
			if _, err := f.NewSheet(name); err != nil {
				t.Fatal(err)
			}
			set(f, name, "A1", "質問")
			set(f, name, "A2", name)
		}
		if err := f.SetSheetVisible("裏", false); err != nil {
			t.Fatal(err)
		}
	})
	table, err := Read("a.xlsx", content, Options{})
	if err != nil || grid(table) != "分類|質問|回答\n媒体|USBは|いいえ\n媒体|SSDは|\n|AIは|はい" || kinds(table) != "formula more_sheets" || table.Notes[0].Detail != "C3" || table.Notes[0].Line != 3 || table.Notes[1].Detail != "別の表" {
		t.Errorf("%v, notes %v\n%s", err, table.Notes, grid(table))
	}
	table, err = Read("a.xlsx", content, Options{Sheet: "別の表"})
	if err != nil || grid(table) != "質問\n別の表" || table.Sheet != "別の表" {
		t.Errorf("%v %s", err, grid(table))
	}
	for _, name := range []string{"裏", "ない"} {
		if _, err := Read("a.xlsx", content, Options{Sheet: name}); !errors.Is(err, ErrNoSheet) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// zipOf writes an archive of the named parts, each given in pieces.
func zipOf(t testing.TB, parts map[string][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range parts {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range content {
			if _, err := io.WriteString(w, piece); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// sheetXML is a workbook with one sheet whose rows are given as XML.
func sheetXML(t testing.TB, rows ...string) []byte {
	return zipOf(t, map[string][]string{
		"[Content_Types].xml":        {`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		"_rels/.rels":                {`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		"xl/workbook.xml":            {`<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		"xl/_rels/workbook.xml.rels": {`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
		"xl/worksheets/sheet1.xml":   slices.Concat([]string{`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`}, rows, []string{`</sheetData></worksheet>`}),
	})
}

func cellXML(name, value string) string {
	return `<c r="` + name + `" t="inlineStr"><is><t>` + value + `</t></is></c>`
}

// allocated returns how many bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestAZipBombIsRefusedBeforeItIsUnpacked(t *testing.T) {
	megabyte := strings.Repeat("a", 1<<20)
	pieces := append([]string{`<row r="1"><c r="A1" t="inlineStr"><is><t>`}, slices.Repeat([]string{megabyte}, 200)...)
	bomb := sheetXML(t, append(pieces, `</t></is></c></row>`)...)
	liar := bytes.Clone(bomb)
	for at := range liar { // the sizes that its table of contents tells
		if bytes.HasPrefix(liar[at:], []byte("PK\x01\x02")) {
			size := liar[at+24 : at+28]
			binary.LittleEndian.PutUint32(size, min(binary.LittleEndian.Uint32(size), 1<<20))
		}
	}
	for name, c := range map[string]struct {
		content []byte
		want    error
	}{"a bomb": {bomb, ErrTooLarge}, "a bomb that says it is small": {liar, ErrDamaged}} {
		if len(c.content) > 300_000 {
			t.Fatalf("%s is %d bytes", name, len(c.content))
		}
		var err error
		if n := allocated(func() { _, err = Read("a.xlsx", c.content, Options{}) }); n > 4<<20 || !errors.Is(err, c.want) {
			t.Errorf("%s: %v after allocating %d bytes", name, err, n)
		}
	}
}

func TestFarAwayCellsCostLittle(t *testing.T) {
	head := `<row r="1">` + cellXML("A1", "質問") + cellXML("B1", "回答") + "</row>"
	last := sheetXML(t, head+`<row r="2">`+cellXML("A2", "a")+`</row><row r="1048576">`+cellXML("A1048576", "z")+"</row>")
	var table Table
	var err error
	if n := allocated(func() { table, err = Read("a.xlsx", last, Options{}) }); n > 16<<20 || err != nil || len(table.Rows) != 2 || table.Rows[1].Line != 1048576 {
		t.Errorf("%v, %d rows after allocating %d bytes", err, len(table.Rows), n)
	}
	wide := sheetXML(t, head+`<row r="2">`+cellXML("A2", "a")+cellXML("XFD2", "z")+"</row>")
	if table, err = Read("a.xlsx", wide, Options{}); err != nil || len(table.Columns) != 2 || kinds(table) != "columns_cut" {
		t.Errorf("%v, %d columns, %v", err, len(table.Columns), table.Notes)
	}
	var rows strings.Builder
	for i := 2; i < 2000; i++ {
		fmt.Fprintf(&rows, `<row r="%d">%s</row>`, i, cellXML(fmt.Sprintf("XFD%d", i), "z"))
	}
	if _, err = Read("a.xlsx", sheetXML(t, head+rows.String()), Options{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("wide rows: %v", err)
	}
	if _, err = Read("a.xlsx", sheetXML(t, head+`<row r="9999999">`+cellXML("A9999999", "z")+"</row>"), Options{}); !errors.Is(err, ErrDamaged) {
		t.Errorf("a row that Excel does not have: %v", err)
	}
}

func TestOtherArchivesAreNoWorkbooks(t *testing.T) {
	if _, err := Read("a.xlsx", zipOf(t, map[string][]string{"word/document.xml": {"<x/>"}}), Options{}); !errors.Is(err, ErrNotSupported) {
		t.Errorf("a document: %v", err)
	}
	if _, err := Read("a.zip", zipOf(t, map[string][]string{"../../xl": {"x"}, "a.csv": {"質問,回答"}}), Options{}); !errors.Is(err, ErrNotSupported) {
		t.Errorf("an archive: %v", err)
	}
}

func FuzzReadXLSX(f *testing.F) {
	f.Add(`<row r="1">`+cellXML("A1", "質問")+cellXML("B1", "回答")+`</row><row r="2">`+cellXML("A2", "a")+`<c r="B2"><f>1+1</f></c><c r="C2" s="0"><v>46113</v></c></row>`, []byte{})
	f.Add(`<row><c t="s"><v>9</v></c><c t="b"><v>1</v></c></row><row r="3"><c r="A3" t="e"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A9"/></mergeCells><sheetData>`, []byte{})
	whole, err := os.ReadFile("testdata/libreoffice.xlsx")
	if err != nil {
		f.Fatal(err)
	}
	f.Add("", whole)
	f.Fuzz(func(t *testing.T, rows string, whole []byte) {
		if len(whole) > 0 {
			wellFormed(t, "a.xlsx", whole)
			return
		}
		wellFormed(t, "a.xlsx", sheetXML(t, rows))
	})
}
