package search

import (
	"slices"
	"testing"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

func TestDictionaryWordsAreRecognisedAsPeopleBendThem(t *testing.T) {
	g := newGroups([]team.JargonTerm{
		{Term: "パスワードの再設定", Synonyms: team.Lines{"パスワードを忘れた"}},
		{Term: "延期", Synonyms: team.Lines{"延ばす"}},
		{Term: "OS", Synonyms: team.Lines{"基本ソフト"}},
	})
	for question, want := range map[string][]string{
		"パスワードをまた忘れてしまいました":  {"パスワードの再設定"},
		"更新をもう少し延ばしたいのですが":   {"延期"},
		"忘れ物とパスワード":          nil, // another order, other words
		"password":           nil, // "os" is no word in it
		"新しいosは入れてよいですか":     {"基本ソフト"},
		"パスワードは大切なので絶対に忘れない": nil, // too far apart
	} {
		if got := g.others(text.Fold(question)); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", question, got, want)
		}
	}
}
