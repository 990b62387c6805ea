package sheet

import "strings"

// formulaStarts are the letters that make a spreadsheet take a cell for a formula,
// as typed on English and Japanese keyboards.
const formulaStarts = "=+-@\t\r＝＋－＠"

// guarded tells whether a spreadsheet could take s for a formula, once the guards
// it may already carry are gone.
func guarded(s string) bool {
	s = strings.TrimLeft(s, "'")
	for _, r := range s {
		return strings.ContainsRune(formulaStarts, r)
	}
	return false
}

// guard puts a ' before what a spreadsheet could take for a formula. A cell that
// already begins like a guarded one gets another, so that unguard gives it back.
func guard(s string) string {
	if guarded(s) {
		return "'" + s
	}
	return s
}

// unguard takes the guard off each cell that has one.
func unguard(cells []string) []string {
	for i, s := range cells {
		if strings.HasPrefix(s, "'") && guarded(s) {
			cells[i] = s[1:]
		}
	}
	return cells
}
