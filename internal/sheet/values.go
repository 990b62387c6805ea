package sheet

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// The words for each choice, in the form that text.Key gives.
var (
	decisions = choices(map[team.Decision]string{
		team.DecisionYes:         "yes|y|ok|okay|○|◯|◎|可|可能|許可|承認|はい|できます|できる|使える|使えます|よい|良い|いい|問題なし|問題ありません|allowed|approved|permitted|true",
		team.DecisionConditional: "conditional|with conditions|conditionally|yes with conditions|yes, with conditions|△|▲|条件つき|条件付き|条件付|条件つきで可|条件付きで可|条件付き可|条件付可|条件あり|一部可|要申請|要承認|要相談|depends|it depends|partly",
		team.DecisionNo:          "no|n|ng|×|✕|✖|不可|不可能|禁止|却下|いいえ|できません|できない|だめ|ダメ|使えない|使えません|not allowed|denied|rejected|prohibited|false",
		team.DecisionInfo:        "info|information|ご案内|案内|情報|情報提供|お知らせ|説明|その他|other|n/a|guidance",
		team.DecisionUrgent:      "urgent|emergency|緊急|至急|緊急対応|今すぐの対応|今すぐ|要緊急対応|incident|immediate action",
	})
	articleStates = choices(map[team.ArticleState]string{
		team.ArticleDraft:       "draft|wip|work in progress|下書き|下書|作成中|執筆中|編集中|草稿|仮",
		team.ArticleNotVerified: "not_verified|not verified|unverified|not validated|未確認|未検証|確認待ち|レビュー待ち|レビュー中|承認待ち|確認前|未承認|pending|in review|to be checked|unsure|experience",
		team.ArticleVerified:    "verified|validated|approved|published|確認済み|確認済|確認ずみ|検証済み|検証済|承認済み|承認済|公開|公開中|公開済み|公開済|有効|使用中|完成|完了|final|active|current|ok",
		team.ArticleArchived:    "archived|archive|obsolete|retired|deprecated|outdated|inactive|しまった記事|アーカイブ|アーカイブ済み|廃止|廃止済み|無効|終了|旧|古い|非公開|使用停止|withdrawn|expired",
	})
	audiences = choices(map[team.Audience]string{
		team.AudienceCompany:    "company|whole company|everyone|all|all employees|public|社内|全社|全社員|社員|社内公開|全員|公開|従業員|company-wide|company wide|internal",
		team.AudienceDepartment: "department|department only|team|team only|private|restricted|部門内|部内|部署内|部門|部門のみ|部内のみ|セキュリティ部門|セキュリティ部門のみ|担当者のみ|非公開|関係者のみ|チーム内",
	})
	channels = choices(map[team.Channel]string{
		team.ChannelMail:    "mail|e-mail|email|メール|eメール|電子メール|フォーム|web|webフォーム|form|web form|portal|ポータル|申請|書面|チケット|ticket|outlook",
		team.ChannelChat:    "chat|チャット|slack|teams|ms teams|microsoft teams|line|lineworks|line works|chatwork|im|dm|google chat|zulip|mattermost|discord|webex",
		team.ChannelPhone:   "phone|電話|tel|telephone|call|内線|電話連絡|携帯|架電|phone call|ph",
		team.ChannelMeeting: "meeting|打ち合わせ|打合せ|打合わせ|会議|面談|対面|口頭|訪問|来訪|来室|立ち話|in person|face to face|visit|walk-in|walk in|zoom|web会議|ウェブ会議|オンライン会議|窓口",
	})
)

// choices turns lists of words into a map from the comparing form to the choice.
func choices[T ~string](words map[T]string) map[string]T {
	m := map[string]T{}
	for choice, list := range words {
		for _, one := range strings.Split(list, "|") {
			m[text.Key(one)] = choice
		}
	}
	return m
}

// word reads a choice; a cell that names none is a problem, an empty one otherwise.
func word[T ~string](r *record, f Field, known map[string]T, otherwise T) T {
	said := r.first(f)
	if said == "" || blanks[said] {
		return otherwise
	}
	if choice, ok := known[text.Key(inBrackets.ReplaceAllString(said, ""))]; ok {
		return choice
	}
	if choice, ok := known[text.Key(said)]; ok {
		return choice
	}
	r.problem(f, team.Unknown, 0)
	return otherwise
}

// blanks are what people put where there is nothing to say.
var blanks = map[string]bool{"-": true, "－": true, "ー": true, "―": true, "—": true, "–": true, "なし": true, "無し": true, "N/A": true, "n/a": true, "未定": true, "TBD": true, "答えの種類なし": true, "Not said": true}

