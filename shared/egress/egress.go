// Package egress is the only way out to systems that are not ours: an HTTP
// client that reaches public addresses over HTTPS and nothing else, and a dialer
// for servers that do not speak HTTP. It depends on package fault and on
// code.dny.dev/ssrf, which knows the special-purpose address registries.
//
// Two checks guard every request. The URL is checked before anything is
// resolved: names only, no address literals, no names of this cloud. The
// address is checked in the dialer, after resolution and for every address
// that is tried, so a name that changes its answer between a check and a use
// gains nothing. A refusal says "address", "port", "scheme" and the like, never
// what a name resolved to.
package egress

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"
)

// The bounds of one request; the whole of it is bounded by its context.
const (
	connectTimeout = 3 * time.Second
	tlsTimeout     = 5 * time.Second
	headerTimeout  = 12 * time.Second // As long as a token request may take: an answer given up is an answer lost.
	idleTimeout    = 30 * time.Second
	maxHeaderBytes = 64 << 10
)

// Config says what a client may reach. The zero value is the strictest.
type Config struct {
	// InsecureLoopback allows 127.0.0.0/8, ::1 and localhost, with any port
	// and without TLS. It is for a developer's machine only: environ.Config.Local.
	InsecureLoopback bool
	// Ports are allowed besides 443.
	Ports []uint16
	// DisableKeepAlives makes a new connection for every request, for calls
	// that must never be sent twice.
	DisableKeepAlives bool
	// Roots replace the machine's certificate authorities when they are not nil.
	Roots *x509.CertPool
	// Resolver replaces the machine's resolver when it is not nil.
	Resolver *net.Resolver
}

// Client is an HTTP client that follows no redirect, knows no proxy and keeps no
// cookies. A request that is refused fails with a *url.Error around the fault
// egress_denied.
type Client struct {
	*http.Client
	cfg Config
}

// New returns a client.
func New(cfg Config) *Client { return &Client{newClient(cfg, nil), cfg} }

// Certified returns a client with the same rules that shows the certificate to
// every system that asks for one, on a connection of its own for each request.
func (c *Client) Certified(certificate tls.Certificate) *http.Client {
	cfg := c.cfg
	cfg.DisableKeepAlives = true
	return newClient(cfg, func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		return &certificate, nil // Also where the system lists other authorities: it may know the certificate itself.
	})
}

func newClient(cfg Config, show func(*tls.CertificateRequestInfo) (*tls.Certificate, error)) *http.Client {
	rules := newRules(cfg)
	dial := dialer{rules: rules, resolver: cfg.Resolver}
	return &http.Client{
		Transport: transport{rules: rules, inner: &http.Transport{
			DialContext:            dial.DialContext,
			TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.Roots, GetClientCertificate: show},
			TLSHandshakeTimeout:    tlsTimeout,
			ResponseHeaderTimeout:  headerTimeout,
			IdleConnTimeout:        idleTimeout,
			MaxResponseHeaderBytes: maxHeaderBytes,
			DisableKeepAlives:      cfg.DisableKeepAlives,
			ForceAttemptHTTP2:      true,
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// CheckURL reports whether the client would send a request to raw, as far as
// that can be told without resolving it, for validation before anything is
// saved. It returns the fault egress_denied.
func CheckURL(raw string, insecureLoopback bool) error {
	if err := checkText(raw); err != nil {
		return err
	}
	u, err := url.Parse(raw)
	if err != nil {
		return denied("form")
	}
	return newRules(Config{InsecureLoopback: insecureLoopback}).checkURL(u)
}

// transport checks the URL of every request.
type transport struct {
	rules rules
	inner *http.Transport
}

// RoundTrip implements http.RoundTripper.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := t.rules.checkURL(r.URL); err != nil {
		if r.Body != nil {
			r.Body.Close()
		}
		return nil, err
	}
	return t.inner.RoundTrip(r)
}

// CloseIdleConnections closes what http.Client.CloseIdleConnections asks for.
func (t transport) CloseIdleConnections() { t.inner.CloseIdleConnections() }
