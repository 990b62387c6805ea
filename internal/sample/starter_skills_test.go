package sample

import (
	_ "embed"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// eachSkill runs a test for every skill of the starter catalogue.
func eachSkill(t *testing.T, f func(t *testing.T, s team.StarterSkill)) {
	t.Helper()
	for _, c := range StarterSkills() {
		for _, s := range c.Skills {
			t.Run(s.Key, func(t *testing.T) { f(t, s) })
		}
	}
}

func TestTheStarterCatalogueCoversADepartment(t *testing.T) {
	categories, skills := StarterSkills(), 0
	within(t, "categories", len(categories), 8, 10)
	for i, c := range categories {
		within(t, "skills of "+c.Key, len(c.Skills), 5, 12)
		if c.Category.Place != i+1 || c.Category.NameEn == "" || c.Category.Validate() != nil {
			t.Errorf("category %d: %+v", i, c.Category)
		}
		skills += len(c.Skills)
	}
	within(t, "skills", skills, 70, 80)
}

func TestNoTwoStarterSkillsAreCalledTheSame(t *testing.T) {
	seen := map[string]string{}
	for _, c := range StarterSkills() {
		names := []string{"category key " + c.Key, "category " + text.Key(c.Category.Name), "category " + text.Key(c.Category.NameEn)}
		for _, s := range c.Skills {
			names = append(names, "key "+s.Key, text.Key(s.Skill.Name), text.Key(s.Skill.NameEn))
		}
		for _, name := range names {
			if seen[name] != "" {
				t.Errorf("%q is in %s and in %s", name, seen[name], c.Key)
			}
			seen[name] = c.Key
		}
	}
}

func TestEveryStarterSkillCanBeSavedAsItIs(t *testing.T) {
	key := regexp.MustCompile(`^[a-z][a-z_]*$`)
	eachSkill(t, func(t *testing.T, s team.StarterSkill) {
		k := s.Skill
		k.CategoryID = "c"
		if err := k.Validate(); err != nil {
			t.Error(err)
		}
		if !key.MatchString(s.Key) {
			t.Errorf("key %q", s.Key)
		}
		within(t, "required level", int(k.RequiredLevel), 2, 3)
		within(t, "minimum", k.Minimum, 1, 3)
		within(t, "redundancy", k.Redundancy, 1, 1)
		within(t, "weight", k.Weight, 1, 3)
	})
}

func TestEveryStarterSkillReadsWellInBothLanguages(t *testing.T) {
	eachSkill(t, func(t *testing.T, s team.StarterSkill) {
		k := s.Skill
		within(t, "letters of the name", text.Runes(k.Name), 3, 16)
		within(t, "letters of the English name", len(k.NameEn), 5, 32)
		within(t, "letters of the description", text.Runes(k.Description), 15, 45)
		within(t, "letters of the English description", len(k.DescriptionEn), 30, 110)
		for l := range k.Anchors {
			within(t, "letters of anchor "+k.Anchors[l], text.Runes(k.Anchors[l]), 8, 45)
			within(t, "letters of anchor "+k.AnchorsEn[l], len(k.AnchorsEn[l]), 15, 100)
		}
		for _, sentence := range append([]string{k.Description}, k.Anchors[:]...) {
			if !strings.HasSuffix(sentence, "。") || strings.Count(sentence, "。") != 1 || !hasKana(sentence) || strings.Count(sentence, "、") > 3 {
				t.Errorf("not one plain Japanese sentence: %s", sentence)
			}
		}
		for _, sentence := range append([]string{k.DescriptionEn}, k.AnchorsEn[:]...) {
			if !strings.HasSuffix(sentence, ".") || strings.ContainsFunc(sentence, func(r rune) bool { return r > unicode.MaxLatin1 }) {
				t.Errorf("not a plain English sentence: %s", sentence)
			}
		}
	})
}

func hasKana(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) })
}

// A sentence that fits two levels, or two skills, helps nobody to choose.
func TestEveryLevelOfEverySkillHasASentenceOfItsOwn(t *testing.T) {
	seen := map[string]string{}
	for _, c := range StarterSkills() {
		for _, s := range c.Skills {
			for _, sentence := range slices.Concat(s.Skill.Anchors[:], s.Skill.AnchorsEn[:], []string{s.Skill.Description, s.Skill.DescriptionEn}) {
				if other := seen[text.Key(sentence)]; other != "" {
					t.Errorf("%s and %s both say: %s", other, s.Key, sentence)
				}
				seen[text.Key(sentence)] = s.Key
			}
		}
	}
}