// day reads a date.
func (r *record) day(f Field) team.Date {
	said := r.first(f)
	if said == "" || blanks[said] {
		return team.Date{}
	}
	y, m, d, ok := text.ParseDate(said, r.now)
	if !ok || y > 9999 {
		r.problem(f, team.NotADate, 0)
		return team.Date{}
	}
	return team.Date{Year: y, Month: time.Month(m), Day: d}
}

var (
	zoned   = []string{time.RFC3339Nano, "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700", time.RFC1123Z, "Mon, 2 Jan 2006 15:04:05 -0700"}
	clock   = regexp.MustCompile(`(午前|午後|am|pm)?\s?(\d{1,2})(?::(\d{2})(?::(\d{2}))?|時(?:(\d{1,2})分|(半))?)\s?(am|pm)?`)
	daytime = regexp.MustCompile(`^\d{5}(\.\d+)$`) // Excel's number for a day and its time
)

// moment reads a date with the time of day, if there is one.
func (r *record) moment(f Field) team.Stamp {
	said := r.first(f)
	for _, layout := range zoned {
		if t, err := time.Parse(layout, said); err == nil && t.Year() > 0 && t.Year() <= 9999 {
			return team.At(t)
		}
	}
	day := r.day(f)
	if day.IsZero() {
		return team.Stamp{}
	}
	h, m, s := timeOfDay(said)
	return team.At(time.Date(day.Year, day.Month, day.Day, h, m, s, 0, r.now.Location()))
}

// timeOfDay finds the time in a date that has been read; midnight without one.
func timeOfDay(s string) (hour, minute, second int) {
	s = text.Fold(s)
	if m := daytime.FindStringSubmatch(s); m != nil {
		part, _ := strconv.ParseFloat("0"+m[1], 64)
		seconds := int(part*86400 + 0.5)
		return min(23, seconds/3600), seconds / 60 % 60, seconds % 60
	}
	m := clock.FindStringSubmatch(s)
	if m == nil {
		return 0, 0, 0
	}
	hour, minute, second = number(m[2]), number(m[3]+m[5]), number(m[4])
	if m[6] != "" {
		minute = 30
	}
	if afternoon := m[1] == "午後" || m[1] == "pm" || m[7] == "pm"; afternoon && hour < 12 {
		hour += 12
	}
	if hour > 23 || minute > 59 || second > 59 {
		return 0, 0, 0
	}
	return hour, minute, second
}

// number reads figures that a pattern has matched; none are 0.
func number(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

var (
	listMark = regexp.MustCompile(`^(?:[\s　]*(?:[・●○◯■□◆◇▶▷►※✓✔☑☐‣•＊]|[-*+]\s|\[[ xX]\]|[（(][0-9０-９]{1,2}[)）]|[0-9０-９]{1,2}(?:[)）]|[.．、:：](?:[^0-9０-９]|$))|(?:手順|ステップ|(?i:step))\s?[0-9０-９]{1,2}[.．:：)）]?\s*|[①-⑳]|[㈠-㈩]))+`)
	inline   = regexp.MustCompile(`[①-⑳]`)
)

// listOf reads a list that is written one to a line, or in one line with ①②③; marks
// and numbers before each go, because the page puts its own.
func listOf(s string) team.Lines {
	if !strings.Contains(s, "\n") && len(inline.FindAllString(s, 2)) > 1 && inline.FindStringIndex(s)[0] == 0 {
		s = inline.ReplaceAllString(s, "\n$0")
	}
	var list team.Lines
	for _, line := range team.LinesOf(s) {
		if bare := strings.TrimSpace(unmark(line)); bare != "" {
			line = bare
		}
		list = append(list, line)
	}
	return list
}

// unmark takes a list mark off; the letter behind "1." that shows it is no "1.5" stays.
func unmark(line string) string {
	m := listMark.FindString(line)
	if m == "" {
		return line
	}
	rest := line[len(m):]
	if r := []rune(m); len(r) > 1 && strings.ContainsRune(".．、:：", r[len(r)-2]) {
		rest = string(r[len(r)-1]) + rest
	}
	return rest
}

// words reads a list of words, with commas or one to a line.
func (r *record) words(f Field) team.Lines {
	joined := strings.Join(r.cells[f], "\n")
	return listOf(strings.NewReplacer("、", "\n", "，", "\n", ",", "\n", ";", "\n", "；", "\n").Replace(joined))
}
