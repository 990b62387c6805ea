package sheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"tasuki/internal/team"
)

// clusterOf is a MISP cluster as it is published, with these values.
func clusterOf(of string, values ...string) string {
	return `{"authors": ["NIST"], "category": "workforce", "source": "https://csrc.nist.gov/pubs/sp/800/181/r1/final", "type": "nice-framework-` + of +
		`", "values": [` + strings.Join(values, ",\n") + `], "version": 1}`
}

func valueOf(description, value string) string {
	return fmt.Sprintf(`{"description": %q, "related": [{"dest-uuid": "x", "type": "involves"}], "uuid": "y", "value": %q}`, description, value)
}

// exportOf is a CPRT export with these elements; its document says version.
func exportOf(document, version string, elements ...string) string {
	return `{"documents": [{"doc_identifier": "` + document + `", "name": "NICE", "version": "` + version + `"}],
		"relationship_types": [{"relationship_identifier": "projection"}], "elements": [` + strings.Join(elements, ",\n") + `],
		"relationships": [{"source_element_identifier": "PD-WRL-003", "dest_element_identifier": "T1250"}]}`
}

func elementOf(of, code, title, words string) string {
	return fmt.Sprintf(`{"doc_identifier": "SP_800_181_2_2_0", "element_type": %q, "element_identifier": %q, "title": %q, "text": %q}`, of, code, title, words)
}

// entries writes what was read, one entry a line.
func entries(n NICE) string {
	var lines []string
	for _, e := range n.Entries {
		lines = append(lines, strings.Join([]string{e.Framework, e.Version, e.Code, e.Kind, e.Title, e.Text}, "|"))
	}
	return strings.Join(lines, "\n")
}

func TestAClusterOfMISPIsRead(t *testing.T) {
	long := "Responsible for keeping the watch over all that happens in " + strings.Repeat("very ", 20) + "many systems."
	for _, test := range []struct{ name, of, value, want string }{
		{"a knowledge statement says one thing", "knowledges", valueOf("Knowledge of a - b", "Knowledge of a - b - K1082"), "NICE|v1.0.0|K1082|knowledge|Knowledge of a - b|"},
		{"a skill statement", "skills", valueOf("Skill in x", "Skill in x - S0136"), "NICE|v1.0.0|S0136|skill|Skill in x|"},
		{"a task", "tasks", valueOf("Do x", "Do x - T0084"), "NICE|v1.0.0|T0084|task|Do x|"},
		{"a long description is cut in its title", "work_roles", valueOf(long, long[:150]+" - PD-WRL-001"), "NICE|v1.0.0|PD-WRL-001|work_role|" + strings.TrimSpace(long[:150]) + "…|" + long},
		{"a competency area", "competency_areas", valueOf("This area", "This area - NF-COM-010"), "NICE|v1.0.0|NF-COM-010|competency_area|This area|"},
	} {
		n, err := ReadNICE([]byte(clusterOf(test.of, test.value)), "")
		if got := entries(n); err != nil || got != test.want || n.LeftOut != 0 {
			t.Errorf("%s: %v, %d left out\ngot  %s\nwant %s", test.name, err, n.LeftOut, got, test.want)
		}
	}
	n, err := ReadNICE([]byte(clusterOf("opm_codes", valueOf("x", "x - 652"))), "")
	if err != nil || len(n.Entries) != 0 || n.LeftOut != 1 {
		t.Errorf("OPM codes: %+v, %v", n, err)
	}
}

func TestAnExportOfCPRTIsReadWithAndWithoutItsEnvelope(t *testing.T) {
	export := exportOf("SP_800_181_2_2_0", "2.2.0",
		elementOf("category", "PD", "Protection and Defense", "x"), elementOf("work_role", "PD-WRL-003", "Incident  Response", "Responsible for\r\nresponding."),
		elementOf("task", "T1250", "", "Perform triage"), elementOf("task", "T1250", "", "Perform triage"), elementOf("knowledge", "K0001", "", ""),
		`{"element_type": "opm_code", "element_identifier": "531"}`)
	const want = "NICE|v2.2.0|PD-WRL-003|work_role|Incident Response|Responsible for responding.\nNICE|v2.2.0|T1250|task|Perform triage|"
	for name, content := range map[string]string{"bare": export, "in an envelope": `{"requestType": 3, "response": {"requestType": 3, "elements": ` + export + `}}`, "with a mark": "\ufeff" + export} {
		n, err := ReadNICE([]byte(content), "")
		if got := entries(n); err != nil || got != want || n.LeftOut != 3 {
			t.Errorf("%s: %v, %d left out\n%s", name, err, n.LeftOut, got)
		}
	}
}

func TestTheVersionComesFromTheFileUnlessItIsSaid(t *testing.T) {
	role := elementOf("work_role", "PD-WRL-003", "Incident Response", "")
	old := strings.ReplaceAll(role, "SP_800_181_2_2_0", "SP_800_181_rev_1")
	cluster := clusterOf("skills", valueOf("Skill in x", "Skill in x - S0136"))
	for _, test := range []struct {
		name, content, version, want string
		err                          error
	}{
		{"the document says it", exportOf("SP_800_181_2_2_0", "2.2.1", role), "", "v2.2.1", nil},
		{"the document's name says it", exportOf("SP_800_181_2_2_0", "Rev 1", role), "", "v2.2.0", nil},
		{"nothing says it", exportOf("SP_800_181_rev_1", "Rev 1", old), "", "", ErrNoVersion},
		{"the person says it", exportOf("SP_800_181_rev_1", "Rev 1", old), "2.0.0", "v2.0.0", nil},
		{"the person knows better", cluster, "v1.1.0", "v1.1.0", nil},
		{"a later cluster may be of any version", strings.Replace(cluster, `"version": 1`, `"version": 2`, 1), "", "", ErrNoVersion},
		{"not a version", cluster, "newest", "", ErrBadVersion},
	} {
		n, err := ReadNICE([]byte(test.content), test.version)
		if !errors.Is(err, test.err) || err == nil && n.Entries[0].Version != test.want {
			t.Errorf("%s: %v, %s", test.name, err, entries(n))
		}
	}
}

