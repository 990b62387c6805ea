// Package text works on Japanese and English text as people type, paste and
// export it: comparing forms, sort keys, mail, encodings and dates. It is pure,
// and its work grows in step with the length of its input.
package text

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Clean returns s fit to be stored and shown: valid UTF-8, line feeds only, no
// control characters but tab and line feed, no blanks at line ends or around the
// whole. It never changes what is legible, so ① stays ①.
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || r == '\uFEFF':
			return -1
		}
		return r
	}, s)
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRightFunc(line, unicode.IsSpace)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// variants maps kanji that are one letter to people to the one they are compared
// as. NFKC leaves these apart, so that a search for 高田 would miss 髙田.
var variants = func() map[rune]rune {
	m := map[rune]rune{}
	for _, group := range strings.Fields(variantGroups) {
		runes := []rune(group)
		for _, r := range runes[1:] {
			m[r] = runes[0]
		}
	}
	return m
}()

// variantGroups holds the variants of letters in names, then old forms of letters.
const variantGroups = "高髙 崎﨑嵜 辺邉邊 浜濵濱 斎齋齊斉 吉𠮷 桑桒 島嶋嶌 広廣 沢澤 富冨 峰峯 松枩 船舩 館舘 群羣 曽曾 淵渕渊 梅楳 土圡 喜㐂 桧檜 槙槇 尭堯 " +
	"凛凜 鶴靏靎 昇曻 祢禰 秋穐 園薗 芦蘆 条條 徳德 恵惠 栄榮 国國 真眞 竜龍 滝瀧 桜櫻 静靜 与與 万萬 応應 関關 検檢 黒黑 緑綠 巌巖 寿壽 実實 " +
	"塩鹽 浅淺 円圓 増增 瀬瀨 頼賴 穂穗 蔵藏 亀龜 鉄鐵 薮藪 満滿 弥彌 礼禮 遥遙 繋繫 頬頰 鴎鷗 噛嚙 掴摑 浄淨 清淸 郎郞 青靑 彦彥 産產 顕顯 学學 会會 県縣 権權 " +
	"旧舊 来來 総總 験驗 険險 暁曉 駅驛 訳譯 釈釋 択擇 摂攝 経經 継繼 済濟 体體 対對 図圖 気氣 区區 芸藝 号號 歯齒 児兒 写寫 従從 縦縱 処處 将將 証證 乗乘 触觸 " +
	"数數 声聲 専專 戦戰 双雙 当當 党黨 独獨 読讀 売賣 発發 秘祕 払拂 変變 宝寶 毎每 両兩 労勞 横橫 歩步 収收 渋澁 乱亂 覧覽 稲稻 霊靈 壱壹 弐貳 参參"

// lookalikes are signs that one table or keyboard writes where another writes its
// neighbour; NFKC leaves them apart.
var lookalikes = map[rune]rune{
	'〜': '~', '‐': '-', '–': '-', '—': '-', '―': '-', '‒': '-', '−': '-', '‖': '∥', '‘': '\'', '’': '\'', '“': '"', '”': '"',
	'´': '\'', '゛': '\u3099', '゜': '\u309a', // a voicing mark of its own belongs to the letter before it
}

// Fold returns the form in which texts are compared: NFKC, lower case, variant
// kanji, dashes and quotation marks as one, runs of blanks as one space, nothing
// invisible. Folding twice changes nothing.
func Fold(s string) string {
	s = prepare(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.ToLower(norm.NFKC.String(s))
	s = norm.NFKC.String(strings.Map(func(r rune) rune {
		if v, ok := variants[r]; ok {
			return v
		}
		return cmp.Or(lookalikes[r], r)
	}, s))
	return strings.Join(strings.Fields(s), " ")
}

// prepare replaces and drops what must not reach NFKC.
func prepare(s string) string {
	marks, most := 0, 0
	s = strings.Map(func(r rune) rune {
		if r < 0x80 || r >= 'ぁ' && r <= 'ゖ' || r >= 'ァ' && r <= 'ヺ' || r >= '一' && r <= '\u9fff' {
			marks = 0 // by far the most, and nothing to do
			return r
		}
		r = cmp.Or(lookalikes[r], r)
		if invisible(r) {
			return -1
		}
		marks = row(marks, r)
		most = max(most, marks)
		return r
	}, s)
	if most > 2 {
		return cutRows(norm.NFKD.String(s))
	}
	return s
}

// cutRows leaves at most eight marks on a letter of a decomposed text. NFKC breaks
// longer rows with a joiner, and folding what it gave would change it again.
func cutRows(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if invisible(r) {
			return -1
		}
		if marks = row(marks, r); marks > 8 {
			return -1
		}
		return r
	}, s)
}

// row counts on: how many marks in a row there are with r.
func row(before int, r rune) int {
	if unicode.Is(unicode.M, r) || r == 'ﾞ' || r == 'ﾟ' {
		return before + 1
	}
	return 0
}

// Key returns the form under which a name is unique: folded, without blanks and
// middle dots. Hyphens stay, as a-b@example.com is not ab@example.com.
func Key(s string) string {
	bare := false // the letter that a mark would belong to is gone
	return norm.NFC.String(strings.Map(func(r rune) rune {
		bare = unicode.IsSpace(r) || r == '・' || r == '·' || bare && unicode.Is(unicode.M, r)
		if bare {
			return -1
		}
		return r
	}, Fold(s)))
}

// Runes returns the length of s as people count it.
func Runes(s string) int { return utf8.RuneCountInString(s) }

// Snippet returns the first max runes of s on one line, with "…" where more
// followed. A letter is not parted from its marks, so it may be a few runes shorter.
func Snippet(s string, max int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= max || Runes(s) <= max {
		return s
	}
	runes := []rune(s)
	end := max
	for end > 0 && end > max-longestLetter && (clings(runes[end]) || runes[end-1] == joiner) {
		end--
	}
	if end <= max-longestLetter {
		end = max // a row without end is cut anywhere
	}
	return strings.TrimSpace(string(runes[:end])) + "…"
}

const (
	joiner        = '\u200d' // between the emoji that make up one
	longestLetter = 12       // a family of four with skin tones, in runes
)

// clings tells whether r belongs to the letter before it.
func clings(r rune) bool {
	return unicode.Is(unicode.M, r) || r == joiner || r >= 0x1f3fb && r <= 0x1f3ff || r == 'ﾞ' || r == 'ﾟ'
}
