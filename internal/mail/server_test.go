package mail

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// server is a mail server of the tests: it keeps what it took over.
type server struct {
	mu       sync.Mutex
	taken    []taken
	password string // wanted, where it is not ""
	refuse   string // recipients that it refuses
	ways     []string
}

type taken struct {
	from, to string
	raw      string
	secured  bool
	signedIn bool
}

func (s *server) all() []taken {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]taken{}, s.taken...)
}

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secured := c.TLSConnectionState()
	return &session{server: s, taken: taken{secured: secured}, conn: c}, nil
}

type session struct {
	server *server
	conn   *smtp.Conn
	taken
}

func (s *session) AuthMechanisms() []string {
	if s.server.password == "" {
		return nil
	}
	if s.server.ways != nil {
		return s.server.ways
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(way string) (sasl.Server, error) {
	check := func(user, password string) error {
		if user != "tasuki" || password != s.server.password {
			return smtp.ErrAuthFailed
		}
		s.signedIn = true
		return nil
	}
	if way == sasl.Login {
		return &loginServer{check: check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return check(user, password) }), nil
}

// loginServer speaks LOGIN, which the library has for clients only.
type loginServer struct {
	check func(user, password string) error
	user  string
	step  int
}

func (l *loginServer) Next(response []byte) ([]byte, bool, error) {
	l.step++
	switch l.step {
	case 1:
		return []byte("Username:"), false, nil
	case 2:
		l.user = string(response)
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(l.user, string(response))
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.server.password != "" && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	s.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if to == s.server.refuse {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such person: " + to}
	}
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, s.secured = s.conn.TLSConnectionState()
	s.raw = string(raw)
	s.server.mu.Lock()
	defer s.server.mu.Unlock()
	s.server.taken = append(s.server.taken, s.taken)
	return nil
}

func (s *session) Reset()        {}
func (s *session) Logout() error { return nil }

// certificate makes a certificate for a host, and who trusts it.
func certificate(t *testing.T, host string) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: host}, DNSNames: []string{host},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func portOf(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }

// start serves on a port of this machine until the test ends.
func (s *server) start(t *testing.T, l net.Listener, config *tls.Config) {
	t.Helper()
	inner := smtp.NewServer(s)
	inner.Domain, inner.TLSConfig, inner.AllowInsecureAuth, inner.ErrorLog = "mail.test", config, config == nil, quiet{}
	go inner.Serve(l)
	t.Cleanup(func() { inner.Close() })
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// postTo is a Post for a server on this machine.
func postTo(t *testing.T, l net.Listener, security int) *Post {
	t.Helper()
	p, err := New(Config{URL: "smtp://127.0.0.1", From: "襷 <tasuki@example.com>"})
	if err != nil {
		t.Fatal(err)
	}
	p.port, p.security = portOf(l), security
	return p
}

// script is a server that answers each line in turn as told, and then does what a
// broken server does.
func script(t *testing.T, answers map[string]string, last func(net.Conn)) net.Listener {
	t.Helper()
	l := listen(t)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go speak(conn, answers, last)
		}
	}()
	return l
}

func speak(conn net.Conn, answers map[string]string, last func(net.Conn)) {
	defer conn.Close()
	r := bufio.NewReader(conn)
	say := func(word string) bool {
		answer, known := answers[word]
		if !known {
			last(conn)
			return false
		}
		_, err := io.WriteString(conn, answer)
		return err == nil
	}
	if !say("") {
		return
	}
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		word, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		if !say(strings.ToUpper(word)) {
			return
		}
		if strings.EqualFold(word, "DATA") {
			for line != ".\r\n" {
				if line, err = r.ReadString('\n'); err != nil {
					return
				}
			}
			if !say(".") {
				return
			}
		}
	}
}

func kindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
