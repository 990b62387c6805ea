package search

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tasuki/internal/team"
)

// atLevel is the frequency that the index remembers.
func atLevel(times float64) float64 {
	level := min(times, 1)
	for _, f := range frequencies {
		if times >= f.from {
			level = f.from
		}
	}
	return level
}

// slowScores computes textbook BM25 from the documents themselves.
func slowScores(docs []team.Document, terms []term) map[string]float64 {
	scores := map[string]float64{}
	for _, f := range fields {
		times, length, total := map[string]map[string]float64{}, map[string]float64{}, 0.0
		holders := map[string]float64{}
		for _, d := range docs {
			times[d.ID] = map[string]float64{}
			all := tokens(d.Title)
			switch f.name {
			case "whole":
				all = append(all, tokens(d.Body)...)
			case "wordings", "keywords":
				all = nil
			}
			for _, token := range all {
				if times[d.ID][token]++; times[d.ID][token] == 1 {
					holders[token]++
				}
			}
			length[d.ID] = markedLength[markOf(len(all))]
			total += length[d.ID]
		}
		for _, t := range terms {
			idf := math.Log(1 + (float64(len(docs))-holders[t.token]+0.5)/(holders[t.token]+0.5))
			for _, d := range docs {
				if tf := atLevel(times[d.ID][t.token]); tf > 0 {
					scores[d.ID] += f.weight * t.weight * idf * tf * (k1 + 1) / (tf + k1*(1-f.b+f.b*length[d.ID]/(total/float64(len(docs)))))
				}
			}
		}
	}
	return scores
}

func TestScoresAreTextbookBM25(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	words := strings.Fields("東京 申請 端末 会社 鍵 vpn usb mail token laptop")
	text := func(most int) string {
		var list []string
		for range 1 + random.IntN(most) {
			list = append(list, words[random.IntN(len(words))])
		}
		return strings.Join(list, "、")
	}
	w := &world{epoch: "1"}
	for i := range 60 {
		w.put(team.Document{ID: strconv.Itoa(i), Title: text(4), Body: text(80)})
	}
	for i := range 20 { // deleted and replaced documents leave nothing in the scores
		w.put(team.Document{ID: strconv.Itoa(i)})
		w.put(team.Document{ID: strconv.Itoa(20 + i), Title: text(4), Body: text(80)})
	}
	x := follow(t, t.TempDir(), w)
	for range 30 {
		question := text(3)
		terms := queryTerms(question, nil)
		hits, _, err := x.shards[""].find(context.Background(), terms, map[string]bool{team.ClassArticle: true}, 100)
		if err != nil {
			t.Fatal(err)
		}
		want := slowScores(w.docs, terms)
		if len(hits) != len(want) {
			t.Fatalf("%q finds %d documents, not %d", question, len(hits), len(want))
		}
		for _, h := range hits {
			if math.Abs(h.Score-want[h.ID]) > 1e-4*want[h.ID] {
				t.Errorf("%q scores document %s %.6f, not %.6f", question, h.ID, h.Score, want[h.ID])
			}
		}
	}
}

func TestLengthMarksAreNearTheLength(t *testing.T) {
	for length := 1; length < 500_000; length += 1 + length/50 {
		marked := markedLength[markOf(length)]
		if math.Abs(marked-float64(length)) > 0.04*float64(length) {
			t.Errorf("a length of %d is remembered as %.1f", length, marked)
		}
	}
}

func TestLeadersAreTheBestAndThoseThatShareTheLastScore(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		board := borrowScoreboard(500)
		type of struct {
			doc   uint64
			score float32
		}
		var all []of
		for range 1 + random.IntN(200) {
			doc := uint64(random.IntN(500))
			if board.scores[doc] == 0 {
				board.touched = append(board.touched, doc)
				board.scores[doc] = float32(1 + random.IntN(40))
				if doc%3 != 0 {
					all = append(all, of{doc, board.scores[doc]})
				}
			}
		}
		slices.SortFunc(all, func(x, y of) int { return int(y.score) - int(x.score) })
		n := 1 + random.IntN(20)
		want := 0
		for want < len(all) && (want < n || all[want].score == all[n-1].score) && want < 2*n {
			want++
		}
		got := board.leaders(n, func(doc uint64) bool { return doc%3 != 0 })
		if len(got) != want {
			t.Fatalf("%d leaders of %d, not %d", len(got), len(all), want)
		}
		for i, l := range got {
			if l.score < all[want-1].score || l.doc%3 == 0 || i > 0 && got[i-1].doc >= l.doc {
				t.Fatalf("leader %d is %+v", i, l)
			}
		}
		board.clear()
	}
}

func TestAnIndexFilledInOneGoBecomesOnePiece(t *testing.T) {
	w := &world{epoch: "1"}
	for i := range looseEnough + 200 {
		w.put(team.Document{ID: strconv.Itoa(i), Title: fmt.Sprintf("vpn %d", i)})
	}
	x := follow(t, t.TempDir(), w)
	x.shards[""].joining.Wait()
	reader, err := x.shards[""].open()
	if err != nil {
		t.Fatal(err)
	}
	defer reader.close()
	if pieces := len(reader.segments); pieces != 1 {
		t.Errorf("the index is in %d pieces", pieces)
	}
	if found := ids(t, x, "vpn 1077"); found[0] != "1077" {
		t.Errorf("found %v", found)
	}
}
