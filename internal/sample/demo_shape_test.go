package sample

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tasuki/internal/team"
)

// halves splits the answered consultations of the whole department at the day on
// which the department began to answer with articles.
func halves(now time.Time, c Company) (early, later []team.Consultation) {
	launch := at(newBuilder(now).launch, 0)
	for _, x := range c.Consultations {
		switch {
		case x.Compartment != "" || x.State != team.ConsultationAnswered:
		case x.ReceivedAt.Before(launch):
			early = append(early, x)
		default:
			later = append(later, x)
		}
	}
	return early, later
}

// hours returns the median of the working hours to the answer.
func hours(list []team.Consultation) float64 {
	var all []float64
	for _, x := range list {
		all = append(all, workBetween(x.ReceivedAt.Time, x.AnsweredAt.Time).Hours())
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// share returns which part of the consultations is as asked.
func share(list []team.Consultation, is func(team.Consultation) bool) float64 {
	n := 0
	for _, x := range list {
		if is(x) {
			n++
		}
	}
	return float64(n) / float64(len(list))
}

func linked(x team.Consultation) bool { return len(x.Links) > 0 }

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if got < want-tolerance || got > want+tolerance {
		t.Errorf("%s: got %.2f, want %.2f ± %.2f", what, got, want, tolerance)
	}
}

func TestTheYearHasTheShapeOfADepartmentThatLearns(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		early, later := halves(now, c)
		within(t, "answered in the year", len(early)+len(later), 120, 120)
		near(t, "reused early", share(early, linked), 0, 0)
		near(t, "reused later", share(later, linked), 0.44, 0.03)
		near(t, "median hours early", hours(early), 11, 1)
		near(t, "median hours later", hours(later), 2.7, 0.8)
		near(t, "answers of the busiest early", busiest(early), 0.22, 0.06)
		near(t, "answers of the busiest later", busiest(later), 0.15, 0.06)
		near(t, "sales", share(append(early, later...), func(x team.Consultation) bool { return x.DepartmentID == departmentID("営業部") }), 0.24, 0.03)
		near(t, "within working hours", share(append(early, later...), inHours), 0.94, 0.05)
	})
}

// busiest returns the share of answers of whoever answered most.
func busiest(list []team.Consultation) float64 {
	most := 0
	count := map[string]int{}
	for _, x := range list {
		count[x.AnsweredBy]++
		most = max(most, count[x.AnsweredBy])
	}
	return float64(most) / float64(len(list))
}

func inHours(x team.Consultation) bool {
	return workBetween(x.ReceivedAt.Time, x.ReceivedAt.Add(time.Minute)) == time.Minute
}

func TestMonthsHaveTheirVolumes(t *testing.T) {
	count := map[time.Month]int{}
	year := slots(team.Date{Year: 2027, Month: time.April, Day: 1})
	for _, v := range year {
		count[v.at.Month()]++
	}
	for m := time.January; m <= time.December; m++ {
		within(t, m.String(), count[m], volumes[m-1], volumes[m-1])
	}
	within(t, "the year", len(year), 120, 120)
}

func TestEveryQuestionCameAtLeastOnce(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		asked := map[string]bool{}
		for _, x := range c.Consultations {
			asked[x.Subject] = true
		}
		for _, q := range newBuilder(now).questions {
			if !asked[q.Subject] {
				t.Errorf("%s never came", q.Subject)
			}
		}
	})
}

func TestSilentDepartmentsHaveNotAskedForALongTime(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		for name, silence := range map[string]int{"経理部": 95, "品質保証部": 118} {
			var last time.Time
			for _, x := range c.Consultations {
				if x.DepartmentID == departmentID(name) {
					last = x.ReceivedAt.Time
				}
			}
			within(t, name+" days", int(at(team.DateOf(now), 0).Sub(last).Hours()/24), silence-1, silence+14)
		}
	})
}

func TestTheDemoHasWhatItSetsOutToMend(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		early, later := halves(now, c)
		flatNo := func(x team.Consultation) bool { return x.Decision == team.DecisionNo && x.Alternative == "" }
		near(t, "flat no early", share(early, flatNo)*float64(len(early)), 2, 0)
		near(t, "flat no later", share(later, flatNo), 0, 0)
		oldRule := func(x team.Consultation) bool { return strings.Contains(x.Basis, "2019年4月版") }
		near(t, "answers by the old rule", share(early, oldRule)*float64(len(early)), 2, 0)
		open, long := 0, 0
		for _, x := range c.Consultations {
			if x.State == team.ConsultationOpen {
				open++
				if workBetween(x.ReceivedAt.Time, now) > 15*time.Hour {
					long++
				}
			}
		}
		within(t, "open", open, 6, 6)
		within(t, "open for too long", long, 1, 1)
	})
}

func TestReusedAnswersKeepTheWordsOfTheAsker(t *testing.T) {
	c := Demo(today)
	kept := map[string]int{}
	for _, a := range c.Articles {
		for _, w := range a.Wordings {
			kept[w.ConsultationID]++
			if strings.Contains(w.Text, "お世話になって") || strings.Contains(w.Text, "よろしくお願い") || strings.Contains(w.Text, "内線 4") {
				t.Errorf("%s: %q", a.Title, w.Text)
			}
		}
	}
	for _, x := range c.Consultations {
		if x.Compartment == "" && linked(x) && kept[x.ID] != 1 {
			t.Errorf("%s: its words are kept %d times", x.Subject, kept[x.ID])
		}
	}
}

func TestNobodyAnswersBeforeTheyJoined(t *testing.T) {
	eachDay(t, func(t *testing.T, now time.Time, c Company) {
		joined := map[string]team.Date{}
		for _, m := range c.Members {
			joined[m.ID] = m.JoinedOn
		}
		for _, x := range c.Consultations {
			if x.AnsweredBy != "" && team.DateOf(x.AnsweredAt.Time).Before(joined[x.AnsweredBy]) {
				t.Errorf("%s was answered too early", x.Subject)
			}
		}
	})
}

func TestCompartmentsKeepTheirOwn(t *testing.T) {
	c := Demo(today)
	count := map[string]int{}
	for _, a := range c.Articles {
		count[a.Compartment]++
	}
	for _, x := range c.Consultations {
		count[x.Compartment]++
		if x.Compartment != "" && x.AnsweredBy != "" && !slices.Contains(groupOf(c, x.Compartment).Members, x.AnsweredBy) {
			t.Errorf("%s was answered from outside", x.Subject)
		}
	}
	within(t, "人事案件", count[compartmentID("hr-cases")], 4, 4)
	within(t, "事故対応中", count[compartmentID("incident")], 1, 1)
}

func groupOf(c Company, id string) team.Compartment {
	for _, g := range c.Compartments {
		if g.ID == id {
			return g
		}
	}
	return team.Compartment{}
}
