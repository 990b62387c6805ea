package store

import (
	"context"
	"slices"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// PlanImport compares what files bring with what the department has, and says for
// every row what an import would do; it writes nothing. Leads may. A compartment
// that the person does not belong to is team.ErrNotFound, and things outside the
// compartment chosen are as if they were not there.
func (s *Store) PlanImport(ctx context.Context, by team.Member, rows []team.Incoming, choices team.ImportChoices) (plan team.ImportPlan, err error) {
	if !team.CanManage(by) {
		return plan, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		p, err := planImport(ctx, t, by, rows, choices)
		if err == nil {
			plan = p.plan()
		}
		return err
	})
	return plan, err
}

// planner goes through the rows of an import in their order.
type planner struct {
	names   *importNames
	matches *importMatches
	choices team.ImportChoices
	rows    []planned
	first   map[string]int // what a row is about → the first row about it
}

// planned is a row with the thing as it would be written.
type planned struct {
	team.ImportRow
	article      *team.Article
	consultation *team.Consultation
}

func planImport(ctx context.Context, t tx, by team.Member, rows []team.Incoming, choices team.ImportChoices) (*planner, error) {
	if err := checkCompartment(ctx, t, by, choices.Compartment); err != nil {
		return nil, err
	}
	names, err := readImportNames(ctx, t)
	if err != nil {
		return nil, err
	}
	cleanIncoming(rows)
	matches, err := matchImport(ctx, t, by, rows, choices.Compartment)
	if err != nil {
		return nil, err
	}
	p := &planner{names: names, matches: matches, choices: choices, first: map[string]int{}}
	for _, r := range rows {
		row := planned{ImportRow: team.ImportRow{File: r.File, Line: r.Line, Problems: slices.Clone(r.Problems)}}
		switch {
		case r.Article != nil:
			p.planArticle(&row, r)
		case r.Consultation != nil:
			p.planConsultation(&row, r)
		}
		p.rows = append(p.rows, row)
	}
	return p, nil
}

func cleanIncoming(rows []team.Incoming) {
	for i := range rows {
		if a := rows[i].Article; a != nil {
			cleanArticle(a)
			a.ExternalID = text.Clean(a.ExternalID)
		}
		if c := rows[i].Consultation; c != nil {
			cleanConsultation(c)
			c.ExternalID, c.ReceivedAt, c.AnsweredAt = text.Clean(c.ExternalID), team.At(c.ReceivedAt.Time), team.At(c.AnsweredAt.Time)
		}
	}
}

func (p *planner) planArticle(row *planned, r team.Incoming) {
	in := *r.Article
	row.Kind, row.Title = team.KindArticle, in.Title
	topics, unknown := p.names.topicIDs(r.Topics, p.choices.CreateTopics && len(row.Problems) == 0)
	row.NewTopics = unknown
	key := text.Key(in.Title)
	row.ObjectID = p.matches.find(team.KindArticle, in.ExternalID, key)
	before, known := p.matches.articles[row.ObjectID]
	after := before
	if known {
		row.Version, row.Renamed = before.Version, text.Key(before.Title) != key && key != ""
		row.Changes = mergeArticle(&after, in, topics, p.names)
	} else {
		after = newArticle(in, topics, p.choices.Compartment)
	}
	row.article = &after
	p.decide(row, after.Validate(), in.ExternalID, key)
}

// newArticle is an article as a file describes it; what the file does not say is
// said with care.
func newArticle(in team.Article, topics []string, compartment string) team.Article {
	a := team.Article{Compartment: compartment, Title: in.Title, Answer: in.Answer, State: in.State, Audience: in.Audience, Keywords: in.Keywords,
		ReviewDue: in.ReviewDue, ExternalID: in.ExternalID, Topics: topics}
	if a.State == "" {
		a.State = team.ArticleNotVerified
	}
	if a.Audience == "" {
		a.Audience = team.AudienceDepartment
	}
	for _, w := range in.Wordings {
		a.Wordings = append(a.Wordings, team.Wording{Text: w.Text})
	}
	return a
}

