package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"strings"

	gomail "github.com/wneessen/go-mail"
)

// Send hands one mail over. It returns nil once the server has taken it, else an
// *Error; it ends with ctx.
func (p *Post) Send(ctx context.Context, m Message) error {
	msg, err := p.compose(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, p.whole)
	defer cancel()
	err = p.attempt(ctx, msg, gomail.SMTPAuthPlain)
	if errors.Is(err, gomail.ErrPlainAuthNotSupported) { // some servers have the older way alone
		err = p.attempt(ctx, msg, gomail.SMTPAuthLogin)
	}
	if err == nil || msg.IsDelivered() {
		return nil // what goes wrong after the server has said yes changes nothing
	}
	return explain(err)
}

func (p *Post) attempt(ctx context.Context, msg *gomail.Msg, how gomail.SMTPAuthType) error {
	options := []gomail.Option{gomail.WithPort(p.port), gomail.WithTimeout(p.step), gomail.WithTLSConfig(p.tlsConfig()),
		gomail.WithDialContextFunc(p.dial(ctx)), gomail.WithoutNoop(), gomail.WithTLSPolicy(gomail.NoTLS)}
	if p.security == startTLS {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if p.user != "" {
		options = append(options, gomail.WithSMTPAuth(how), gomail.WithUsername(p.user), gomail.WithPassword(p.password))
	}
	client, err := gomail.NewClient(p.host, options...)
	if err != nil {
		return err
	}
	if err := client.DialWithContext(ctx); err != nil {
		return errBeforeMail{err}
	}
	err = client.Send(msg)
	_ = client.Close() // the mail is over; how the goodbye went is nobody's business
	return err
}

// errBeforeMail marks a fault from before the mail was begun.
type errBeforeMail struct{ error }

func (e errBeforeMail) Unwrap() error { return e.error }

// dial returns how to connect; the connection breaks when ctx ends.
func (p *Post) dial(ctx context.Context) gomail.DialContextFunc {
	return func(dialing context.Context, network, address string) (net.Conn, error) {
		conn, err := p.connect(dialing, network, address)
		if err != nil {
			return nil, err
		}
		context.AfterFunc(ctx, func() { conn.Close() })
		if p.security != implicitTLS {
			return conn, nil
		}
		secured := tls.Client(conn, p.tlsConfig())
		if err := secured.HandshakeContext(dialing); err != nil {
			conn.Close()
			return nil, err
		}
		return secured, nil
	}
}

// explain turns what the library says into a kind that people can act on.
func explain(err error) error {
	e := &Error{Kind: Unreachable, Code: answered(err), err: err}
	var sent *gomail.SendError
	var before errBeforeMail
	switch {
	case errors.As(err, &sent) && e.Code > 0:
		e.Kind = Refused
	case errors.As(err, &sent) && sent.Reason == gomail.ErrSMTPDataClose:
		e.Kind = Unclear
	case errors.As(err, &before):
		e.Kind = kindBeforeMail(err)
	}
	return e
}

// answered returns the code of a server's refusal, or 0.
func answered(err error) int {
	var sent *gomail.SendError
	var reply *textproto.Error
	switch {
	case errors.As(err, &sent):
		return sent.ErrorCode()
	case errors.As(err, &reply):
		return reply.Code
	}
	return 0
}

// kindBeforeMail tells apart what can go wrong between connecting and signing in. The
// library has no errors of its own for two of them, only their words.
func kindBeforeMail(err error) Kind {
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	var alert tls.AlertError
	switch {
	case errors.As(err, &certificate), errors.As(err, &noTLS), errors.As(err, &alert), strings.Contains(err.Error(), "STARTTLS"):
		return Unprotected
	case strings.Contains(err.Error(), "SMTP AUTH"):
		return SignIn
	}
	return Unreachable
}
