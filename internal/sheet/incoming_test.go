package sheet

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// incoming reads a list and returns what becomes of its rows.
func incoming(t *testing.T, content string) []team.Incoming {
	t.Helper()
	table := read(t, "list.csv", content)
	return table.Incoming(Guess(table), now)
}

func TestARowFillsTheBoxesOfAnArticle(t *testing.T) {
	list := incoming(t, "質問,短い答え,答えの種類,理由,よい点,困る点,してほしいこと,代わりの方法,期限,期限の理由,根拠,見直し日,状態,見せる範囲,さがす言葉,現場の言葉,話題,ID\n"+
		"Q1. USBメモリは使えますか,使えません。,条件つき,落とすから。,残る,手間,\"1. 入れる\n２）7日にする\n・電話する\",貸出用,\"11/30\",締め日,R-03,令和9年4月1日,確認済み,社内,\"USB、外部媒体\",\"USBでOK？\n持ち出し\",端末・媒体,FAQ-3\n")
	in := list[0]
	if len(in.Problems) > 0 || in.Line != 2 || in.Consultation != nil || in.File != "list.csv" {
		t.Fatalf("%+v", in)
	}
	a := *in.Article
	want := team.Answer{Decision: team.DecisionConditional, Short: "使えません。", Reason: "落とすから。", Merit: "残る", Demerit: "手間", Steps: team.Lines{"入れる", "7日にする", "電話する"}, Alternative: "貸出用", Due: "11/30", DueReason: "締め日", Basis: "R-03"}
	if !a.Answer.Equal(want) {
		t.Errorf("answer %+v", a.Answer)
	}
	if a.Title != "USBメモリは使えますか" || a.State != team.ArticleVerified || a.Audience != team.AudienceCompany || a.ReviewDue.String() != "2027-04-01" || a.ExternalID != "FAQ-3" ||
		a.Keywords.String() != "USB\n外部媒体" || len(a.Wordings) != 2 || a.Wordings[1].Text != "持ち出し" || len(in.Topics) != 1 || in.Topics[0] != "端末・媒体" {
		t.Errorf("article %+v, topics %q", a, in.Topics)
	}
}

func TestARowFillsAConsultation(t *testing.T) {
	list := incoming(t, "受付日時,受付方法,部署,相談者,相談内容,回答内容,回答者,回答日\n"+
		"2026/11/2 午後3:05,電話,製造部,大野 さやか,\"お世話になっております。製造部の大野です。\nUSBは使えますか。\",使えません。,高田 健吾,11月4日\n"+
		"46113.4375,,総務部,井上,パスワードを忘れました,,,\n")
	c := list[0].Consultation
	if len(list[0].Problems) > 0 || c.Channel != team.ChannelPhone || c.Requester != "大野 さやか" || c.Subject != "USBは使えますか。" || c.State != team.ConsultationAnswered || c.Reply != "使えません。" ||
		c.ReceivedAt.In(now.Location()).Format("2006-01-02 15:04") != "2026-11-02 15:05" || c.AnsweredAt.In(now.Location()).Format("2006-01-02 15:04") != "2026-11-04 00:00" || c.FirstResponseAt != c.AnsweredAt ||
		list[0].Department != "製造部" || list[0].Answerer != "高田 健吾" || !strings.HasPrefix(c.Text, "お世話に") {
		t.Errorf("%+v\n%+v", list[0], *c)
	}
	c = list[1].Consultation
	if len(list[1].Problems) > 0 || c.State != team.ConsultationOpen || c.Channel != "" || c.ReceivedAt.In(now.Location()).Format("2006-01-02 15:04") != "2026-04-01 10:30" {
		t.Errorf("%+v\n%+v", list[1], *c)
	}
}

