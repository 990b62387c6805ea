package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tasuki/internal/sample"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// Three people hold a certificate that the department needs one of; one of them goes
// on leave the day after the second one's ends.
func TestTheRiskPageForeseesTheDayWithoutACertificate(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		s.Now = func() time.Time { return time.Date(2026, 9, 1, 3, 0, 0, 0, time.UTC) }
		w := newWorld(t, s, "http://example.com")
		today, lead := team.Date{Year: 2026, Month: 9, Day: 1}, w.people["lead"]
		a, b, c := testdb.Person(t, s, sample.Member("Aoi")), testdb.Person(t, s, sample.Member("Ben")), testdb.Person(t, s, sample.Member("Chie"))
		testdb.Skill(t, s, lead, "フォレンジック")
		k := sample.Certification("支援士")
		k.Minimum = 1
		k, err := s.SaveCertification(ctx, lead, k)
		if err != nil {
			t.Fatal(err)
		}
		for who, ends := range map[string]string{a.ID: "2026-09-30", b.ID: "2027-03-31", c.ID: "2028-03-31"} {
			last, _ := team.ParseDate(ends)
			if _, err := s.AddCertificate(ctx, lead, today, team.Certificate{MemberID: who, CertificationID: k.ID}, team.CertificatePeriod{StartsOn: last.AddDays(1).AddMonths(-36), EndsOn: last}, ""); err != nil {
				t.Fatal(err)
			}
		}
		leave := team.Absence{MemberID: c.ID, Kind: team.Leave, StartsOn: team.Date{Year: 2027, Month: 4, Day: 1}, EndsOn: team.Date{Year: 2027, Month: 9, Day: 30}}
		if _, err := s.SaveAbsence(ctx, lead, leave); err != nil {
			t.Fatal(err)
		}
		page := w.as("lead").ask(http.MethodGet, "/risk", nil)
		if page.code != http.StatusOK || !strings.Contains(page.words(), "2027年4月1日（木）に足りなくなります") || !strings.Contains(page.words(), "Benさんの資格の期限が切れます") || !strings.Contains(page.words(), "Chieさんが休みに入ります") {
			t.Errorf("%d, %s", page.code, page.words())
		}
		if said := w.as("member").ask(http.MethodGet, "/risk", nil).words(); strings.Contains(said, "2027年4月1日") || !strings.Contains(said, "支援士") {
			t.Errorf("a member is told of leave: %s", said)
		}
		answer := w.as("lead").ask(http.MethodGet, "/risk/what-if?to=2026-09-20&member="+a.ID, nil).words()
		if !strings.Contains(answer, "3人 → 2人") {
			t.Errorf("what if Aoi leaves: %s", answer)
		}
		if list := w.as("lead").ask(http.MethodGet, "/risk/hand-over?member="+a.ID, nil).words(); !strings.Contains(list, "支援士") {
			t.Errorf("the hand-over list: %s", list)
		}
	})
}
