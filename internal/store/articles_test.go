package store_test

import (
	"errors"
	"slices"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// titles lists what a filter finds, in its order.
func titles(t *testing.T, s *store.Store, by team.Member, f store.ArticleFilter) []string {
	t.Helper()
	list, total, err := s.Articles(ctx, by, f)
	if err != nil || total != len(list) {
		t.Fatalf("%d of %d, %v", len(list), total, err)
	}
	var names []string
	for _, a := range list {
		names = append(names, a.Title)
	}
	return names
}

func TestTheShelfIsSortedAndNarrowed(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		insider, outsider := testdb.Person(t, s, sample.Lead("insider")), testdb.Person(t, s, sample.Lead("outsider"))
		group, err := s.SaveCompartment(ctx, insider, team.Compartment{Name: "人事案件"})
		if err != nil {
			t.Fatal(err)
		}
		usb, sns, vpn := testdb.Article(t, s, insider, "USBメモリ", ""), testdb.Article(t, s, insider, "SNSの投稿", ""), testdb.Article(t, s, insider, "VPNの申請", "")
		// SNS is used twice where only the group sees it, VPN once where all do.
		for _, use := range []struct {
			article     team.Article
			compartment string
		}{{sns, group.ID}, {sns, group.ID}, {vpn, ""}} {
			u := sample.Use(use.article)
			u.Key, u.Compartment = "", use.compartment
			if _, err := s.UseArticle(ctx, insider, u); err != nil {
				t.Fatal(err)
			}
		}
		if got := titles(t, s, insider, store.ArticleFilter{Sort: store.SortUsed}); !slices.Equal(got, []string{"SNSの投稿", "VPNの申請", "USBメモリ"}) {
			t.Errorf("most used, for the group: %v", got)
		}
		if got := titles(t, s, outsider, store.ArticleFilter{Sort: store.SortUsed}); got[0] != "VPNの申請" {
			t.Errorf("the order tells others about uses that they may not see: %v", got)
		}
		if got := titles(t, s, insider, store.ArticleFilter{Sort: store.SortTitle}); !slices.Equal(got, []string{"SNSの投稿", "USBメモリ", "VPNの申請"}) {
			t.Errorf("by title: %v", got)
		}
		if err := s.FlagArticle(ctx, insider, usb.ID, "古い"); err != nil {
			t.Fatal(err)
		}
		if got := titles(t, s, insider, store.ArticleFilter{Flagged: true}); !slices.Equal(got, []string{"USBメモリ"}) {
			t.Errorf("flagged: %v", got)
		}
		if got := titles(t, s, insider, store.ArticleFilter{AnyWord: []string{"vpn", "100%", "投稿"}, Sort: store.SortTitle}); !slices.Equal(got, []string{"SNSの投稿", "VPNの申請"}) {
			t.Errorf("with any of the words: %v", got)
		}
	})
}

func TestAnOldVersionIsRestoredAsANewOne(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		a := testdb.Article(t, s, by, "USBメモリ", "")
		first := a.Short
		a.Short, a.State = "別の答え", team.ArticleVerified
		a, err := s.SaveArticle(ctx, by, a, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.RestoreArticle(ctx, by, a.ID, 1, 1); !errors.Is(err, team.ErrStale) {
			t.Errorf("from a page that is behind: %v", err)
		}
		if err := s.RestoreArticle(ctx, by, a.ID, 7, a.Version); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("a version that never was: %v", err)
		}
		if err := s.RestoreArticle(ctx, by, a.ID, 1, a.Version); err != nil {
			t.Fatal(err)
		}
		if a, err = s.Article(ctx, by, a.ID); err != nil || a.Short != first || a.Version != 3 || a.State != team.ArticleNotVerified {
			t.Errorf("restored %+v, %v", a, err)
		}
		viewer := testdb.Person(t, s, team.Member{Name: "監査", Email: "audit@example.com", Role: team.RoleViewer, Language: "ja", Active: true})
		if err := s.RestoreArticle(ctx, viewer, a.ID, 2, a.Version); !errors.Is(err, team.ErrForbidden) {
			t.Errorf("a viewer: %v", err)
		}
	})
}

func TestAWordingThatDoesNotFitIsRemoved(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		a, other := testdb.Article(t, s, by, "USBメモリ", ""), testdb.Article(t, s, by, "SNS", "")
		if _, err := s.UseArticle(ctx, by, sample.Use(a)); err != nil {
			t.Fatal(err)
		}
		a, _ = s.Article(ctx, by, a.ID)
		if err := s.RemoveWording(ctx, by, other.ID, a.Wordings[0].ID); !errors.Is(err, team.ErrNotFound) {
			t.Errorf("a wording of another article: %v", err)
		}
		before, _ := s.LastChange(ctx)
		if err := s.RemoveWording(ctx, by, a.ID, a.Wordings[0].ID); err != nil {
			t.Fatal(err)
		}
		after, _ := s.LastChange(ctx)
		if a, _ = s.Article(ctx, by, a.ID); len(a.Wordings) != 0 || after == before {
			t.Errorf("left %+v; the search was told: %v", a.Wordings, after != before)
		}
	})
}
