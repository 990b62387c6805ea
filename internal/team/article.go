package team

import (
	"slices"
	"strings"
)

// Decision is the kind of an answer.
type Decision string

// The decisions; empty means not said.
const (
	DecisionYes         Decision = "yes"
	DecisionConditional Decision = "conditional"
	DecisionNo          Decision = "no"
	DecisionInfo        Decision = "info"
	DecisionUrgent      Decision = "urgent"
)

// Decisions lists the decisions in the order of a form.
var Decisions = []Decision{"", DecisionYes, DecisionConditional, DecisionNo, DecisionInfo, DecisionUrgent}

// The longest texts, in runes. A whole article stays well under what Markdown
// can be made to amplify.
const (
	MaxTitle = 120
	MaxShort = 200
	MaxBox   = 4000
	MaxText  = 50000
)

// Answer is what the asker gets, in fixed boxes. Each box is Markdown.
type Answer struct {
	Decision    Decision `db:"decision" json:"decision,omitempty"`
	Short       string   `db:"short_answer" json:"short_answer,omitempty"`
	Reason      string   `db:"reason" json:"reason,omitempty"`
	Merit       string   `db:"merit" json:"merit,omitempty"`
	Demerit     string   `db:"demerit" json:"demerit,omitempty"`
	Steps       Lines    `db:"steps" json:"steps,omitempty"`
	Alternative string   `db:"alternative" json:"alternative,omitempty"`
	Due         string   `db:"due" json:"due,omitempty"`
	DueReason   string   `db:"due_reason" json:"due_reason,omitempty"`
	Basis       string   `db:"basis" json:"basis,omitempty"`
}

// Empty tells whether no box is filled.
func (a Answer) Empty() bool {
	return a.Short == "" && a.Reason == "" && a.Merit == "" && a.Demerit == "" && len(a.Steps) == 0 &&
		a.Alternative == "" && a.Due == "" && a.DueReason == "" && a.Basis == ""
}

// Equal tells whether two answers say the same in every box.
func (a Answer) Equal(b Answer) bool {
	return a.Decision == b.Decision && a.Short == b.Short && a.Reason == b.Reason && a.Merit == b.Merit &&
		a.Demerit == b.Demerit && a.Steps.String() == b.Steps.String() && a.Alternative == b.Alternative &&
		a.Due == b.Due && a.DueReason == b.DueReason && a.Basis == b.Basis
}

func (a Answer) check(v *Invalid) {
	oneOf(v, "decision", a.Decision, Decisions)
	v.text("short_answer", a.Short, true, MaxShort)
	for _, box := range []struct{ field, text string }{
		{"reason", a.Reason}, {"merit", a.Merit}, {"demerit", a.Demerit}, {"steps", a.Steps.String()},
		{"alternative", a.Alternative}, {"due", a.Due}, {"due_reason", a.DueReason}, {"basis", a.Basis},
	} {
		v.text(box.field, box.text, false, MaxBox)
	}
}

// SharedArticle is a verified article whose review is not overdue, with those who have
// answered with it: what is known by more than who wrote it.
type SharedArticle struct {
	ID     string   `db:"id"`
	Title  string   `db:"title"`
	Author string   `db:"author"`
	Topics []string `db:"-"`
	Users  []string `db:"-"` // in the order of their ids
}

// CarriedBeyond tells whether somebody else than its author and some experts has
// answered with the article. In active are the members of today.
func (a SharedArticle) CarriedBeyond(active, experts []string) bool {
	return slices.ContainsFunc(a.Users, func(u string) bool {
		return u != a.Author && slices.Contains(active, u) && !slices.Contains(experts, u)
	})
}

// ArticleState says how far an article can be trusted (KCS article states).
type ArticleState string

// The article states.
const (
	ArticleDraft       ArticleState = "draft"
	ArticleNotVerified ArticleState = "not_verified"
	ArticleVerified    ArticleState = "verified"
	ArticleArchived    ArticleState = "archived"
)

// ArticleStates lists the states in the order of a form.
var ArticleStates = []ArticleState{ArticleDraft, ArticleNotVerified, ArticleVerified, ArticleArchived}

// Audience says to whom an article's text may be sent.
type Audience string

// The audiences.
const (
	AudienceDepartment Audience = "department"
	AudienceCompany    Audience = "company"
)

// Audiences lists the audiences.
var Audiences = []Audience{AudienceCompany, AudienceDepartment}

