package sample

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"tasuki/internal/team"
)

// days are moments on which the demo may be opened: month ends, leap day, new year, night.
var days = []time.Time{today, moment(2026, 8, 31, 12), moment(2027, 1, 3, 9), moment(2027, 4, 2, 0), moment(2027, 5, 6, 18), moment(2028, 2, 29, 23), moment(2026, 12, 31, 8), moment(2027, 10, 15, 15)}

func moment(y int, m time.Month, d, hour int) time.Time {
	return time.Date(y, m, d, hour, 5, 0, 0, japan)
}

// eachDay runs a test over the days above.
func eachDay(t *testing.T, test func(t *testing.T, now time.Time, c Company)) {
	for _, now := range days {
		t.Run(now.Format("2006-01-02 15h"), func(t *testing.T) { test(t, now, Demo(now)) })
	}
}

func TestTheDemoHasEverything(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		for what, n := range map[string][2]int{"members": {len(c.Members), 12}, "departments": {len(c.Departments), 8}, "topics": {len(c.Topics), 10},
			"requesters": {len(c.Requesters), 46}, "compartments": {len(c.Compartments), 2}, "articles": {len(c.Articles), 43}, "consultations": {len(c.Consultations), 128}} {
			within(t, what, n[0], n[1], n[1])
		}
		states := map[team.ArticleState]int{}
		overdue := 0
		for _, a := range c.Articles {
			states[a.State]++
			if a.Overdue(team.DateOf(now)) {
				overdue++
			}
		}
		within(t, "not verified", states[team.ArticleNotVerified], 4, 4)
		within(t, "drafts", states[team.ArticleDraft], 1, 1)
		within(t, "past their review day", overdue, 3, 3)
		flags := slices.DeleteFunc(slices.Clone(c.Flags), func(f team.Flag) bool { return f.ResolvedBy != "" })
		within(t, "open flags", len(flags), 2, 2)
	})
}

func TestEverythingIsValid(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		check := func(name string, err error) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		for _, x := range c.Members {
			check(x.Name, x.Validate())
		}
		for _, x := range c.Departments {
			check(x.Name, x.Validate())
		}
		for _, x := range c.Topics {
			check(x.Name, x.Validate())
		}
		for _, x := range c.Compartments {
			check(x.Name, x.Validate())
		}
		for _, x := range c.Articles {
			check(x.Title, x.Validate())
		}
		for _, x := range c.Consultations {
			check(x.Subject, x.Validate())
		}
	})
}

func TestEveryReferenceLeadsSomewhere(t *testing.T) {
	c := Demo(today)
	known := map[string]bool{"": true}
	add := func(id string) {
		if len(id) != 26 || known[id] {
			t.Errorf("id %q is too short or used twice", id)
		}
		known[id] = true
	}
	for _, x := range c.Members {
		add(x.ID)
	}
	for _, x := range c.Departments {
		add(x.ID)
	}
	for _, x := range c.Topics {
		add(x.ID)
	}
	for _, x := range c.Requesters {
		add(x.ID)
	}
	for _, x := range c.Compartments {
		add(x.ID)
	}
	for _, x := range c.Articles {
		add(x.ID)
	}
	for _, x := range c.Consultations {
		add(x.ID)
	}
	for i, ids := range references(c) {
		for _, id := range ids {
			if !known[id] {
				t.Errorf("thing %d refers to %q", i, id)
			}
		}
	}
}

// references lists what each thing of the demo refers to.
func references(c Company) (list [][]string) {
	for _, x := range c.Requesters {
		list = append(list, []string{x.DepartmentID})
	}
	for _, x := range c.Compartments {
		list = append(list, x.Members)
	}
	for _, x := range c.Articles {
		list = append(list, append([]string{x.Compartment, x.CreatedBy, x.UpdatedBy, x.VerifiedBy}, x.Topics...))
		for _, w := range x.Wordings {
			list = append(list, []string{w.ArticleID, w.ConsultationID})
		}
	}
	for _, x := range c.Versions {
		list = append(list, []string{x.ArticleID, x.SavedBy})
	}
	for _, x := range c.Flags {
		list = append(list, []string{x.ArticleID, x.RaisedBy, x.ResolvedBy})
	}
	for _, x := range c.Consultations {
		list = append(list, []string{x.Compartment, x.RequesterID, x.DepartmentID, x.TopicID, x.AnsweredBy, x.CreatedBy})
		for _, l := range x.Links {
			list = append(list, []string{l.ConsultationID, l.ArticleID, l.LinkedBy})
		}
	}
	return list
}

