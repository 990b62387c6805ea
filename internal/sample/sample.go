// Package sample holds valid values of the team's types for tests, and the demo
// department.
package sample

import "tasuki/internal/team"

// Member returns a member who may answer and write; name tells people apart.
func Member(name string) team.Member {
	return team.Member{Name: name, Email: name + "@example.com", Role: team.RoleMember, Language: "ja", Shortcuts: true, Active: true}
}

// Lead returns a member who may also manage.
func Lead(name string) team.Member {
	m := Member(name)
	m.Role = team.RoleLead
	return m
}

// Article returns a verified article that answers a question.
func Article(title string) team.Article {
	return team.Article{Title: title, Answer: Answer(), State: team.ArticleVerified, Audience: team.AudienceCompany}
}

// Answer returns an answer with every box that an asker reads.
func Answer() team.Answer {
	return team.Answer{Decision: team.DecisionConditional, Short: "「あずけ箱」で送ってください。", Reason: "落としても気づきにくいためです。",
		Steps: team.Lines{"「あずけ箱」に入れる", "期限を7日にする"}, Alternative: "貸出用USBメモリを使えます。"}
}

// Use returns a reuse of an article for a pasted question.
func Use(a team.Article) team.Use {
	return team.Use{ArticleID: a.ID, Kind: team.LinkAsIs, Text: "お世話になっております。USBで渡してもよいですか。", Wording: "USBで渡してもよいですか。",
		Requester: "大野 さやか", Channel: team.ChannelMail, Answer: a.Answer, Reply: "大野さん\n「あずけ箱」で送ってください。"}
}

// Consultation returns an open question from the field.
func Consultation(subject string) team.Consultation {
	return team.Consultation{Subject: subject, Text: "お世話になっております。\n" + subject + "\nよろしくお願いいたします。", Requester: "大野 さやか",
		Channel: team.ChannelMail, State: team.ConsultationOpen}
}

// Answered returns a question that has got its answer.
func Answered(subject string) team.Consultation {
	c := Consultation(subject)
	c.State, c.Answer, c.Reply = team.ConsultationAnswered, Answer(), "大野さん\n「あずけ箱」で送ってください。"
	return c
}

// Department returns a department of the field.
func Department(name string) team.Department {
	return team.Department{Name: name, NameEn: "Manufacturing", Headcount: 320, Active: true}
}

// Topic returns a subject of consultations.
func Topic(name string) team.Topic {
	return team.Topic{Name: name, NameEn: "Devices & media", Active: true}
}

// Compartment returns a named group of these members.
func Compartment(name string, members ...team.Member) team.Compartment {
	c := team.Compartment{Name: name}
	for _, m := range members {
		c.Members = append(c.Members, m.ID)
	}
	return c
}

// Jargon returns a word of experts with its plain wording.
func Jargon(term string) team.JargonTerm {
	return team.JargonTerm{Term: term, Plain: "ログインのときの2つめの確認", PlainEn: "a second check at sign-in", Synonyms: team.Lines{"2FA", "二要素認証"}}
}

// Category returns a group of skills.
func Category(name string) team.Category {
	return team.Category{Name: name, NameEn: "Incident", Active: true}
}

// Skill returns a skill of a category, which two people have to be able to do alone.
func Skill(c team.Category, name string) team.Skill {
	s := team.NewSkill()
	s.CategoryID, s.Name, s.NameEn, s.Minimum = c.ID, name, "Forensics", 2
	s.Anchors[4] = "例外を判断し、教えられる"
	s.Codes = []team.SkillCode{{Framework: "NICE", Version: "v1.0.0", Code: "PD-WRL-002"}}
	return s
}

// Certification returns a kind of certificate that is valid for three years and asks
// for nothing.
func Certification(name string) team.Certification {
	c := team.NewCertification()
	c.Name, c.NameEn = name, "Registered specialist"
	return c
}

// Training returns an external training of two days that leads from level 2 of a skill to 3.
func Training(title string, skills ...team.Skill) team.Training {
	n := team.Training{Title: title, TitleEn: "Course: " + title, Provider: "サンプル研修所", Kind: team.TrainingExternal, Minutes: 16 * 60, Days: 2, Fee: 165_000,
		Seats: 12, Link: "https://training.example.com/course", Active: true}
	for _, k := range skills {
		n.Skills = append(n.Skills, team.TrainingSkill{SkillID: k.ID, Level: team.Independent, Prerequisite: team.Routine})
	}
	return n
}