func (p *planner) planConsultation(row *planned, r team.Incoming) {
	in := *r.Consultation
	row.Kind, row.Title = team.KindConsultation, in.Subject
	good := len(row.Problems) == 0
	var topics []string
	if len(r.Topics) > 0 {
		topics, row.NewTopics = p.names.topicIDs(r.Topics[:1], p.choices.CreateTopics && good)
	}
	if len(topics) > 0 {
		in.TopicID = topics[0]
	}
	in.DepartmentID, row.NewDepartment = p.names.departmentID(r.Department, p.choices.CreateDepartments && good)
	if in.AnsweredBy = p.names.members[text.Key(r.Answerer)]; in.AnsweredBy == "" {
		row.NoAnswerer = text.Clean(r.Answerer)
	}
	key := contentKey(in, true)
	row.ObjectID = p.matches.find(team.KindConsultation, in.ExternalID, key)
	before, known := p.matches.consultations[row.ObjectID]
	after := before
	if known {
		row.Version = before.Version
		row.Renamed = text.Key(before.Subject) != text.Key(in.Subject) && in.Subject != ""
		row.Changes = mergeConsultation(&after, in, p.names)
	} else {
		after = newConsultation(in, p.choices.Compartment)
	}
	row.consultation = &after
	p.decide(row, after.Validate(), in.ExternalID, key)
}

// newConsultation is a consultation as a file describes it. The moment of an answer
// that the file does not date is that of the question: it was not given today.
func newConsultation(in team.Consultation, compartment string) team.Consultation {
	c := team.Consultation{Compartment: compartment, Requester: in.Requester, DepartmentID: in.DepartmentID, TopicID: in.TopicID, Channel: in.Channel,
		Subject: in.Subject, Text: in.Text, State: in.State, ReceivedAt: in.ReceivedAt, FirstResponseAt: in.FirstResponseAt, AnsweredAt: in.AnsweredAt,
		AnsweredBy: in.AnsweredBy, Answer: in.Answer, Reply: in.Reply, ExternalID: in.ExternalID}
	if c.Channel == "" {
		c.Channel = team.ChannelMail
	}
	if c.State != team.ConsultationAnswered {
		c.FirstResponseAt, c.AnsweredAt, c.AnsweredBy = team.Stamp{}, team.Stamp{}, ""
	}
	return c
}

// decide settles what happens to a row.
func (p *planner) decide(row *planned, invalid error, external, key string) {
	about := p.about(row, external, key)
	first, repeated := p.first[about[0]]
	if wrong, ok := invalid.(team.Invalid); ok {
		for _, problem := range wrong {
			if _, known := row.Problems.Field(problem.Field); !known {
				row.Problems = append(row.Problems, problem)
			}
		}
	}
	row.Edited = row.ObjectID != "" && p.matches.imported[row.ObjectID] != row.Version
	switch {
	case len(row.Problems) > 0:
		row.Action = team.ImportProblem
		return // a later row about the same thing may be right
	case repeated:
		row.Action, row.FirstFile, row.FirstLine, row.Changes = team.ImportDuplicate, p.rows[first].File, p.rows[first].Line, nil
		return
	case row.ObjectID == "":
		row.Action = team.ImportNew
	case len(row.Changes) == 0:
		row.Action = team.ImportSame
	case p.choices.Replaces(row.ImportRow):
		row.Action = team.ImportChange
	default:
		row.Action = team.ImportKeep
	}
	for _, one := range about {
		if _, taken := p.first[one]; !taken {
			p.first[one] = len(p.rows)
		}
	}
}

// about lists the names under which later rows would be about the same thing, the
// one that decides for this row first.
func (p *planner) about(row *planned, external, key string) []string {
	var names []string
	if row.ObjectID != "" {
		names = append(names, "thing "+row.ObjectID)
	}
	if external != "" {
		names = append(names, row.Kind+" id "+external)
	}
	return append(names, row.Kind+" key "+key)
}

func (p *planner) plan() team.ImportPlan {
	plan := team.ImportPlan{Counts: map[team.ImportAction]int{}}
	topics, departments, answerers := map[string]string{}, map[string]string{}, map[string]string{}
	note := func(into map[string]string, names ...string) {
		for _, name := range names {
			if key := text.Key(name); key != "" && into[key] == "" {
				into[key] = name
			}
		}
	}
	for _, r := range p.rows {
		plan.Rows = append(plan.Rows, r.ImportRow)
		plan.Counts[r.Action]++
		if r.Action == team.ImportProblem {
			continue
		}
		note(topics, r.NewTopics...)
		note(departments, r.NewDepartment)
		note(answerers, r.NoAnswerer)
	}
	plan.Topics, plan.Departments, plan.Answerers = sortedValues(topics), sortedValues(departments), sortedValues(answerers)
	return plan
}

func sortedValues(m map[string]string) []string {
	var list []string
	for _, v := range m {
		list = append(list, v)
	}
	slices.Sort(list)
	return list
}
