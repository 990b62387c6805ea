package store

import (
	"context"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tasuki/internal/team"
	"tasuki/internal/text"
)

// PlanSkillImport compares a skill map of a file with what the department knows, and
// says for every name who or what it is taken for and for every level what would
// happen; it writes nothing. An empty day is today. Leads may.
func (s *Store) PlanSkillImport(ctx context.Context, by team.Member, today team.Date, in team.IncomingMap, choices team.MapChoices) (plan team.MapPlan, err error) {
	if !team.CanManage(by) {
		return plan, team.ErrForbidden
	}
	err = s.read(ctx, func(t tx) error {
		p, err := planMap(ctx, t, by, today, in, choices)
		if err == nil {
			plan = p.plan
		}
		return err
	})
	return plan, err
}

// RunSkillImport brings a skill map in as RunImport brings rows in: all or nothing,
// compared again first. Leads may.
func (s *Store) RunSkillImport(ctx context.Context, by team.Member, today team.Date, i team.Import, in team.IncomingMap, choices team.MapChoices,
	progress func(done, total int)) (team.Import, error) {
	run := importRun{store: s, by: by, id: i.ID, key: newID(), progress: progress}
	return run.run(ctx, i, func(t tx) error {
		p, err := planMap(ctx, t, by, today, in, choices)
		if err != nil {
			return err
		}
		return run.writeMap(ctx, t, p)
	})
}

// mapPlanner goes through a skill map of a file.
type mapPlanner struct {
	by      team.Member
	in      team.IncomingMap
	choices team.MapChoices
	list    Catalogue
	people  []team.Member
	held    *heldCells
	plan    team.MapPlan

	memberOf, skillOf []string // ids by the places of the file; "" is left out
	needs             map[string]team.Skill
	seen              map[cellKey]team.ImportRow

	newMembers    []team.Member
	newCategories []team.Category
	newSkills     []team.Skill
	changed       []changedSkill
	levels        []team.Assessment
	targets       []team.Target
	replaced      []string // ids of the assessments that the new ones follow
	replacedGoals []string
}

// changedSkill is a skill before and after its needs changed.
type changedSkill struct{ before, after team.Skill }

// cellKey is a cell with the kind of what stands in it.
type cellKey struct{ member, skill, kind string }

func planMap(ctx context.Context, t tx, by team.Member, today team.Date, in team.IncomingMap, choices team.MapChoices) (*mapPlanner, error) {
	if choices.Day.IsZero() {
		choices.Day = today
	}
	if err := (team.Assessment{Kind: choices.Kind, Day: choices.Day}).Validate(today); err != nil {
		return nil, err
	}
	p := &mapPlanner{by: by, in: in, choices: choices, needs: map[string]team.Skill{}, seen: map[cellKey]team.ImportRow{}}
	p.plan.Counts = map[team.ImportAction]int{}
	var err error
	if p.list, err = catalogue(ctx, t); err != nil {
		return nil, err
	}
	if err := t.list(ctx, &p.people, "SELECT "+memberColumns+" FROM members m ORDER BY m.active DESC, m.sort_key COLLATE \"C\", m.id"); err != nil {
		return nil, err
	}
	if p.held, err = readHeld(ctx, t, choices.Day); err != nil {
		return nil, err
	}
	p.matchPeople()
	p.matchSkills()
	p.planNeeds()
	p.planLevels()
	return p, nil
}

func (p *mapPlanner) row(r team.ImportRow) {
	r.File = p.in.File
	p.plan.Rows = append(p.plan.Rows, r)
	p.plan.Counts[r.Action]++
}

var (
	politeness  = regexp.MustCompile(`(?:さん|氏|様|殿|くん|君)$`)
	mailInLabel = regexp.MustCompile(`[^\s<>()（）＜＞]+@[^\s<>()（）＜＞]+`)
	inBrackets  = regexp.MustCompile(`[<(（＜][^>)）＞]*[>)）＞]`)
)

// personKey is the name of a person without what is said around it.
func personKey(name string) string {
	bare := strings.TrimSpace(inBrackets.ReplaceAllString(name, ""))
	if short := politeness.ReplaceAllString(bare, ""); text.Runes(short) > 1 {
		bare = short
	}
	return text.Key(bare)
}

// mapMail returns the address that stands beside or in a name of a file, or "".
func mapMail(n team.IncomingName) string {
	for _, s := range []string{n.Mail, n.Name} {
		if found := mailInLabel.FindString(s); found != "" {
			return found
		}
	}
	return ""
}

