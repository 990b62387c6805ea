package web

import (
	"cmp"
	"errors"
	"net/url"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// trainingRecordPage is one record to correct, with what it said before.
type trainingRecordPage struct {
	page
	form
	Record      team.TrainingRecord
	Whose       string
	Figures     bool // what it cost and how it went is shown
	Listed      bool // it is of the catalogue, which says its kind and skills
	LoggedBy    string
	SkillsToday []string
	Version     string
	Skills      []skillChoice
	Courses     []courseChoice
	Now         []field // what somebody else saved meanwhile
	Before      []trainingBefore
	Files       []fileRow
	FileError   string
	MaxFile     int // megabytes
}

// trainingBefore is what a record said until somebody corrected it.
type trainingBefore struct{ When, By, Text string }

func (s *Server) editTrainingRecord(c *fiber.Ctx) error {
	p, err := s.trainingRecordPage(c, nil)
	if err != nil {
		return err
	}
	p.Notice = p.trainingNotice(c)
	return c.Render("trainings/record", p)
}

func recordValues(r team.TrainingRecord, p page) url.Values {
	v := url.Values{"title": {r.Title}, "day": {r.Day.String()}, "hours": {hours(r.Minutes)}, "kind": {string(r.Kind)}, "cost": {strconv.Itoa(r.Cost)},
		"class_cost": {strconv.Itoa(r.ClassCost)}, "note": {r.Note}, "state": {string(r.State)}, "version": {strconv.Itoa(r.Version)}}
	if r.Rating > 0 {
		v.Set("rating", strconv.Itoa(r.Rating))
	}
	for _, k := range r.Skills {
		v.Add("skills", k.SkillID)
	}
	return v
}

// trainingRecordPage is the page of a record with what was typed, or as it stands.
func (s *Server) trainingRecordPage(c *fiber.Ctx, typed url.Values) (trainingRecordPage, error) {
	p := trainingRecordPage{page: s.page(c)}
	r, before, err := s.Store.TrainingRecord(c.UserContext(), p.Member, c.Params("id"))
	if err != nil {
		return p, err
	}
	list, err := s.trainingList(c, p.page)
	if err != nil {
		return p, err
	}
	v := typed
	if v == nil {
		v = recordValues(r, p.page)
	}
	p.Record, p.Whose, p.Listed, p.Version = r, list.names[r.MemberID], r.TrainingID != "", v.Get("version")
	p.Title, p.Nav, p.Figures = list.title(r), "certificates", team.CanSeeFigures(p.Member, r.MemberID)
	if r.By != r.MemberID {
		p.LoggedBy = list.names[r.By]
	}
	for _, k := range r.Skills {
		p.SkillsToday = append(p.SkillsToday, list.skill(k))
	}
	if p.Files, err = s.trainingFiles(c, p.page, r.ID); err != nil {
		return p, err
	}
	p.Fields, p.MaxFile = p.recordFields(v), team.MaxFile>>20
	p.Before = list.before(before)
	if p.Skills, err = s.skillChoices(c, p.page, v["skills"], typedSkills); err != nil {
		return p, err
	}
	p.Courses, err = s.courseChoices(c, p.page)
	return p, err
}

// Short returns the fields that stand side by side.
func (p trainingRecordPage) Short() []field {
	return slices.DeleteFunc(slices.Clone(p.Fields), func(f field) bool { return f.Name == "title" || f.Rows > 0 })
}

// Long returns the fields that take a line each.
func (p trainingRecordPage) Long() []field {
	return slices.DeleteFunc(slices.Clone(p.Fields), func(f field) bool { return f.Rows == 0 })
}

// trainingFiles are the evidence of a record, for the person and leads.
func (s *Server) trainingFiles(c *fiber.Ctx, p page, id string) (rows []fileRow, err error) {
	list, err := s.Store.TrainingFiles(c.UserContext(), p.Member, id)
	for _, f := range list {
		rows = append(rows, fileRow{f.ID, f.Name, fileSize(f.Size), p.Day(f.AddedAt)})
	}
	return rows, err
}

// attachToTraining adds evidence to a record.
func (s *Server) attachToTraining(c *fiber.Ctx) error {
	f, key, err := readEvidence(c)
	if err != nil {
		return err
	}
	f.About, f.AboutID = team.AboutTraining, c.Params("id")
	_, err = s.Store.AddFile(c.UserContext(), member(c), f, key)
	if err == nil {
		return c.Redirect("/trainings/"+f.AboutID+"?done=attached", fiber.StatusSeeOther)
	}
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	p, problem := s.trainingRecordPage(c, nil)
	if problem != nil {
		return problem
	}
	p.FileError = p.fileProblem(invalid[0], f.Name)
	return c.Status(fiber.StatusUnprocessableEntity).Render("trainings/record", p)
}

// recordFields are the fields that this person may change.
func (p trainingRecordPage) recordFields(v url.Values) (list []field) {
	state := choose(p.page, field{Name: "state", Label: p.T("training.state"), Value: v.Get("state")}, "record_state", team.RecordStates)
	for _, f := range append(p.trainingFields(v), state) {
		switch f.Name {
		case "cost", "class_cost", "rating", "note":
			if !p.Figures {
				continue
			}
		case "kind":
			if p.Listed {
				continue
			}
		}
		f.Hint, f.Submit = "", ""
		list = append(list, f)
	}
	return list
}

// before writes what a record said before each correction.
func (l trainingList) before(versions []store.TrainingVersion) (list []trainingBefore) {
	for _, b := range versions {
		text := l.p.T("training.before", "Day", l.p.Date(b.Day), "Title", b.Title, "Hours", hours(b.Minutes), "State", l.p.Word("record_state", b.State))
		if team.CanSeeFigures(l.p.Member, b.MemberID) {
			text += " " + yen(b.Cost)
			if b.Note != "" {
				text += " " + b.Note
			}
		}
		if !b.WithdrawnAt.IsZero() {
			text += " " + l.p.T("training.was_withdrawn")
		}
		list = append(list, trainingBefore{l.p.Time(b.ReplacedAt), l.names[b.ReplacedBy], text})
	}
	return list
}

func (s *Server) saveTrainingRecord(c *fiber.Ctx) error {
	v := body(c)
	now, _, err := s.Store.TrainingRecord(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	r, err := s.typedRecord(v)
	if err == nil {
		r.ID, r.State = now.ID, team.RecordState(v.Get("state"))
		r.Version, _ = strconv.Atoi(v.Get("version")) // anything else is no version, hence stale
		if now.TrainingID != "" {
			r.Kind = now.Kind
		}
		if !v.Has("class_cost") {
			r.ClassCost = now.ClassCost
		}
		if n, listed := s.courseTitled(c, now, r.Title); listed {
			r.Title = n
		}
		_, err = s.Store.SaveTrainingRecord(c.UserContext(), member(c), s.today(), r)
	}
	if err == nil {
		return c.Redirect("/trainings?done=saved", fiber.StatusSeeOther)
	}
	return s.recordRefused(c, v, err)
}

// courseTitled returns the title under which a record stands, where the form names it in
// the other language.
func (s *Server) courseTitled(c *fiber.Ctx, now team.TrainingRecord, typed string) (string, bool) {
	n, err := s.Store.Training(c.UserContext(), member(c), now.TrainingID)
	return now.Title, err == nil && typed == n.DisplayTitle(s.page(c).Language)
}

func (s *Server) recordRefused(c *fiber.Ctx, v url.Values, err error) error {
	p, problem := s.trainingRecordPage(c, v)
	if problem != nil {
		return problem
	}
	switch {
	case errors.Is(err, team.ErrStale):
		p.Notice, p.Version = &notice{Kind: "warn", Text: p.T("settings.stale")}, strconv.Itoa(p.Record.Version)
		p.Now = p.recordFields(recordValues(p.Record, p.page))
		c.Status(fiber.StatusConflict)
	case p.explain(p.page, err):
		for i, f := range p.Fields {
			if f.Name == "day" && isTaken(err, "day") {
				p.Fields[i].Error = p.T("training.day_twice")
			}
		}
		c.Status(fiber.StatusUnprocessableEntity)
	default:
		return err
	}
	return c.Render("trainings/record", p)
}

func isTaken(err error, field string) bool {
	var invalid team.Invalid
	if !errors.As(err, &invalid) {
		return false
	}
	problem, wrong := invalid.Field(field)
	return wrong && problem.Rule == team.Taken
}

// setTrainingState says of one training with all its people whether it took place.
func (s *Server) setTrainingState(c *fiber.Ctx) error {
	v := body(c)
	state := team.RecordState(v.Get("state"))
	if !slices.Contains(team.RecordStates, state) {
		return fiber.ErrBadRequest
	}
	err := s.Store.SetTrainingState(c.UserContext(), member(c), s.today(), state, v["record"]...)
	if isTaken(err, "day") {
		return c.Redirect("/trainings?done=clash", fiber.StatusSeeOther)
	}
	var invalid team.Invalid
	if errors.As(err, &invalid) {
		return fiber.ErrBadRequest
	}
	if err != nil {
		return err
	}
	return c.Redirect("/trainings?done="+string(state), fiber.StatusSeeOther)
}

func (s *Server) withdrawTraining(c *fiber.Ctx) error {
	back := body(c).Get("back") != ""
	err := s.Store.WithdrawTraining(c.UserContext(), member(c), c.Params("id"), back)
	switch {
	case isTaken(err, "day"):
		return c.Redirect("/trainings?done=clash", fiber.StatusSeeOther)
	case err != nil:
		return err
	case back:
		return c.Redirect("/trainings?done=put_back", fiber.StatusSeeOther)
	}
	return c.Redirect("/trainings?done=withdrawn", fiber.StatusSeeOther)
}

// reviewRow asks to look at a level again after a training.
type reviewRow struct {
	RecordID, SkillID, Dismiss string
	MemberID, Name, Skill      string
	Training, Day              string
	Now, Level                 string // Level is "" for any higher one
	Look                       string // where the level is looked at
}

// reviewRows are the levels to look at again: the person's own, or, for leads, those of
// others, of one member alone where one is named.
func (s *Server) reviewRows(c *fiber.Ctx, p page, own bool, memberID string) ([]reviewRow, error) {
	list, err := s.Store.TrainingReviews(c.UserContext(), p.Member, s.today(), own)
	var rows []reviewRow
	for _, r := range list {
		if memberID != "" && r.Member.ID != memberID {
			continue
		}
		row := reviewRow{RecordID: r.Record.ID, SkillID: r.Skill.ID, Dismiss: "/trainings/" + r.Record.ID + "/reviews/" + r.Skill.ID + "/dismiss",
			MemberID: r.Member.ID, Name: r.Member.DisplayName(p.Language), Skill: r.Skill.DisplayName(p.Language), Training: r.Record.Title, Day: p.Date(r.Record.Day),
			Now: p.levelWord(r.Now), Level: r.Level.String(), Look: "/me/levels/" + r.Skill.ID}
		if !own {
			row.Look = "/skills/map/" + r.Skill.ID + "/" + r.Member.ID
		}
		rows = append(rows, row)
	}
	return rows, err
}

// dismissReview waves a review away and goes back to where it was asked.
func (s *Server) dismissReview(c *fiber.Ctx) error {
	r, _, err := s.Store.TrainingRecord(c.UserContext(), member(c), c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.Store.DismissReview(c.UserContext(), member(c), s.today(), r.ID, c.Params("skill")); err != nil {
		return err
	}
	backs := map[string]string{"waiting": "/skills/waiting", "member": "/members/" + r.MemberID}
	return c.Redirect(cmp.Or(backs[body(c).Get("back")], "/trainings")+"?done=dismissed", fiber.StatusSeeOther)
}

// profileTrainings are somebody's trainings, for their own page: for them and leads.
type profileTrainings struct {
	Hours, Cost   string // of this fiscal year
	Any           bool   // there is a record of this fiscal year
	Planned, Last []trainingRow
	Reviews       []reviewRow
}

// lastTrainings is how many of the trainings that are over a member's page names.
const lastTrainings = 5

func (s *Server) profileTrainings(c *fiber.Ctx, p page, memberID string) (t profileTrainings, err error) {
	list, err := s.trainingList(c, p)
	if err != nil {
		return t, err
	}
	list.all = slices.DeleteFunc(list.all, func(r team.TrainingRecord) bool { return r.MemberID != memberID })
	first, last := team.FiscalYear(s.today())
	sum := team.TotalsOf(list.all, first, last)
	t.Hours, t.Cost, t.Any = hours(sum.Minutes), yen(sum.Cost), sum.Records > 0
	for _, r := range list.rows(func(r team.TrainingRecord) bool { return r.State == team.RecordPlanned }) {
		t.Planned = append([]trainingRow{r.row}, t.Planned...)
	}
	for _, r := range list.rows(team.TrainingRecord.Counts) {
		if len(t.Last) < lastTrainings {
			t.Last = append(t.Last, r.row)
		}
	}
	t.Reviews, err = s.reviewRows(c, p, p.Member.ID == memberID, memberID)
	return t, err
}
