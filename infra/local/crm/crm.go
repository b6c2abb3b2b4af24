// Package crm is "Tenon Demo CRM": a small OAuth 2.0 provider with an API, so
// that a local environment has somebody to connect to without the internet.
//
// It follows RFC 6749 (authorization code, refresh token and client credentials
// grants), RFC 7636 (PKCE, S256 only), RFC 7009 (revocation), RFC 8414
// (metadata), RFC 9207 (iss) and RFC 9700 (rotation with reuse detection). Its
// access tokens live one minute, so refreshes happen while one watches.
//
// It depends on the standard library only. Whoever reaches it can read the demo
// secrets from its landing page; it must listen on a loopback address.
package crm

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// CallbackPrefix is the path below a redirect origin that the demo client
// accepts.
const CallbackPrefix = "/v1/oauth/callback/"

const (
	codeLifetime    = time.Minute
	refreshLifetime = 30 * 24 * time.Hour
	maxBody         = 64 << 10
)

// Options adjust a provider. The zero value is ready to use.
type Options struct {
	// AccessTokenSeconds is the lifetime of an access token; zero means 60.
	AccessTokenSeconds int
	// RedirectOrigins are the origins, such as http://127.0.0.1:8787, below
	// whose CallbackPrefix the demo client accepts any redirect URI.
	RedirectOrigins []string
}

// A Provider is the demo CRM. Its methods are safe for concurrent use.
type Provider struct {
	baseURL string
	origin  string
	path    string
	now     func() time.Time
	options Options
	file    string
	mux     *http.ServeMux

	mu    sync.Mutex
	state state
}

// Open returns the provider that is reachable at baseURL, with the state found
// in dir. A first start creates the state and the secret of the demo client.
func Open(dir, baseURL string, now func() time.Time, options Options) (*Provider, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("demo CRM base URL: %w", err)
	}
	if base.Host == "" {
		return nil, fmt.Errorf("demo CRM base URL %q is not absolute", baseURL)
	}
	if options.AccessTokenSeconds == 0 {
		options.AccessTokenSeconds = 60
	}
	p := &Provider{
		baseURL: strings.TrimSuffix(baseURL, "/"),
		origin:  base.Scheme + "://" + base.Host,
		path:    strings.TrimSuffix(base.Path, "/"),
		now:     now,
		options: options,
		mux:     http.NewServeMux(),
	}
	if err := p.load(dir); err != nil {
		return nil, err
	}
	p.routes()
	return p, nil
}

// ServeHTTP serves the provider; request paths are relative to the base URL.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	p.mux.ServeHTTP(w, r)
}

// BaseURL returns the issuer identifier of the provider.
func (p *Provider) BaseURL() string { return p.baseURL }

// Close saves the state, including the counters of API calls, which are not
// worth a write each.
func (p *Provider) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.save()
}

func (p *Provider) routes() {
	for pattern, handler := range map[string]http.HandlerFunc{
		"GET /{$}":                 p.landing,
		"GET /stats":               p.stats,
		"POST /clients":            p.register,
		"GET /oauth/authorize":     p.authorize,
		"POST /oauth/authorize":    p.decide,
		"POST /oauth/token":        p.token,
		"POST /oauth/revoke":       p.revoke,
		"GET /oauth/userinfo":      p.userinfo,
		"GET /api/contacts":        p.listContacts,
		"POST /api/contacts":       p.createContact,
		"POST /api/keys":           p.createKey,
		"GET /api/key/me":          p.keyOwner,
		"GET /api/basic/me":        p.basicOwner,
		"GET " + metadataWellKnown: p.metadata,
	} {
		p.mux.HandleFunc(pattern, handler)
	}
}

// foreign reports whether a web page of another origin sent the request. Such
// a page must not register clients or mint keys with a developer's browser.
func (p *Provider) foreign(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin != "" && origin != p.origin
}
