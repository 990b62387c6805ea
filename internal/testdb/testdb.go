// Package testdb opens fresh databases for tests: a SQLite file always, and a
// PostgreSQL schema where TASUKI_TEST_DATABASE_URL names a server. Asked for and
// missing fails; it never skips.
package testdb

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

// Each runs a test on a fresh store of every database asked for.
func Each(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	for name, url := range URLs(t) {
		t.Run(name, func(t *testing.T) { test(t, Open(t, url)) })
	}
}

// URLs returns the address of a fresh database by the name of its kind.
func URLs(t testing.TB) map[string]string {
	t.Helper()
	urls := map[string]string{"sqlite": filepath.Join(t.TempDir(), "tasuki.db")}
	if server := os.Getenv("TASUKI_TEST_DATABASE_URL"); server != "" {
		urls["postgres"] = schema(t, server)
	}
	return urls
}

// Open opens a store that ends with the test.
func Open(t testing.TB, url string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func schema(t testing.TB, server string) string {
	t.Helper()
	db, err := sql.Open("postgres", server)
	if err != nil {
		t.Fatal(err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatalf("TASUKI_TEST_DATABASE_URL is set, but: %v", err)
	}
	t.Cleanup(func() {
		db.Exec("DROP SCHEMA " + name + " CASCADE")
		db.Close()
	})
	separator := "?"
	if strings.Contains(server, "?") {
		separator = "&"
	}
	// A machine that others use too may take longer over a statement than people would wait.
	return server + separator + "statement_timeout=60000&search_path=" + name
}

// Person adds a member to the store.
func Person(t *testing.T, s *store.Store, m team.Member) team.Member {
	t.Helper()
	m, err := s.SaveMember(context.Background(), team.Operator(), m)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Article adds an article to the store.
func Article(t *testing.T, s *store.Store, by team.Member, title, compartment string) team.Article {
	t.Helper()
	a := sample.Article(title)
	a.Compartment = compartment
	a, err := s.SaveArticle(context.Background(), by, a, "")
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Skill adds a skill to the store, in a category of its own.
func Skill(t *testing.T, s *store.Store, by team.Member, name string) team.Skill {
	t.Helper()
	c, err := s.SaveCategory(context.Background(), by, sample.Category("分類: "+name))
	if err != nil {
		t.Fatal(err)
	}
	k, err := s.SaveSkill(context.Background(), by, sample.Skill(c, name))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// Level gives somebody a level, as it stands in the store already or anew.
func Level(t *testing.T, s *store.Store, by team.Member, today team.Date, a team.Assessment) {
	t.Helper()
	history, _, err := s.LevelHistory(context.Background(), team.Operator(), a.MemberID, a.SkillID)
	if err != nil {
		t.Fatal(err)
	}
	change := store.LevelChange{Assessment: a}
	for _, h := range history {
		if h.Kind == a.Kind && h.ReplacedOn.IsZero() {
			change.Last = h.ID
		}
	}
	if _, err := s.SaveLevels(context.Background(), by, today, []store.LevelChange{change}); err != nil {
		t.Fatal(err)
	}
}

// Company fills an empty store with a demo department.
func Company(t testing.TB, s *store.Store, d sample.Company) {
	t.Helper()
	err := s.LoadDemo(context.Background(), store.DemoData(d))
	if err != nil {
		t.Fatal(err)
	}
}

// Certificate lets a member hold a certificate of a new kind, valid until a day.
func Certificate(t testing.TB, s *store.Store, holder team.Member, name string, today, until team.Date) team.Certificate {
	t.Helper()
	k, err := s.SaveCertification(context.Background(), team.Operator(), sample.Certification(name))
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.AddCertificate(context.Background(), holder, today, team.Certificate{MemberID: holder.ID, CertificationID: k.ID},
		team.CertificatePeriod{StartsOn: today.AddDays(-700), EndsOn: until, Number: "第000123号"}, "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}
