package chaos_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// provider stands before the token endpoint of the certified server. It knows
// whose tokens pass, can be trapped like a call to AWS, and adds what the
// server lacks: a grace in which a used refresh token gets the same answer.
type provider struct {
	tokenURL string
	lab      *lab

	mu         sync.Mutex
	steps      map[string]*steps                     // Where a connection's refreshes are watched.
	connecting string                                // The connection that the next code is for,
	codes      map[string]string                     // unless the code is here.
	owner      map[string]string                     // Connection by refresh token.
	answers    map[string]*httptest.ResponseRecorder // By used refresh token, of clients with a grace.
	accepted   map[string]int                        // Successful answers to a refresh, by connection.
	refused    map[string]int
	newest     map[string]string // Refresh token by connection: the end of the chain.
	rejected   map[string]bool   // Whether the last answer to a connection was a refusal.
}

// graceful says by its name that a client has a grace.
const graceful = "grace"

func newProvider(t *testing.T, l *lab) *provider {
	t.Helper()
	p := &provider{
		lab: l, steps: map[string]*steps{}, codes: map[string]string{}, owner: map[string]string{}, answers: map[string]*httptest.ResponseRecorder{},
		accepted: map[string]int{}, refused: map[string]int{}, newest: map[string]string{}, rejected: map[string]bool{},
	}
	p.tokenURL = serve(t, observed(http.HandlerFunc(p.token), p.whose)) + "/token"
	return p
}

// watch says where the refreshes of a connection are watched.
func (p *provider) watch(connection string, s *steps) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps[connection] = s
}

func (p *provider) whose(_ *http.Request, body []byte) (*steps, string) {
	form, _ := url.ParseQuery(string(body)) // What is no form is nobody's.
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.steps[p.subject(form)], providerCall
}

// subject returns the connection that a token request is for.
func (p *provider) subject(form url.Values) string {
	if !form.Has("code") {
		return p.owner[form.Get("refresh_token")]
	}
	if connection, ok := p.codes[form.Get("code")]; ok {
		return connection
	}
	return p.connecting
}

func (p *provider) token(w http.ResponseWriter, r *http.Request) {
	body := drain(r)
	form, err := url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "the body is no form", http.StatusBadRequest)
		return
	}
	used := form.Get("refresh_token")
	answer := p.replay(used)
	if answer == nil {
		answer = p.forward(r, string(body))
	}
	client, _, _ := r.BasicAuth()
	p.note(client, form, answer)
	for name, values := range answer.Header() {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes()) // The recorder takes everything.
}

func (p *provider) replay(used string) *httptest.ResponseRecorder {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answers[used]
}

func (p *provider) forward(r *http.Request, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	up, err := http.NewRequest(r.Method, p.lab.issuer+"/token", strings.NewReader(body)) // Not r's context: what was sent is carried out.
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return w
	}
	up.Header = r.Header.Clone()
	up.Header.Del("Accept-Encoding")
	res, err := http.DefaultClient.Do(up)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return w
	}
	defer res.Body.Close()
	w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body) // Half an answer is what the caller gets, too.
	return w
}

// note follows the chain of refresh tokens of each connection.
func (p *provider) note(client string, form url.Values, answer *httptest.ResponseRecorder) {
	var tokens struct {
		Refresh string `json:"refresh_token"`
	}
	_ = json.Unmarshal(answer.Body.Bytes(), &tokens) // An error answer has none.
	p.mu.Lock()
	defer p.mu.Unlock()
	used, connection := form.Get("refresh_token"), p.subject(form)
	p.rejected[connection] = answer.Code == http.StatusBadRequest
	if answer.Code != http.StatusOK {
		p.refused[connection]++
		return
	}
	p.owner[tokens.Refresh] = connection
	if used == "" || used == p.newest[connection] {
		p.newest[connection] = tokens.Refresh
	}
	if used == "" {
		return
	}
	p.accepted[connection]++
	if strings.Contains(client, graceful) {
		p.answers[used] = answer
	}
}

// counts returns how often the server gave and refused a token for a refresh.
func (p *provider) counts(connection string) (accepted, refused int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accepted[connection], p.refused[connection]
}

// last returns the newest refresh token of a connection, and whether the last
// thing the server said about the connection was no.
func (p *provider) last(connection string) (token string, rejected bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.newest[connection], p.rejected[connection]
}

// introspect reports whether the server still honours the newest refresh token
// of a connection (RFC 7662).
func (p *provider) introspect(t *testing.T, connection, client string) bool {
	t.Helper()
	token, _ := p.last(connection)
	form := url.Values{"token": {token}, "token_type_hint": {"refresh_token"}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.lab.issuer+"/token/introspection", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(clientOf(client))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct{ Active *bool }
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.Active == nil {
		t.Fatalf("introspection: %d, %v", res.StatusCode, err)
	}
	return *answer.Active
}
