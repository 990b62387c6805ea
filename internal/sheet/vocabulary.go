package sheet

import (
	"regexp"
	"strings"
	"unicode"

	"tasuki/internal/text"
)

// headings lists, for each field, the headings under which people keep it, in Japanese
// and English. A heading that ends with one of them counts as well, since Japanese
// puts what a thing is at the end: 質問者の部署 is a 部署.
var headings = map[Field]string{
	FieldTitle:       "質問|質問文|質問内容|質問事項|問い|設問|問|想定質問|よくある質問|よくある質問と回答|q|question|questions|faq|title|タイトル|題名|題|表題|見出し|記事名|ナレッジ名|heading|name|query",
	FieldAnswer:      "回答|回答文|回答内容|回答例|模範回答|標準回答|回答本文|答え|答|解答|a|answer|answers|answer text|answer body|本文|内容|body|content|contents|記事本文|解説文|対応内容|対処方法|対処法|解決策|解決方法|resolution|solution|response",
	FieldShort:       "短い答え|短い回答|ひとこと|一言|結論|要点|要約|概要|短答|まとめ|short|short answer|short_answer|summary|tl;dr|tldr|conclusion|in short|answer in short|brief answer",
	FieldDecision:    "答えの種類|回答の種類|回答種別|回答区分|判断|判定|可否|可否判断|利用可否|可/不可|結果区分|decision|verdict|judgement|judgment|allowed|answer type",
	FieldReason:      "理由|なぜ|なぜか|わけ|背景|説明|解説|根拠の説明|詳細|詳しい説明|reason|reasons|why|rationale|explanation|details|detail|background|because",
	FieldMerit:       "よい点|良い点|いい点|メリット|利点|長所|よいところ|良いところ|効果|merit|merits|pros|advantage|advantages|upside|upsides|benefit|benefits|good points",
	FieldDemerit:     "困る点|こまる点|悪い点|デメリット|欠点|短所|困るところ|注意点|注意事項|留意点|留意事項|リスク|demerit|demerits|cons|disadvantage|disadvantages|downside|downsides|drawback|drawbacks|risk|risks|caveats|caution",
	FieldSteps:       "してほしいこと|やってほしいこと|お願いしたいこと|手順|対応手順|作業手順|やり方|やりかた|進め方|すること|やること|方法|対応方法|実施手順|ステップ|依頼事項|お願い|steps|step|what to do|how to|how|procedure|procedures|actions|action|instructions|todo|to do",
	FieldAlternative: "代わりの方法|代わり|かわりの方法|代替|代替策|代替案|代替手段|代替方法|別の方法|ほかの方法|他の方法|alternative|alternatives|workaround|workarounds|other ways|instead",
	FieldDue:         "期限|締切|締め切り|〆切|期日|いつまで|いつまでに|対応期限|due|deadline|due date|by when",
	FieldDueReason:   "期限の理由|締切の理由|期日の理由|due reason|due_reason|deadline reason|reason for the deadline|why by then|why this date",
	FieldBasis:       "根拠|根拠規程|根拠規定|根拠資料|根拠となるルール|規程|規定|社内規程|社内ルール|ルール|関連規程|関連規定|関連ルール|参照|参照先|参考|参考資料|出典|典拠|準拠|basis|rule|rules|source|sources|reference|references|policy|policies|regulation|regulations|evidence",
	FieldReviewDue:   "見直し日|見直し予定日|見直し期限|次回見直し|次回見直し日|次回確認日|再確認日|レビュー日|レビュー予定日|レビュー期限|有効期限|review due|review_due|review date|next review|review by|review on|valid until|expires|expiry",
	FieldState:       "状態|記事の状態|ステータス|公開状態|確認状況|確認状態|確からしさ|state|status|article state|verification",
	FieldAudience:    "見せる範囲|公開範囲|公開先|対象範囲|閲覧範囲|対象者|audience|visibility|readers|shown to",
	FieldKeywords:    "さがす言葉|探す言葉|検索語|検索用語|検索キーワード|キーワード|タグ|keyword|keywords|search words|search keywords|tag|tags",
	FieldWordings:    "現場の言葉|聞かれ方|聞き方|別の聞き方|言い換え|言いかえ|質問の言い換え|類似質問|類似の質問|関連質問|質問例|wording|wordings|asked wording|asked wordings|variant|variants|variations|paraphrases|similar questions|also asked as|alternative questions",
	FieldTopics:      "話題|分類|大分類|カテゴリ|カテゴリー|カテゴリ名|区分|種別|分野|領域|テーマ|相談種別|問い合わせ種別|問合せ種別|質問分類|topic|topics|category|categories|subject area|area|theme|type",
	FieldExternalID:  "id|記事id|管理番号|管理no|受付番号|受付no|受付id|整理番号|文書番号|記事番号|faq id|faq番号|問い合わせ番号|問合せ番号|チケット番号|ticket|ticket id|ticket number|case id|case number|request id|external id|external_id|message-id|message id|uid|uuid|key",

	FieldSubject:    "件名|用件|相談件名|主題|subject|subject line",
	FieldText:       "相談|相談内容|相談の内容|相談文|問い合わせ|問合せ|お問い合わせ|お問合せ|問い合わせ内容|問合せ内容|お問い合わせ内容|お問合せ内容|問合わせ内容|依頼内容|申告内容|原文|受信本文|メール本文|original|original text|inquiry|enquiry|request|message|description|issue|question text",
	FieldRequester:  "相談した人|相談者|相談者名|質問者|質問者名|質問者氏名|問い合わせ者|問合せ者|問合せ元|問い合わせ元|依頼者|依頼者名|依頼元|申請者|申請者名|申告者|氏名|名前|お名前|差出人|送信者|requester|requester name|requestor|asker|asked by|requested by|from|from name|sender|customer|contact|contact name|reporter|reported by|submitter",
	FieldDepartment: "部門|部署|部署名|部門名|所属|所属部署|所属部門|依頼部署|相談部門|相談部署|相談元|dept|department|department name|division|section|unit|team",
	FieldChannel:    "窓口|受付方法|受付経路|受付手段|受付チャネル|相談方法|問い合わせ方法|問合せ方法|連絡方法|連絡手段|手段|経路|チャネル|媒体|channel|via|received by|medium|contact method",
	FieldReceivedAt: "受付日|受付日時|受付|受信日|受信日時|相談日|相談日時|質問日|質問日時|問い合わせ日|問い合わせ日時|問合せ日|問合せ日時|依頼日|依頼日時|申請日|発生日|登録日|登録日時|起票日|起票日時|受領日|日付|日時|received|received at|received_at|received on|date received|asked|asked on|asked at|opened|opened at|created|created at|created on|date|timestamp|sent",
	FieldAnsweredAt: "回答日|回答日時|返信日|返信日時|返答日|完了日|完了日時|対応日|対応日時|対応完了日|処理日|終了日|クローズ日|解決日|answered at|answered_at|answered on|date answered|replied|replied at|reply date|closed|closed at|closed on|resolved|resolved at|completed|completed at|completion date",
	FieldAnsweredBy: "回答者|回答者名|回答担当|回答担当者|対応者|対応者名|担当|担当者|担当者名|対応担当|対応担当者|返信者|受付者|受付担当|answered by|answered_by|answerer|replied by|agent|assignee|assigned to|owner|handled by|responder|resolved by",
	FieldReply:      "返信|返信文|返信内容|返信本文|返答|返答内容|送った文|送信文|送信本文|reply|reply text|sent reply|reply sent|email reply",
}

