package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"tasuki/internal/sheet"
	"tasuki/internal/store"
	"tasuki/internal/team"
)

func importCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Bring in what exists, see what was brought in, and take it back"}
	cmd.AddCommand(importAnswersCommand(), importSkillsCommand(), importNICECommand(), importExportCommand(), importListCommand(), importUndoCommand())
	return cmd
}

// answersImport is one call of `tasuki import answers`.
type answersImport struct {
	read              importReading
	compartment       string
	update            string
	topics, divisions bool
	importTalk
}

// importTalk is how an import speaks with who runs it.
type importTalk struct {
	dryRun, yes, json bool

	in  io.Reader
	out io.Writer // what was asked for
	say io.Writer // how it goes; not part of the JSON
}

func importAnswersCommand() *cobra.Command {
	var a answersImport
	cmd := &cobra.Command{Use: "answers FILE…", Args: cobra.MinimumNArgs(1),
		Short: "Bring in questions and answers: CSV, TSV, XLSX, JSON Lines, Markdown, .eml, .mbox",
		Long: "Bring in questions and answers from CSV, TSV, XLSX, JSON Lines, Markdown and mail (.eml, .mbox).\n\n" +
			"Format, encoding and columns are found out and shown. All rows come in or none; a second run changes nothing;\n" +
			"what somebody edited since the last import is kept. The pages may be served meanwhile.",
		RunE: func(cmd *cobra.Command, args []string) error {
			a.in, a.out, a.say = cmd.InOrStdin(), cmd.OutOrStdout(), cmd.OutOrStdout()
			if a.json {
				a.say = io.Discard
			}
			c, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			if len(args) == 1 && !a.dryRun && isExport(args[0]) {
				return restoreFile(cmd.Context(), data, args[0], a.out)
			}
			a.read.now = data.Now().In(c.zone)
			return a.run(cmd, data, args)
		}}
	f := cmd.Flags()
	f.StringVar(&a.read.options.Encoding, "encoding", "", "encoding of the files, where the detected one is wrong")
	f.StringVar(&a.read.options.Sheet, "sheet", "", "sheet of a workbook (default: the first with rows)")
	f.StringVar(&a.read.kind, "kind", "", "what rows become: articles or consultations (default: found out)")
	f.StringArrayVar(&a.read.maps, "map", nil, `what a column fills: "列名=field"; "列名=" leaves it out`)
	f.StringVar(&a.compartment, "compartment", "", "name of the compartment to bring them into (default: the whole department)")
	f.StringVar(&a.update, "update", "imports", "what may be replaced: none, imports (what only imports wrote) or all")
	f.BoolVar(&a.topics, "create-topics", true, "make topics that do not exist")
	f.BoolVar(&a.divisions, "create-departments", true, "make departments that do not exist")
	f.BoolVar(&a.dryRun, "dry-run", false, "say what would happen and write nothing")
	f.BoolVar(&a.yes, "yes", false, "do not ask before writing")
	f.BoolVar(&a.json, "json", false, "print JSON")
	addPlaceFlags(cmd)
	return cmd
}

// importReport is what --json prints.
type importReport struct {
	Files  []readFile      `json:"files"`
	Plan   team.ImportPlan `json:"plan"`
	Import *importResult   `json:"import,omitempty"` // missing after --dry-run
}

type importResult struct {
	ID      string `json:"id"`
	Created int    `json:"created"`
	Changed int    `json:"changed"`
	Skipped int    `json:"skipped"`
}

func (a answersImport) run(cmd *cobra.Command, data *store.Store, paths []string) error {
	files, rows, err := a.read.files(paths)
	if err != nil {
		return err
	}
	printFiles(a.say, files)
	choices, plan, err := a.plan(cmd, data, rows)
	if err != nil {
		return err
	}
	printPlan(a.say, plan)
	report := importReport{Files: files, Plan: plan}
	if !a.dryRun && plan.Writes() > 0 {
		if err := a.confirm(plan.Counts); err != nil {
			return err
		}
		done, err := a.write(cmd, data, paths, rows, choices)
		if err != nil {
			return fmt.Errorf("nothing was changed: %w", err)
		}
		report.Import = &importResult{done.ID, done.Created, done.Changed, done.Skipped}
		fmt.Fprintf(a.say, "Done: %d new, %d changed, %d left out. To take it back: tasuki import undo %s\n", done.Created, done.Changed, done.Skipped, done.ID)
	} else if plan.Writes() == 0 {
		fmt.Fprintln(a.say, "There is nothing to bring in; nothing was changed.")
	}
	if a.json {
		return json.NewEncoder(a.out).Encode(report)
	}
	return nil
}

func (a answersImport) plan(cmd *cobra.Command, data *store.Store, rows []team.Incoming) (team.ImportChoices, team.ImportPlan, error) {
	choices := team.ImportChoices{CreateTopics: a.topics, CreateDepartments: a.divisions, Update: map[string]int{}}
	var err error
	if choices.Compartment, err = compartmentNamed(cmd, data, a.compartment); err != nil {
		return choices, team.ImportPlan{}, err
	}
	plan, err := data.PlanImport(cmd.Context(), team.Operator(), rows, choices)
	if err != nil || a.update == "imports" {
		return choices, plan, err
	}
	if a.update != "all" && a.update != "none" {
		return choices, plan, fmt.Errorf("--update is none, imports or all, not %q", a.update)
	}
	for _, r := range plan.Rows {
		if r.Action == team.ImportKeep || r.Action == team.ImportChange {
			choices.Update[r.ObjectID] = map[string]int{"all": r.Version}[a.update]
		}
	}
	plan, err = data.PlanImport(cmd.Context(), team.Operator(), rows, choices)
	return choices, plan, err
}

