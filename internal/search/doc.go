// Package search finds past answers from a question as people paste it.
//
// Texts are cut into tokens by two analyzers at once (Japanese by morphemes beside
// bigrams, English by stems beside four-grams), indexed with bleve, and scored by a
// BM25 of our own over bleve's postings: an OR of the query's rarest tokens, never
// an AND. Each compartment has an index of its own, so that what is restricted
// changes neither scores nor order nor counts for anybody else. An index holds no
// text to show, only ids; it is derived data and can be rebuilt from the database
// at any time.
//
// The weights were chosen by measurement; EVAL.md beside this file has the figures
// and the command that makes them.
package search
