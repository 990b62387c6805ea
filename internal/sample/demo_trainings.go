package sample

import (
	"fmt"

	"tasuki/internal/team"
)

// lift is the level of a skill that a training leads to, from a level that it asks for;
// 0 asks for nothing.
type lift struct {
	skill    string
	from, to team.Level
}

// demoTraining is a training as it stands in the catalogue of the demo.
type demoTraining struct {
	key, title, titleEn, provider string
	kind                          team.TrainingKind
	minutes, days                 int
	fee, class, seats             int
	lifts                         []lift
}

// demoTrainings is the catalogue. Providers and prices are made up.
var demoTrainings = []demoTraining{
	{"forensics", "フォレンジック基礎", "Forensics basics", "サンプル技術研修センター", team.TrainingExternal, 960, 2, 165_000, 0, 12, []lift{{"D3", 0, 2}}},
	{"malware", "マルウェア解析入門", "Introduction to malware analysis", "サンプル技術研修センター", team.TrainingExternal, 960, 2, 165_000, 0, 12, []lift{{"D4", 0, 2}}},
	{"takada", "髙田さんの解析勉強会 全6回", "Analysis sessions by Mr Takada, six times", "", team.TrainingInHouse, 720, 6, 0, 0, 4, []lift{{"D4", 2, 3}}},
	{"triage", "初動15分ミニ訓練", "First response in 15 minutes", "", team.TrainingInHouse, 90, 1, 0, 0, 8, []lift{{"D1", 0, 2}}},
	{"command", "指揮官研修", "Incident commander course", "サンプル防災研究所", team.TrainingExternal, 480, 1, 88_000, 0, 16, []lift{{"D2", 2, 3}}},
	{"ai", "生成AI リスクと使い方", "Generative AI: risks and use", "サンプルAI研究会", team.TrainingExternal, 420, 1, 48_000, 0, 30, []lift{{"F2", 2, 3}}},
	{"crypto", "暗号と鍵の基礎", "Cryptography and keys: basics", "サンプル学習サイト", team.TrainingOnline, 600, 0, 22_000, 0, 0, []lift{{"F3", 0, 2}}},
	{"keys", "鍵管理実務", "Key management in practice", "サンプル技術研修センター", team.TrainingExternal, 480, 1, 66_000, 0, 12, []lift{{"F3", 2, 3}}},
	{"privacy", "個人情報保護法 改正対応", "Changes of the privacy law", "サンプル学習サイト", team.TrainingOnline, 480, 0, 33_000, 0, 0, []lift{{"A3", 2, 3}}},
	{"saas", "SaaS審査のやり方", "How to review a SaaS", "", team.TrainingInHouse, 180, 1, 0, 0, 10, []lift{{"B5", 0, 2}}},
	{"cloud", "クラウド設定レビュー会", "Cloud configuration review", "", team.TrainingInHouse, 360, 1, 0, 0, 6, []lift{{"E2", 2, 3}}},
	{"network", "ネットワーク基礎", "Networking basics", "サンプル学習サイト", team.TrainingOnline, 1200, 0, 15_000, 0, 0, []lift{{"E1", 0, 2}}},
	{"web", "Web診断ハンズオン", "Web security testing, hands on", "サンプル技術研修センター", team.TrainingExternal, 1440, 3, 220_000, 0, 10, []lift{{"E5", 2, 3}}},
	{"factory", "工場見学とOTの基礎", "A day at the factory and OT basics", "", team.TrainingInHouse, 480, 1, 0, 24_000, 12, []lift{{"F1", 0, 2}, {"B2", 0, 2}}},
	{"ot", "OTセキュリティ", "OT security", "サンプル技術研修センター", team.TrainingExternal, 960, 2, 180_000, 0, 12, []lift{{"F1", 1, 3}}},
	{"writing", "わかりやすい文章教室", "Writing plainly", "サンプル文章工房", team.TrainingInHouse, 180, 1, 0, 60_000, 15, []lift{{"B1", 0, 2}}},
	{"options", "代替案を考える会 月1", "Finding another way, once a month", "", team.TrainingInHouse, 90, 1, 0, 0, 0, []lift{{"B3", 0, 2}}},
	{"scripts", "スクリプト自動化もくもく会", "Scripting side by side", "", team.TrainingInHouse, 120, 1, 0, 0, 0, []lift{{"F4", 0, 2}}},
	{"auditor", "監査人のインタビュー術", "Interviewing like an auditor", "", team.TrainingSelfStudy, 240, 0, 0, 0, 0, []lift{{"A5", 0, 2}}},
	{"threats", "脅威情報の読み方", "Reading threat intelligence", "", team.TrainingSelfStudy, 360, 0, 0, 0, 0, []lift{{"C4", 0, 2}}},
}

