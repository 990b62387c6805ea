package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"tasuki/internal/store"
	"tasuki/internal/team"
)

// exportFormat numbers what the lines of an export look like.
const exportFormat = 1

// exportHead is the first line of an export.
type exportHead struct {
	Type    string    `json:"type"` // "tasuki"
	Format  int       `json:"format"`
	At      time.Time `json:"exported_at"`
	Program string    `json:"program"`
}

func exportCommand() *cobra.Command {
	var path string
	cmd := &cobra.Command{Use: "export", Short: "Write everything as JSON Lines, restricted things included", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			if path == "" {
				return writeExport(cmd.Context(), data, cmd.OutOrStdout())
			}
			// It holds what compartments keep to themselves: for nobody else on the host.
			f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
			if err != nil {
				return err
			}
			return errors.Join(writeExport(cmd.Context(), data, f), f.Sync(), f.Close())
		}}
	cmd.Flags().StringVarP(&path, "out", "o", "", "a new file to write to, instead of the terminal")
	addPlaceFlags(cmd)
	return cmd
}

// writeExport writes a line about the export and then one for each thing.
func writeExport(ctx context.Context, data *store.Store, out io.Writer) error {
	w := bufio.NewWriter(out)
	head := exportHead{Type: "tasuki", Format: exportFormat, At: data.Now().UTC().Truncate(time.Second), Program: version}
	if err := json.NewEncoder(w).Encode(head); err != nil {
		return err
	}
	err := data.Export(ctx, team.Operator(), func(entry any) error {
		var line bytes.Buffer
		e := json.NewEncoder(&line)
		e.SetEscapeHTML(false) // people read it too
		if err := e.Encode(entry); err != nil {
			return err
		}
		_, err := fmt.Fprintf(w, "{\"type\":%q,%s", entryType(entry), line.Bytes()[1:])
		return err
	})
	return errors.Join(err, w.Flush())
}

func entryType(entry any) string {
	switch entry.(type) {
	case team.Department:
		return "department"
	case team.Topic:
		return "topic"
	case team.Member:
		return "member"
	case team.Compartment:
		return "compartment"
	case team.Requester:
		return "requester"
	case team.JargonTerm:
		return "jargon"
	case team.Consultation:
		return "consultation"
	case store.ArticleEntry:
		return "article"
	}
	return skillEntryType(entry)
}

func skillEntryType(entry any) string {
	switch entry.(type) {
	case team.Category:
		return "category"
	case team.Skill:
		return "skill"
	case team.TopicSkill:
		return "topic_skill"
	case team.FrameworkEntry:
		return "framework_entry"
	case team.Assessment:
		return "assessment"
	case team.Target:
		return "target"
	case team.Absence:
		return "absence"
	case team.Training:
		return "training"
	case store.TrainingRecordEntry:
		return "training_record"
	case store.TrainingDismissal:
		return "training_dismissal"
	case team.Settings:
		return "settings"
	}
	return certificateEntryType(entry)
}

func certificateEntryType(entry any) string {
	switch entry.(type) {
	case team.Certification:
		return "certification"
	case team.CertificationRenewal:
		return "certification_renewal"
	case team.Certificate:
		return "certificate"
	case team.CreditActivity:
		return "credit_activity"
	case team.File:
		return "file"
	}
	return "audit"
}

// entryOf reads a line back into what it was.
func entryOf(kind string, raw []byte) (any, error) {
	switch kind {
	case "department":
		return strictly[team.Department](raw)
	case "topic":
		return strictly[team.Topic](raw)
	case "member":
		return strictly[team.Member](raw)
	case "compartment":
		return strictly[team.Compartment](raw)
	case "requester":
		return strictly[team.Requester](raw)
	case "jargon":
		return strictly[team.JargonTerm](raw)
	case "consultation":
		return strictly[team.Consultation](raw)
	case "article":
		return strictly[store.ArticleEntry](raw)
	case "audit":
		return strictly[store.AuditEntry](raw)
	}
	return skillEntryOf(kind, raw)
}