// asConsultation says what a heading of an article means in a list of consultations,
// and asArticle the other way round.
var (
	asConsultation = map[Field]Field{FieldTitle: FieldText, FieldAnswer: FieldReply, FieldState: FieldNone, FieldAudience: FieldNone, FieldReviewDue: FieldNone, FieldKeywords: FieldNone, FieldWordings: FieldNone}
	asArticle      = map[Field]Field{FieldSubject: FieldTitle, FieldText: FieldTitle, FieldReply: FieldAnswer, FieldRequester: FieldNone, FieldDepartment: FieldNone, FieldChannel: FieldNone, FieldReceivedAt: FieldNone, FieldAnsweredAt: FieldNone, FieldAnsweredBy: FieldNone}
)

// byHeading maps the comparing form of each known heading to its field.
var byHeading = func() map[string]Field {
	m := map[string]Field{}
	for field, list := range headings {
		for _, one := range strings.Split(list, "|") {
			m[text.Key(one)] = field
		}
		m[text.Key(string(field))] = field
	}
	return m
}()

// longestHeading is the length, in runes, of what can be a heading at all.
const longestHeading = 40

var (
	inBrackets = regexp.MustCompile(`[(（\[［【〈<＜][^)）\]］】〉>＞]*[)）\]］】〉>＞]`)
	numbering  = regexp.MustCompile(`^[\s#＃■□◆◇●○・※★☆▼▶*]*(?:\d{1,2}[.．)）:：、]\s*|[①-⑳]\s*)?`)
	counter    = regexp.MustCompile(`[\s_]*[0-9０-９①-⑨]{1,2}$`)
)

// match is how well a heading was recognised.
type match int

const (
	noMatch match = iota
	endMatch
	exactMatch
)

// fieldOf returns the field that a heading names.
func fieldOf(heading string) (Field, match) {
	if text.Runes(heading) > longestHeading {
		return FieldNone, noMatch
	}
	bare := strings.TrimRight(numbering.ReplaceAllString(inBrackets.ReplaceAllString(heading, ""), ""), " :：*＊\n")
	if bare == "" { // all of it is in brackets: 【質問】
		bare = strings.Trim(heading, " 【】[]［］()（）<>＜＞〈〉")
	}
	for _, form := range []string{bare, counter.ReplaceAllString(bare, "")} {
		if f, known := byHeading[text.Key(form)]; known {
			return f, exactMatch
		}
	}
	return fieldAtEnd(bare)
}

// fieldAtEnd finds the longest known heading that a heading ends with: in English
// after a blank only, in Japanese anywhere if it is more than one letter.
func fieldAtEnd(bare string) (Field, match) {
	runes := []rune(text.Fold(counter.ReplaceAllString(bare, "")))
	for i := 1; i < len(runes)-1; i++ {
		latin := runes[i] < 0x80
		if latin && runes[i-1] != ' ' && runes[i-1] != '_' && runes[i-1] < 0x80 {
			continue
		}
		if !latin && !unicode.In(runes[i], unicode.Han, unicode.Hiragana, unicode.Katakana) {
			continue
		}
		if f, known := byHeading[text.Key(string(runes[i:]))]; known {
			return f, endMatch
		}
	}
	return FieldNone, noMatch
}