// demoClass is a training that took place so many days ago (ahead, where negative) with
// those who were there.
type demoClass struct {
	training string
	days     int
	people   []string
	rating   int
	note     string
}

// demoClasses are the records of a year. Those of more than half a year ago are measured:
// of 24 people 11 were confirmed at a higher level within 180 days.
var demoClasses = []demoClass{
	{"options", 320, []string{"takada", "yamasaki", "watanabe", "nakajima"}, 4, ""},
	{"threats", 328, []string{"kobayashi"}, 4, "毎朝10分読む習慣になりました。"},
	{"command", 325, []string{"sato"}, 5, "役割を声に出して決める練習がよかった。"},
	{"auditor", 300, []string{"sato", "kobayashi"}, 3, ""},
	{"writing", 290, []string{"watanabe", "nguyen", "yoshida", "yamazaki"}, 5, "自分の回答を直しながら学べました。"},
	{"ai", 250, []string{"takahashi", "yamasaki"}, 4, ""},
	{"triage", 240, []string{"sato", "nguyen", "kobayashi"}, 4, ""},
	{"auditor", 240, []string{"smith"}, 5, "質問の順番が変わりました。"},
	{"cloud", 230, []string{"nguyen"}, 4, ""},
	{"privacy", 220, []string{"watanabe"}, 3, "改正点の一覧が手もとに残ります。"},
	{"factory", 210, []string{"takahashi", "yamazaki"}, 5, "現場の言葉が分かるようになりました。"},
	{"scripts", 200, []string{"takada", "yoshida"}, 4, ""},

	{"factory", 170, []string{"suzuki", "smith", "yamasaki"}, 5, "ラインを止められない理由が分かりました。"},
	{"network", 160, []string{"suzuki"}, 4, "20時間は長いが、順に進めます。"},
	{"forensics", 150, []string{"yamazaki", "nguyen"}, 5, ""},
	{"cloud", 140, []string{"yoshida", "nguyen"}, 4, ""},
	{"crypto", 130, []string{"yamasaki", "nguyen"}, 3, ""},
	{"malware", 120, []string{"nguyen"}, 5, "検体をさわる環境の作り方まで教わりました。"},
	{"saas", 110, []string{"takahashi", "kobayashi", "nguyen", "smith", "suzuki"}, 4, ""},
	{"command", 100, []string{"takada"}, 4, ""},
	{"options", 100, []string{"kobayashi", "yamazaki", "yoshida"}, 4, ""},
	{"network", 95, []string{"yamasaki"}, 4, ""},
	{"triage", 90, []string{"suzuki", "watanabe", "yamasaki", "yoshida", "smith"}, 5, ""},
	{"threats", 90, []string{"yamazaki"}, 3, ""},
	{"scripts", 85, []string{"yamazaki", "nguyen", "suzuki"}, 4, ""},
	{"privacy", 80, []string{"takahashi"}, 4, ""},
	{"web", 75, []string{"yoshida"}, 5, "自分たちのページで試す課題がよかった。"},
	{"ai", 70, []string{"kobayashi"}, 4, ""},
	{"options", 65, []string{"suzuki", "yoshida", "nguyen", "kobayashi", "yamazaki"}, 4, ""},
	{"writing", 55, []string{"suzuki", "takada", "yamasaki"}, 5, ""},
	{"cloud", 50, []string{"yoshida"}, 4, ""},
	{"triage", 45, []string{"kobayashi", "nakajima", "suzuki"}, 4, ""},
	{"auditor", 45, []string{"watanabe"}, 3, ""},
	{"ot", 40, []string{"yamazaki"}, 5, "中島さんと見直す点を3つ決めました。"},
	{"keys", 35, []string{"yamasaki"}, 4, ""},
	{"threats", 33, []string{"suzuki"}, 4, ""},
	{"options", 30, []string{"suzuki", "yoshida", "nguyen", "kobayashi"}, 4, ""},
	{"scripts", 25, []string{"yamazaki", "yoshida", "suzuki", "takada"}, 4, ""},
	{"ai", 20, []string{"watanabe"}, 5, "社内の利用ルールの下書きまで作れました。"},
	{"meetings", 13, []string{"kobayashi", "suzuki"}, 4, ""},
	{"triage", 8, []string{"suzuki", "smith"}, 4, ""},

	{"privacy", -20, []string{"smith"}, 0, ""},
	{"command", -30, []string{"watanabe"}, 0, ""},
	{"takada", -38, []string{"yamazaki", "nguyen"}, 0, ""},
	{"keys", -75, []string{"yoshida"}, 0, ""},
}