func TestTimeRunsForward(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		refs := map[string]bool{}
		for i, x := range c.Consultations {
			inOrder(t, x.Subject, x.ReceivedAt, x.FirstResponseAt, x.AnsweredAt, team.At(now))
			inOrder(t, x.Subject, x.CreatedAt, team.At(now))
			if i > 0 {
				inOrder(t, "the list", c.Consultations[i-1].ReceivedAt, x.ReceivedAt)
			}
			if refs[x.Ref] {
				t.Errorf("reference %s is used twice", x.Ref)
			}
			refs[x.Ref] = true
		}
		for _, a := range c.Articles {
			inOrder(t, a.Title, a.CreatedAt, a.VerifiedAt, a.UpdatedAt, team.At(now))
			for _, w := range a.Wordings {
				inOrder(t, a.Title, a.CreatedAt, w.AddedAt, team.At(now))
			}
		}
		for _, f := range c.Flags {
			inOrder(t, f.Note, f.RaisedAt, f.ResolvedAt, team.At(now))
		}
	})
}

// inOrder checks that moments follow each other, leaving out those that are not set.
func inOrder(t *testing.T, what string, moments ...team.Stamp) {
	t.Helper()
	var last team.Stamp
	for _, m := range moments {
		if m.IsZero() {
			continue
		}
		if m.Before(last.Time) {
			t.Errorf("%s: %s comes after %s", what, m, last)
		}
		last = m
	}
}

func TestVersionsTellTheHistoryOfTheirArticle(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		last := map[string]team.ArticleVersion{}
		for _, v := range c.Versions {
			if v.Version != last[v.ArticleID].Version+1 {
				t.Errorf("%s: version %d follows %d", v.Title, v.Version, last[v.ArticleID].Version)
			}
			inOrder(t, v.Title, last[v.ArticleID].SavedAt, v.SavedAt, team.At(now))
			last[v.ArticleID] = v
		}
		for _, a := range c.Articles {
			if v := last[a.ID]; v.Version != a.Version || !v.Answer.Equal(a.Answer) || v.State != a.State || v.ReviewDue != a.ReviewDue || v.SavedBy != a.UpdatedBy {
				t.Errorf("%s: the last version is not the article", a.Title)
			}
		}
	})
}

func TestArticlesSayWhatWasWritten(t *testing.T) {
	c := Demo(today)
	for i, q := range readQuestions() {
		a := c.Articles[i]
		if a.ID != DemoArticle(q.ID) || a.Title != q.Subject || !a.Answer.Equal(q.answer()) {
			t.Errorf("%s: the article is not what was written", q.ID)
		}
		if a.VerifiedBy != "" && a.VerifiedBy == a.CreatedBy {
			t.Errorf("%s was checked by who wrote it", q.ID)
		}
	}
}

func TestTheDemoIsTheSameAllDay(t *testing.T) {
	c, same := Demo(today), Demo(today)
	if !reflect.DeepEqual(c, same) {
		t.Error("two calls differ")
	}
	evening := Demo(today.Add(7 * time.Hour).UTC())
	moved := 0
	for i, x := range c.Consultations {
		if !reflect.DeepEqual(x, evening.Consultations[i]) {
			moved++
		}
	}
	within(t, "consultations that move with the hour", moved, 2, 2)
	if !reflect.DeepEqual(c.Articles, evening.Articles) || !reflect.DeepEqual(c.Versions, evening.Versions) {
		t.Error("articles move with the hour")
	}
}

func TestIdsStayFromDayToDay(t *testing.T) {
	ids := func(c Company) (list []string) {
		for _, x := range c.Consultations {
			list = append(list, x.ID)
		}
		for _, x := range c.Articles {
			list = append(list, x.ID)
		}
		slices.Sort(list)
		return list
	}
	if !slices.Equal(ids(Demo(days[0])), ids(Demo(days[4]))) {
		t.Error("ids differ")
	}
}
