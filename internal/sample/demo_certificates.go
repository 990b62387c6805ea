package sample

import (
	"fmt"
	"slices"
	"time"

	"tasuki/internal/team"
)

// DemoCertification returns the id of a demo certification by its key, such as "riss".
func DemoCertification(key string) string { return demoID("certification", key) }

// DemoCertificate returns the id of somebody's certificate, such as "riss", "takada".
func DemoCertificate(key, member string) string { return demoID("certificate", key+" "+member) }

// addCertificates adds the catalogue of certifications, who holds what, and what they
// have done to keep it.
func (b *builder) addCertificates() {
	for _, c := range append(StarterCertifications(), ownCertifications()...) {
		for _, key := range c.Renews {
			b.company.Renewals = append(b.company.Renewals, team.CertificationRenewal{CertificationID: DemoCertification(c.ID), RenewsID: DemoCertification(key)})
		}
		for _, s := range certifiedSkills[c.ID] {
			c.Skills = append(c.Skills, team.CertificationSkill{SkillID: DemoSkill(s.skill), Level: s.level})
		}
		c.Minimum, c.Version, c.Renews = wantedHolders[c.ID], 1, nil
		c.ID = DemoCertification(c.ID)
		b.company.Certifications = append(b.company.Certifications, c)
	}
	for i, h := range b.holders() {
		b.addCertificate(i, h)
	}
	for i, d := range b.doings() {
		b.addActivity(i, d)
	}
}

// wantedHolders is of how many certifications the department wants how many holders.
var wantedHolders = map[string]int{"riss": 2, "cissp": 1, "privacy": 1, "iso27001": 2}

// certifiedSkills are the skills that certificates show; without a level they are
// evidence alone.
var certifiedSkills = map[string][]struct {
	skill string
	level team.Level
}{
	"gcfa":          {{"D3", 3}},
	"aws_security":  {{"E2", 3}},
	"cisa":          {{"A5", 3}},
	"iso27001":      {{"A5", 2}},
	"privacy":       {{"A3", 2}},
	"riss":          {{"D1", team.NotAssessed}, {"A2", team.NotAssessed}},
	"cissp":         {{"A2", team.NotAssessed}},
	"security_plus": {{"C1", 1}},
}

// ownCertifications are those that are not well known everywhere.
func ownCertifications() []team.Certification {
	return []team.Certification{
		{ID: "ap", Name: "応用情報技術者試験", NameEn: "Applied Information Technology Engineer Examination", Short: "応用情報", Issuer: "IPA", Quality: team.SourceMemory, Active: true,
			Rules: team.CertificationRules{CycleAnchor: team.AnchorCertified}, Note: "合格に期限はありません。", NoteEn: "A pass does not expire."},
		{ID: "privacy", Name: "個人情報保護士", NameEn: "Personal information protection specialist", Issuer: "全日本情報学習振興協会", Quality: team.SourceMemory, Active: true,
			Rules: team.CertificationRules{ValidityMonths: 24, CycleMonths: 24, CycleAnchor: team.AnchorCertified, RenewBy: []team.RenewBy{team.RenewByCourse}},
			Note:  "2年ごとに更新します。決まりは確かめていません。", NoteEn: "Renewed every two years. The rules have not been checked."},
		{ID: "iso27001", Name: "ISO/IEC 27001 内部監査員", NameEn: "ISO/IEC 27001 internal auditor", Short: "27001監査員", Issuer: "社内の決まり", Quality: team.SourceOfficial, Active: true,
			Rules: team.CertificationRules{ValidityMonths: 36, CycleMonths: 36, CycleAnchor: team.AnchorCertified, RenewBy: []team.RenewBy{team.RenewByCourse}},
			Note:  "社内の決まりで、3年ごとに研修を受け直します。", NoteEn: "By our own rule, the course is taken again every three years."},
	}
}

// demoHolder is a certificate that somebody holds: its last day and the renewals before.
type demoHolder struct {
	key, member string
	ends        team.Date // none: for life
	months      int
	renewals    int // how many periods came before the last one
	obtained    team.Date
	number      string
	evidence    string
}

// halfEnd is the last day of March or September that is far enough ahead.
func halfEnd(today team.Date) team.Date {
	for d := today.AddDays(90); ; d = d.AddDays(1) {
		if next := d.AddDays(1); next.Day == 1 && (next.Month == time.April || next.Month == time.October) {
			return d
		}
	}
}

