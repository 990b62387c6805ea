package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
	"tasuki/internal/text"
)

// raw opens a database beside the store.
func raw(t *testing.T, kind, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open(kind, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func TestASchemaOfANewerProgramIsRefused(t *testing.T) {
	for kind, url := range testdb.URLs(t) {
		t.Run(kind, func(t *testing.T) {
			s, err := store.Open(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
			db := raw(t, kind, url)
			if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)"); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Open(ctx, url); !errors.Is(err, store.ErrNewerSchema) || !strings.Contains(err.Error(), "newer version of tasuki") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestManyMayStartAtOnceOnAnEmptyDatabase(t *testing.T) {
	for round := range 3 {
		for kind, url := range testdb.URLs(t) {
			t.Run(fmt.Sprint(kind, round), func(t *testing.T) {
				var wait sync.WaitGroup
				for range 4 {
					wait.Go(func() {
						s, err := store.Open(ctx, url)
						if err == nil {
							err = errors.Join(s.LoadStarter(ctx, sample.StarterJargon()), s.Close())
						}
						if err != nil {
							t.Error(err)
						}
					})
				}
				wait.Wait()
				s := testdb.Open(t, url)
				if words, err := s.Jargon(ctx); err != nil || len(words) != len(sample.StarterJargon()) {
					t.Errorf("%d words, %v", len(words), err)
				}
				var versions int
				if err := raw(t, kind, url).QueryRow("SELECT COUNT(*) - COUNT(DISTINCT version_id) FROM goose_db_version").Scan(&versions); err != nil || versions != 0 {
					t.Errorf("%d migrations ran twice, %v", versions, err)
				}
			})
		}
	}
}

func TestAFolderNameMayHoldAnything(t *testing.T) {
	for _, name := range []string{"100% 部門?", "a#b&c=d", "x y'\"z"} {
		dir := filepath.Join(t.TempDir(), name)
		s := testdb.Open(t, filepath.Join(dir, "tasuki.db"))
		testdb.Person(t, s, sample.Member("takada"))
		info, err := os.Stat(filepath.Join(dir, "tasuki.db"))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
}

// A folder that cannot be written to is said in one line.
func TestAFolderThatCannotBeUsedIsSaid(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, dir := range map[string]string{"a file in its place": file, "a folder inside a file": filepath.Join(file, "data"), "a folder of the kernel": "/proc/self/tasuki"} {
		_, err := store.Open(ctx, filepath.Join(dir, "tasuki.db"))
		if err == nil || !strings.Contains(err.Error(), "data folder") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMomentComesBackAsItWas(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*60*60)
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		for _, moment := range []time.Time{
			time.Date(2026, 11, 24, 8, 30, 0, 0, tokyo), time.Date(2026, 12, 31, 23, 59, 59, 999_999_999, tokyo), time.Date(2027, 1, 1, 0, 0, 0, 1_234, time.UTC),
			time.Date(2028, 2, 29, 12, 0, 0, 500_000_000, tokyo),
		} {
			c := sample.Consultation("USB")
			c.ReceivedAt = team.At(moment)
			c, err := s.SaveConsultation(ctx, by, c, "")
			if err != nil {
				t.Fatal(err)
			}
			read, err := s.Consultation(ctx, by, c.ID)
			if err != nil || read.ReceivedAt != c.ReceivedAt || !read.ReceivedAt.Equal(moment.Truncate(time.Microsecond)) {
				t.Errorf("%v came back as %v, %v", moment, read.ReceivedAt, err)
			}
			a := testdb.Article(t, s, by, "USB", "")
			s.Now = func() time.Time { return moment }
			if _, err := s.UseArticle(ctx, by, sample.Use(a)); err != nil {
				t.Fatal(err)
			}
			// What the database computes comes back as a text on one of them.
			if usage, err := s.Usages(ctx, by, []string{a.ID}); err != nil || !usage[a.ID].LastUsed.Equal(moment.Truncate(time.Microsecond)) {
				t.Errorf("last used %v, want %v, %v", usage[a.ID].LastUsed, moment, err)
			}
			s.Now = time.Now
		}
	})
}

func TestADayComesBackAsItWas(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		for _, day := range []team.Date{{}, {Year: 2026, Month: 11, Day: 24}, {Year: 2028, Month: 2, Day: 29}, {Year: 1999, Month: 12, Day: 31}} {
			a := sample.Article("USB")
			a.ReviewDue = day
			a, err := s.SaveArticle(ctx, by, a, "")
			if err != nil {
				t.Fatal(err)
			}
			if read, err := s.Article(ctx, by, a.ID); err != nil || read.ReviewDue != day {
				t.Errorf("%v came back as %v, %v", day, read.ReviewDue, err)
			}
		}
	})
}

// Both databases compare and order by keys computed here, not by their own idea of
// letters.
func TestBothDatabasesFindAndOrderAlike(t *testing.T) {
	names := []string{"zeta", "Ａlpha", "あ部", "ア部2", "総務部", "経理部", "École", "_下線", "10課", "2課"}
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Lead("takada"))
		for _, name := range names {
			d := sample.Department(name)
			if _, err := s.SaveDepartment(ctx, by, d); err != nil {
				t.Fatal(err)
			}
			testdb.Article(t, s, by, name+" ＡÉ％_!の件", "")
		}
		list, err := s.Departments(ctx)
		if err != nil || !slices.IsSortedFunc(list, func(a, b team.Department) int { return strings.Compare(text.Key(a.Name), text.Key(b.Name)) }) {
			t.Errorf("ordered %v, %v", list, err)
		}
		for words, want := range map[string]int{"aé": len(names), "ａÉ%_!": len(names), "%_!の": len(names), "a%の": 0, "ａlpha": 1, "ECOLE": 0, "école": 1, "_下": 1} {
			if _, total, err := s.Articles(ctx, by, store.ArticleFilter{Words: words}); err != nil || total != want {
				t.Errorf("%q finds %d, want %d, %v", words, total, want, err)
			}
		}
	})
}

// Rebind puts $1 for every question mark, and a named query takes :30 for a name,
// also inside a literal: literals with either are bound.
func TestNoLiteralInTheSQLHidesAMark(t *testing.T) {
	literal := regexp.MustCompile(`'[^'\n]*'`)
	query := regexp.MustCompile("(?s)\"(?:[^\"\\\\\n]|\\\\.)*\"|`[^`]*`")
	files := 0
	err := fs.WalkDir(os.DirFS("."), ".", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		data, err := os.ReadFile(path)
		for _, q := range query.FindAllString(string(data), -1) {
			for _, found := range literal.FindAllString(q, -1) {
				if strings.ContainsAny(found, "?:") {
					t.Errorf("%s: %s", path, found)
				}
			}
		}
		return err
	})
	if err != nil || files < 10 || literal.FindString(`"WHERE at = '12:30' AND b = ?"`) != "'12:30'" {
		t.Errorf("%d files, %v", files, err)
	}
}

// A page that asks twice sees one moment: what is saved in between shows in both
// answers or in neither.
func TestAReaderSeesOneMoment(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		stop := make(chan struct{})
		var wait sync.WaitGroup
		wait.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					if _, err := s.SaveArticle(ctx, by, sample.Article("USB"), ""); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
		for range 60 {
			list, total, err := s.Articles(ctx, by, store.ArticleFilter{})
			if err != nil || len(list) != min(total, store.PageSize) {
				t.Errorf("%d rows of %d, %v", len(list), total, err)
			}
		}
		close(stop)
		wait.Wait()
	})
}
