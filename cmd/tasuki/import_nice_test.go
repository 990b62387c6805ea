package main

import (
	"encoding/json"
	"strings"
	"testing"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

const (
	niceExport = `{"response": {"elements": {"documents": [{"doc_identifier": "SP_800_181_2_2_0", "version": "2.2.0"}], "elements": [
		{"doc_identifier": "SP_800_181_2_2_0", "element_type": "work_role", "element_identifier": "PD-WRL-003", "title": "Incident Response", "text": "Responds."},
		{"doc_identifier": "SP_800_181_2_2_0", "element_type": "category", "element_identifier": "PD", "title": "Protection", "text": ""},
		{"doc_identifier": "SP_800_181_2_2_0", "element_type": "task", "element_identifier": "T1250", "title": "", "text": "Perform triage"}]}}}`
	niceCluster = `{"type": "nice-framework-tasks", "version": 1, "values": [{"description": "Perform triage", "value": "Perform triage - T1250"}]}`
)

func TestNICEIsBroughtInFromATerminal(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		export, cluster := p.file("nice.json", niceExport), p.file("tasks.json", niceCluster)
		p.expect(true, []string{"import", "nice", export, cluster, "--dry-run"}, "2 entries, 1 left out", "3 new, 0 changed, 0 the same", "Nothing was changed")
		if has, err := s.HasFrameworks(t.Context()); has || err != nil {
			t.Errorf("the trial wrote (%v)", err)
		}
		p.expect(true, []string{"import", "nice", export, cluster}, "new: NICE v2.2.0 PD-WRL-003  Incident Response", "new: NICE v1.0.0 T1250", "3 new, 0 changed, 0 the same")
		p.expect(true, []string{"import", "nice", export, cluster}, "0 new, 0 changed, 3 the same", "Nothing was changed")
		export = p.file("nice.json", strings.Replace(niceExport, "Perform triage", "Triage", 1))
		out := p.expect(true, []string{"import", "nice", export, "--json"})
		var report niceReport
		if err := json.Unmarshal([]byte(out), &report); err != nil || !report.Written || len(report.Changed) != 1 || report.Changed[0].Title != "Triage" || report.Same != 1 || report.New == nil {
			t.Errorf("%v: %s", err, out)
		}
		list, _, err := s.FrameworkEntries(t.Context(), team.Operator(), "triage")
		if err != nil || len(list) != 2 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestAFileThatIsNotNICEIsNamedAndNothingComesIn(t *testing.T) {
	programs(t, func(t *testing.T, p placed, s *store.Store) {
		good := p.file("good.json", niceCluster)
		for content, want := range map[string]string{
			`{"response": {"elements": {"elements": [{"element_type": 1}]}}}`: "response.elements.elements[0].element_type: is not a text",
			strings.Replace(niceCluster, `"version": 1`, `"version": 9`, 1):   "add --version",
			`{"type": "nice-framework-tasks", "version": 1, "values": []}`:    "it has no entries",
			"{": "line 1: it is not a JSON object",
			strings.Replace(niceCluster, "nice-framework-tasks", "mitre-attack", 1): "type: is not one of",
		} {
			p.expect(false, []string{"import", "nice", good, p.file("bad.json", content)}, "nothing was changed", "bad.json: ", want)
		}
		p.expect(false, []string{"import", "nice", good, "--version", "new"}, "a version is written like v1.0.0")
		p.expect(false, []string{"import", "nice", "missing.json"}, "missing.json")
		if has, err := s.HasFrameworks(t.Context()); has || err != nil {
			t.Errorf("something came in (%v)", err)
		}
	})
}