// meetings is something two people did that the catalogue does not have.
var meetings = demoTraining{key: "meetings", title: "Web会議の安全", kind: team.TrainingOnline, minutes: 120, lifts: []lift{{"B1", 0, team.NotAssessed}}}

// DemoTraining returns the id of a training of the demo by its key, for example "takada".
func DemoTraining(key string) string { return demoID("training", key) }

// addTrainings adds the catalogue, the records of a year, what is planned, one that
// nobody has said anything of since its day, and one that was called off.
func (b *builder) addTrainings() {
	by := map[string]demoTraining{meetings.key: meetings}
	for _, n := range demoTrainings {
		by[n.key] = n
		b.company.Trainings = append(b.company.Trainings, n.training())
	}
	for _, class := range demoClasses {
		state := team.RecordDone
		if class.days < 0 {
			state = team.RecordPlanned
		}
		b.addClass(by[class.training], class, state)
	}
	b.addClass(by["scripts"], demoClass{training: "scripts", days: 4, people: []string{"takada", "nguyen"}}, team.RecordPlanned)
	b.addClass(by["keys"], demoClass{training: "keys", days: 92, people: []string{"yoshida"}}, team.RecordCancelled)
}

func (n demoTraining) training() team.Training {
	t := team.Training{ID: DemoTraining(n.key), Title: n.title, TitleEn: n.titleEn, Provider: n.provider, Kind: n.kind, Minutes: n.minutes, Days: n.days,
		Fee: n.fee, ClassCost: n.class, Seats: n.seats, Active: true, Version: 1}
	for _, l := range n.lifts {
		k := team.TrainingSkill{TrainingID: t.ID, SkillID: DemoSkill(l.skill), Level: l.to, Prerequisite: l.from}
		if l.from == team.None {
			k.Prerequisite = team.NotAssessed
		}
		t.Skills = append(t.Skills, k)
	}
	return t
}

// addClass writes a record for each who was there; the first of them says how it went.
// Nobody went anywhere before they joined.
func (b *builder) addClass(n demoTraining, class demoClass, state team.RecordState) {
	day := workdayBefore(b.today.AddDays(1-class.days), 1)
	for i, m := range class.people {
		if day.Before(b.joined[m]) {
			continue
		}
		r := team.TrainingRecord{ID: demoID("training_record", fmt.Sprintf("%s %d %s", class.training, class.days, m)), MemberID: DemoMember(m), Title: n.title, Kind: n.kind,
			State: state, Day: day, Minutes: n.minutes, Cost: n.fee, ClassCost: n.class, By: DemoMember(class.people[0]), Version: 1}
		if n.key != meetings.key {
			r.TrainingID = DemoTraining(n.key)
		}
		if i == 0 {
			r.Rating, r.Note = class.rating, class.note
		}
		written := day
		if state != team.RecordDone {
			written = workdayBefore(b.today.AddDays(-max(class.days, 0)-14), 1)
		}
		r.CreatedAt = team.At(at(written, 17*60+5*i))
		for _, l := range n.lifts {
			r.Skills = append(r.Skills, team.RecordSkill{SkillID: DemoSkill(l.skill), Level: l.to})
		}
		b.company.Records = append(b.company.Records, r)
	}
}
