package sheet

import (
	"strings"
	"testing"
)

func TestJSONObjectsBecomeRows(t *testing.T) {
	const want = "question|answer|steps|n\nUSB?|いいえ|a\nb|\nAI?|||1.50"
	for name, content := range map[string]string{
		"one to a line":      "{\"question\":\"USB?\",\"answer\":\"いいえ\",\"steps\":[\"a\",\"b\"]}\n\n{\"question\":\"AI?\",\"n\":1.50,\"answer\":null}\n",
		"an array":           "[{\"question\":\"USB?\",\"answer\":\"いいえ\",\"steps\":[\"a\",\"b\"]},\n {\"question\":\"AI?\",\"n\":1.50}]",
		"over several lines": "{\n \"question\": \"USB?\",\n \"answer\": \"いいえ\", \"steps\": [\"a\", \"b\"]\n}\n{\n \"question\": \"AI?\", \"n\": 1.50\n}",
		"with a mark":        "\ufeff{\"question\":\"USB?\",\"answer\":\"いいえ\",\"steps\":[\"a\",\"b\"]}\r\n{\"question\":\"AI?\",\"n\":1.50}",
	} {
		table := read(t, "a.jsonl", content)
		if got := grid(table); got != want || table.Format != FormatJSONL || len(table.Notes) > 0 {
			t.Errorf("%s: notes %v\n%s", name, table.Notes, got)
		}
	}
}

func TestABrokenLineOfJSONIsNamed(t *testing.T) {
	table := read(t, "a.jsonl", "{\"question\":\"a\"}\n{\"question\":\n[1]\n\"x\"\n{\"question\":\"b\",\"deep\":{\"x\":[1,2]},\"yes\":true}")
	if grid(table) != "question|deep|yes\na||\nb|{\"x\":[1,2]}|true" || kinds(table) != "bad_line bad_line bad_line" || table.Notes[2].Line != 4 || table.Rows[1].Line != 5 {
		t.Errorf("notes %v\n%s", table.Notes, grid(table))
	}
	table = read(t, "a.json", "[{\"question\":\"a\"},\n{\"question\":\"b\"},\n{\"question\":")
	if len(table.Rows) != 2 || kinds(table) != "bad_line" || table.Rows[1].Line != 2 {
		t.Errorf("%v %v", table.Rows, table.Notes)
	}
}

func TestJSONBecomesArticles(t *testing.T) {
	table := read(t, "a.jsonl", `{"question":"USB?","variants":["外部媒体は","SSDは"],"short":"いいえ。","decision":"no","steps":["1. a","2. b"],"rule":["R-03"],"topic":"媒体","id":"Q7"}`)
	in := table.Incoming(Guess(table), now)[0]
	a := in.Article
	if len(in.Problems) > 0 || a.Title != "USB?" || a.Short != "いいえ。" || a.Decision != "no" || a.Steps.String() != "a\nb" || a.Basis != "R-03" || len(a.Wordings) != 2 || in.Topics[0] != "媒体" || a.ExternalID != "Q7" {
		t.Errorf("%+v %+v", in, *a)
	}
}

func TestManyKeysAreCut(t *testing.T) {
	var line strings.Builder
	for i := range MaxColumns + 3 {
		line.WriteString(`,"` + Letter(i) + `":"x"`)
	}
	table := read(t, "a.jsonl", "{"+line.String()[1:]+"}")
	if len(table.Columns) != MaxColumns || kinds(table) != "columns_cut" || table.Notes[0].Detail != "3" {
		t.Errorf("%d columns, %v", len(table.Columns), table.Notes)
	}
}

func FuzzReadJSONL(f *testing.F) {
	for _, s := range []string{"{\"question\":\"a\"}\n{", "[{\"a\":[1,{\"b\":null}]}]", "{\n\"a\":\n\"\\ud800\"}{\"b\":1}", "[1,\"x\",{}]", "{\"a\":\"a\",\"a\":\"b\",\"\":\"\\u0000\"}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) { wellFormed(t, "a.jsonl", content) })
}
