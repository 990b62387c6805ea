package store_test

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// creates are all the ways to make a thing, each from a form with a key; count
// tells how many there are.
var creates = map[string]struct {
	make  func(s *store.Store, by team.Member, a team.Article, key string) error
	count func(s *store.Store, by team.Member, a team.Article) int
}{
	"article": {
		func(s *store.Store, by team.Member, _ team.Article, key string) error {
			_, err := s.SaveArticle(ctx, by, sample.Article("二度送った"), key)
			return err
		},
		func(s *store.Store, by team.Member, _ team.Article) int {
			_, total, _ := s.Articles(ctx, by, store.ArticleFilter{Words: "二度送った"})
			return total
		}},
	"consultation": {
		func(s *store.Store, by team.Member, _ team.Article, key string) error {
			_, err := s.SaveConsultation(ctx, by, sample.Consultation("二度送った"), key)
			return err
		}, consultations},
	"reuse": {
		func(s *store.Store, by team.Member, a team.Article, key string) error {
			u := sample.Use(a)
			u.Key = key
			_, err := s.UseArticle(ctx, by, u)
			return err
		}, consultations},
	"flag": {
		func(s *store.Store, by team.Member, a team.Article, key string) error {
			return s.FlagArticle(store.Once(ctx, by, key), by, a.ID, "古い")
		},
		func(s *store.Store, by team.Member, a team.Article) int {
			list, _ := s.Flags(ctx, by, a.ID)
			return len(list)
		}},
	"department": {
		func(s *store.Store, by team.Member, _ team.Article, key string) error {
			_, err := s.SaveDepartment(store.Once(ctx, by, key), by, sample.Department("経理部"))
			return err
		},
		func(s *store.Store, _ team.Member, _ team.Article) int {
			list, _ := s.Departments(ctx)
			return len(list)
		}},
	"topic": {
		func(s *store.Store, by team.Member, _ team.Article, key string) error {
			_, err := s.SaveTopic(store.Once(ctx, by, key), by, sample.Topic("端末"))
			return err
		},
		func(s *store.Store, _ team.Member, _ team.Article) int {
			list, _ := s.Topics(ctx)
			return len(list)
		}},
	"word": {
		func(s *store.Store, by team.Member, _ team.Article, key string) error {
			_, err := s.SaveJargon(store.Once(ctx, by, key), by, sample.Jargon("多要素認証"))
			return err
		},
		func(s *store.Store, _ team.Member, _ team.Article) int {
			list, _ := s.Jargon(ctx)
			return len(list)
		}},
	"compartment": {
		func(s *store.Store, by team.Member, _ team.Article, key string) error {
			_, err := s.SaveCompartment(store.Once(ctx, by, key), by, sample.Compartment("人事案件", by))
			return err
		},
		func(s *store.Store, by team.Member, _ team.Article) int {
			list, _ := s.Compartments(ctx, by)
			return len(list)
		}},
	"member": {
		func(s *store.Store, by team.Member, _ team.Article, key string) error {
			_, err := s.SaveMember(store.Once(ctx, by, key), by, sample.Member("twice"))
			return err
		},
		func(s *store.Store, _ team.Member, _ team.Article) int {
			list, _ := s.Members(ctx)
			n := 0
			for _, m := range list {
				if m.Email == "twice@example.com" {
					n++
				}
			}
			return n
		}},
}

func consultations(s *store.Store, by team.Member, _ team.Article) int {
	_, total, _ := s.Consultations(ctx, by, store.ConsultationFilter{})
	return total
}

