package main

import (
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
	"github.com/spf13/cobra"

	"tasuki/internal/mail"
	"tasuki/internal/store"
)

// config is read from the environment; flags override it. Every variable has a
// twin with _FILE that names a file to read the value from.
type config struct {
	Listen      string `env:"TASUKI_LISTEN" envDefault:"127.0.0.1:8080"`
	DataDir     string `env:"TASUKI_DATA_DIR" envDefault:"./data"`
	DatabaseURL string `env:"TASUKI_DATABASE_URL"`
	BaseURL     string `env:"TASUKI_BASE_URL"`
	TimeZone    string `env:"TASUKI_TIME_ZONE" envDefault:"Asia/Tokyo"`

	SMTPURL      string `env:"TASUKI_SMTP_URL"`
	SMTPUser     string `env:"TASUKI_SMTP_USER"`
	SMTPPassword string `env:"TASUKI_SMTP_PASSWORD"`
	MailFrom     string `env:"TASUKI_MAIL_FROM"`

	zone *time.Location
}

// readConfig reads the environment and the flags of a command; a variable or zone
// that cannot be used is an error that names it.
func readConfig(cmd *cobra.Command) (config, error) {
	var c config
	values, err := withFiles(os.Environ())
	if err != nil {
		return c, err
	}
	if err := env.ParseWithOptions(&c, env.Options{Environment: values}); err != nil {
		return c, err
	}
	for _, name := range unknown(values) {
		slog.Warn("this variable is not one of tasuki's and changes nothing", "name", name)
	}
	for name, target := range map[string]*string{"listen": &c.Listen, "data-dir": &c.DataDir} {
		if flag := cmd.Flags().Lookup(name); flag != nil && flag.Changed {
			*target = flag.Value.String()
		}
	}
	if c.BaseURL, err = cleanBase(c.BaseURL); err != nil {
		return c, err
	}
	if c.zone, err = time.LoadLocation(c.TimeZone); err != nil {
		return c, fmt.Errorf("TASUKI_TIME_ZONE: %w", err)
	}
	return c, nil
}

// cleanBase checks the address that people type; links are made by adding to it.
func cleanBase(base string) (string, error) {
	if base == "" {
		return "", nil
	}
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		return "", fmt.Errorf("TASUKI_BASE_URL: %q is not an address like https://tasuki.example.com", base)
	}
	return u.Scheme + "://" + u.Host, nil
}

// unknown returns the names that begin like ours and are none: a misspelt variable
// would otherwise be silently without effect. Those of the tests are left alone.
func unknown(values map[string]string) []string {
	known := map[string]bool{}
	for field := range reflect.TypeFor[config]().Fields() {
		known[field.Tag.Get("env")] = true
	}
	var names []string
	for name := range values {
		if !known[name] && !strings.HasPrefix(name, "TASUKI_TEST_") && !strings.HasPrefix(name, "TASUKI_BENCH_") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// openData reads the configuration and opens its database, brought up to date.
func openData(cmd *cobra.Command) (config, *store.Store, error) {
	c, err := readConfig(cmd)
	if err != nil {
		return c, nil, err
	}
	data, err := store.Open(cmd.Context(), c.database())
	return c, data, err
}

// withFiles resolves every TASUKI_…_FILE into the variable it stands for.
func withFiles(environ []string) (map[string]string, error) {
	values := map[string]string{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && strings.HasPrefix(name, "TASUKI_") {
			values[name] = value
		}
	}
	for name, path := range values {
		plain, isFile := strings.CutSuffix(name, "_FILE")
		if !isFile {
			continue
		}
		if _, both := values[plain]; both {
			return nil, fmt.Errorf("%s and %s are both set; keep one", plain, name)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values[plain] = strings.TrimSpace(string(content))
		delete(values, name)
	}
	return values, nil
}

// database is where the data is: PostgreSQL where an address is given, else a
// SQLite file in the data folder.
func (c config) database() string {
	if c.DatabaseURL != "" {
		return c.DatabaseURL
	}
	return filepath.Join(c.DataDir, "tasuki.db")
}

// mail is where mails are handed over.
func (c config) mail() mail.Config {
	return mail.Config{URL: c.SMTPURL, User: c.SMTPUser, Password: c.SMTPPassword, From: c.MailFrom}
}

func (c config) indexDir() string { return filepath.Join(c.DataDir, "index") }

func addPlaceFlags(cmd *cobra.Command) {
	cmd.Flags().String("data-dir", "", "folder of the database and the search index (TASUKI_DATA_DIR)")
}

func addListenFlag(cmd *cobra.Command) {
	cmd.Flags().String("listen", "", "address to listen on (TASUKI_LISTEN)")
}