func TestAMistakeIsNamedWithItsPlace(t *testing.T) {
	role := elementOf("work_role", "PD-WRL-003", "Incident Response", "")
	bare := func(elements ...string) string { return exportOf("SP_800_181_2_2_0", "2.2.0", elements...) }
	for _, test := range []struct{ content, want string }{
		{"{\n\"elements\": [\n{]", "line 3: it is not a JSON object"},
		{"[]", "it is not a JSON object"},
		{"null", "it has neither"},
		{`{"type": "x"}`, "it has neither"},
		{`{"type": "mitre", "values": []}`, "type: is not one of nice-framework-…"},
		{`{"values": []}`, "type: is missing"},
		{`{"type": "nice-framework-skills", "values": [], "version": "1"}`, "version: is not a whole number"},
		{`{"response": 3}`, "response: is not an object"},
		{`{"response": {"elements": []}}`, "response.elements: is not an object"},
		{`{"response": {"elements": {"elements": {}}}}`, "response.elements.elements: is not a list"},
		{`{"response": {"elements": {"elements": [{"element_type": "task"}]}}}`, "response.elements.elements[0].element_identifier: is missing"},
		{bare(role, "null"), "elements[1]: is not an object"},
		{bare(role, strings.Replace(role, `"Incident Response"`, "3", 1)), "elements[1].title: is not a text"},
		{bare(strings.Replace(role, "SP_800_181_2_2_0", "CSF_2_0_0", 1)), "elements[0].doc_identifier: is CSF_2_0_0, which is not NICE"},
		{bare(strings.Replace(role, "PD-WRL-003", "pd 3", 1)), "elements[0].code: is not valid (pd 3)"},
		{bare(role, strings.Replace(role, "Incident", "Other", 1)), "elements[1].code: PD-WRL-003 is there a second time"},
		{bare(elementOf("task", "T1", strings.Repeat("x", team.MaxEntryTitle+1), "y")), "elements[0].title: is too long (T1)"},
		{bare(elementOf("task", "T1", "x", strings.Repeat("y", team.MaxEntryText+1))), "elements[0].text: is too long (T1)"},
		{`{"documents": [{}], "elements": []}`, "documents[0].doc_identifier: is missing"},
		{clusterOf("skills", valueOf("x", "no code")), "values[0].value: has no code after its last dash"},
		{clusterOf("skills", `{"value": "x - S1"}`), "values[0].description: is missing"},
		{"\x00\x01\x02\x03", "it is not text"},
	} {
		n, err := ReadNICE([]byte(test.content), "")
		if !errors.Is(err, ErrNotNICE) || !strings.Contains(err.Error(), test.want) || len(n.Entries) > 0 {
			t.Errorf("%.60s: got %v, want %q", test.content, err, test.want)
		}
	}
	for content, want := range map[string]error{" \n": ErrNoRows, exportOf("SP_800_181_2_2_0", "2.2.0"): ErrNoRows, strings.Repeat(" ", MaxFile+1): ErrTooLarge} {
		if _, err := ReadNICE([]byte(content), ""); !errors.Is(err, want) {
			t.Errorf("%.40q: got %v, want %v", content, err, want)
		}
	}
}

func TestAFrameworkWithoutEndIsRefused(t *testing.T) {
	values := make([]string, MaxEntries+1)
	for i := range values {
		values[i] = valueOf("x", fmt.Sprintf("x - T%d", i))
	}
	if _, err := ReadNICE([]byte(clusterOf("tasks", values...)), ""); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
	if n, err := ReadNICE([]byte(clusterOf("tasks", values[1:]...)), ""); err != nil || len(n.Entries) != MaxEntries {
		t.Errorf("%d entries, %v", len(n.Entries), err)
	}
}

func FuzzReadNICE(f *testing.F) {
	for _, s := range []string{clusterOf("work_roles", valueOf("a b", "a - PD-WRL-001")), clusterOf("opm_codes", valueOf("x", "x - 652")),
		exportOf("SP_800_181_2_2_0", "2.2.0", elementOf("task", "T1250", "", "x\x00y"), elementOf("work_role", "PD-WRL-003", "a", "\xff")),
		`{"response": {"elements": {"elements": [{}]}}}`, "{\n]", "null", "\xff\xfe{\x00}\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		n, err := ReadNICE(content, "")
		if err != nil {
			known := errors.Is(err, ErrNotNICE) || errors.Is(err, ErrNoVersion) || errors.Is(err, ErrTooLarge) || errors.Is(err, ErrNoRows)
			if !known || len(n.Entries) > 0 || !utf8.ValidString(err.Error()) {
				t.Errorf("%v with %d entries", err, len(n.Entries))
			}
			return
		}
		seen := map[string]bool{}
		for _, e := range n.Entries {
			if e.Validate() != nil || seen[e.Version+e.Code] || !utf8.ValidString(e.Title+e.Text) {
				t.Errorf("%+v", e)
			}
			seen[e.Version+e.Code] = true
		}
	})
}
