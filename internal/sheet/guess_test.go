package sheet

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tasuki/internal/text"
)

func TestNoHeadingStandsForTwoFields(t *testing.T) {
	seen := map[string]Field{}
	for field, list := range headings {
		for _, one := range append(strings.Split(list, "|"), string(field)) {
			if other, known := seen[text.Key(one)]; known && other != field {
				t.Errorf("%q is %s and %s", one, field, other)
			}
			seen[text.Key(one)] = field
		}
	}
}

func TestHeadingsAsPeopleWriteThem(t *testing.T) {
	for heading, want := range map[string]Field{
		"質問": FieldTitle, "■ 質問（必須）": FieldTitle, "【質問】": FieldTitle, "Question": FieldTitle, "QUESTION*": FieldTitle, "１．質問内容": FieldTitle, "想定される質問": FieldTitle, "Q": FieldTitle, "Q.": FieldNone,
		"回答": FieldAnswer, "回答１": FieldAnswer, "標準的な回答": FieldAnswer, "Answer": FieldAnswer, "Standard answer": FieldAnswer, "短い答え": FieldShort, "結論": FieldShort,
		"理由": FieldReason, "メリット": FieldMerit, "よい点": FieldMerit, "ﾃﾞﾒﾘｯﾄ": FieldDemerit, "困る点": FieldDemerit, "手順①": FieldSteps, "してほしいこと": FieldSteps, "代わりの方法": FieldAlternative,
		"期限": FieldDue, "期限の理由": FieldDueReason, "根拠": FieldBasis, "見直し日": FieldReviewDue, "状態": FieldState, "公開範囲": FieldAudience, "キーワード": FieldKeywords, "カテゴリー": FieldTopics, "質問カテゴリ": FieldTopics,
		"管理番号": FieldExternalID, "受付\n番号": FieldExternalID, "お問い合わせ内容": FieldText, "質問者の部署": FieldDepartment, "所属（部署）": FieldDepartment, "質問者": FieldRequester, "お名前": FieldRequester,
		"受付日時": FieldReceivedAt, "Received at": FieldReceivedAt, "received_at": FieldReceivedAt, "回答日": FieldAnsweredAt, "回答者": FieldAnsweredBy, "セキュリティ担当者名": FieldAnsweredBy, "返信文": FieldReply, "件名": FieldSubject,
		"備考": FieldNone, "No.": FieldNone, "": FieldNone, "価格": FieldNone, "Unanswered": FieldNone, "Faq": FieldTitle, strings.Repeat("質問", 30): FieldNone,
	} {
		if got, _ := fieldOf(heading); got != want {
			t.Errorf("%q: got %q, want %q", heading, got, want)
		}
	}
}

func TestColumnsAreGuessed(t *testing.T) {
	for name, c := range map[string]struct {
		content string
		kind    Kind
		fields  []Field
	}{
		"a list of questions":       {"No,質問,回答,備考\n1,USBは使えますか,いいえ,x\n2,AIは,はい,", Articles, []Field{"", FieldTitle, FieldAnswer, ""}},
		"a list with real ids":      {"ID,Question,Answer\nFAQ-1,USB?,No\nFAQ-7,AI?,Yes", Articles, []Field{FieldExternalID, FieldTitle, FieldAnswer}},
		"ids that only count":       {"ID,質問,回答\n001,USBは,いいえ\n002,AIは,はい", Articles, []Field{"", FieldTitle, FieldAnswer}},
		"the boxes":                 {"質問,短い答え,理由,手順1,手順2,状態\na,b,c,d,e,確認済み", Articles, []Field{FieldTitle, FieldShort, FieldReason, FieldSteps, FieldSteps, FieldState}},
		"a log of cases":            {"受付日,部署,氏名,件名,問い合わせ内容,回答,回答者,回答日,ステータス\n2026/4/1,製造部,大野,USB,使えますか,いいえ,高田,2026/4/2,完了", Consultations, []Field{FieldReceivedAt, FieldDepartment, FieldRequester, FieldSubject, FieldText, FieldReply, FieldAnsweredBy, FieldAnsweredAt, ""}},
		"a log that says 質問":        {"日付,部署,質問者,質問,回答,担当者\n4/1,製造部,大野,使えますか,いいえ,高田", Consultations, []Field{FieldReceivedAt, FieldDepartment, FieldRequester, FieldText, FieldReply, FieldAnsweredBy}},
		"an English log":            {"Ticket ID,Opened,Requester,Dept,Subject,Description,Resolution,Closed,Assignee\nT-9,2026-04-01,Ohno,Mfg,USB,May I?,No,2026-04-02,Takada", Consultations, []Field{FieldExternalID, FieldReceivedAt, FieldRequester, FieldDepartment, FieldSubject, FieldText, FieldReply, FieldAnsweredAt, FieldAnsweredBy}},
		"headings that say nothing": {"列1,列2,列3\n2026/4/1,USBメモリは使えますか？,「あずけ箱」で送ってください。先方に渡せます。\n2026/4/2,AIは使えますか？,社内AIチャットを使ってください。", Articles, []Field{"", FieldTitle, FieldAnswer}},
		"no headings":               {"USBメモリは使えますか？,「あずけ箱」で送ってください。\nAIは使えますか？,社内AIチャットを使ってください。", Articles, []Field{FieldTitle, FieldAnswer}},
	} {
		m := Guess(read(t, "a.csv", c.content))
		if m.Kind != c.kind || !slices.Equal(m.Fields, c.fields) {
			t.Errorf("%s: got %s %q", name, m.Kind, m.Fields)
		}
	}
}

func TestAMappingComesBackFromAForm(t *testing.T) {
	table := read(t, "a.csv", "質問,回答\na,b")
	m := Guess(table)
	b, err := json.Marshal(m)
	var again Mapping
	if err != nil || json.Unmarshal(b, &again) != nil || !slices.Equal(again.Fields, m.Fields) || !again.Valid(table) {
		t.Errorf("%s: %v %v", b, again, err)
	}
	for name, bad := range map[string]Mapping{
		"too few": {Articles, []Field{FieldTitle}}, "of the other kind": {Articles, []Field{FieldTitle, FieldReply}}, "unknown": {Articles, []Field{"x", ""}}, "no kind": {"", []Field{"", ""}},
	} {
		if bad.Valid(table) || table.Incoming(bad, now) != nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if m := GuessAs(table, Consultations); !m.Valid(table) || !m.Has(FieldText) || !m.Has(FieldReply) {
		t.Errorf("as consultations: %v", m)
	}
}
