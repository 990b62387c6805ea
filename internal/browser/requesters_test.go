package browser

import "testing"

func TestWhoAskedBeforeBringsTheirDepartment(t *testing.T) {
	b := signedIn(t, laptop, "ja", "髙田")
	b.visit("/consultations/new")
	known := `[...document.querySelector("#requesters").options].find((o, i, all) => o.dataset.department && all.filter((x) => x.value === o.value).length === 1)`
	name, department := b.eval(known+".value"), b.eval(known+".dataset.department")
	b.fill("#field-requester", name)
	b.until("document.querySelector('#field-department').value === '" + department + "'")
	b.eval("(document.querySelector('#field-department').value = '', '')")
	b.fill("#field-requester", "はじめての人")
	if got := b.value("#field-department"); got != "" {
		t.Errorf("somebody new is in %q", got)
	}
	b.accessible("the form with names to choose from")
}
