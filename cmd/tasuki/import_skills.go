package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tasuki/internal/i18n"
	"tasuki/internal/sheet"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// mapFlags say how a skill map is read.
type mapFlags struct {
	sheet, scale, peopleIn, encoding string
	header                           int
}

func (m *mapFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&m.sheet, "sheet", "", "sheet of a workbook (default: the first with a skill map)")
	f.StringVar(&m.scale, "scale", "", "how levels are written: symbols, balls, letters, stars, from_0 or from_1 (default: found out)")
	f.StringVar(&m.peopleIn, "people-in", "", "where people stand: rows or columns (default: found out)")
	f.IntVar(&m.header, "header-row", 0, "the row of the headings, from 1 (default: found out)")
	f.StringVar(&m.encoding, "encoding", "", "encoding of a CSV, where the detected one is wrong")
}

// options checks what the flags say.
func (m mapFlags) options() (sheet.SkillMapOptions, error) {
	o := sheet.SkillMapOptions{Sheet: m.sheet, Scale: sheet.Scale(m.scale), PeopleIn: sheet.PeopleIn(m.peopleIn), HeaderRow: m.header, Encoding: m.encoding}
	switch {
	case m.scale != "" && !slices.Contains(sheet.Scales(), o.Scale):
		return o, fmt.Errorf("--scale is one of %v, not %q", sheet.Scales(), m.scale)
	case m.peopleIn != "" && o.PeopleIn != sheet.PeopleInRows && o.PeopleIn != sheet.PeopleInColumns:
		return o, fmt.Errorf("--people-in is rows or columns, not %q", m.peopleIn)
	case m.header < 0:
		return o, errors.New("--header-row is a row of the sheet, from 1")
	}
	return o, nil
}

// skillsImport is one call of `tasuki import skills`.
type skillsImport struct {
	read           mapFlags
	as, on         string
	needs          bool
	people, skills []string // "name=what it means"
	words          *i18n.Catalog
	importTalk
}

func importSkillsCommand() *cobra.Command {
	var a skillsImport
	cmd := &cobra.Command{Use: "skills FILE…", Args: cobra.MinimumNArgs(1),
		Short: "Bring in the skill map as people keep it: XLSX, CSV, TSV",
		Long: "Bring in a skill map from XLSX, CSV or TSV: people on either side, ◎○△×, ●◕◑◔○, A to D, 1 to 5, 0 to 4 or Lv3.\n\n" +
			"Every name is shown with who or what it is taken for; unknown people are left out unless an address stands beside\n" +
			"them, unknown skills are added to the category of the table. What cannot be read is not assessed and never 0.\n" +
			"Each file comes in whole or not at all; a second run changes nothing; tasuki import undo takes it back.",
		RunE: func(cmd *cobra.Command, args []string) error {
			a.in, a.out, a.say = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.OutOrStdout()
			if a.json {
				a.say = io.Discard
			}
			var err error
			if a.words, err = i18n.New(); err != nil {
				return err
			}
			c, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			return a.all(cmd.Context(), data, team.DateOf(data.Now().In(c.zone)), args)
		}}
	f := cmd.Flags()
	a.read.add(cmd)
	f.StringVar(&a.as, "as", string(team.Validated), "whose word the levels are: declared (people's own) or validated (a lead's)")
	f.StringVar(&a.on, "on", "", "day of the assessment, such as 2026-04-01 or 令和8年4月1日 (default: today)")
	f.BoolVar(&a.needs, "needs", true, "bring in required levels and people of the table as well")
	f.StringArrayVar(&a.people, "person", nil, `who a name means: "表の名前=address" (an unknown address adds them); "名前=" leaves them out`)
	f.StringArrayVar(&a.skills, "skill", nil, `what a skill means: "表の名前=name in the catalogue"; "名前=" leaves it out`)
	f.BoolVar(&a.dryRun, "dry-run", false, "say what would happen and write nothing")
	f.BoolVar(&a.yes, "yes", false, "do not ask before writing")
	f.BoolVar(&a.json, "json", false, "print JSON")
	addPlaceFlags(cmd)
	return cmd
}

// skillsReport is what --json prints for each file.
type skillsReport struct {
	File   string        `json:"file"`
	Sheet  string        `json:"sheet,omitempty"`
	Scale  sheet.Scale   `json:"scale"`
	Side   string        `json:"people_in"`
	Doubts []sheet.Doubt `json:"doubts,omitempty"`
	Plan   team.MapPlan  `json:"plan"`
	Import *importResult `json:"import,omitempty"`
}

