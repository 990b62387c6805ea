package search

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	index "github.com/blevesearch/bleve/v2/index/scorch"

	"tasuki/internal/team"
)

// harms are what happens to files.
var harms = map[string]func(b []byte) []byte{
	"missing": nil,
	"empty":   func([]byte) []byte { return nil },
	"half":    func(b []byte) []byte { return b[:len(b)/2] },
	"zeros":   func(b []byte) []byte { return make([]byte, len(b)) },
	"one byte early": func(b []byte) []byte {
		b[len(b)/10] ^= 0xff
		return b
	},
	"one byte in the middle": func(b []byte) []byte {
		b[len(b)/2] ^= 0xff
		return b
	},
	"one byte at the end": func(b []byte) []byte {
		b[len(b)-1] ^= 0xff
		return b
	},
}

func harm(t *testing.T, path string, how func([]byte) []byte) {
	t.Helper()
	if how == nil {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, how(b), 0o600); err != nil {
		t.Fatal(err)
	}
}

// severalSegments is a world in an index of several segments, with deletions.
func severalSegments(t *testing.T, dir string) *world {
	t.Helper()
	w := newWorld()
	x := Open(dir)
	for i := range 4 {
		w.put(team.Document{ID: fmt.Sprint("more", i), Title: fmt.Sprintf("図面の渡し方その%d", i), Body: "USBメモリと退職とパスワード"})
		w.put(team.Document{ID: "mfa", Title: "認証用スマホの機種変更", Body: strings.Repeat("引っ越し ", i)})
		if err := x.CatchUp(context.Background(), w); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	return w
}

func everything(t *testing.T, x *Index) []Result {
	t.Helper()
	var list []Result
	for _, q := range []string{"USBメモリ", "退職する人のパスワード", "図面の渡し方", "security updates", "スマホの引っ越し"} {
		r, err := x.Search(context.Background(), Query{Text: q, Classes: []string{team.ClassArticle}, Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

func TestADamagedIndexAnswersLikeANewOne(t *testing.T) {
	for _, file := range []string{"index_meta.json", "store", "store/root.bolt", "store/*.zap", "the newest segment"} {
		for name, how := range harms {
			if file == "store" && how != nil {
				continue
			}
			t.Run(file+" "+name, func(t *testing.T) {
				dir := t.TempDir()
				w := severalSegments(t, dir)
				pattern := strings.Replace(file, "the newest segment", "store/*.zap", 1)
				paths, err := filepath.Glob(filepath.Join(dir, "*", pattern))
				if err != nil || len(paths) == 0 {
					t.Fatalf("no %s in the index: %v", file, err)
				}
				if file == "the newest segment" {
					paths = paths[len(paths)-1:]
				}
				for _, p := range paths {
					harm(t, p, how)
				}
				x := Open(dir)
				defer x.Close()
				if err := x.CatchUp(context.Background(), w); err != nil {
					t.Fatal(err)
				}
				if got, want := everything(t, x), everything(t, follow(t, t.TempDir(), w)); !reflect.DeepEqual(got, want) {
					t.Errorf("got  %+v\nwant %+v", got, want)
				}
				if aside, _ := filepath.Glob(filepath.Join(dir, "*.damaged*")); len(aside) > 1 {
					t.Errorf("kept more than the last damaged copy: %v", aside)
				}
			})
		}
	}
}

func TestChangedBytesInASegmentAreSeenAtOpening(t *testing.T) {
	dir := t.TempDir()
	w := severalSegments(t, dir)
	for round := range 2 {
		segments, _ := filepath.Glob(filepath.Join(dir, "*", "store", "*.zap"))
		harm(t, segments[0], harms["one byte in the middle"])
		follow(t, dir, w).Close()
		if aside, _ := filepath.Glob(filepath.Join(dir, "*.damaged")); len(aside) != 1 {
			t.Errorf("round %d: set aside %v", round, aside)
		}
	}
}

func TestAFailureOfTheIndexIsSaidUntilItIsWholeAgain(t *testing.T) {
	w := newWorld()
	x := follow(t, t.TempDir(), w)
	for name, fail := range map[string]func(){
		"in the background": func() {
			index.RegistryAsyncErrorCallbacks[packed](errors.New("no space left"), filepath.Join(x.shards[""].dir, "store"))
		},
		"in a search": func() { x.damaged.Store(true) },
	} {
		t.Run(name, func(t *testing.T) {
			fail()
			stopped, stop := context.WithCancel(context.Background())
			stop()
			away := &gone{world: w}
			if err := x.CatchUp(stopped, away); err == nil {
				t.Fatal("no error while the database is away")
			}
			if ready, _, _ := x.Ready(); ready {
				t.Error("says it is ready while it is closed")
			}
			if err := x.CatchUp(context.Background(), w); err != nil {
				t.Fatal(err)
			}
			if ready, _, _ := x.Ready(); !ready || len(ids(t, x, "USBメモリ")) == 0 {
				t.Error("did not come back")
			}
		})
	}
}

// gone is a source that cannot be reached.
type gone struct{ *world }

func (gone) Epoch(context.Context) (string, error) { return "", errors.New("the database is away") }

func TestADatabaseThatIsAwayDoesNotCloseTheIndex(t *testing.T) {
	w := newWorld()
	x := follow(t, t.TempDir(), w)
	if err := x.CatchUp(context.Background(), &gone{w}); err == nil {
		t.Fatal("no error")
	}
	if ready, _, _ := x.Ready(); !ready || len(ids(t, x, "USBメモリ")) == 0 {
		t.Error("the index stopped answering")
	}
}

func TestALockedIndexIsNotDamage(t *testing.T) {
	w, dir := newWorld(), t.TempDir()
	follow(t, dir, w)
	other := Open(dir)
	defer other.Close()
	err := other.CatchUp(context.Background(), w)
	if !errors.Is(err, ErrLocked) || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want %v with the folder", err, ErrLocked)
	}
	if ready, _, _ := other.Ready(); ready {
		t.Error("the second program says that its index is ready")
	}
	if aside, _ := filepath.Glob(filepath.Join(dir, "*.damaged")); len(aside) > 0 {
		t.Errorf("a locked index was set aside: %v", aside)
	}
}

func TestManyUpdatesOfOneArticleLeaveTheResultsOfANewIndex(t *testing.T) {
	w := newWorld()
	x := follow(t, t.TempDir(), w)
	for i := range 300 {
		w.put(team.Document{ID: "mfa", Title: "認証用スマホの機種変更", Body: strings.Repeat("多要素認証の引っ越し。", i)})
		if err := x.CatchUp(context.Background(), w); err != nil {
			t.Fatal(err)
		}
	}
	w.put(team.Document{ID: "mfa", Title: "認証用スマホの機種変更", Body: "多要素認証の引っ越しをしてください。"})
	if err := x.CatchUp(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	if got, want := everything(t, x), everything(t, follow(t, t.TempDir(), w)); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestABatchIsBoundedByBytesAndByChanges(t *testing.T) {
	sizes := func(documents int, body func(i int) int) (sizes []int) {
		var v values
		for i := range documents {
			v.docs = append(v.docs, team.Document{Kind: team.KindArticle, ID: fmt.Sprint(i), Body: strings.Repeat("x", body(i))})
		}
		err := eachBatch(context.Background(), v, "", 0, func(b batch) error {
			if len(b.docs) != len(b.changes) {
				t.Errorf("%d documents for %d changes", len(b.docs), len(b.changes))
			}
			sizes = append(sizes, len(b.docs))
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return sizes
	}
	if got, want := sizes(10, func(int) int { return batchBytes / 3 }), []int{3, 3, 3, 1}; !slices.Equal(got, want) {
		t.Errorf("large ones: %v, want %v", got, want)
	}
	if got, want := sizes(3, func(i int) int { return 2 * batchBytes * (1 - i/2) }), []int{1, 1, 1}; !slices.Equal(got, want) {
		t.Errorf("ones that are larger than a batch: %v, want %v", got, want)
	}
	if got, want := sizes(batchChanges+1, func(int) int { return 10 }), []int{batchChanges, 1}; !slices.Equal(got, want) {
		t.Errorf("many small ones: %v, want %v", got, want)
	}
}

func TestAFaultOfTheSourceEndsTheBatches(t *testing.T) {
	x := Open(t.TempDir())
	defer x.Close()
	var v values
	for i := range 3 * batchChanges / 2 {
		v.docs = append(v.docs, team.Document{Kind: team.KindArticle, ID: fmt.Sprint(i), Class: team.ClassArticle, Title: "認証用スマホの機種変更"})
	}
	if err := x.CatchUp(context.Background(), brokenAfter{v, batchChanges}); err == nil {
		t.Error("the fault was not told")
	}
	if ready, _, _ := x.Ready(); ready {
		t.Error("half an index calls itself ready")
	}
	if err := x.CatchUp(context.Background(), v); err != nil {
		t.Fatal(err)
	}
	if got := x.shards[""].state; got.Position != int64(len(v.docs)) || got.Documents != len(v.docs) {
		t.Errorf("got %+v after %d documents", got, len(v.docs))
	}
}

// brokenAfter is a source that fails behind a change.
type brokenAfter struct {
	values
	position int64
}

func (b brokenAfter) Changes(ctx context.Context, after int64, limit int) ([]team.Change, error) {
	if after >= b.position {
		return nil, errors.New("the database is away")
	}
	return b.values.Changes(ctx, after, limit)
}