// What a level means is the same in all skills: from 3 on people do it alone, at 4
// they decide and teach, and up to 2 nobody does it without help or a second look.
func TestLevelsMeanTheSameInEverySkill(t *testing.T) {
	teaches := regexp.MustCompile(`教え|育て`)
	eachSkill(t, func(t *testing.T, s team.StarterSkill) {
		for l, sentence := range s.Skill.Anchors {
			if got := teaches.MatchString(sentence); got && l < int(team.Independent) && !regexp.MustCompile(`教わ|教え方|教えたこと|教える場|教え、`).MatchString(sentence) {
				t.Errorf("level %d teaches: %s", l, sentence)
			} else if !got && l == int(team.Deciding) {
				t.Errorf("level 4 does not teach: %s", sentence)
			}
		}
		if en := s.Skill.AnchorsEn[team.Deciding]; !regexp.MustCompile(`teach|train|raise`).MatchString(en) {
			t.Errorf("level 4 does not teach: %s", en)
		}
		if en := s.Skill.AnchorsEn[team.None]; !regexp.MustCompile(`^(Has|Cannot|Does not|Knows nobody)`).MatchString(en) {
			t.Errorf("level 0 can do something: %s", en)
		}
	})
}

// The words that pages avoid (internal/i18n) are avoided here too.
func TestTheStarterCatalogueUsesPlainWords(t *testing.T) {
	avoided := regexp.MustCompile(`ダッシュボード|エスカレーション|アサイン|ステータス|レビュー|ナレッジ|ユーザー|チケット|遅延|属人化|スキルセット|コンプライアンス|インシデント|ステークホルダー`)
	eachSkill(t, func(t *testing.T, s team.StarterSkill) {
		all := strings.Join(append([]string{s.Skill.Name, s.Skill.Description}, s.Skill.Anchors[:]...), " ")
		if word := avoided.FindString(all); word != "" {
			t.Errorf("says %s", word)
		}
	})
}

func TestTheSkillsOfTheDemoDepartmentAreAmongThem(t *testing.T) {
	have := map[string]string{}
	for _, c := range StarterSkills() {
		for _, s := range c.Skills {
			have[s.Skill.Name] = s.Skill.NameEn
		}
	}
	for ja, en := range map[string]string{
		"規程・ポリシー策定": "Policy writing", "リスクアセスメント": "Risk assessment", "法令・個人情報保護": "Law & privacy", "委託先管理": "Supplier management",
		"監査対応": "Audit", "わかりやすい説明": "Plain explanation", "現場業務の理解": "Understanding field work", "代替案の提案": "Offering alternatives",
		"教育・啓発": "Awareness & training", "クラウド・SaaS審査": "SaaS review", "ログ分析": "Log analysis", "SIEM運用": "SIEM operation",
		"EDR運用": "EDR operation", "脅威情報の収集・活用": "Threat intelligence", "メールセキュリティ": "Mail security", "初動・トリアージ": "First response & triage",
		"指揮（コマンダー）": "Incident command", "フォレンジック": "Forensics", "マルウェア解析": "Malware analysis", "社外連絡・報告": "External reporting",
		"ネットワーク": "Networking", "クラウド設定": "Cloud configuration", "認証・ID管理": "Identity & access", "脆弱性管理": "Vulnerability management",
		"Web診断": "Web security testing", "工場・制御システム": "OT / ICS", "生成AIの安全利用": "Safe use of generative AI",
		"暗号・鍵管理": "Cryptography & keys", "自動化・スクリプト": "Automation & scripting", "事業継続・復旧": "Continuity & recovery",
	} {
		if have[ja] != en {
			t.Errorf("%s: got %q, want %q", ja, have[ja], en)
		}
	}
}

// The codes of NICE v1.0.0 that the catalogue uses, with what they stand for.
//
//go:embed testdata/nice_codes.tsv
var niceCodes string

func TestEveryCodeOfTheStarterCatalogueExistsInNICE(t *testing.T) {
	unused := map[string]bool{}
	for _, line := range strings.Split(strings.TrimSpace(niceCodes), "\n") {
		code, title, ok := strings.Cut(line, "\t")
		if !ok || title == "" {
			t.Fatalf("not a code and its title: %q", line)
		}
		unused[code] = true
	}
	known := maps.Clone(unused)
	eachSkill(t, func(t *testing.T, s team.StarterSkill) {
		within(t, "codes", len(s.Skill.Codes), 1, 2)
		for _, c := range s.Skill.Codes {
			if !known[c.Code] || c.Framework != "NICE" || c.Version != "v1.0.0" {
				t.Errorf("%s is not in the list", c)
			}
			delete(unused, c.Code)
		}
	})
	for code := range unused {
		t.Errorf("%s is in the list, but no skill has it", code)
	}
}
