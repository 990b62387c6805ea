package sheet

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"strings"

	"github.com/xuri/excelize/v2"
)

// extras are what the row reader does not tell of a sheet. They are read from its XML
// as a stream, since excelize would build the whole sheet in memory for them.
type extras struct {
	merged   []area
	formulas []namedCell // without a stored value
}

// area is a merged range; rows count from 1, columns from 0.
type area struct{ top, bottom, left, right int }

// maxMerged bounds how many merged ranges of a sheet are kept.
const maxMerged = 100_000

type namedCell struct {
	name string
	row  int
}

// readExtras reads the merged ranges and the formulas without value of a sheet.
func readExtras(parts *zip.Reader, sheet string) (extras, error) {
	var e extras
	part, err := openSheet(parts, sheet)
	if err != nil || part == nil {
		return e, err
	}
	defer part.Close()
	d := xml.NewDecoder(part)
	var cell namedCell
	formula, value := false, false
	for {
		token, err := d.Token()
		if err == io.EOF {
			return e, nil
		}
		if err != nil {
			return e, ErrDamaged
		}
		switch el := token.(type) {
		case xml.StartElement:
			switch el.Name.Local {
			case "c":
				cell, formula, value = namedCell{name: attr(el, "r")}, false, false
			case "f":
				formula = true
			case "v", "is":
				value = true
			case "mergeCell":
				e.addMerged(attr(el, "ref"))
			}
		case xml.EndElement:
			if el.Name.Local == "c" && formula && !value && len(e.formulas) <= maxNotes {
				_, cell.row, _ = excelize.CellNameToCoordinates(cell.name)
				e.formulas = append(e.formulas, cell)
			}
		}
	}
}

func (e *extras) addMerged(ref string) {
	from, to, ok := strings.Cut(ref, ":")
	if !ok {
		return
	}
	left, top, err := excelize.CellNameToCoordinates(from)
	if err != nil {
		return
	}
	right, bottom, err := excelize.CellNameToCoordinates(to)
	if err == nil && bottom >= top && right >= left && len(e.merged) < maxMerged {
		e.merged = append(e.merged, area{top, bottom, left - 1, right - 1})
	}
}

func attr(el xml.StartElement, name string) string {
	for _, a := range el.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// openSheet opens the XML of a sheet; nil where the workbook names it in a way of its own.
func openSheet(parts *zip.Reader, sheet string) (io.ReadCloser, error) {
	var book struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
			ID   string `xml:"id,attr"`
		} `xml:"sheets>sheet"`
	}
	var links struct {
		Links []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if readXML(parts, "xl/workbook.xml", &book) != nil || readXML(parts, "xl/_rels/workbook.xml.rels", &links) != nil {
		return nil, nil
	}
	for _, s := range book.Sheets {
		for _, l := range links.Links {
			if s.Name == sheet && s.ID == l.ID {
				target := path.Join("xl", l.Target)
				if strings.HasPrefix(l.Target, "/") {
					target = l.Target[1:]
				}
				return openPart(parts, target)
			}
		}
	}
	return nil, nil
}

// openPart opens a part by its name in any case; nil where there is none.
func openPart(parts *zip.Reader, name string) (io.ReadCloser, error) {
	for _, f := range parts.File {
		if strings.EqualFold(strings.ReplaceAll(f.Name, `\`, "/"), name) {
			r, err := f.Open()
			if err != nil {
				return nil, ErrDamaged
			}
			return r, nil
		}
	}
	return nil, nil
}

func readXML(parts *zip.Reader, name string, into any) error {
	r, err := openPart(parts, name)
	if err != nil {
		return err
	}
	if r == nil {
		return ErrDamaged
	}
	defer r.Close()
	return xml.NewDecoder(r).Decode(into)
}