// A person whose answer got lost sends the form again, or presses twice: one thing
// is made, and nobody is shown an error.
func TestAFormSentTwiceMakesOneThing(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Lead("takada"))
		a := testdb.Article(t, s, by, "USB", "")
		for what, c := range creates {
			before := c.count(s, by, a)
			var wait sync.WaitGroup
			for range 5 {
				wait.Go(func() {
					if err := c.make(s, by, a, what); err != nil {
						t.Errorf("%s, at the same moment: %v", what, err)
					}
				})
			}
			wait.Wait()
			if err := c.make(s, by, a, what); err != nil {
				t.Errorf("%s, once more: %v", what, err)
			}
			if n := c.count(s, by, a) - before; n != 1 {
				t.Errorf("%d of a %s were made", n, what)
			}
		}
	})
}

func TestAKeyIsOfNoUseToAnotherPerson(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		insider, other := testdb.Person(t, s, sample.Lead("insider")), testdb.Person(t, s, sample.Lead("other"))
		group, err := s.SaveCompartment(ctx, insider, sample.Compartment("人事案件", insider))
		if err != nil {
			t.Fatal(err)
		}
		secret := sample.Consultation("調査")
		secret.Compartment = group.ID
		first, err := s.SaveConsultation(ctx, insider, secret, "same")
		if err != nil {
			t.Fatal(err)
		}
		second, err := s.SaveConsultation(ctx, other, sample.Consultation("別件"), "same")
		if err != nil || second.ID == first.ID {
			t.Errorf("got %+v, %v", second, err)
		}
	})
}

func TestTwoClicksMakeOneArticle(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		c, err := s.SaveConsultation(ctx, by, sample.Answered("USBの件"), "")
		if err != nil {
			t.Fatal(err)
		}
		var wait sync.WaitGroup
		made := make(chan string, 6)
		for range 6 {
			wait.Go(func() {
				a, err := s.MakeArticle(ctx, by, c.ID, "USBの件")
				if err != nil {
					t.Error(err)
				}
				made <- a.ID
			})
		}
		wait.Wait()
		close(made)
		ids := map[string]bool{}
		for id := range made {
			ids[id] = true
		}
		if len(ids) != 1 {
			t.Errorf("made %d articles", len(ids))
		}
	})
}

func TestARestrictedAnswerStaysInItsGroup(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Lead("takada"))
		group, err := s.SaveCompartment(ctx, by, sample.Compartment("人事案件", by))
		if err != nil {
			t.Fatal(err)
		}
		audit, err := s.SaveCompartment(ctx, by, sample.Compartment("監査", by))
		if err != nil {
			t.Fatal(err)
		}
		secret := testdb.Article(t, s, by, "持ち出しの調査", group.ID)
		open, err := s.SaveConsultation(ctx, by, sample.Consultation("開いた相談"), "")
		if err != nil {
			t.Fatal(err)
		}
		into := sample.Use(secret)
		into.ConsultationID = open.ID
		elsewhere := sample.Use(secret)
		elsewhere.Compartment = audit.ID
		for name, u := range map[string]team.Use{"an open consultation": into, "another group": elsewhere} {
			var invalid team.Invalid
			if _, err := s.UseArticle(ctx, by, u); !errors.As(err, &invalid) {
				t.Errorf("into %s: %v", name, err)
			}
		}
		if c, err := s.UseArticle(ctx, by, sample.Use(secret)); err != nil || c.Compartment != group.ID {
			t.Errorf("a new one is as restricted as the article: %q, %v", c.Compartment, err)
		}
		if c, _ := s.Consultation(ctx, by, open.ID); c.State != team.ConsultationOpen || !c.Answer.Empty() {
			t.Errorf("something was written: %+v", c)
		}
	})
}

func TestUnknownCataloguesAreSaidNotStored(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		by := testdb.Person(t, s, sample.Member("takada"))
		for _, field := range []string{"department", "topic"} {
			c := sample.Consultation("USB")
			if field == "topic" {
				c.TopicID = "nowhere"
			} else {
				c.DepartmentID = "nowhere"
			}
			var invalid team.Invalid
			_, err := s.SaveConsultation(ctx, by, c, "")
			if !errors.As(err, &invalid) || !slices.Contains(invalid, team.Problem{Field: field, Rule: team.Unknown}) {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}