func (b *builder) holders() []demoHolder {
	half := halfEnd(b.today)
	in := func(months, days int) team.Date { return b.today.AddMonths(months).AddDays(days) }
	year := team.Date{Year: b.today.Year + 1, Month: time.December, Day: 31}
	return []demoHolder{
		{key: "riss", member: "takada", ends: half, months: 36, renewals: 1, number: "第004721号", evidence: "riss-takada"},
		{key: "riss", member: "yamazaki", ends: half.AddDays(1).AddMonths(12).AddDays(-1), months: 36, number: "第013508号"},
		{key: "riss", member: "yoshida", ends: half.AddDays(1).AddMonths(24).AddDays(-1), months: 36, number: "第019264号", evidence: "riss-yoshida"},
		{key: "cissp", member: "takahashi", ends: in(14, -5), months: 36, renewals: 1, number: "512 873"},
		{key: "cissp", member: "smith", ends: in(16, 3), months: 36, renewals: 1, number: "604 119"},
		{key: "ccsp", member: "yamasaki", ends: in(19, 9), months: 36, number: "730 552"},
		{key: "sscp", member: "kobayashi", ends: in(22, 0), months: 36, number: "781 340"},
		{key: "cc", member: "suzuki", ends: in(30, -4), months: 36, number: "1 204 883"},
		{key: "cisa", member: "smith", ends: year, months: 36, number: "1874231", evidence: "cisa-smith"},
		{key: "cism", member: "sato", ends: year, months: 36, renewals: 1, number: "1539077"},
		{key: "gcfa", member: "takada", ends: endOfMonth(in(33, 0)), months: 48, number: "21877"},
		{key: "security_plus", member: "suzuki", ends: in(0, 38), months: 36, number: "COMP001022417733"},
		{key: "aws_security", member: "yamasaki", ends: in(8, 6), months: 36, number: "SCS-4471902"},
		{key: "sg", member: "watanabe", obtained: in(-70, 0)},
		{key: "sg", member: "kobayashi", obtained: in(-52, 12)},
		{key: "sg", member: "nakajima", obtained: in(-20, 3)},
		{key: "sg", member: "suzuki", obtained: in(-15, 0)},
		{key: "ap", member: "yoshida", obtained: in(-95, 4)},
		{key: "ap", member: "nguyen", obtained: in(-41, 8)},
		{key: "privacy", member: "watanabe", ends: in(0, -20), months: 24, renewals: 1, number: "A-20817"},
		{key: "iso27001", member: "watanabe", ends: in(14, 2), months: 36},
		{key: "iso27001", member: "smith", ends: in(26, -8), months: 36, renewals: 1},
	}
}

func endOfMonth(d team.Date) team.Date {
	return team.Date{Year: d.Year, Month: d.Month, Day: 1}.AddMonths(1).AddDays(-1)
}

func (b *builder) addCertificate(i int, h demoHolder) {
	c := team.Certificate{ID: DemoCertificate(h.key, h.member), MemberID: DemoMember(h.member), CertificationID: DemoCertification(h.key), By: DemoMember(h.member), Version: 1 + h.renewals}
	for n := range h.renewals + 1 {
		p := team.CertificatePeriod{ID: demoID("period", fmt.Sprintf("%s %s %d", h.key, h.member, n)), Place: n + 1, StartsOn: h.obtained, Number: h.number, By: c.By}
		if !h.ends.IsZero() {
			p.EndsOn = h.ends.AddDays(1).AddMonths(-h.months * (h.renewals - n)).AddDays(-1)
			p.StartsOn = p.EndsOn.AddDays(1).AddMonths(-h.months)
		}
		made := b.today.AddDays(-320 + i) // the log began a year ago
		if made.Before(p.StartsOn) {
			made = p.StartsOn.AddDays(3)
		}
		p.MadeAt = team.At(at(made, 9*60+10+7*i))
		c.Periods = append(c.Periods, p)
	}
	c.CreatedAt = c.Periods[0].MadeAt
	if h.evidence != "" {
		b.addEvidence(c, h.evidence)
	}
	b.company.Certificates = append(b.company.Certificates, c)
}

func (b *builder) addEvidence(c team.Certificate, name string) {
	content := demoPDF(name)
	b.company.Files = append(b.company.Files, team.File{ID: demoID("file", name), MemberID: c.MemberID, About: team.AboutCertificate, AboutID: c.ID, Kind: team.FilePDF,
		Name: name + ".pdf", Size: len(content), Content: content, By: c.MemberID, AddedAt: c.CreatedAt})
}