func (a skillsImport) all(ctx context.Context, data *store.Store, today team.Date, paths []string) error {
	choices, err := a.choices(ctx, data, today)
	if err != nil {
		return err
	}
	// Every file is read before the first is brought in.
	var maps []sheet.SkillMap
	for _, path := range paths {
		m, err := a.table(ctx, data, path)
		if err != nil {
			return fmt.Errorf("nothing was changed: %s: %s", path, whyNoMap(err))
		}
		maps = append(maps, m)
	}
	var reports []skillsReport
	for _, m := range maps {
		report, err := a.one(ctx, data, today, m, choices)
		if err != nil {
			return err
		}
		reports = append(reports, report)
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(reports)
	}
	return nil
}

func whyNoMap(err error) string {
	if errors.Is(err, sheet.ErrNoSkillMap) {
		return "it has no table of people, skills and levels that can be read; --sheet, --header-row and --people-in say where to look"
	}
	return whyUnread(err)
}

func (a skillsImport) table(ctx context.Context, data *store.Store, path string) (sheet.SkillMap, error) {
	o, err := a.read.options()
	if err != nil {
		return sheet.SkillMap{}, err
	}
	people, err := data.Members(ctx)
	if err != nil {
		return sheet.SkillMap{}, err
	}
	for _, m := range people {
		o.Members = append(o.Members, m.Name, m.NameEn)
	}
	content, err := readLimited(path)
	if err != nil {
		return sheet.SkillMap{}, err
	}
	return sheet.ReadSkillMap(filepath.Base(path), content, o)
}

// choices are what the flags decide.
func (a skillsImport) choices(ctx context.Context, data *store.Store, today team.Date) (team.MapChoices, error) {
	c := team.MapChoices{Kind: team.AssessmentKind(a.as), Day: today, Needs: a.needs, People: map[string]string{}, Mails: map[string]string{}, Skills: map[string]string{}}
	if !slices.Contains(team.AssessmentKinds, c.Kind) {
		return c, fmt.Errorf("--as is declared or validated, not %q", a.as)
	}
	if a.on != "" {
		year, month, day, ok := text.ParseDate(a.on, today.Time())
		d, err := team.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
		if !ok || err != nil || today.Before(d) {
			return c, fmt.Errorf("--on is a day up to today, not %q", a.on)
		}
		c.Day = d
	}
	return c, errors.Join(a.choosePeople(ctx, data, &c), a.chooseSkills(ctx, data, &c))
}

func (a skillsImport) choosePeople(ctx context.Context, data *store.Store, c *team.MapChoices) error {
	people, err := data.Members(ctx)
	for _, one := range a.people {
		name, address, ok := strings.Cut(one, "=")
		if !ok || err != nil {
			return errors.Join(err, fmt.Errorf(`--person %q: write "name=address"`, one))
		}
		key := text.Key(name)
		c.People[key] = team.MatchSkip
		if address != "" {
			c.People[key], c.Mails[key] = team.MatchNew, address
		}
		for _, m := range people {
			if text.Key(m.Email) == text.Key(address) {
				c.People[key] = m.ID
			}
		}
	}
	return err
}

func (a skillsImport) chooseSkills(ctx context.Context, data *store.Store, c *team.MapChoices) error {
	list, err := data.Catalogue(ctx, team.Operator())
	for _, one := range a.skills {
		name, meant, ok := strings.Cut(one, "=")
		if !ok || err != nil {
			return errors.Join(err, fmt.Errorf(`--skill %q: write "name=name in the catalogue"`, one))
		}
		key := text.Key(name)
		c.Skills[key] = team.MatchSkip
		for _, k := range list.Skills {
			if meant != "" && (text.Key(k.Name) == text.Key(meant) || text.Key(k.NameEn) == text.Key(meant)) {
				c.Skills[key] = k.ID
			}
		}
		if meant != "" && c.Skills[key] == team.MatchSkip {
			return fmt.Errorf("--skill %q: the catalogue has no skill %q", one, meant)
		}
	}
	return err
}