func TestWhatCannotBeReadIsAProblemAndNotGuessed(t *testing.T) {
	for name, c := range map[string]struct {
		content, field string
		rule           team.Rule
		limit          int
	}{
		"no question":                 {"質問,回答\n,いいえ\n", "title", team.Required, 0},
		"no answer":                   {"質問,回答\nUSBは,\n", "short_answer", team.Required, 0},
		"a title that is long":        {"質問,回答\n" + strings.Repeat("あ", team.MaxTitle+1) + ",いいえ\n", "title", team.TooLong, team.MaxTitle},
		"a short answer that is long": {"質問,短い答え\nUSBは," + strings.Repeat("あ", team.MaxShort+1) + "\n", "short_answer", team.TooLong, team.MaxShort},
		"an answer that is long":      {"質問,回答\nUSBは,いいえ。それはできません。" + strings.Repeat("あ", team.MaxBox+1) + "\n", "reason", team.TooLong, team.MaxBox},
		"an unknown state":            {"質問,回答,状態\nUSBは,いいえ,ほげ\n", "state", team.Unknown, 0},
		"an unknown decision":         {"質問,回答,可否\nUSBは,いいえ,ほげ\n", "decision", team.Unknown, 0},
		"an unknown audience":         {"質問,回答,公開範囲\nUSBは,いいえ,ほげ\n", "audience", team.Unknown, 0},
		"an unknown channel":          {"相談内容,部署,受付方法\nUSBは,製造部,ほげ\n", "channel", team.Unknown, 0},
		"a day that does not exist":   {"質問,回答,見直し日\nUSBは,いいえ,2026/2/30\n", "review_due", team.NotADate, 0},
		"a word for a day":            {"相談内容,部署,受付日\nUSBは,製造部,来週\n", "received_at", team.NotADate, 0},
		"answered but without words":  {"相談内容,部署,回答日\nUSBは,製造部,2026/4/1\n", "short_answer", team.Required, 0},
		"no question of a case":       {"相談内容,部署,受付日\n,製造部,2026/4/1\n", "subject", team.Required, 0},
		"a cell over the limit":       {"相談内容,部署,受付日\n" + strings.Repeat("あ", MaxCell+1) + ",製造部,2026/4/1\n", "text", team.TooLong, MaxCell},
	} {
		in := incoming(t, c.content)[0]
		if p, ok := in.Problems.Field(c.field); !ok || p.Rule != c.rule || p.Limit != c.limit || len(in.Problems) != 1 {
			t.Errorf("%s: %+v", name, in.Problems)
		}
	}
}

func TestWordsForChoices(t *testing.T) {
	for cell, want := range map[string]team.Decision{"○": team.DecisionYes, "OK": team.DecisionYes, "△（要相談）": team.DecisionConditional, "条件付きで可": team.DecisionConditional, "×": team.DecisionNo, "不可": team.DecisionNo, "No": team.DecisionNo, "ご案内": team.DecisionInfo, "至急": team.DecisionUrgent, "urgent": team.DecisionUrgent, "-": ""} {
		if got := incoming(t, "質問,回答,可否\na,b,"+cell)[0]; got.Article.Decision != want || len(got.Problems) > 0 {
			t.Errorf("%s: got %q %v", cell, got.Article.Decision, got.Problems)
		}
	}
	for cell, want := range map[string]team.ArticleState{"": "", "下書き": team.ArticleDraft, "WIP": team.ArticleDraft, "未確認": team.ArticleNotVerified, "Not Validated": team.ArticleNotVerified, "公開中": team.ArticleVerified, "しまった記事": team.ArticleArchived, "廃止": team.ArticleArchived} {
		if got := incoming(t, "質問,回答,状態\na,b,"+cell)[0]; got.Article.State != want || len(got.Problems) > 0 {
			t.Errorf("%s: got %q %v", cell, got.Article.State, got.Problems)
		}
	}
	for cell, want := range map[string]team.Audience{"": "", "全社": team.AudienceCompany, "Whole company": team.AudienceCompany, "部門内": team.AudienceDepartment} {
		if got := incoming(t, "質問,回答,見せる範囲\na,b,"+cell)[0]; got.Article.Audience != want || len(got.Problems) > 0 {
			t.Errorf("%s: got %q %v", cell, got.Article.Audience, got.Problems)
		}
	}
	for cell, want := range map[string]team.Channel{"": "", "メール": team.ChannelMail, "ＴＥＬ": team.ChannelPhone, "Teams": team.ChannelChat, "打合せ": team.ChannelMeeting, "対面": team.ChannelMeeting} {
		if got := incoming(t, "相談内容,部署,受付方法\na,b,"+cell)[0]; got.Consultation.Channel != want || len(got.Problems) > 0 {
			t.Errorf("%s: got %q %v", cell, got.Consultation.Channel, got.Problems)
		}
	}
}