func compartmentNamed(cmd *cobra.Command, data *store.Store, name string) (string, error) {
	if name == "" {
		return "", nil
	}
	list, err := data.Compartments(cmd.Context(), team.Operator())
	for _, c := range list {
		if c.Name == name {
			return c.ID, nil
		}
	}
	if err == nil {
		err = fmt.Errorf("there is no compartment called %q", name)
	}
	return "", err
}

// confirm asks before anything is written; without a terminal there is nobody to ask.
func (a importTalk) confirm(counts map[team.ImportAction]int) error {
	if a.yes {
		return nil
	}
	f, ok := a.in.(*os.File)
	if !ok || !isatty.IsTerminal(f.Fd()) || a.json {
		return errors.New("nothing was changed: add --yes to bring this in, or --dry-run to only look")
	}
	fmt.Fprintf(a.say, "Bring in %d new and change %d? [y/N] ", counts[team.ImportNew], counts[team.ImportChange])
	answer, _ := bufio.NewReader(f).ReadString('\n') // a closed terminal means no
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return errors.New("nothing was changed")
	}
	return nil
}

func (a answersImport) write(cmd *cobra.Command, data *store.Store, paths []string, rows []team.Incoming, choices team.ImportChoices) (team.Import, error) {
	progress, finish := progressOn(os.Stderr, "Writing")
	defer finish()
	return data.RunImport(cmd.Context(), team.Operator(), team.Import{Name: namesOf(paths)}, rows, choices, progress)
}

// progressOn shows a bar where a terminal is, and nothing elsewhere.
func progressOn(f *os.File, what string) (progress func(done, total int), finish func()) {
	if !isatty.IsTerminal(f.Fd()) {
		return func(int, int) {}, func() {}
	}
	bar := progressbar.NewOptions(1, progressbar.OptionSetWriter(f), progressbar.OptionSetDescription(what), progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*time.Millisecond))
	progress = func(done, total int) {
		if bar.GetMax() != total {
			bar.ChangeMax(total)
		}
		bar.Set(done) // a bar that cannot be drawn is no reason to stop
	}
	return progress, func() { bar.Finish() }
}

func importListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "Print the imports, the latest first", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			list, total, err := data.Imports(cmd.Context(), team.Operator(), 0)
			if err != nil {
				return err
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(listed(list))
			}
			for _, i := range list {
				fmt.Fprintf(cmd.OutOrStdout(), "%s  %s  %-7s  %5d new %5d changed %5d left out  %s\n", i.ID, i.At.In(c.zone).Format("2006-01-02 15:04"),
					i.State, i.Created, i.Changed, i.Skipped, i.Name)
			}
			if total > len(list) {
				fmt.Fprintf(cmd.OutOrStdout(), "… and %d earlier ones\n", total-len(list))
			}
			return nil
		}}
	cmd.Flags().Bool("json", false, "print JSON")
	addPlaceFlags(cmd)
	return cmd
}

type listedImport struct {
	importResult
	At    time.Time        `json:"at"`
	Name  string           `json:"name"`
	State team.ImportState `json:"state"`
}

func listed(list []team.Import) []listedImport {
	out := []listedImport{}
	for _, i := range list {
		out = append(out, listedImport{importResult{i.ID, i.Created, i.Changed, i.Skipped}, i.At.Time, i.Name, i.State})
	}
	return out
}

func importUndoCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "undo ID", Short: "Take an import back; what was edited or used since is kept and named", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			if err := undoImport(cmd, data, args[0]); err != nil {
				return err
			}
			kept, total, err := data.ImportItems(cmd.Context(), team.Operator(), args[0], 0)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "Taken back. Kept, because edited or used since: %d\n", total)
			for _, item := range kept {
				fmt.Fprintf(cmd.OutOrStdout(), "  %s  %s\n", item.Kind, item.Title)
			}
			if total > len(kept) {
				fmt.Fprintf(cmd.OutOrStdout(), "  … and %d more\n", total-len(kept))
			}
			return nil
		}}
	addPlaceFlags(cmd)
	return cmd
}

func undoImport(cmd *cobra.Command, data *store.Store, id string) error {
	progress, finish := progressOn(os.Stderr, "Taking back")
	defer finish()
	err := data.UndoImport(cmd.Context(), team.Operator(), id, progress)
	switch {
	case errors.Is(err, team.ErrNotFound):
		return fmt.Errorf("there is no import %s; tasuki import list names them", id)
	case errors.Is(err, team.ErrStale):
		return errors.New("this import has not run, so there is nothing to take back")
	}
	return err
}

// whyUnread says what is wrong with a file in words for a terminal.
func whyUnread(err error) string {
	switch {
	case errors.Is(err, sheet.ErrPassword):
		return "it is protected by a password; save a copy without one"
	case errors.Is(err, sheet.ErrNotSupported):
		return "this kind of file is not read; use CSV, TSV, XLSX, JSON Lines, Markdown, .eml or .mbox"
	case errors.Is(err, sheet.ErrTooLarge):
		return fmt.Sprintf("it is larger than %d MB; split it", sheet.MaxFile>>20)
	case errors.Is(err, sheet.ErrNoRows):
		return "it has no rows"
	case errors.Is(err, sheet.ErrWholeExport):
		return "it is a whole export; bring it in by itself, into an empty instance"
	case errors.Is(err, sheet.ErrNoSheet):
		return "it has no sheet of that name"
	case errors.Is(err, sheet.ErrDamaged):
		return "it is damaged"
	}
	return err.Error()
}
