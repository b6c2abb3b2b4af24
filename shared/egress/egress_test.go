package egress_test

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

func TestLoopbackNeedsTheOption(t *testing.T) {
	t.Parallel()
	port, hits := canary(t)
	strict := egress.New(egress.Config{Ports: []uint16{port}})
	for _, form := range []string{"http://127.0.0.1:%d/", "https://127.0.0.1:%d/", "https://localhost:%d/", "https://[::1]:%d/", "https://127.0.0.1.nip.io:%d/"} {
		wantDenied(t, get(t, strict, fmt.Sprintf(form, port)))
	}
	if n := hits.Load(); n != 0 {
		t.Fatalf("the loopback listener was reached %d times", n)
	}
	if err := get(t, egress.New(egress.Config{InsecureLoopback: true}), fmt.Sprintf("http://127.0.0.1:%d/", port)); err == nil {
		t.Error("the listener answers nothing, yet the request succeeded")
	}
	if hits.Load() == 0 {
		t.Error("with the option the loopback listener was not reached")
	}
}

func TestPortsMustBeDeclared(t *testing.T) {
	t.Parallel()
	wantDenied(t, get(t, egress.New(egress.Config{Ports: []uint16{8443}}), "https://api.vendor.com:9001/"))
	c, reached := reaching(t, 8443, addresses(public))
	if err := get(t, c, "https://api.vendor.com:8443/"); !errors.Is(err, errStop) || len(*reached) != 1 {
		t.Errorf("declared port: got %v, want it to be dialled", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var hits atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	t.Cleanup(target.Close)
	c := egress.New(egress.Config{InsecureLoopback: true})
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := httptest.NewServer(http.RedirectHandler(target.URL, status))
		t.Cleanup(s.Close)
		res, err := c.Post(s.URL, "application/x-www-form-urlencoded", strings.NewReader("client_secret=s3cret"))
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != status {
			t.Errorf("got status %d, want %d as it came", res.StatusCode, status)
		}
	}
	if n := hits.Load(); n != 0 {
		t.Errorf("the redirect target was reached %d times", n)
	}
}

// TestOnePostPerAttempt closes a reused connection after the request was read,
// which is where net/http repeats what it takes for safe.
func TestOnePostPerAttempt(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	var posts atomic.Int64
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			answerOnce(c, &posts)
		}
	}()
	c := egress.New(egress.Config{InsecureLoopback: true})
	address := "http://" + l.Addr().String()
	res, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	io.Copy(io.Discard, res.Body)
	res.Body.Close()
	token := method.TokenRequest{URL: address, ClientAuth: "none", ClientID: "id"}
	if _, err := token.Send(t.Context(), method.Reach{HTTP: c}); err == nil {
		t.Error("the connection was closed, yet the request succeeded")
	}
	if n := posts.Load(); n != 1 {
		t.Errorf("the token endpoint got %d requests, want 1", n)
	}
}

// answerOnce answers the first GET of a connection and hangs up on every POST.
func answerOnce(c net.Conn, posts *atomic.Int64) {
	defer c.Close()
	in := bufio.NewReader(c)
	for {
		r, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		io.Copy(io.Discard, r.Body)
		if r.Method == http.MethodPost {
			posts.Add(1)
			return
		}
		io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
	}
}

func TestUntrustedTLSIsRefused(t *testing.T) {
	t.Parallel()
	old := httptest.NewUnstartedServer(http.NotFoundHandler())
	old.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	old.Config.ErrorLog = log.New(io.Discard, "", 0)
	old.StartTLS()
	t.Cleanup(old.Close)
	selfSigned := httptest.NewUnstartedServer(http.NotFoundHandler())
	selfSigned.Config.ErrorLog = log.New(io.Discard, "", 0)
	selfSigned.StartTLS()
	t.Cleanup(selfSigned.Close)
	c := egress.New(egress.Config{InsecureLoopback: true})
	if err := get(t, c, selfSigned.URL); err == nil || method.Unreachable(err).Code != fault.CodeProviderTLS {
		t.Errorf("self-signed certificate: got %v, want %s", err, fault.CodeProviderTLS)
	}
	// Its certificate is not trusted either; the handshake must end before.
	var authority x509.UnknownAuthorityError
	if err := get(t, c, old.URL); err == nil || errors.As(err, &authority) {
		t.Errorf("a server of TLS 1.1 was spoken to: %v", err)
	}
}

// TestNothingIsLogged is not parallel: it replaces the process's loggers.
func TestNothingIsLogged(t *testing.T) {
	var logged bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	log.SetOutput(&logged)
	t.Cleanup(func() { slog.SetDefault(before); log.SetOutput(os.Stderr) })
	s := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(s.Close)
	c := egress.New(egress.Config{InsecureLoopback: true})
	for _, address := range []string{s.URL, "http://127.0.0.1:1/", "https://10.0.0.1/"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader("canary-body"))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer canary-header")
		res, err := c.Do(req)
		if err == nil {
			res.Body.Close()
		} else if strings.Contains(err.Error(), "canary-") {
			t.Errorf("error text holds the request: %v", err)
		}
	}
	if logged.Len() != 0 {
		t.Errorf("logged: %s", logged.String())
	}
}

// A certificate changes nothing of what may be reached.
func TestCertifiedKeepsTheRules(t *testing.T) {
	t.Parallel()
	c := egress.New(egress.Config{}).Certified(tls.Certificate{})
	for _, raw := range []string{"http://example.com/", "https://127.0.0.1/", "https://169.254.169.254/latest", "https://localhost/"} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, raw, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := c.Do(req)
		if err == nil {
			res.Body.Close()
		}
		if !fault.Has(err, fault.CodeEgressDenied) {
			t.Errorf("%s: got %v, want %s", raw, err, fault.CodeEgressDenied)
		}
	}
}
