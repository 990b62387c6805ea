package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// draftBox is the part of a form that keeps what was typed until it is sent: a button,
// which the page presses by itself every few seconds, and when it was last kept.
type draftBox struct {
	page
	Watch  string // the field to watch; "" watches the whole form
	Action string // where the button sends the form
	Form   string // this copy of the form
	About  string // the question that a new form answers, as a hash
	State  string // when the draft was kept, in words
	Back   bool   // the form shows a draft
}

// The fields of a form that say what to do with its draft.
const (
	draftButton = "draft" // "1" keeps it, "discard" throws it away
	draftForm   = "draft_form"
	draftAbout  = "draft_about"
)

// answerNames are the boxes of an answer; articleNames are all that an article's form holds.
var (
	answerNames  = []string{"decision", "short_answer", "reason", "merit", "demerit", "steps", "alternative", "due", "due_reason", "basis", "version"}
	articleNames = append(slices.Clone(answerNames), "title", "keywords", "wordings", "state", "audience", "review_due", "compartment", "topics")
	replyNames   = []string{"reply"}
)

// aboutText stands for a pasted text in the name of a draft: the draft comes back with
// the same text, and the text itself is not kept.
func aboutText(pasted string) string {
	if pasted == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(text.Clean(pasted)))
	return hex.EncodeToString(sum[:16])
}

// replyPlace names the reply with an answer to one question. A reply without a question
// has no draft: it would come back with the name of another asker.
func replyPlace(articleID, consultationID, pasted string) string {
	about := consultationID
	if about == "" {
		about = aboutText(pasted)
	}
	if about == "" || articleID == "" {
		return ""
	}
	return "reply " + articleID + " " + about
}

// draftBox returns the part of a form, and what the person typed into that form before,
// or nil.
func (s *Server) draftBox(c *fiber.Ctx, place string) (draftBox, url.Values, error) {
	b := draftBox{page: s.page(c), Form: rand.Text()}
	d, err := s.Store.Draft(c.UserContext(), b.Member, place)
	if err != nil || d.Content == "" {
		return b, nil, err
	}
	v, err := url.ParseQuery(d.Content)
	if err != nil {
		return b, nil, err
	}
	b.Back, b.State = true, b.T("draft.back", "Time", b.Time(d.SavedAt))
	return b, v, nil
}

// typedBox is the same part of a form that comes back to the person with what they typed.
func (s *Server) typedBox(c *fiber.Ctx, f url.Values) draftBox {
	return draftBox{page: s.page(c), Form: f.Get(draftForm), About: f.Get(draftAbout)}
}

// keepDraft keeps the named fields of a form and returns the words for it. What cannot
// be kept is told in the same place, and stays in the form.
func (s *Server) keepDraft(c *fiber.Ctx, place string, f url.Values, names []string) (string, error) {
	p, kept := s.page(c), maps.Clone(f)
	maps.DeleteFunc(kept, func(name string, _ []string) bool { return !slices.Contains(names, name) })
	d, err := s.Store.SaveDraft(c.UserContext(), p.Member, team.Draft{Place: place, Content: kept.Encode()}, f.Get(draftForm))
	var invalid team.Invalid
	switch {
	case errors.As(err, &invalid):
		c.Status(fiber.StatusUnprocessableEntity)
		return p.T("draft.too_long"), nil
	case err != nil:
		return "", err
	}
	return p.T("draft.kept", "Time", d.SavedAt.In(s.zone).Format("15:04")), nil
}

// sendDraftState answers the page that kept a draft by itself.
func sendDraftState(c *fiber.Ctx, state string) error {
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlainCharsetUTF8)
	return c.SendString(state)
}

// firstOf returns err, or what next returns when err is nil.
func firstOf(err error, next func() error) error {
	if err != nil {
		return err
	}
	return next()
}

// sending makes what is written drop the draft of the form that is sent.
func (s *Server) sending(c *fiber.Ctx, place string, f url.Values) {
	if place != "" {
		c.SetUserContext(store.Sending(c.UserContext(), member(c), place, f.Get(draftForm)))
	}
}