// Article is a reusable answer. Its title is the question it answers.
type Article struct {
	ID          string `db:"id" json:"id,omitzero"`
	Compartment string `db:"compartment_id" json:"compartment_id,omitzero"` // "" is the whole department
	Title       string `db:"title" json:"title,omitzero"`
	Answer
	State      ArticleState `db:"state" json:"state,omitzero"`
	Audience   Audience     `db:"audience" json:"audience,omitzero"`
	Keywords   Lines        `db:"keywords" json:"keywords,omitempty"`
	ReviewDue  Date         `db:"review_due" json:"review_due,omitzero"`
	Version    int          `db:"version" json:"version,omitzero"`
	ExternalID string       `db:"external_id" json:"external_id,omitzero"` // its name in the file it was imported from
	CreatedBy  string       `db:"created_by" json:"created_by,omitzero"`
	CreatedAt  Stamp        `db:"created_at" json:"created_at,omitzero"`
	UpdatedBy  string       `db:"updated_by" json:"updated_by,omitzero"`
	UpdatedAt  Stamp        `db:"updated_at" json:"updated_at,omitzero"`
	VerifiedBy string       `db:"verified_by" json:"verified_by,omitzero"`
	VerifiedAt Stamp        `db:"verified_at" json:"verified_at,omitzero"`
	// Topics holds topic ids; Wordings the questions that askers used, oldest first.
	Topics   []string  `db:"-" json:"topics,omitempty"`
	Wordings []Wording `db:"-" json:"wordings,omitempty"`
}

// Wording is how an asker phrased the question, kept because the next asker will
// phrase it like that again.
type Wording struct {
	ID             string `db:"id" json:"id,omitzero"`
	ArticleID      string `db:"article_id" json:"-"`
	ConsultationID string `db:"consultation_id" json:"consultation_id,omitzero"` // "" when it was typed by hand or imported
	Text           string `db:"text" json:"text,omitzero"`
	AddedAt        Stamp  `db:"added_at" json:"added_at,omitzero"`
}

// Validate checks what a person typed.
func (a Article) Validate() error {
	var v Invalid
	v.text("title", a.Title, true, MaxTitle)
	a.check(&v)
	oneOf(&v, "state", a.State, ArticleStates)
	oneOf(&v, "audience", a.Audience, Audiences)
	v.text("keywords", a.Keywords.String(), false, 1000)
	checkWordings(&v, a.Wordings)
	return v.Or()
}

// checkWordings looks at each wording and at all of them: every one is compared
// with those there are.
func checkWordings(v *Invalid, list []Wording) {
	if len(list) > maxWordings {
		*v = append(*v, Problem{Field: "wordings", Rule: TooMany, Limit: maxWordings})
		return
	}
	for _, w := range list {
		v.text("wordings", w.Text, false, 1000)
	}
}

// maxWordings is how many wordings an article is saved with.
const maxWordings = 1000

// Overdue tells whether the review day has passed.
func (a Article) Overdue(today Date) bool { return !a.ReviewDue.IsZero() && a.ReviewDue.Before(today) }

// ArticleVersion is an article as somebody saved it.
type ArticleVersion struct {
	ArticleID string `db:"article_id" json:"-"`
	Version   int    `db:"version" json:"version,omitzero"`
	Title     string `db:"title" json:"title,omitzero"`
	Answer
	State     ArticleState `db:"state" json:"state,omitzero"`
	Audience  Audience     `db:"audience" json:"audience,omitzero"`
	Keywords  Lines        `db:"keywords" json:"keywords,omitempty"`
	ReviewDue Date         `db:"review_due" json:"review_due,omitzero"`
	SavedBy   string       `db:"saved_by" json:"saved_by,omitzero"`
	SavedAt   Stamp        `db:"saved_at" json:"saved_at,omitzero"`
}

// Flag says that an article is wrong or outdated, until somebody settles it.
type Flag struct {
	ID         string `db:"id" json:"id,omitzero"`
	ArticleID  string `db:"article_id" json:"-"`
	Note       string `db:"note" json:"note,omitzero"`
	RaisedBy   string `db:"raised_by" json:"raised_by,omitzero"`
	RaisedAt   Stamp  `db:"raised_at" json:"raised_at,omitzero"`
	ResolvedBy string `db:"resolved_by" json:"resolved_by,omitzero"`
	ResolvedAt Stamp  `db:"resolved_at" json:"resolved_at,omitzero"`
}

// Usage tells how often an article was used in consultations that the person may see.
type Usage struct {
	ArticleID string `db:"article_id"`
	Count     int    `db:"uses"`
	LastUsed  Stamp  `db:"last_used"`
	People    int    `db:"people"` // how many different members answered with it
	Flags     int    `db:"flags"`  // open flags
}

// Text returns every filled box as one text, in the order of reading.
func (a Answer) Text() string {
	var parts []string
	for _, box := range []string{a.Short, a.Reason, a.Merit, a.Demerit, a.Steps.String(), a.Alternative, a.Due, a.DueReason, a.Basis} {
		if box != "" {
			parts = append(parts, box)
		}
	}
	return strings.Join(parts, "\n")
}
