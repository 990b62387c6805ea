package team

import "time"

// Channel is how a question came.
type Channel string

// The channels.
const (
	ChannelMail    Channel = "mail"
	ChannelChat    Channel = "chat"
	ChannelPhone   Channel = "phone"
	ChannelMeeting Channel = "meeting"
)

// Channels lists the channels in the order of a form.
var Channels = []Channel{ChannelMail, ChannelChat, ChannelPhone, ChannelMeeting}

// ConsultationState says where a consultation stands.
type ConsultationState string

// The consultation states.
const (
	ConsultationOpen     ConsultationState = "open"
	ConsultationAnswered ConsultationState = "answered"
)

// Consultation is one question from the field with the answer it got.
type Consultation struct {
	ID              string            `db:"id" json:"id,omitzero"`
	Ref             string            `db:"ref" json:"ref,omitzero"`                       // five letters and digits that people quote; random, so that it counts nothing
	Compartment     string            `db:"compartment_id" json:"compartment_id,omitzero"` // "" is the whole department
	RequesterID     string            `db:"requester_id" json:"requester_id,omitzero"`
	Requester       string            `db:"requester" json:"requester,omitzero"` // the name
	DepartmentID    string            `db:"department_id" json:"department_id,omitzero"`
	TopicID         string            `db:"topic_id" json:"topic_id,omitzero"`
	Channel         Channel           `db:"channel" json:"channel,omitzero"`
	Subject         string            `db:"subject" json:"subject,omitzero"`
	Text            string            `db:"original" json:"original,omitzero"` // as it came
	State           ConsultationState `db:"state" json:"state,omitzero"`
	ReceivedAt      Stamp             `db:"received_at" json:"received_at,omitzero"`
	FirstResponseAt Stamp             `db:"first_response_at" json:"first_response_at,omitzero"`
	AnsweredAt      Stamp             `db:"answered_at" json:"answered_at,omitzero"`
	AnsweredBy      string            `db:"answered_by" json:"answered_by,omitzero"`
	Answer
	Reply      string `db:"reply" json:"reply,omitzero"` // the text as it was sent
	Version    int    `db:"version" json:"version,omitzero"`
	ExternalID string `db:"external_id" json:"external_id,omitzero"`
	CreatedBy  string `db:"created_by" json:"created_by,omitzero"`
	CreatedAt  Stamp  `db:"created_at" json:"created_at,omitzero"`
	// Links holds the articles it was answered with.
	Links []ArticleLink `db:"-" json:"-"`
}

// Validate checks what a person typed. An open consultation needs no answer yet.
func (c Consultation) Validate() error {
	var v Invalid
	v.text("subject", c.Subject, true, MaxTitle)
	v.text("text", c.Text, false, MaxText)
	v.text("requester", c.Requester, false, 60)
	v.text("reply", c.Reply, false, MaxText)
	oneOf(&v, "channel", c.Channel, Channels)
	if c.State == ConsultationAnswered && c.Reply == "" {
		c.check(&v)
	}
	return v.Or()
}

// LinkKind says how an article was used for a consultation.
type LinkKind string

// The link kinds: word for word, changed before sending, or only pointed at.
const (
	LinkAsIs       LinkKind = "as_is"
	LinkAdapted    LinkKind = "adapted"
	LinkReferenced LinkKind = "referenced"
)

// LinkKinds lists the link kinds.
var LinkKinds = []LinkKind{LinkAsIs, LinkAdapted, LinkReferenced}

// ArticleLink joins a consultation to the article it was answered with.
type ArticleLink struct {
	ConsultationID string   `db:"consultation_id" json:"consultation_id,omitzero"`
	ArticleID      string   `db:"article_id" json:"-"`
	Kind           LinkKind `db:"kind" json:"kind,omitzero"`
	LinkedBy       string   `db:"linked_by" json:"linked_by,omitzero"`
	LinkedAt       Stamp    `db:"linked_at" json:"linked_at,omitzero"`
}

// UndoWindow is how long the reuse of an answer can be taken back. The page
// offers it for ten seconds; the rest is for slow networks and pages without
// JavaScript.
const UndoWindow = time.Minute

// Use is one reuse of an article: what a member did with one key.
type Use struct {
	ArticleID      string
	ConsultationID string // "" records a new consultation
	Kind           LinkKind
	Subject        string // "" takes the first words of the text, or the article's title
	Text           string // what was pasted
	Wording        string // the question without greeting and signature, kept for search; "" keeps none
	Requester      string
	DepartmentID   string
	TopicID        string
	Channel        Channel
	Compartment    string
	Answer         Answer // as sent (equal to the article's when as_is)
	Reply          string // the finished text that went to the clipboard
	Key            string // idempotency key of the form
}