func TestListsLoseTheirMarks(t *testing.T) {
	for in, want := range map[string]string{
		"1. 申請する\n2. 待つ": "申請する\n待つ", "１．申請する\n２．待つ": "申請する\n待つ", "①申請する②待つ③使う": "申請する\n待つ\n使う", "・申請する\n・待つ": "申請する\n待つ", "(1) 申請する\n（２）待つ": "申請する\n待つ",
		"- a\n* b\n+ c": "a\nb\nc", "手順1：開く\nStep 2: 閉じる": "開く\n閉じる", "1.5 GBまで": "1.5 GBまで", "2026年に変わる": "2026年に変わる", "☐ 見る\n[x] 読む": "見る\n読む",
		"1)申請": "申請", "-5度": "-5度", "10:30に電話する": "10:30に電話する", "①": "①", "": "", "手順書を読む": "手順書を読む",
	} {
		if got := listOf(in).String(); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestAWholeAnswerIsTakenApart(t *testing.T) {
	long := strings.Repeat("長い文が、", 60)
	for in, want := range map[string]team.Answer{
		"使えません。落とすと困るからです。":    {Short: "使えません。", Reason: "落とすと困るからです。"},
		"A. 使えません。\n理由です。":     {Short: "使えません。", Reason: "理由です。"},
		"はい。使えます。ただし申請してください。": {Short: "はい。使えます。", Reason: "ただし申請してください。"},
		"使えません":                          {Short: "使えません"},
		"No. Use the drop box. It logs.": {Short: "No. Use the drop box.", Reason: "It logs."},
		"使えません。\n【理由】落とすから。\n【手順】\n1. 入れる\n2. 送る\n■代わりの方法：貸出用": {Short: "使えません。", Reason: "落とすから。", Steps: team.Lines{"入れる", "送る"}, Alternative: "貸出用"},
		"【結論】\n使えません。\n【根拠】R-03":                               {Short: "使えません。", Basis: "R-03"},
		"理由を述べます。\n例：\nこれは見出しではありません。":                         {Short: "理由を述べます。", Reason: "例：\nこれは見出しではありません。"},
		long:                     {Short: strings.Repeat("長い文が、", 40), Reason: strings.Repeat("長い文が、", 20)},
		strings.Repeat("あ", 210): {Short: strings.Repeat("あ", 200), Reason: strings.Repeat("あ", 10)},
	} {
		if got := takeApart(in, true); !got.Equal(want) {
			t.Errorf("%q:\n got %+v\nwant %+v", in, got, want)
		}
	}
}

func TestNoWordOfAnAnswerIsLost(t *testing.T) {
	letters := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := text.Clean(rapid.StringOfN(rapid.SampledFrom([]rune("あ漢。、 \nbc.？")), 1, 700, -1).Draw(t, "s"))
		a := takeApart(s, true)
		if got := letters(a.Short + a.Reason); got != letters(s) || text.Runes(a.Short) > team.MaxShort || s != "" && a.Short == "" {
			t.Fatalf("%q: %+v", s, a)
		}
	})
}
