// Package i18n holds every sentence that people read, in Japanese and English:
// one file per noun and language in locales/. A key means the same in both
// languages; the tests see to it that neither language lacks one.
package i18n

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed locales/*.toml
var locales embed.FS

// Languages lists the languages of the interface, the default first.
var Languages = []string{"ja", "en"}

// Catalog answers with sentences. It is safe for use by several goroutines.
type Catalog struct {
	speakers map[string]*i18n.Localizer
	keys     map[string]map[string]bool // language → key
}

// New reads all sentences; it fails on a file that cannot be read or that names
// a language other than those in Languages.
func New() (*Catalog, error) {
	c := &Catalog{speakers: map[string]*i18n.Localizer{}, keys: map[string]map[string]bool{}}
	bundles := map[string]*i18n.Bundle{}
	for _, l := range Languages {
		// A bundle per language: a sentence missing in one must not appear in the other.
		bundles[l] = i18n.NewBundle(language.MustParse(l))
		bundles[l].RegisterUnmarshalFunc("toml", toml.Unmarshal)
		c.speakers[l] = i18n.NewLocalizer(bundles[l], l)
		c.keys[l] = map[string]bool{}
	}
	files, err := fs.Glob(locales, "locales/*.toml")
	if err != nil {
		return nil, fmt.Errorf("list sentences: %w", err)
	}
	for _, file := range files {
		if err := c.load(bundles, file); err != nil {
			return nil, err
		}
	}
	return c, nil
}

func (c *Catalog) load(bundles map[string]*i18n.Bundle, file string) error {
	parts := strings.Split(path.Base(file), ".")
	if len(parts) != 3 || bundles[parts[1]] == nil {
		return fmt.Errorf("sentences %s: want <noun>.<ja|en>.toml", file)
	}
	read, err := bundles[parts[1]].LoadMessageFileFS(locales, file)
	if err != nil {
		return fmt.Errorf("sentences %s: %w", file, err)
	}
	for _, m := range read.Messages {
		if c.keys[parts[1]][m.ID] {
			return fmt.Errorf("sentences %s: %s is there twice", file, m.ID)
		}
		c.keys[parts[1]][m.ID] = true
		if m.One == "" { // a sentence that is the same for one; it would not be found for one
			m.One = m.Other
		}
	}
	if err := bundles[parts[1]].AddMessages(language.MustParse(parts[1]), read.Messages...); err != nil {
		return fmt.Errorf("sentences %s: %w", file, err)
	}
	return nil
}

// T returns the sentence of a key. args are name, value pairs for its
// placeholders ({{.Name}}); an int named "Count" also chooses singular or plural.
// A key that does not exist comes back as it is.
func (c *Catalog) T(language, key string, args ...any) string {
	if !c.Has(language, key) {
		return key
	}
	config := i18n.LocalizeConfig{MessageID: key}
	if len(args) > 0 {
		values := make(map[string]any, len(args)/2)
		for i := 0; i+1 < len(args); i += 2 {
			values[fmt.Sprint(args[i])] = args[i+1]
		}
		config.TemplateData = values
		if n, ok := values["Count"].(int); ok {
			config.PluralCount = n
		}
	}
	sentence, err := c.speakers[c.known(language)].Localize(&config)
	if err != nil {
		return key
	}
	return sentence
}

// Has tells whether a key exists in a language.
func (c *Catalog) Has(language, key string) bool { return c.keys[c.known(language)][key] }

// known returns the language, or the default one for a language we do not have.
func (c *Catalog) known(language string) string {
	if c.speakers[language] == nil {
		return Languages[0]
	}
	return language
}
