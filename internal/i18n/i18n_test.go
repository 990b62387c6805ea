package i18n

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
)

func newCatalog(t *testing.T) *Catalog {
	t.Helper()
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestT(t *testing.T) {
	c := newCatalog(t)
	for _, test := range []struct {
		name, language, key string
		args                []any
		want                string
	}{
		{"a sentence in Japanese", "ja", "common.save", nil, "保存する"},
		{"the same sentence in English", "en", "common.save", nil, "Save"},
		{"a placeholder is filled", "en", "invalid.too_long", []any{"Limit", 60}, "Please keep this to 60 characters or fewer."},
		{"one thing is singular in English", "en", "common.times", []any{"Count", 1}, "1 time"},
		{"two things are plural in English", "en", "common.times", []any{"Count", 2}, "2 times"},
		{"Japanese has one form", "ja", "common.times", []any{"Count", 1}, "1回"},
		{"an unknown language speaks Japanese", "fr", "common.save", nil, "保存する"},
		{"a missing key comes back", "en", "common.no_such_key", nil, "common.no_such_key"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := c.T(test.language, test.key, test.args...); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// sentences returns key → placeholders used anywhere in its forms.
func sentences(t *testing.T, language string) map[string]string {
	t.Helper()
	files, err := fs.Glob(locales, "locales/*."+language+".toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files for %s: %v", language, err)
	}
	all := map[string]string{}
	for _, file := range files {
		data, err := locales.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var raw map[string]any
		if err := toml.Unmarshal(data, &raw); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for key, value := range raw {
			other := value
			if forms, ok := value.(map[string]any); ok {
				other = forms["other"]
			}
			if strings.TrimSpace(fmt.Sprint(other)) == "" {
				t.Errorf("%s: %s is empty", file, key)
			}
			if !keyPattern.MatchString(key) {
				t.Errorf("%s: %q is not noun.words in small letters", file, key)
			}
			found := placeholder.FindAllString(fmt.Sprint(other), -1)
			slices.Sort(found)
			all[key] = strings.Join(slices.Compact(found), " ")
		}
	}
	return all
}

var keyPattern = regexp.MustCompile(`^[a-z_]+(\.[a-z0-9_]+)+$`)

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	ja, en := sentences(t, "ja"), sentences(t, "en")
	for _, key := range slices.Sorted(maps.Keys(ja)) {
		if other, ok := en[key]; !ok {
			t.Errorf("%s is missing in English", key)
		} else if other != ja[key] {
			t.Errorf("%s: placeholders differ: ja %s, en %s", key, ja[key], other)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := ja[key]; !ok {
			t.Errorf("%s is missing in Japanese", key)
		}
	}
}

// plain are words that the tone rules replace by plainer ones.
var avoided = []string{"ダッシュボード", "エスカレーション", "アサイン", "ステータス", "レビュー", "ナレッジ", "ユーザー", "チケット", "遅延", "属人化"}

func TestEverySentenceWithANumberIsSaidOfOneToo(t *testing.T) {
	c := newCatalog(t)
	for _, language := range []string{"ja", "en"} {
		for key, sentence := range sentences(t, language) {
			if strings.Contains(fmt.Sprint(sentence), "{{.Count}}") && c.T(language, key, "Count", 1) == key {
				t.Errorf("%s says nothing of one in %s", key, language)
			}
		}
	}
}

func TestJapaneseUsesPlainWords(t *testing.T) {
	files, err := fs.Glob(locales, "locales/*.ja.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := locales.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range avoided {
			if strings.Contains(string(data), word) {
				t.Errorf("%s says %s", file, word)
			}
		}
	}
}

// shared are the nouns of the domain and of every page: they are complete even
// where no page shows one of them yet.
var shared = []string{"common", "role", "decision", "article_state", "consultation_state", "audience", "channel", "link_kind",
	"reader_level", "invalid", "box", "error"}

var (
	templateKey = regexp.MustCompile("[ ({.]T \"([^\"]+)\"")
	codeKey     = regexp.MustCompile(`[.]T\("([a-z_0-9.]+)"[,)]`)
	wordPrefix  = regexp.MustCompile(`Word[ (]"([a-z_]+)"`)
	stringText  = regexp.MustCompile(`"([a-z_]+\.[a-z0-9_.]*)"`)
)

// used returns the keys that are asked for by name, every text that looks like
// a key or the beginning of one, and where.
func used(t *testing.T) (asked, mentioned map[string]string) {
	t.Helper()
	asked, mentioned = map[string]string{}, map[string]string{}
	for _, root := range []string{"../../views", "../web", "../jobs", "../../cmd/tasuki"} {
		err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(file, "_test.go") {
				return err
			}
			if ext := filepath.Ext(file); ext != ".html" && ext != ".go" {
				return nil
			}
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			for _, pattern := range []*regexp.Regexp{templateKey, codeKey} {
				for _, m := range pattern.FindAllStringSubmatch(string(data), -1) {
					asked[m[1]] = file
				}
			}
			for _, m := range stringText.FindAllStringSubmatch(string(data), -1) {
				mentioned[m[1]] = file
			}
			for _, m := range wordPrefix.FindAllStringSubmatch(string(data), -1) {
				mentioned[m[1]+"."] = file
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return asked, mentioned
}

func TestEveryKeyThatAPageAsksForExists(t *testing.T) {
	c := newCatalog(t)
	asked, _ := used(t)
	if len(asked) < 20 {
		t.Fatalf("found only %d keys in pages: the search for them is broken", len(asked))
	}
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		if strings.HasSuffix(key, ".") {
			continue
		}
		if !c.Has("ja", key) {
			t.Errorf("%s (asked for in %s) does not exist", key, asked[key])
		}
	}
}

func TestNoKeyIsLeftOver(t *testing.T) {
	_, mentioned := used(t)
	for _, key := range slices.Sorted(maps.Keys(sentences(t, "ja"))) {
		if noun, _, _ := strings.Cut(key, "."); slices.Contains(shared, noun) || mentioned[key] != "" {
			continue
		}
		begun := false
		for i, r := range key {
			begun = begun || r == '.' && mentioned[key[:i+1]] != ""
		}
		if !begun {
			t.Errorf("%s is used nowhere", key)
		}
	}
}
