package search

import (
	"cmp"
	"context"
	"math"
	"slices"

	segment "github.com/blevesearch/scorch_segment_api/v2"
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
	maxPostings = 40_000
	maxLeaders  = 300
	// maxExact: up to this length a list still gives a leader its true frequency;
	// in a longer one, presence counts as one occurrence in a document of mean
	// length, because finding the frequency means walking through the list.
	maxExact = 20_000
)

// postings is where one token occurs in one field, segment by segment.
type postings struct {
	lists   []segment.PostingsList
	count   int
	factor  float64 // weight × idf × (k1+1)
	average float64
	b       float64
}

// contribution is what one document gains from a token that it has freq times in a
// field of the given length.
func (p postings) contribution(freq, length float64) float64 {
	return p.factor * freq / (freq + k1*(1-p.b+p.b*length/p.average))
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
	for _, f := range fields {
		p, err := r.postings(t.token, f)
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
		p.factor = f.weight * t.weight * idf * (k1 + 1)
		p.average = max(average[f.name], 1)
		k.rank = max(k.rank, t.weight*idf)
		k.fields = append(k.fields, p)
	}
	return k, nil
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
			if read > 0 && read+p.count > maxPostings && len(board.touched) >= maxLeaders {
				rest = append(rest, p)
				continue
			}
			read += p.count
			if err := r.add(p, board); err != nil {
				return nil, err
			}
		}
	}
	return rest, nil
}

// add reads one token's postings in full.
func (r *shardReader) add(p postings, board *scoreboard) error {
	return p.each(func(part int, at segment.Posting) {
		norm := at.Norm()
		board.add(r.offsets[part]+at.Number(), p.contribution(float64(at.Frequency()), 1/(norm*norm)))
	})
}

// each calls do with every posting and the number of its segment.
func (p postings) each(do func(part int, at segment.Posting)) error {
	for i, list := range p.lists {
		if list == nil {
			continue
		}
		for each := list.Iterator(true, true, false, nil); ; {
			next, err := each.Next()
			if err != nil {
				return err
			}
			if next == nil {
				break
			}
			do(i, next)
		}
	}
	return nil
}

// rescore adds the common tokens to the leaders, which come sorted by number.
func (r *shardReader) rescore(ctx context.Context, rest []postings, leaders []scored) error {
	for _, p := range rest {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i, list := range p.lists {
			if list == nil {
				continue
			}
			from, _ := slices.BinarySearchFunc(leaders, r.offsets[i], byNumber)
			to, _ := slices.BinarySearchFunc(leaders, r.offsets[i+1], byNumber)
			if err := p.addTo(leaders[from:to], list, r.offsets[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func byNumber(s scored, number uint64) int { return cmp.Compare(s.doc, number) }

// addTo adds a token's postings in one segment to the leaders there.
func (p postings) addTo(leaders []scored, list segment.PostingsList, offset uint64) error {
	exact := p.count <= maxExact
	each := list.Iterator(exact, exact, false, nil)
	var at segment.Posting
	for i := range leaders {
		number := leaders[i].doc - offset
		if at == nil || at.Number() < number {
			var err error
			if at, err = each.Advance(number); err != nil || at == nil {
				return err
			}
		}
		if at.Number() != number {
			continue
		}
		freq, length := 1.0, p.average
		if exact {
			norm := at.Norm()
			freq, length = float64(at.Frequency()), 1/(norm*norm)
		}
		leaders[i].score += p.contribution(freq, length)
	}
	return nil
}
