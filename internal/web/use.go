package web

import (
	"crypto/rand"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// replyForm is the right half of the search page: the finished reply of the chosen
// answer and whom it goes to. It is sent to /use.
type replyForm struct {
	page
	form
	Chosen         string // article id
	Title          string
	Reply          string
	Text           string
	Addressed      string // whose name the reply begins with
	ConsultationID string
	Key            string   // so that a form sent twice is one use
	Guesses        []choice // what was recognised, by field
	Overdue        bool
	Flags          int
	Note           string // of a flag that could not be saved
	Draft          *draftBox
}

// prepareReply fills the reply form for the chosen hit.
func (s *Server) prepareReply(c *fiber.Ctx, p *askPage) error {
	i := slices.IndexFunc(p.Hits, func(h hitRow) bool { return h.Chosen })
	if i < 0 {
		return nil
	}
	h := p.Hits[i]
	u := team.Use{ArticleID: h.Article.ID, ConsultationID: p.ForID, Text: p.Text, Compartment: h.Article.Compartment, Key: rand.Text()}
	var guesses []choice
	if p.ForID != "" {
		open, err := s.Store.Consultation(c.UserContext(), p.Member, p.ForID)
		if err != nil {
			return err
		}
		u.Requester = open.Requester
	} else {
		var err error
		if guesses, err = s.recognise(c, p, &u, h.Article); err != nil {
			return err
		}
	}
	r, err := s.replyForm(c, h.Article, u)
	if err != nil {
		return err
	}
	r.Guesses, r.Overdue, r.Flags, r.Note = guesses, h.Overdue, h.Usage.Flags, p.Posted.Get("note")
	p.Reply = r
	return s.addReplyDraft(c, p, r)
}

// addReplyDraft brings back what the person wrote into this reply to this question.
func (s *Server) addReplyDraft(c *fiber.Ctx, p *askPage, r *replyForm) error {
	place := replyPlace(r.Chosen, p.ForID, p.Text)
	if place == "" || !p.CanWrite() {
		return nil
	}
	box, typed, err := s.draftBox(c, place)
	if typed != nil {
		r.Reply = typed.Get("reply")
	}
	box.Watch, box.Action = "reply", "/use"
	r.Draft = &box
	return err
}

// draftOfReply keeps the reply without using it, or throws it away, and shows the
// search page as it was.
func (s *Server) draftOfReply(c *fiber.Ctx, f url.Values, articleID, place string) error {
	if place == "" {
		return fiber.ErrBadRequest
	}
	if f.Get(draftButton) == "1" {
		state, err := s.keepDraft(c, place, f, replyNames)
		if err != nil || isHTMX(c) {
			return firstOf(err, func() error { return sendDraftState(c, state) })
		}
	} else if err := s.Store.DropDraft(c.UserContext(), member(c), place, f.Get(draftForm)); err != nil {
		return err
	}
	p, err := s.askedPage(c, f)
	if err != nil {
		return err
	}
	p.chosen, p.Path, p.Address = articleID, "/ask", "/ask"
	return s.renderAsk(c, p)
}

// recognise reads from the text who asks, from where, about what and how; what the
// person changed on the page stays as they left it.
func (s *Server) recognise(c *fiber.Ctx, p *askPage, u *team.Use, a team.Article) ([]choice, error) {
	hints := text.MailHints(p.Text)
	department, err := s.namedDepartment(c, p.Text)
	if err != nil {
		return nil, err
	}
	guesses := []choice{{Value: "requester", Label: hints.Name}, {Value: "department", Label: department},
		{Value: "topic", Label: guessTopic(p.Hits, a)}, {Value: "channel", Label: string(guessChannel(p))}}
	values := map[string]string{}
	for _, g := range guesses {
		values[g.Value] = g.Label
		if p.Posted.Has(g.Value) && p.Posted.Get(g.Value) != p.Posted.Get("guessed_"+g.Value) {
			values[g.Value] = p.Posted.Get(g.Value)
		}
	}
	u.Requester, u.DepartmentID, u.TopicID, u.Channel = values["requester"], values["department"], values["topic"], team.Channel(values["channel"])
	return guesses, nil
}

// guessTopic takes the topic of the chosen article, else the one that weighs most
// among the best hits.
func guessTopic(hits []hitRow, chosen team.Article) string {
	if len(chosen.Topics) > 0 {
		return chosen.Topics[0]
	}
	weight, best := map[string]int{}, ""
	for i, h := range hits[:min(len(hits), 3)] {
		for _, topic := range h.Article.Topics {
			if weight[topic] += 3 - i; weight[topic] > weight[best] {
				best = topic
			}
		}
	}
	return best
}

// maxWording is the longest question kept with an article, in runes.
const maxWording = 300

// guessChannel takes a text with parts of a mail for a mail, anything else for a chat.
func guessChannel(p *askPage) team.Channel {
	if len(p.Removed) > 0 || p.Whole {
		return team.ChannelMail
	}
	return team.ChannelChat
}

// replyForm builds the form of one use.
func (s *Server) replyForm(c *fiber.Ctx, a team.Article, u team.Use) (*replyForm, error) {
	p := s.page(c)
	r := &replyForm{page: p, Chosen: a.ID, Title: a.Title, Text: u.Text, ConsultationID: u.ConsultationID, Key: u.Key, Addressed: u.Requester}
	r.Reply = u.Reply
	if r.Reply == "" {
		r.Reply = composeReply(p, a.Answer, u.Requester)
	}
	if u.ConsultationID != "" {
		return r, nil
	}
	department, err := s.departmentField(c, u.DepartmentID)
	if err != nil {
		return nil, err
	}
	compartment, err := s.compartmentField(c, u.Compartment)
	if err != nil {
		return nil, err
	}
	topics, err := s.Store.Topics(c.UserContext())
	if err != nil {
		return nil, err
	}
	r.Fields = []field{
		{Name: "requester", Label: p.T("consultation.requester"), Value: u.Requester, MaxLength: 60, List: requesterList},
		department,
		topicField(p, topics, u.TopicID, p.T("common.not_said")),
		choose(p, field{Name: "channel", Label: p.T("consultation.channel"), Value: string(u.Channel)}, "channel", team.Channels),
	}
	if len(compartment.Choices) > 1 {
		r.Fields = append(r.Fields, compartment)
	}
	return r, nil
}

// Greeting is the first line of a reply, with {name} for the name.
func (r replyForm) Greeting() string { return r.T("reply.to", "Name", "{name}") }

// englishDepartment finds "from the sales department" in a text.
var englishDepartment = regexp.MustCompile(`(?i)\b(?:from|in|of|with)\s+(?:the\s+)?([a-z][a-z&' -]{1,39}?)\s+(?:department|dept|division|team)\b`)

// namedDepartment returns the first department in use that a text names, or "".
func (s *Server) namedDepartment(c *fiber.Ctx, pasted string) (string, error) {
	list, err := s.Store.Departments(c.UserContext())
	named := text.MailHints(pasted).Departments
	for _, m := range englishDepartment.FindAllStringSubmatch(pasted, 8) {
		named = append(named, m[1])
	}
	for _, d := range list {
		if d.Active && (nameIn(d.Name, named) || d.NameEn != "" && nameIn(d.NameEn, named)) {
			return d.ID, err
		}
	}
	return "", err
}

// departmentField lists the departments in use, and the chosen one.
func (s *Server) departmentField(c *fiber.Ctx, chosen string) (field, error) {
	p := s.page(c)
	list, err := s.Store.Departments(c.UserContext())
	f := field{Name: "department", Label: p.T("consultation.department"), Value: chosen, Choices: []choice{{Value: "", Label: p.T("common.not_said")}}}
	for _, d := range list {
		if d.Active || d.ID == f.Value {
			f.Choices = append(f.Choices, choice{Value: d.ID, Label: d.DisplayName(p.Language), Chosen: d.ID == f.Value})
		}
	}
	return f, err
}

func nameIn(name string, list []string) bool {
	for _, one := range list {
		if strings.Contains(text.Key(one), text.Key(name)) {
			return true
		}
	}
	return false
}

// compartmentField lists the whole department and the compartments of the person.
func (s *Server) compartmentField(c *fiber.Ctx, chosen string) (field, error) {
	p := s.page(c)
	f := field{Name: "compartment", Label: p.T("common.compartment"), Value: chosen, Choices: []choice{{Value: "", Label: p.T("common.whole_department"), Chosen: chosen == ""}}}
	mine, err := s.Store.Compartments(c.UserContext(), p.Member)
	for _, one := range mine {
		f.Choices = append(f.Choices, choice{Value: one.ID, Label: one.Name, Chosen: one.ID == chosen})
	}
	return f, err
}

// composeReply writes the finished reply: whom it is for, the short answer first,
// then the boxes that are filled, and who answers.
func composeReply(p page, a team.Answer, requester string) string {
	var b strings.Builder
	b.WriteString(greeting(p, requester))
	b.WriteString(a.Short + "\n")
	box := func(key, content string) {
		if content != "" {
			b.WriteString("\n" + p.T("reply."+key) + "\n" + content + "\n")
		}
	}
	box("reason", a.Reason)
	box("merit", a.Merit)
	box("demerit", a.Demerit)
	steps := make([]string, len(a.Steps))
	for i, step := range a.Steps {
		steps[i] = strconv.Itoa(i+1) + ". " + step
	}
	box("steps", strings.Join(steps, "\n"))
	box("alternative", a.Alternative)
	box("due", strings.TrimSpace(a.Due+"\n"+a.DueReason))
	b.WriteString("\n" + p.T("reply.from", "Name", p.Person()) + "\n")
	return b.String()
}

// use records one reuse; where it can, the page has put the reply on the clipboard
// already and says so.
func (s *Server) use(c *fiber.Ctx) error {
	f, ctx, by := body(c), c.UserContext(), member(c)
	a, err := s.Store.Article(ctx, by, f.Get("article"))
	if err != nil {
		return err
	}
	p := s.page(c)
	u := s.readUse(p, f, a)
	place := replyPlace(a.ID, u.ConsultationID, u.Text)
	if f.Get(draftButton) != "" {
		return s.draftOfReply(c, f, a.ID, place)
	}
	s.sending(c, place, f)
	ctx = c.UserContext()
	if u.Reply == "" {
		err = team.Invalid{{Field: "reply", Rule: team.Required}}
	} else {
		var made team.Consultation
		if made, err = s.Store.UseArticle(ctx, by, u); err == nil {
			return c.Redirect("/consultations/"+made.Ref+"?used="+copiedWord(f.Get("copied")), fiber.StatusSeeOther)
		}
	}
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	r, formErr := s.replyForm(c, a, u)
	if formErr != nil {
		return formErr
	}
	r.Fields = append(r.Fields, field{Name: "reply", Label: p.T("ask.reply")})
	r.explain(p, err)
	p.Notice = r.besides(p, invalid)
	people, err := s.requesters(c)
	if err != nil {
		return err
	}
	return c.Status(fiber.StatusUnprocessableEntity).Render("ask/use", usePage{page: p, Reply: r, Requesters: people})
}

// besides is a notice of what is wrong with something that is no field of the form:
// the reply stands by itself, and an open consultation brings its own values.
func (r *replyForm) besides(p page, invalid team.Invalid) *notice {
	for _, problem := range invalid {
		if r.Field(problem.Field).Error != "" {
			continue
		}
		label := p.T("consultation.text")
		switch problem.Field {
		case "reply", "short_answer":
			label = p.T("ask.reply")
		case "compartment":
			label = p.T("common.compartment")
		}
		return &notice{Kind: "warn", Text: label + ": " + p.Problem(problem)}
	}
	return nil
}

// readUse reads the form of a use. Where the asker's name was changed, the reply
// greets the new one.
func (s *Server) readUse(p page, f url.Values, a team.Article) team.Use {
	pasted, _ := cutText(text.Clean(f.Get("text")))
	u := team.Use{ArticleID: a.ID, ConsultationID: f.Get("consultation"), Kind: team.LinkAsIs, Text: pasted,
		Wording: text.Snippet(text.StripMail(pasted).Text, maxWording), Requester: text.Clean(f.Get("requester")), DepartmentID: f.Get("department"),
		TopicID: f.Get("topic"), Channel: team.Channel(f.Get("channel")), Compartment: f.Get("compartment"), Answer: a.Answer, Key: f.Get("key")}
	if u.ConsultationID != "" {
		u.Requester = f.Get("addressed")
	}
	u.Reply = readdress(p, text.Clean(f.Get("reply")), f.Get("addressed"), u.Requester)
	if !sameReply(u.Reply, composeReply(p, a.Answer, u.Requester)) {
		u.Kind = team.LinkAdapted
	}
	return u
}

// readdress changes the greeting of a reply from one name to another.
func readdress(p page, reply, from, to string) string {
	if from == to || reply == "" {
		return reply
	}
	rest := strings.TrimPrefix(reply, greeting(p, from))
	if from != "" && rest == reply {
		return reply // somebody wrote a greeting of their own
	}
	return greeting(p, to) + rest
}

// greeting is the first line of a reply with the empty line after it, or nothing.
func greeting(p page, name string) string {
	if first := strings.Fields(name); len(first) > 0 {
		return p.T("reply.to", "Name", first[0]) + "\n\n"
	}
	return ""
}

// copiedWord keeps to the three things that can be said about the clipboard.
func copiedWord(s string) string {
	if s == "yes" || s == "no" {
		return s
	}
	return "unknown"
}

// usePage shows the reply form alone, with what has to be corrected.
type usePage struct {
	page
	Requesters []requesterChoice
	Reply      *replyForm
}

// sameReply compares without the first line, which names the asker.
func sameReply(a, b string) bool {
	return text.Key(withoutFirst(a)) == text.Key(withoutFirst(b))
}

func withoutFirst(s string) string {
	if _, rest, ok := strings.Cut(s, "\n\n"); ok {
		return rest
	}
	return s
}

// undoUse takes a use back and shows the search page again with the text that was
// pasted, so that another answer can be chosen.
func (s *Server) undoUse(c *fiber.Ctx) error {
	by := member(c)
	before, err := s.Store.Consultation(c.UserContext(), by, c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Store.UndoUse(c.UserContext(), by, before.ID); err != nil {
		return err
	}
	if _, err := s.Store.Consultation(c.UserContext(), by, before.ID); err == nil {
		return c.Redirect("/consultations/"+before.Ref+"?undone=1", fiber.StatusSeeOther)
	}
	p := askPage{page: s.page(c), Text: before.Text, Posted: url.Values{"requester": {before.Requester}, "department": {before.DepartmentID},
		"topic": {before.TopicID}, "channel": {string(before.Channel)}}}
	for _, l := range before.Links {
		p.chosen = l.ArticleID
	}
	p.Path, p.Address = "/ask", "/ask"
	p.Notice = &notice{Kind: "done", Text: p.T("use.undone")}
	return s.renderAsk(c, p)
}
