package main

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tasuki/internal/risk"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/testdb"
)

// demoMap returns the skill map of today in a fresh demo department, as its lead sees it.
func demoMap(t *testing.T, s *store.Store) team.SkillMap {
	t.Helper()
	if err := fill(context.Background(), s, true); err != nil {
		t.Fatal(err)
	}
	m, err := s.SkillMap(context.Background(), team.Operator(), team.DateOf(time.Now().In(time.FixedZone("JST", 9*60*60))))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func demoRisk(m team.SkillMap) risk.Department {
	var names []string
	for _, person := range m.Members {
		names = append(names, person.Name)
	}
	var skills []risk.Skill
	for _, k := range m.Skills {
		skills = append(skills, risk.Skill{ID: k.Name, Required: int(k.RequiredLevel), Minimum: k.Minimum, Critical: k.Critical, Weight: float64(k.Weight)})
	}
	return risk.New(names, skills, func(who, skill int) int { return int(m.Cells[skill][who].On(m.Day)) })
}

func TestTheDemoDepartmentHasTheRisksItIsWrittenWith(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		m := demoMap(t, s)
		d := demoRisk(m)
		if len(m.Categories) != 6 || len(m.Skills) != 30 || len(m.Members) != 12 {
			t.Fatalf("%d categories, %d skills, %d members", len(m.Categories), len(m.Skills), len(m.Members))
		}
		taken, wanted := d.Seats()
		if c := d.Coverage(); taken != 51 || wanted != 63 || c < .80945 || c > .80955 {
			t.Errorf("%d of %d places, coverage %.4f", taken, wanted, c)
		}
		if met := len(d.Skills) - len(d.Below()); met != 20 {
			t.Errorf("%d skills have enough people, want 20", met)
		}
		var holders [6]int
		for i, k := range m.Skills {
			n := m.Totals[i].Holders(k.RequiredLevel)
			if n != len(d.Skills[i].Holders) {
				t.Errorf("%s: %d in the totals, %d in the cells", k.Name, n, len(d.Skills[i].Holders))
			}
			holders[n]++
		}
		if holders != [6]int{2, 8, 11, 4, 4, 1} {
			t.Errorf("skills by how many hold them: %v", holders)
		}
	})
}

// alone is who alone holds a skill of the demo department.
var alone = map[string]string{"法令・個人情報保護": "渡邉", "クラウド・SaaS審査": "山崎", "フォレンジック": "髙田", "マルウェア解析": "髙田", "ネットワーク": "𠮷田",
	"Web診断": "グエン", "自動化・スクリプト": "グエン", "工場・制御システム": "中島"}

func TestTheDemoDepartmentHangsOnThoseItIsWrittenWith(t *testing.T) {
	testdb.Each(t, func(t *testing.T, s *store.Store) {
		d := demoRisk(demoMap(t, s))
		var nobody []string
		for _, h := range d.Skills {
			switch {
			case len(h.Holders) == 0:
				nobody = append(nobody, h.ID)
			case (len(h.Holders) == 1) != (alone[h.ID] != ""):
				t.Errorf("%s: %v", h.ID, d.Names(h.Holders))
			case len(h.Holders) == 1 && !strings.Contains(d.Members[h.Holders[0]], alone[h.ID]):
				t.Errorf("%s hangs on %s, want %s", h.ID, d.Members[h.Holders[0]], alone[h.ID])
			}
		}
		if !slices.Equal(nobody, []string{"生成AIの安全利用", "暗号・鍵管理"}) {
			t.Errorf("nobody holds %v", nobody)
		}
	})
}
