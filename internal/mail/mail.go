// Package mail composes plain mails and hands them to a mail server (SMTP). It keeps
// nothing and tries once: whoever calls it decides what a failure means.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Config says where mail is handed over.
type Config struct {
	// URL is smtp://host:587 (TLS by STARTTLS) or smtps://host:465 (TLS from the start).
	// Without TLS nothing is sent, except to this machine itself, or with ?tls=off.
	URL string
	// User and Password sign in, where the server wants that; only over TLS.
	User, Password string
	// From is the sender: an address, or Name <address>.
	From string
}

// How a connection is protected.
const (
	startTLS = iota
	implicitTLS
	plainText
)

// Post hands mails to one server. It is safe for use by several goroutines.
type Post struct {
	host           string
	port           int
	security       int
	user, password string
	from           mail.Address
	roots          *x509.CertPool // nil for those of the system
	connect        func(ctx context.Context, network, address string) (net.Conn, error)
	step           time.Duration // how long the server may take for one step
	whole          time.Duration // and for a whole mail
}

// New checks a configuration. Without URL there is no mail: nil and no error. Its
// errors name the setting and never hold the password.
func New(c Config) (*Post, error) {
	if c.URL == "" {
		if c.User != "" || c.Password != "" || c.From != "" {
			return nil, errors.New("TASUKI_SMTP_URL is missing: the other settings of mail do nothing without it")
		}
		return nil, nil
	}
	p := &Post{user: c.User, password: c.Password, connect: new(net.Dialer).DialContext, step: 20 * time.Second, whole: time.Minute}
	if err := p.readURL(c.URL); err != nil {
		return nil, err
	}
	from, err := mail.ParseAddress(c.From)
	if err != nil || strings.ContainsAny(from.Address, "\r\n") {
		return nil, errors.New("TASUKI_MAIL_FROM: want an address like tasuki@example.com or Tasuki <tasuki@example.com>")
	}
	if p.from = *from; p.from.Name == "" {
		p.from.Name = "Tasuki"
	}
	if (c.User == "") != (c.Password == "") {
		return nil, errors.New("TASUKI_SMTP_USER and TASUKI_SMTP_PASSWORD belong together; one is missing")
	}
	if c.User != "" && p.security == plainText && !loopback(p.host) {
		return nil, errors.New("TASUKI_SMTP_URL: with tls=off the password would travel in the open; leave out TASUKI_SMTP_USER or tls=off")
	}
	return p, nil
}

func (p *Post) readURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		// The text of the error would hold the address.
		return errors.New("TASUKI_SMTP_URL: it does not read as smtp://mail.example.com:587 or smtps://mail.example.com:465")
	}
	if u.User != nil {
		return errors.New("TASUKI_SMTP_URL: name and password belong in TASUKI_SMTP_USER and TASUKI_SMTP_PASSWORD (or TASUKI_SMTP_PASSWORD_FILE)")
	}
	p.host = u.Hostname()
	switch off := u.RawQuery == "tls=off"; {
	case u.RawQuery != "" && !off:
		return fmt.Errorf("TASUKI_SMTP_URL: ?%s means nothing; the one thing that can stand there is tls=off", u.RawQuery)
	case u.Scheme == "smtps" && !off:
		p.security, p.port = implicitTLS, 465
	case u.Scheme == "smtp" && (off || loopback(p.host)):
		p.security, p.port = plainText, 25
	case u.Scheme == "smtp":
		p.security, p.port = startTLS, 587
	default:
		return errors.New("TASUKI_SMTP_URL: it begins with smtp:// or smtps://, and tls=off goes with smtp:// alone")
	}
	if u.Port() != "" {
		if p.port, err = strconv.Atoi(u.Port()); err != nil || p.port < 1 || p.port > 65535 {
			return errors.New("TASUKI_SMTP_URL: the port is no number from 1 to 65535")
		}
	}
	return nil
}

// loopback tells whether a host is this machine, where nobody can listen on the way.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// From is the address that mails come from.
func (p *Post) From() string { return p.from.Address }

// Server is the host and port that mails are handed to.
func (p *Post) Server() string { return net.JoinHostPort(p.host, strconv.Itoa(p.port)) }

func (p *Post) tlsConfig() *tls.Config {
	return &tls.Config{ServerName: p.host, MinVersion: tls.VersionTLS12, RootCAs: p.roots}
}

// Kind says what went wrong, for whoever has to do something about it.
type Kind string

// The kinds of fault.
const (
	// Unreachable: no connection, or the server broke it off or went silent before the
	// mail was handed over.
	Unreachable Kind = "unreachable"
	// Unprotected: the server offers no TLS, or its certificate cannot be trusted.
	Unprotected Kind = "unprotected"
	// SignIn: the server refuses the name or the password, or has no way of ours to sign in.
	SignIn Kind = "sign_in"
	// Refused: the server refuses this sender, recipient or mail.
	Refused Kind = "refused"
	// BadAddress: the recipient's address is none.
	BadAddress Kind = "address"
	// Unclear: the whole mail was handed over, and no answer came. It may have arrived.
	Unclear Kind = "unclear"
)

// Error is a mail that was not taken over, or of which nobody knows.
type Error struct {
	Kind Kind
	// Code is what the server answered (550 and the like), or 0.
	Code int
	err  error
}

// Error tells the fault for a log. What the server said stays out, because it repeats
// addresses and what was typed to sign in.
func (e *Error) Error() string {
	if e.Code > 0 || e.Kind == SignIn || e.Kind == Unclear {
		return fmt.Sprintf("mail %s (%d)", e.Kind, e.Code)
	}
	return fmt.Sprintf("mail %s: %v", e.Kind, e.err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.err }

// MailProblem names the kind of fault.
func (e *Error) MailProblem() string { return string(e.Kind) }

// OthersToo tells whether the next mail would meet the same fault.
func (e *Error) OthersToo() bool {
	return e.Kind == Unreachable || e.Kind == Unprotected || e.Kind == SignIn
}
