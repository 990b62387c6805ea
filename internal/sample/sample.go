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
