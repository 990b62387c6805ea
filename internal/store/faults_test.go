package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"tasuki/internal/team"
)

func TestFaultsOfTheSurroundingsAreTold(t *testing.T) {
	code := func(c string) error { return fmt.Errorf("save: %w", &pq.Error{Code: pqerror.Code(c)}) }
	for _, test := range []struct {
		name string
		err  error
		want error // nil: the error stays as it is
	}{
		{"PostgreSQL's disk is full", code("53100"), ErrFull},
		{"too many connections", code("53300"), ErrUnavailable},
		{"somebody stops PostgreSQL", code("57P01"), ErrUnavailable},
		{"a statement took too long", code("57014"), ErrUnavailable},
		{"two transactions in each other's way", code("40P01"), ErrUnavailable},
		{"the connection broke", code("08006"), ErrUnavailable},
		{"a name that is taken", code("23505"), nil},
		{"a statement that is wrong", code("42601"), nil},
		{"a line without end", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, ErrUnavailable},
		{"nobody listens", &net.OpError{Op: "dial", Err: errors.New("connection refused")}, ErrUnavailable},
		{"a lost connection", fmt.Errorf("begin: %w", driver.ErrBadConn), ErrUnavailable},
		{"half an answer", io.ErrUnexpectedEOF, ErrUnavailable},
		{"what a person can act on", team.ErrStale, nil},
		{"nothing", nil, nil},
	} {
		got := classify(test.err)
		if test.want != nil && !errors.Is(got, test.want) || !errors.Is(got, test.err) {
			t.Errorf("%s: %v", test.name, got)
		}
		if test.want == nil && (errors.Is(got, ErrFull) || errors.Is(got, ErrUnavailable)) {
			t.Errorf("%s is taken for a fault of the surroundings: %v", test.name, got)
		}
	}
}

// A real file that may not grow, and one that somebody else holds.
func TestAFullOrHeldFileIsTold(t *testing.T) {
	ctx := context.Background()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "tasuki.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	save := func(ctx context.Context) error {
		long := make([]rune, 4000)
		for i := range long {
			long[i] = 'あ'
		}
		_, err := s.SaveArticle(ctx, team.Operator(), team.Article{Title: "USB", Answer: team.Answer{Short: "はい", Reason: string(long)}, State: team.ArticleDraft, Audience: team.AudienceCompany}, "")
		return err
	}
	if err := save(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.writer.Exec("PRAGMA max_page_count = 1"); err != nil { // not below what there is
		t.Fatal(err)
	}
	for range 50 {
		if err = save(ctx); err != nil {
			break
		}
	}
	if !errors.Is(err, ErrFull) {
		t.Errorf("a full file: %v", err)
	}
	if list, total, err := s.Articles(ctx, team.Operator(), ArticleFilter{}); err != nil || total != len(list) || total == 0 {
		t.Errorf("reading goes on: %d, %v", total, err)
	}
	if _, err := s.writer.Exec("PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	if err := save(ctx); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestEmptyListsAskNothing(t *testing.T) {
	ctx, by := context.Background(), team.Operator()
	s, err := Open(ctx, filepath.Join(t.TempDir(), "tasuki.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	articles, err1 := s.ArticlesByID(ctx, by, nil)
	usages, err2 := s.Usages(ctx, by, nil)
	consultations, err3 := s.ConsultationsByID(ctx, by, nil)
	docs, err4 := s.Documents(ctx, nil)
	if err := errors.Join(err1, err2, err3, err4); err != nil || len(articles)+len(usages)+len(consultations)+len(docs) > 0 {
		t.Error(err)
	}
}