// memberFor finds who a name means: by address, by the whole name, or by a family
// name that only one person of the department has.
func (p *mapPlanner) memberFor(n team.IncomingName) (m team.Member, guessed bool) {
	address, key := text.Key(mapMail(n)), personKey(n.Name)
	var same, family []team.Member
	for _, m := range p.people {
		if !onTheMap(m) {
			continue
		}
		if address != "" && text.Key(m.Email) == address {
			return m, false
		}
		if key == "" {
			continue
		}
		if key == text.Key(m.Name) || key == text.Key(m.NameEn) || key == text.Key(m.Reading) {
			same = append(same, m)
		}
		if first, _, parted := strings.Cut(text.Fold(m.Name), " "); parted && key == text.Key(first) {
			family = append(family, m)
		}
	}
	switch {
	case len(same) == 1:
		return same[0], false
	case len(same) == 0 && len(family) == 1:
		return family[0], true
	}
	return team.Member{}, false
}

// onTheMap tells whether somebody has a place on the map.
func onTheMap(m team.Member) bool { return m.Active && m.Role != team.RoleViewer }

func (p *mapPlanner) matchPeople() {
	for at, n := range p.in.People {
		match := team.MapMatch{Name: n.Name, Mail: mapMail(n), Choice: team.MatchSkip}
		found, guessed := p.memberFor(n)
		chosen, decided := p.choices.People[text.Key(n.Name)]
		if typed := p.choices.Mails[text.Key(n.Name)]; typed != "" {
			match.Mail = typed
		}
		switch {
		case decided && chosen == team.MatchNew, !decided && found.ID == "" && match.Mail != "":
			match.Choice = team.MatchNew
		case decided && chosen != team.MatchSkip:
			found, guessed = p.member(chosen), false
			match.Choice = orSkip(found.ID)
		case !decided:
			match.Choice = orSkip(found.ID)
		}
		id := ""
		if match.Choice == team.MatchNew {
			id, match.Problems = p.addPerson(n, match.Mail)
		} else if match.Choice != team.MatchSkip {
			id, match.Known, match.Guessed = found.ID, found.Name, guessed
		}
		p.memberOf = append(p.memberOf, id)
		p.plan.People = append(p.plan.People, match)
		p.leaveOut(id, match, func(l team.IncomingLevel) bool { return l.Person == at }, team.KindMember)
	}
}

func orSkip(id string) string {
	if id == "" {
		return team.MatchSkip
	}
	return id
}

func (p *mapPlanner) member(id string) team.Member {
	i := slices.IndexFunc(p.people, func(m team.Member) bool { return m.ID == id && onTheMap(m) })
	if i < 0 {
		return team.Member{}
	}
	return p.people[i]
}

// addPerson plans a new member of the department.
func (p *mapPlanner) addPerson(n team.IncomingName, address string) (id string, problems team.Invalid) {
	name := text.Clean(strings.TrimSpace(inBrackets.ReplaceAllString(n.Name, "")))
	m := team.Member{ID: newID(), Name: name, Email: text.Clean(address), Role: team.RoleMember, Language: p.by.Language, Shortcuts: true, Active: true, Version: 1}
	if problems, _ = m.Validate().(team.Invalid); len(problems) > 0 {
		return "", problems
	}
	if _, err := mail.ParseAddress(m.Email); err != nil {
		return "", team.Invalid{{Field: "email", Rule: team.NotValid}}
	}
	for _, other := range slices.Concat(p.people, p.newMembers) {
		if text.Key(other.Email) == text.Key(m.Email) {
			return "", team.Invalid{{Field: "email", Rule: team.Taken}}
		}
	}
	p.newMembers = append(p.newMembers, m)
	p.row(team.ImportRow{Kind: team.KindMember, Title: m.Name, Action: team.ImportNew})
	return m.ID, nil
}

// leaveOut says in one row that nothing of a name comes in.
func (p *mapPlanner) leaveOut(id string, match team.MapMatch, mine func(team.IncomingLevel) bool, kind string) {
	if id != "" {
		return
	}
	n := 0
	for _, l := range p.in.Levels {
		if mine(l) {
			n++
		}
	}
	r := team.ImportRow{Kind: kind, Title: match.Name, Action: team.ImportSkip, Count: n, Problems: match.Problems}
	if len(match.Problems) > 0 {
		r.Action = team.ImportProblem
	}
	p.row(r)
}

// skillFor finds the skill that a name means: by either name, or by a code.
func (p *mapPlanner) skillFor(name string) (k team.Skill, known bool) {
	key, used := text.Key(name), map[string]bool{}
	for _, c := range p.list.Categories {
		used[c.ID] = c.Active
	}
	for _, byCode := range []bool{false, true} {
		for _, k := range p.list.Skills {
			if !k.Active || !used[k.CategoryID] {
				continue
			}
			named := key == text.Key(k.Name) || k.NameEn != "" && key == text.Key(k.NameEn)
			coded := slices.ContainsFunc(k.Codes, func(c team.SkillCode) bool { return key == text.Key(c.Code) || key == text.Key(c.String()) })
			if !byCode && named || byCode && coded {
				return k, true
			}
		}
	}
	return team.Skill{}, false
}

