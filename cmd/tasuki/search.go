package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/text"
)

// found is one hit as the terminal shows it.
type found struct {
	ID         string  `json:"id"`
	Title      string  `json:"title"`
	Short      string  `json:"short_answer"`
	State      string  `json:"state"`
	Confidence float64 `json:"confidence"`
}

func searchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "search QUESTION", Short: "Find past answers from the terminal", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := readConfig(cmd)
			if err != nil {
				return err
			}
			hits, err := searchOnce(cmd.Context(), c, args[0])
			if err != nil {
				return err
			}
			if asJSON, _ := cmd.Flags().GetBool("json"); asJSON {
				return json.NewEncoder(cmd.OutOrStdout()).Encode(hits)
			}
			return printHits(cmd.OutOrStdout(), hits)
		}}
	cmd.Flags().Bool("json", false, "print JSON")
	addPlaceFlags(cmd)
	cmd.AddCommand(evalCommand())
	return cmd
}

func printHits(out io.Writer, hits []found) error {
	if len(hits) == 0 {
		_, err := fmt.Fprintln(out, "No past answer fits. Try the whole mail, or other words.")
		return err
	}
	for i, h := range hits {
		if _, err := fmt.Fprintf(out, "%2d  %3.0f%%  %s  [%s]\n          %s\n", i+1, 100*h.Confidence, h.Title, h.State, text.Snippet(h.Short, 70)); err != nil {
			return err
		}
	}
	return nil
}

// searchOnce reads what is open to the whole department. It builds an index of its
// own in a temporary folder, because the running program holds the real one.
func searchOnce(ctx context.Context, c config, question string) ([]found, error) {
	data, err := store.Open(ctx, c.database())
	if err != nil {
		return nil, err
	}
	defer data.Close()
	dir, err := os.MkdirTemp("", "tasuki-search-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	index := search.Open(dir)
	defer index.Close()
	if err := index.CatchUp(ctx, data); err != nil {
		return nil, err
	}
	result, err := index.Search(ctx, search.Query{Text: text.StripMail(question).Text, Classes: []string{team.ClassArticle}, Limit: 10})
	if err != nil {
		return nil, err
	}
	hits := []found{}
	for _, h := range result.Hits {
		a, err := data.Article(ctx, team.Operator(), h.ID)
		if err != nil {
			return nil, err
		}
		hits = append(hits, found{a.ID, a.Title, a.Short, string(a.State), h.Confidence})
	}
	return hits, nil
}

func evalCommand() *cobra.Command {
	var docs, queries, qrels, aliases string
	var asJSON, dictionary bool
	cmd := &cobra.Command{Use: "eval", Short: "Measure search quality on your own questions", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var in search.EvalInput
			for path, target := range map[string]*io.Reader{docs: &in.Docs, queries: &in.Queries, qrels: &in.Qrels, aliases: &in.Aliases} {
				if path == "" {
					continue
				}
				f, err := os.Open(path)
				if err != nil {
					return err
				}
				defer f.Close()
				*target = f
			}
			if in.Docs == nil || in.Queries == nil || in.Qrels == nil {
				return errors.New("--docs, --queries and --qrels are needed")
			}
			if dictionary {
				in.Jargon = sample.StarterJargon()
			}
			report, err := search.Eval(cmd.Context(), in)
			if err != nil {
				return err
			}
			return printReport(cmd.OutOrStdout(), report, asJSON)
		}}
	cmd.Flags().StringVar(&docs, "docs", "", "documents, JSON Lines: id, title (question), body (answer)")
	cmd.Flags().StringVar(&queries, "queries", "", "questions, JSON Lines: id, text[, exclude][, oos]")
	cmd.Flags().StringVar(&qrels, "qrels", "", "what is right, TSV: question, document, grade")
	cmd.Flags().StringVar(&aliases, "aliases", "", "wordings stored first, JSON Lines: text, id")
	cmd.Flags().BoolVar(&dictionary, "dictionary", true, "use the starter dictionary's synonyms")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func printReport(out io.Writer, r search.EvalReport, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	line := fmt.Sprintf("queries %d  mrr %.4f  p@1 %.4f  hit@5 %.4f  hit@10 %.4f  r@5 %.4f  ndcg@10 %.4f  p50_ms %.2f  p99_ms %.2f  index_s %.2f",
		r.Queries, r.MRR, r.P1, r.Hit5, r.Hit10, r.R5, r.NDCG10, r.P50, r.P99, r.IndexS)
	if r.AUROC != nil {
		line += fmt.Sprintf("  auroc %.4f", *r.AUROC)
	}
	_, err := fmt.Fprintln(out, strings.TrimSpace(line))
	return err
}
