package sample

import (
	_ "embed"
	"strings"

	"tasuki/internal/team"
)

//go:embed jargon.tsv
var jargonTSV string

// StarterJargon returns the dictionary that a new instance begins with: the words
// of a security department, a plain wording for each, and the other spellings under
// which people look for the same thing.
func StarterJargon() []team.JargonTerm {
	var list []team.JargonTerm
	for _, line := range strings.Split(strings.TrimSpace(jargonTSV), "\n") {
		part := strings.Split(line, "\t")
		if len(part) != 4 {
			panic("jargon.tsv: want four columns: " + line)
		}
		list = append(list, team.JargonTerm{Term: part[0], Plain: part[1], PlainEn: part[2], Synonyms: team.LinesOf(strings.ReplaceAll(part[3], " | ", "\n"))})
	}
	return list
}