func (p *mapPlanner) matchSkills() {
	for at, n := range p.in.Skills {
		match := team.MapMatch{Name: n.Name, Category: n.Category, Choice: team.MatchNew}
		found, known := p.skillFor(n.Name)
		chosen, decided := p.choices.Skills[text.Key(n.Name)]
		if decided && chosen != team.MatchNew && chosen != team.MatchSkip {
			found, known = p.skill(chosen)
		}
		switch {
		case decided && (chosen == team.MatchNew || chosen == team.MatchSkip):
			match.Choice = chosen
		case known:
			match.Choice = found.ID
		case decided:
			match.Choice = team.MatchSkip // what was chosen is gone
		}
		id := ""
		switch match.Choice {
		case team.MatchNew:
			id, match.Problems = p.addSkill(n)
		case team.MatchSkip:
		default:
			id, match.Known = found.ID, found.Name
			p.needs[id] = found
		}
		p.skillOf = append(p.skillOf, id)
		p.plan.Skills = append(p.plan.Skills, match)
		p.leaveOut(id, match, func(l team.IncomingLevel) bool { return l.Skill == at }, team.KindSkill)
	}
}

func (p *mapPlanner) skill(id string) (team.Skill, bool) {
	i := slices.IndexFunc(p.list.Skills, func(k team.Skill) bool { return k.ID == id && k.Active })
	if i < 0 {
		return team.Skill{}, false
	}
	return p.list.Skills[i], true
}

// noCategory is what a category is called where the file has none.
const noCategory = "未分類"

// addSkill plans a new skill in the category of the file.
func (p *mapPlanner) addSkill(n team.IncomingName) (id string, problems team.Invalid) {
	k := team.NewSkill()
	k.ID, k.Name, k.Version = newID(), oneLine(n.Name), 1
	if n.Required.Assessed() && p.choices.Needs {
		k.RequiredLevel = n.Required
	}
	if n.Minimum >= 0 && p.choices.Needs {
		k.Minimum = n.Minimum
	}
	for _, other := range slices.Concat(p.list.Skills, p.newSkills) { // those out of use as well
		if text.Key(other.Name) == text.Key(k.Name) {
			return "", team.Invalid{{Field: "name", Rule: team.Taken}}
		}
	}
	k.CategoryID = "-"
	if problems, _ = k.Validate().(team.Invalid); len(problems) > 0 {
		return "", problems
	}
	if k.CategoryID, problems = p.category(n.Category); len(problems) > 0 {
		return "", problems
	}
	p.newSkills = append(p.newSkills, k)
	p.needs[k.ID] = k
	p.row(team.ImportRow{Kind: team.KindSkill, Title: k.Name, Action: team.ImportNew})
	return k.ID, nil
}

func (p *mapPlanner) category(name string) (id string, problems team.Invalid) {
	if name = oneLine(name); name == "" {
		name = noCategory
	}
	for _, c := range slices.Concat(p.list.Categories, p.newCategories) {
		if text.Key(c.Name) == text.Key(name) || c.NameEn != "" && text.Key(c.NameEn) == text.Key(name) {
			if !c.Active {
				return "", team.Invalid{{Field: "category", Rule: team.Taken}}
			}
			return c.ID, nil
		}
	}
	c := team.Category{ID: newID(), Name: name, Active: true, Version: 1}
	if problems, _ = c.Validate().(team.Invalid); len(problems) > 0 {
		return "", problems
	}
	p.newCategories = append(p.newCategories, c)
	p.row(team.ImportRow{Kind: team.KindCategory, Title: c.Name, Action: team.ImportNew})
	return c.ID, nil
}

// planNeeds plans what known skills need, where the file says something else.
func (p *mapPlanner) planNeeds() {
	for at, n := range p.in.Skills {
		before, known := p.skill(p.skillOf[at])
		if !known || !p.choices.Needs {
			continue
		}
		after, r := before, team.ImportRow{Kind: team.KindRequirement, Title: before.Name, ObjectID: before.ID, Version: before.Version, Action: team.ImportChange}
		if n.Required.Assessed() && n.Required != before.RequiredLevel {
			after.RequiredLevel = n.Required
			r.Changes = append(r.Changes, team.FieldChange{Field: "required_level", Before: before.RequiredLevel.String(), After: n.Required.String()})
		}
		if n.Minimum >= 0 && n.Minimum != before.Minimum {
			after.Minimum = n.Minimum
			r.Changes = append(r.Changes, team.FieldChange{Field: "minimum", Before: strconv.Itoa(before.Minimum), After: strconv.Itoa(n.Minimum)})
		}
		if len(r.Changes) == 0 {
			continue
		}
		if r.Problems, _ = after.Validate().(team.Invalid); len(r.Problems) > 0 {
			r.Action = team.ImportProblem
		} else {
			p.changed = append(p.changed, changedSkill{before, after})
			p.needs[after.ID] = after
		}
		p.row(r)
	}
}