// one shows what a file would bring, asks, and brings it in.
func (a skillsImport) one(ctx context.Context, data *store.Store, today team.Date, m sheet.SkillMap, choices team.MapChoices) (skillsReport, error) {
	report := skillsReport{File: m.File, Sheet: m.Sheet, Scale: m.Scale, Side: string(m.PeopleIn), Doubts: m.Doubts}
	plan, err := data.PlanSkillImport(ctx, team.Operator(), today, m.Incoming(), choices)
	if err != nil {
		return report, err
	}
	report.Plan = plan
	a.print(m, plan, choices)
	if plan.Writes() == 0 {
		fmt.Fprintln(a.say, "There is nothing to bring in; nothing was changed.")
		return report, nil
	}
	if a.dryRun {
		return report, nil
	}
	if err := a.confirm(plan.Counts); err != nil {
		return report, err
	}
	progress, finish := progressOn(os.Stderr, "Writing")
	defer finish()
	done, err := data.RunSkillImport(ctx, team.Operator(), today, team.Import{Name: m.File}, m.Incoming(), choices, progress)
	if err != nil {
		return report, fmt.Errorf("nothing was changed: %w", err)
	}
	report.Import = &importResult{done.ID, done.Created, done.Changed, done.Skipped}
	fmt.Fprintf(a.say, "Done: %d new, %d changed, %d left out. To take it back: tasuki import undo %s\n", done.Created, done.Changed, done.Skipped, done.ID)
	return report, nil
}

func (a skillsImport) print(m sheet.SkillMap, plan team.MapPlan, choices team.MapChoices) {
	fmt.Fprintf(a.say, "%s: %s, %d people in %s × %d skills, levels written as %s, brought in as %s of %s\n", m.File, strings.Trim(string(m.Format)+" "+m.Sheet, " "),
		len(m.People), m.PeopleIn, len(m.Skills), m.Scale, choices.Kind, choices.Day)
	for _, d := range m.Doubts {
		fmt.Fprintf(a.say, "  please check: %s\n", doubtText(a.words, d))
	}
	for _, list := range []struct {
		noun    string
		matches []team.MapMatch
	}{{"person", plan.People}, {"skill", plan.Skills}} {
		for _, match := range list.matches {
			if said := matchText(list.noun, match); said != "" {
				fmt.Fprintf(a.say, "  %s\n", printable(said))
			}
		}
	}
	shown := 0
	for _, r := range plan.Rows {
		if said := mapRowText(r); said != "" && shown < 50 {
			shown++
			fmt.Fprintf(a.say, "  %s\n", printable(said))
		}
	}
	c := plan.Counts
	fmt.Fprintf(a.say, "%d new, %d changed, %d the same, %d kept, %d left out\n", c[team.ImportNew], c[team.ImportChange], c[team.ImportSame],
		c[team.ImportKeep], c[team.ImportSkip]+c[team.ImportProblem]+c[team.ImportDuplicate])
}

// matchText says what a name is taken for, unless it is quite that name.
func matchText(noun string, m team.MapMatch) string {
	switch {
	case len(m.Problems) > 0:
		return fmt.Sprintf("%s %s: cannot be added: %s is %s", noun, m.Name, m.Problems[0].Field, strings.ReplaceAll(string(m.Problems[0].Rule), "_", " "))
	case m.Choice == team.MatchNew:
		return fmt.Sprintf("%s %s: new", noun, m.Name)
	case m.Choice == team.MatchSkip:
		return fmt.Sprintf("%s %s: left out (--%s %q says who or what it is)", noun, m.Name, noun, m.Name+"=…")
	case m.Guessed || text.Key(m.Name) != text.Key(m.Known):
		return fmt.Sprintf("%s %s: taken for %s", noun, m.Name, m.Known)
	}
	return ""
}

// mapRowText says what happens to a cell, where something changes or is kept.
func mapRowText(r team.ImportRow) string {
	switch r.Action {
	case team.ImportChange:
		var changes []string
		for _, c := range r.Changes {
			changes = append(changes, fmt.Sprintf("%s %s → %s", c.Field, dashed(c.Before), c.After))
		}
		return strings.TrimSpace(fmt.Sprintf("%s %s: %s", r.Cell, r.Title, strings.Join(changes, ", ")))
	case team.ImportKeep:
		return fmt.Sprintf("%s %s: kept, somebody gave a level that day", r.Cell, r.Title)
	case team.ImportDuplicate:
		return fmt.Sprintf("%s %s: left out, the same as %s", r.Cell, r.Title, r.FirstFile)
	}
	return ""
}

func dashed(level string) string {
	if level == "" {
		return "-"
	}
	return level
}

// doubtText says what is not sure, and where.
func doubtText(words *i18n.Catalog, d sheet.Doubt) string {
	r := riskRun{console: console{say: words, language: languageOf(os.Getenv)}}
	return r.doubt(d)
}
