package connect_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// mark stands in every secret of these tests.
const mark = "cAnArY"

const (
	clientID     = "client-1"
	clientSecret = "client-secret-" + mark + "-0001"
)

// provider is an authorization server and API that keeps the rules which the
// attacks rely on: a code is for one client, one redirect URI, one PKCE
// challenge and one use.
type provider struct {
	mu      sync.Mutex
	sub     string         // Who consents next.
	granted string         // Scopes granted; empty leaves it out of the answer.
	members map[string]any // Further members of the token answer; nil removes one.
	status  map[string]int // What an endpoint answers instead.
	code    string         // The error in that answer.
	down    map[string]bool
	before  func(endpoint string)
	keys    map[string]string // Account by API key or basic pair.
	listed  map[string]any    // What the endpoint "sites" answers.
	visited []string          // Hosts that an API call went to, in order.
	clients map[string]string // Secret by client id.

	codes    map[string]grant
	tokens   map[string]string // Account by access token.
	requests map[string][]url.Values
	revoked  []string
	revokers []string // Client ids.
	issued   []string
	count    int
}

type grant struct{ client, redirect, challenge, nonce, sub, scope string }

func newProvider() *provider {
	return &provider{
		sub: "bob", members: map[string]any{}, status: map[string]int{}, down: map[string]bool{}, keys: map[string]string{},
		clients: map[string]string{clientID: clientSecret},
		codes:   map[string]grant{}, tokens: map[string]string{}, requests: map[string][]url.Values{},
	}
}

// consent is what the person does at the authorization endpoint.
func (p *provider) consent(address *url.URL) (code string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	q := address.Query()
	code = p.issue("code")
	p.codes[code] = grant{q.Get("client_id"), q.Get("redirect_uri"), q.Get("code_challenge"), q.Get("nonce"), p.sub, q.Get("scope")}
	return code
}

func (p *provider) issue(kind string) string {
	p.count++
	value := fmt.Sprintf("%s-%s-%04d-%s", kind, mark, p.count, strings.Repeat("x", 8))
	p.issued = append(p.issued, value)
	return value
}

func (p *provider) asked(endpoint string) []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests[endpoint])
}

func (p *provider) forgotten() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.revoked)
}

// Do implements method.Doer.
func (p *provider) Do(r *http.Request) (*http.Response, error) {
	endpoint := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if p.before != nil {
		p.before(endpoint)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	form, _ := url.ParseQuery(string(body))
	p.requests[endpoint] = append(p.requests[endpoint], form)
	if p.down[endpoint] {
		return nil, errors.New("dial tcp: no route to host")
	}
	if status := p.status[endpoint]; status != 0 {
		return answer(status, map[string]any{"error": p.code, "error_description": "no " + mark}), nil
	}
	switch endpoint {
	case "token":
		return p.token(r, form), nil
	case "revoke":
		id, _, _ := r.BasicAuth()
		p.revoked, p.revokers = append(p.revoked, form.Get("token")), append(p.revokers, id)
		return answer(200, map[string]any{}), nil
	case "openid-configuration":
		return answer(200, metadata()), nil
	default:
		return p.api(r), nil
	}
}

func (p *provider) token(r *http.Request, form url.Values) *http.Response {
	id, password, ok := r.BasicAuth()
	if !ok {
		id, password = form.Get("client_id"), form.Get("client_secret")
	}
	if known, ok := p.clients[id]; !ok || password != known {
		return answer(401, map[string]any{"error": "invalid_client"})
	}
	g := grant{sub: "machine"}
	if form.Get("grant_type") == "authorization_code" {
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		g, ok = p.codes[form.Get("code")]
		delete(p.codes, form.Get("code"))
		fits := g.challenge == base64.RawURLEncoding.EncodeToString(sum[:]) || g.challenge == "" && !form.Has("code_verifier")
		if !ok || !fits || g.client != id || g.redirect != form.Get("redirect_uri") {
			return answer(400, map[string]any{"error": "invalid_grant"})
		}
	}
	access := p.issue("access")
	p.tokens[access] = g.sub
	members := map[string]any{"access_token": access, "token_type": "bearer", "expires_in": 3600}
	if form.Get("grant_type") == "authorization_code" || form.Get("grant_type") == "refresh_token" {
		members["refresh_token"] = p.issue("refresh")
	}
	if p.granted != "" {
		members["scope"] = p.granted
	}
	if strings.Contains(g.scope, "openid") {
		members["id_token"] = mark + "." + g.sub + "." + g.nonce
	}
	for name, v := range p.members {
		if members[name] = v; v == nil {
			delete(members, name)
		}
	}
	return answer(200, members)
}

// api answers every call of the API with the account of the credential.
func (p *provider) api(r *http.Request) *http.Response {
	p.visited = append(p.visited, r.URL.Host)
	if strings.HasSuffix(r.URL.Path, "/sites") && p.known(r) {
		return answer(200, p.listed)
	}
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if sub, ok := p.tokens[token]; ok {
		return answer(200, map[string]any{"sub": sub, "id": sub, "name": "Account of " + sub})
	}
	user, password, _ := r.BasicAuth()
	for _, key := range []string{r.Header.Get("X-Api-Key"), user + ":" + password} {
		if sub, ok := p.keys[key]; ok {
			return answer(200, map[string]any{"sub": sub})
		}
	}
	return answer(401, map[string]any{"error": "unauthorized"})
}

func (p *provider) known(r *http.Request) bool {
	_, token := p.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	_, key := p.keys[r.Header.Get("X-Api-Key")]
	return token || key
}

const issuer = "https://login.example.com"

func metadata() map[string]any {
	return map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
		"revocation_endpoint": issuer + "/revoke", "jwks_uri": issuer + "/jwks", "authorization_response_iss_parameter_supported": true,
	}
}

func answer(status int, members map[string]any) *http.Response {
	body, _ := json.Marshal(members)
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(string(body))),
	}
}
