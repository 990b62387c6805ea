package search

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Textbook BM25 (Robertson and Zaragoza 2009). bleve's own "bm25" scoring differs
// from it in four places and found less in trials.
const (
	k1 = 1.0
	b  = 0.75
)

// field is one part of a document with its weight in the sum and how far its
// length matters: an article with many wordings must not suffer for them.
type field struct {
	name   string
	weight float64
	b      float64
	sparse bool // few documents have it
}

// The whole of a document, title included, is one field; the title counts once
// more beside it. A wording that askers used counts less than both together, so
// that it cannot push down the article that has these very words as its title.
var fields = []field{{"whole", 1, b, false}, {"title", 0.5, b, false}, {"wordings", 1, 0.4, true}, {"keywords", 0.5, b, true}}

// classField holds a document's class: a search is limited to some without reading
// what the documents are.
const classField = "class"

func fieldNames() []string {
	names := []string{classField}
	for _, f := range fields {
		names = append(names, f.name)
	}
	return names
}

// term is a token of the query with its weight there; own is one of the question's
// own words, not of the dictionary's.
type term struct {
	token  string
	weight float64
	own    bool
}

// benefitOfDoubt is how many unknown words every question is taken to have.
const benefitOfDoubt = 4

// Bounds on the work of one query.
const (
	// maxLookups: tokens whose frequency is looked up, heaviest first.
	maxLookups = 400
	// maxTerms: tokens that score; the rarest decide.
	maxTerms = 60
	// maxPostings: entries read in full, rarest token first. Commoner tokens then
	// only re-score the leading documents, of which there are maxLeaders.
	maxPostings = 400_000
	maxLeaders  = 300
)

// gain is what a document gains from one posting list, by the length of the field:
// at the list's frequency, less what the list of the frequency below it gave already.
type gain struct {
	factor       float64 // weight × idf × (k1+1)
	base         float64 // k1 × (1−b)
	slope        float64 // k1 × b ÷ mean length of the field
	from, before float64 // frequencies
}

func (g gain) at(length float64) float64 {
	norm := g.base + g.slope*length
	return g.factor * (g.from/(g.from+norm) - g.before/(g.before+norm))
}

// table gives the gain for every length mark.
func (g gain) table() (table [lengthMarks]float32) {
	for mark := range table {
		table[mark] = float32(g.at(markedLength[mark]))
	}
	return table
}

// known is a token of the query with its postings in every field.
type known struct {
	term
	rank   float64 // weight × idf
	fields []postings
}

// plan finds the query's rarest tokens, rarest first, and what a document made of
// just the query's words would score: the measure of "answered before".
func (r *shardReader) plan(ctx context.Context, terms []term, average map[string]float64) ([]known, float64, error) {
	terms = slices.Clone(terms)
	slices.SortStableFunc(terms, func(x, y term) int { return cmp.Compare(y.weight, x.weight) })
	var all []known
	// Every question counts as having a few words more that no document has: one or
	// two words alone say too little to be sure. So do words that are really unknown.
	unknown := benefitOfDoubt * math.Log(1+2*r.documents)
	for _, t := range terms[:min(maxLookups, len(terms))] {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		k, err := r.look(t, average)
		if err != nil {
			return nil, 0, err
		}
		if k.fields == nil {
			if t.own {
				unknown += t.weight * math.Log(1+2*r.documents)
			}
			continue
		}
		all = append(all, k)
	}
	slices.SortStableFunc(all, func(x, y known) int { return cmp.Compare(y.rank, x.rank) })
	all = all[:min(maxTerms, len(all))]
	ideal := unknown
	for _, k := range all {
		if k.own {
			ideal += k.rank
		}
	}
	return all, ideal * (fields[0].weight + fields[1].weight), nil
}

// look finds a token's postings in every field.
func (r *shardReader) look(t term, average map[string]float64) (known, error) {
	k := known{term: t}
	most := 0
	for i, f := range fields {
		p, err := r.postings(t.token, i+1)
		if err != nil {
			return k, err
		}
		if p.count == 0 {
			continue
		}
		most = max(most, p.count)
		idf := r.idf(p.count)
		if f.sparse {
			// Where few articles have wordings, the commonest word is rare there, and
			// the articles with wordings would push down those without.
			idf = 0.25*idf + 0.75*r.idf(most)
		}
		p.gain = gain{factor: f.weight * t.weight * idf * (k1 + 1), base: k1 * (1 - f.b), slope: k1 * f.b / max(average[f.name], 1), from: 1}
		k.rank = max(k.rank, t.weight*idf)
		k.fields = append(k.fields, p)
	}
	return k, nil
}

// repeated returns the lists of the documents that have a token more than once.
func (r *shardReader) repeated(token string, p postings) (lists []postings, err error) {
	before := p.gain.from
	for _, f := range frequencies {
		again, err := r.postings(f.mark+token, p.field)
		if err != nil || again.count == 0 {
			return lists, err
		}
		again.gain = p.gain
		again.gain.from, again.gain.before = f.from, before
		before = f.from
		lists = append(lists, again)
	}
	return lists, nil
}

func (r *shardReader) idf(count int) float64 {
	df := float64(count)
	return math.Log(1 + (r.documents-df+0.5)/(df+0.5))
}

// score adds up the BM25 of every document that has one of the rare tokens, and
// leaves the rest of the tokens for the leaders.
func (r *shardReader) score(ctx context.Context, tokens []known, board *scoreboard) (rest []postings, err error) {
	read := 0
	for _, k := range tokens {
		for _, p := range k.fields {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			lists, err := r.repeated(k.token, p)
			if err != nil {
				return nil, err
			}
			lists = append(lists, p)
			if read > 0 && read+p.count > maxPostings && len(board.touched) >= maxLeaders {
				rest = append(rest, lists...)
				continue
			}
			for _, p := range lists {
				read += p.count
				r.add(p, board)
			}
		}
	}
	return rest, nil
}

// add reads one posting list in full.
func (r *shardReader) add(p postings, board *scoreboard) {
	table := p.gain.table()
	for i, part := range p.parts {
		if part != nil {
			board.add(part, r.offsets[i], r.lengths[i][p.field], &table)
		}
	}
}

// rescore adds the common tokens to the leaders.
func (r *shardReader) rescore(ctx context.Context, rest []postings, leaders []scored) error {
	for _, p := range rest {
		if err := ctx.Err(); err != nil {
			return err
		}
		table := p.gain.table()
		for i := range leaders {
			l := &leaders[i]
			number := uint32(l.doc - r.offsets[l.part])
			if part := p.parts[l.part]; part != nil && part.Contains(number) {
				l.score += table[r.lengths[l.part][p.field][number]]
			}
		}
	}
	return nil
}