func skillEntryOf(kind string, raw []byte) (any, error) {
	switch kind {
	case "category":
		return strictly[team.Category](raw)
	case "skill":
		return strictly[team.Skill](raw)
	case "topic_skill":
		return strictly[team.TopicSkill](raw)
	case "framework_entry":
		return strictly[team.FrameworkEntry](raw)
	case "assessment":
		return strictly[team.Assessment](raw)
	case "target":
		return strictly[team.Target](raw)
	case "absence":
		return strictly[team.Absence](raw)
	case "training":
		return strictly[team.Training](raw)
	case "training_record":
		return strictly[store.TrainingRecordEntry](raw)
	case "training_dismissal":
		return strictly[store.TrainingDismissal](raw)
	case "settings":
		return strictly[team.Settings](raw)
	}
	return certificateEntryOf(kind, raw)
}

func certificateEntryOf(kind string, raw []byte) (any, error) {
	switch kind {
	case "certification":
		return strictly[team.Certification](raw)
	case "certification_renewal":
		return strictly[team.CertificationRenewal](raw)
	case "certificate":
		return strictly[team.Certificate](raw)
	case "credit_activity":
		return strictly[team.CreditActivity](raw)
	case "file":
		return strictly[team.File](raw)
	}
	return nil, fmt.Errorf("the type %q is not known", kind)
}

// strictly refuses names it does not know: a misspelt one would lose what it holds.
func strictly[T any](raw []byte) (any, error) {
	var v T
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	err := d.Decode(&v)
	return v, err
}

// errNotExport says that a file does not begin as an export does.
var errNotExport = errors.New("this is no export of tasuki")

// readHead takes the first line of an export.
func readHead(r *bufio.Reader) error {
	line, err := r.ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	var head exportHead
	if json.Unmarshal(line, &head) != nil || head.Type != "tasuki" {
		return errNotExport
	}
	if head.Format > exportFormat {
		return fmt.Errorf("the export was written by a newer tasuki (%s); bring it into that version", head.Program)
	}
	return nil
}

// restoreExport fills an empty instance from an export: all of it, or, where a line
// cannot be read, nothing. It returns how many things it wrote.
func restoreExport(ctx context.Context, data *store.Store, in io.Reader) (int, error) {
	r := bufio.NewReader(in)
	if err := readHead(r); err != nil {
		return 0, err
	}
	line, count := 1, 0
	err := data.Restore(ctx, team.Operator(), func() (any, error) {
		for {
			raw, err := r.ReadBytes('\n')
			line++
			if raw = bytes.TrimSpace(raw); len(raw) > 0 {
				count++
				return readEntry(raw)
			}
			if errors.Is(err, io.EOF) {
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
		}
	})
	switch {
	case errors.Is(err, team.ErrNotEmpty):
		return 0, errors.New("there are members, articles, consultations or skills here already; a whole export goes into an empty instance (another --data-dir). Nothing was changed")
	case err != nil:
		return 0, fmt.Errorf("line %d: %w; nothing was changed", line, err)
	}
	return count, nil
}

func readEntry(raw []byte) (any, error) {
	parts := map[string]json.RawMessage{}
	if err := json.Unmarshal(raw, &parts); err != nil {
		return nil, err
	}
	var kind string
	if err := json.Unmarshal(parts["type"], &kind); err != nil {
		return nil, errors.New("the type is missing")
	}
	delete(parts, "type")
	rest, err := json.Marshal(parts)
	if err != nil {
		return nil, err
	}
	return entryOf(kind, rest)
}

// importExportCommand stands below import.
func importExportCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "all FILE", Short: "Bring a whole export into an empty instance", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			_, data, err := openData(cmd)
			if err != nil {
				return err
			}
			defer data.Close()
			return restoreFile(cmd.Context(), data, args[0], cmd.OutOrStdout())
		}}
	addPlaceFlags(cmd)
	return cmd
}

// isExport tells whether a file begins as a whole export does; one that cannot be
// read is for others to explain.
func isExport(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return !errors.Is(readHead(bufio.NewReader(io.LimitReader(f, 4096))), errNotExport)
}

func restoreFile(ctx context.Context, data *store.Store, path string, out io.Writer) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := restoreExport(ctx, data, f)
	if err == nil {
		fmt.Fprintf(out, "%d things are back. Passwords are not part of an export: `tasuki member invite EMAIL` prints a link to set one.\n", n)
	}
	return err
}