// demoPDF returns one page that says what it stands for.
func demoPDF(title string) []byte {
	text := "BT /F1 18 Tf 60 760 Td (" + title + " - sample) Tj ET"
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>",
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text)}
	out, table := []byte("%PDF-1.4\n"), fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for i, o := range objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(out))
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return fmt.Appendf(out, "%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", table, len(objects)+1, len(out))
}

// demoDoing is something that counts for certificates.
type demoDoing struct {
	member, title string
	daysAgo       int
	credits       int
	claims        []demoClaim
}

type demoClaim struct{ key, category, event string }

// doings are what people did: some of it once, some of it again and again.
func (b *builder) doings() (list []demoDoing) {
	again := func(member, title string, from, every, credits int, claims ...demoClaim) {
		for days := from; days < 640; days += every {
			list = append(list, demoDoing{member, title, days, credits, claims})
		}
	}
	again("smith", "Security webinar", 12, 30, 4, demoClaim{key: "cissp", category: "A"}, demoClaim{key: "cisa"})
	again("sato", "経営層向けセキュリティの勉強会", 20, 40, 5, demoClaim{key: "cism"})
	again("yamasaki", "クラウドセキュリティの勉強会", 8, 45, 4, demoClaim{key: "ccsp"})
	again("kobayashi", "社内教材づくり", 15, 60, 4, demoClaim{key: "sscp"})
	list = append(list,
		demoDoing{"suzuki", "新人向けオンライン講座", 40, 5, []demoClaim{{key: "cc"}, {key: "security_plus"}}},
		demoDoing{"suzuki", "ログ分析の演習", 120, 6, []demoClaim{{key: "cc"}, {key: "security_plus"}}},
		demoDoing{"suzuki", "大学の公開講座", 420, 27, []demoClaim{{key: "security_plus"}}},
		demoDoing{"takahashi", "CSIRTの年次大会", 30, 12, []demoClaim{{key: "cissp", category: "A"}}},
		demoDoing{"takahashi", "事故対応の講師", 160, 8, []demoClaim{{key: "cissp", category: "A"}}},
		demoDoing{"takahashi", "部下との面談の研修", 210, 10, []demoClaim{{key: "cissp", category: "B"}}},
		demoDoing{"takahashi", "セキュリティ会議（2日間）", 330, 16, []demoClaim{{key: "cissp", category: "A"}}},
		demoDoing{"takahashi", "クラウドの設計レビュー講座", 470, 15, []demoClaim{{key: "cissp", category: "A"}}},
		demoDoing{"takada", "フォレンジックの演習会", 90, 7, []demoClaim{{key: "gcfa"}}},
		demoDoing{"takada", "解析の勉強会（講師）", 260, 5, []demoClaim{{key: "gcfa"}}})
	return append(list, b.courses()...)
}

// courses are what registered specialists are asked for: an online course each year,
// and a practical one, which Takada still has before him.
func (b *builder) courses() (list []demoDoing) {
	half := halfEnd(b.today)
	for _, who := range []struct {
		member string
		years  int // until the end
		done   int // the practical course, so many days ago; 0: not yet
	}{{"takada", 0, 0}, {"yamazaki", 1, 200}, {"yoshida", 2, 0}} {
		end := half.AddDays(1).AddMonths(12 * who.years)
		for n := 3; n >= 1; n-- {
			day := end.AddMonths(-12 * n).AddDays(75)
			if b.today.Before(day) {
				continue
			}
			list = append(list, demoDoing{who.member, "支援士 オンライン講習", day.DaysTo(b.today), 0, []demoClaim{{key: "riss", event: "online"}}})
		}
		if who.done > 0 {
			list = append(list, demoDoing{who.member, "支援士 実践講習", who.done, 0, []demoClaim{{key: "riss", event: "practical"}}})
		}
	}
	return list
}

func (b *builder) addActivity(i int, d demoDoing) {
	day := b.today.AddDays(-d.daysAgo)
	a := team.CreditActivity{ID: demoID("activity", fmt.Sprintf("%s %s %d", d.member, d.title, d.daysAgo)), MemberID: DemoMember(d.member), Day: day, Title: d.title,
		Credits: team.WholeCredits(d.credits), By: DemoMember(d.member), MadeAt: team.At(at(day, 17*60+i%50))}
	for _, c := range d.claims {
		a.Claims = append(a.Claims, team.CreditClaim{CertificateID: DemoCertificate(c.key, d.member), Credits: a.Credits, Category: c.category, Event: c.event})
	}
	slices.SortFunc(a.Claims, func(x, y team.CreditClaim) int {
		return slices.Compare([]byte(x.CertificateID), []byte(y.CertificateID))
	})
	b.company.Activities = append(b.company.Activities, a)
}
