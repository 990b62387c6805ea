package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"tasuki/internal/i18n"
	"tasuki/internal/jsonfile"
)

// console is where a command speaks to people, in their language.
type console struct {
	language string
	say      *i18n.Catalog
	in       io.Reader
	out, err io.Writer
}

func (t *console) languageFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&t.language, "language", languageOf(os.Getenv), "language of the text: ja or en (default: that of the terminal)")
}

// languageOf returns the language that a terminal is set to: Japanese, else English
// as with the other commands.
func languageOf(env func(string) string) string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := env(name); v != "" {
			if strings.HasPrefix(v, "ja") {
				return "ja"
			}
			return "en"
		}
	}
	return "en"
}

// open takes the streams of a command, and checks its language.
func (t *console) open(cmd *cobra.Command) (err error) {
	t.in, t.out, t.err = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr()
	if !slices.Contains(i18n.Languages, t.language) {
		return fmt.Errorf("--language is ja or en, not %q", t.language)
	}
	t.say, err = i18n.New()
	return err
}

func (t console) t(key string, args ...any) string { return t.say.T(t.language, key, args...) }

// input opens a file; - is what the command is given.
func (t console) input(path string) (io.ReadCloser, error) {
	if path == "-" {
		return io.NopCloser(t.in), nil
	}
	return os.Open(path)
}

// leftOut names the fields of a file that were not used.
func (t console) leftOut(paths []string) {
	for _, at := range paths {
		fmt.Fprintln(t.err, t.t("risk_file.left_out", "Path", printable(at)))
	}
}

// sentence says what is wrong with a file.
func (t console) sentence(err error) string {
	var p jsonfile.Problem
	var place *os.PathError
	switch {
	case errors.As(err, &p) && p.Path == "":
		return t.t("risk_file."+p.Rule, p.Args...)
	case errors.As(err, &p):
		return printable(p.Path) + ": " + t.t("risk_file."+p.Rule, p.Args...)
	case errors.As(err, &place):
		return place.Err.Error()
	}
	return err.Error()
}

// names joins names as the language does.
func (t console) names(list []string) string {
	shown := make([]string, len(list))
	for i, name := range list {
		shown[i] = printable(name)
	}
	return strings.Join(shown, t.t("risk.and"))
}

// printable returns a name without what would steer a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsPrint(r) || r == '\u3000':
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return '\uFFFD'
	}, s)
}
