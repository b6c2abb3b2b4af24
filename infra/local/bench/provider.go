package bench

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// SteadyClient is the client identifier whose refresh tokens never change. The
// tokens of every other client rotate.
const SteadyClient = "steady"

// tokenLifetime is that of the access tokens.
const tokenLifetime = time.Hour

// Provider is an OAuth provider that agrees to everything at once. It serves
// GET /authorize, POST /token and GET /api/me, and takes
// what is sent to POST /hook. A refresh token that was rotated
// is refused with invalid_grant when it comes again. A request that has arrived
// counts and rotates even when its sender does not wait for the answer. It is
// safe for concurrent use.
type Provider struct {
	mu      sync.Mutex
	latency time.Duration
	issued  int
	clients map[string]string // Client by refresh token in force.
	counts  Counts
}

// Counts are what the token endpoint has seen.
type Counts struct {
	Refreshes int // Requests with a refresh token, refused ones too.
	Reused    int // Of them, those with a token that was not in force any more.
}

// NewProvider returns a provider that answers without delay.
func NewProvider() *Provider { return &Provider{clients: map[string]string{}} }

// SetLatency sets how long a token request takes from now on.
func (p *Provider) SetLatency(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latency = d
}

// Counts returns the counts since the last Reset.
func (p *Provider) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts
}

// Reset begins to count anew.
func (p *Provider) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts = Counts{}
}

// issuedTo returns the refresh tokens in force, with their clients.
func (p *Provider) issuedTo() map[string]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.clients)
}

// reissue lets exactly these refresh tokens be in force.
func (p *Provider) reissue(tokens map[string]string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clients = maps.Clone(tokens)
}

// ServeHTTP implements http.Handler.
func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /authorize":
		authorize(w, r)
	case "POST /token":
		p.token(w, r)
	case "POST /hook":
		w.WriteHeader(http.StatusNoContent)
	case "GET /api/me":
		answer(w, http.StatusOK, map[string]any{"id": "ann"})
	default:
		http.NotFound(w, r)
	}
}

// authorize sends the browser back with a code, as somebody who agrees would.
func authorize(w http.ResponseWriter, r *http.Request) {
	asked := r.URL.Query()
	back, err := url.Parse(asked.Get("redirect_uri"))
	if err != nil || back.Host == "" {
		http.Error(w, "redirect_uri is missing", http.StatusBadRequest)
		return
	}
	back.RawQuery = url.Values{"code": {"code"}, "state": asked["state"]}.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func (p *Provider) token(w http.ResponseWriter, r *http.Request) {
	client, _, _ := r.BasicAuth()
	client, err := url.QueryUnescape(client) // RFC 6749, section 2.3.1.
	if err != nil || client == "" {
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
		return
	}
	status, members, latency := p.issue(client, r.PostFormValue("grant_type"), r.PostFormValue("refresh_token"))
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		answer(w, status, members)
	case <-r.Context().Done():
	}
}

// issue decides at once what is answered later.
func (p *Provider) issue(client, grant, used string) (status int, members map[string]any, latency time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if grant == "refresh_token" {
		p.counts.Refreshes++
		if p.clients[used] != client {
			p.counts.Reused++
			return http.StatusBadRequest, map[string]any{"error": "invalid_grant"}, p.latency
		}
	}
	p.issued++
	number := strconv.Itoa(p.issued)
	members = map[string]any{"access_token": "access-" + number, "token_type": "Bearer", "expires_in": int(tokenLifetime.Seconds())}
	if grant == "authorization_code" || client != SteadyClient {
		delete(p.clients, used)
		p.clients["refresh-"+number] = client
		members["refresh_token"] = "refresh-" + number
	}
	return http.StatusOK, members, p.latency
}

func answer(w http.ResponseWriter, status int, members map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(members) // Who has hung up does not read it.
}
