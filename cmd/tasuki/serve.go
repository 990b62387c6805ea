package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"tasuki/internal/i18n"
	"tasuki/internal/jobs"
	"tasuki/internal/mail"
	"tasuki/internal/sample"
	"tasuki/internal/search"
	"tasuki/internal/store"
	"tasuki/internal/team"
	"tasuki/internal/web"
)

// drain is how long running requests may take to finish at the end.
const drain = 10 * time.Second

// beat is how often the index looks for what other replicas wrote; what this one
// writes wakes it at once.
const beat = 300 * time.Millisecond

func serveCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "serve", Short: "Serve the department's pages", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig(cmd)
			if err != nil {
				return err
			}
			return serve(cmd.Context(), c, false, cmd.OutOrStdout())
		}}
	addPlaceFlags(cmd)
	addListenFlag(cmd)
	return cmd
}

func demoCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "demo", Short: "Open a working department with sample data", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig(cmd)
			if err != nil {
				return err
			}
			// The demo never touches the real data: it has a folder of its own and no other database.
			c.DatabaseURL = ""
			// Nor does it write to anybody.
			c.SMTPURL, c.SMTPUser, c.SMTPPassword, c.MailFrom = "", "", "", ""
			if !cmd.Flags().Changed("data-dir") {
				c.DataDir = filepath.Join(os.TempDir(), "tasuki-demo")
			}
			return serve(cmd.Context(), c, true, cmd.OutOrStdout())
		}}
	addPlaceFlags(cmd)
	addListenFlag(cmd)
	return cmd
}

// serve runs until ctx ends: the pages, the follower that keeps the index equal to the
// database, and the periodic work.
func serve(ctx context.Context, c config, demo bool, out io.Writer) error {
	if !isatty.IsTerminal(os.Stderr.Fd()) {
		slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stderr, nil)))
	}
	post, err := mail.New(c.mail())
	if err != nil {
		return err
	}
	data, err := store.Open(ctx, c.database())
	if err != nil {
		return err
	}
	defer data.Close()
	if err := fill(ctx, data, demo); err != nil {
		return err
	}
	index := search.Open(c.indexDir())
	data.Changed = index.Nudge
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	address := "http://" + listener.Addr().String()
	if c.BaseURL == "" {
		c.BaseURL = address
	}
	if err := data.ReleaseImports(ctx); err != nil {
		return err
	}
	work := web.NewWork()
	defer work.Close()
	reminders, err := remind(data, c, post)
	if err != nil {
		return err
	}
	app, err := web.New(web.Config{Store: data, Index: index, BaseURL: c.BaseURL, Zone: c.zone, Demo: demo, Work: work, StarterSkills: sample.StarterSkills(), Mail: reminders})
	if err != nil {
		return err
	}
	if err := greet(ctx, data, c, address, demo, out); err != nil {
		return err
	}
	followCtx, endFollow := context.WithCancel(context.Background())
	var follower sync.WaitGroup
	follower.Go(func() { follow(followCtx, index, data) })
	jobsCtx, endJobs := context.WithCancel(ctx) // they end while the last requests drain
	runner := jobs.New(data, reminders.Job(), jobs.Tidy(data, c.zone))
	follower.Go(func() { runner.Run(jobsCtx) })
	served := make(chan error, 1)
	go func() { served <- app.Listener(listener) }()
	select {
	case err = <-served:
	case <-ctx.Done():
		err = app.ShutdownWithTimeout(drain)
	}
	work.Close()
	endJobs()
	endFollow()
	follower.Wait()
	return errors.Join(err, index.Close())
}

// remind returns the reminders of an instance.
func remind(data *store.Store, c config, post *mail.Post) (*jobs.Reminders, error) {
	words, err := i18n.New()
	return &jobs.Reminders{Store: data, Post: post, Words: words, BaseURL: c.BaseURL, Zone: c.zone}, err
}

func follow(ctx context.Context, index *search.Index, data *store.Store) {
	if err := search.LoadDictionary(); err != nil {
		slog.Error("the Japanese dictionary did not load; letter pairs alone will find less", "error", err)
	}
	index.Follow(ctx, data, beat)
}

// fill brings the starter dictionary and the well-known certifications to a new
// instance, and the sample department to a new demo.
func fill(ctx context.Context, data *store.Store, demo bool) error {
	if demo {
		d := sample.Demo(time.Now())
		err := data.LoadDemo(ctx, store.DemoData(d))
		if err != nil && !errors.Is(err, team.ErrNotEmpty) {
			return fmt.Errorf("load the sample department: %w", err)
		}
	}
	if err := data.LoadCertifications(ctx, sample.StarterCertifications()); err != nil {
		return fmt.Errorf("load the certifications: %w", err)
	}
	return data.LoadStarter(ctx, sample.StarterJargon())
}

// greet says where the pages are, and how the first person gets in.
func greet(ctx context.Context, data *store.Store, c config, address string, demo bool, out io.Writer) error {
	fmt.Fprintf(out, "Tasuki: %s\n", address)
	if demo {
		fmt.Fprintf(out, "Sample data is in %s; delete the folder to start again.\n", c.DataDir)
		return nil
	}
	empty, err := data.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	token, err := data.Invite(ctx, team.Operator(), "")
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Nobody is a member yet. Set up the first account within %d hours at:\n%s/welcome/%s\n",
		int(store.InvitationLife.Hours()), c.BaseURL, token)
	return nil
}

func migrateCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "migrate", Short: "Bring the database schema up to date and stop", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, data, err := openData(cmd)
			if err != nil {
				return err
			}
			return data.Close()
		}}
	addPlaceFlags(cmd)
	return cmd
}

func healthcheckCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "healthcheck", Short: "Ask a running program whether it answers", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig(cmd)
			if err != nil {
				return err
			}
			_, port, err := net.SplitHostPort(c.Listen)
			if err != nil {
				return err
			}
			client := http.Client{Timeout: 3 * time.Second}
			answer, err := client.Get("http://" + net.JoinHostPort("127.0.0.1", port) + "/healthz")
			if err != nil {
				return err
			}
			defer answer.Body.Close()
			if answer.StatusCode != http.StatusOK {
				return fmt.Errorf("answered %s", answer.Status)
			}
			return nil
		}}
	addListenFlag(cmd)
	return cmd
}
