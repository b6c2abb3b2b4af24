// Package methodtest holds an OAuth provider in memory and the contract every
// auth method keeps. The provider is a method.Doer: no sockets, and every
// answer can be scripted, delayed or lost. It depends on packages catalog,
// method and secret.
package methodtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
)

// The client a Provider knows.
const (
	ClientID     = "client-1"
	ClientSecret = "client-secret-canary"
)

// Provider is an authorization server with one API. Set its fields before use.
type Provider struct {
	Rotate   bool           // A refresh answers with a new refresh token…
	Strict   bool           // …and an old one, used again, revokes the family; else it stays valid.
	Repeat   bool           // A refresh answers with the refresh token that was sent.
	Lifetime int            // Seconds, as expires_in.
	Extra    map[string]any // Further members of every token answer.
	Account  map[string]any // What GET /me answers.

	mu       sync.Mutex
	issued   int
	access   map[string]string   // Family by access token.
	refresh  map[string]string   // Family by refresh token in force.
	spent    map[string]string   // Family by refresh token that was rotated away.
	uses     map[string]int      // Requests by refresh token.
	steps    map[string][]Step   // By path.
	requests map[string][]string // Bodies by path.
	dead     []string            // Revoked families.
}

// Step scripts one request; its zero value is the provider's own answer.
type Step struct {
	Before func()      // Runs before the request is carried out.
	Lost   bool        // The request is not carried out: it never arrives.
	After  func()      // Runs when the request was carried out and nothing was answered.
	Hang   bool        // No answer comes: the request ends with its context.
	Err    error       // The transport fails instead of answering.
	Status int         // Answers this instead.
	Header http.Header // With Status.
	Body   string      // With Status.
}

// New returns a provider whose refresh tokens rotate strictly and whose access
// tokens live an hour.
func New() *Provider {
	return &Provider{
		Rotate: true, Strict: true, Lifetime: 3600, Account: map[string]any{"id": "account-1", "name": "Acme"},
		access: map[string]string{}, refresh: map[string]string{}, spent: map[string]string{},
		uses: map[string]int{}, steps: map[string][]Step{}, requests: map[string][]string{},
	}
}

// Issue returns the tokens of a new grant, as a handoff would.
func (p *Provider) Issue() (access, refresh string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	family := fmt.Sprintf("family-%d", p.issued+1)
	return p.newAccess(family), p.newRefresh(family)
}

// Script queues what happens to the next requests for a path.
func (p *Provider) Script(path string, steps ...Step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps[path] = append(p.steps[path], steps...)
}

// Unscript forgets what was queued for a path.
func (p *Provider) Unscript(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.steps, path)
}

// Requests returns the bodies sent to a path, in order.
func (p *Provider) Requests(path string) []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests[path])
}

// Uses returns how often a refresh token was sent.
func (p *Provider) Uses(refresh string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.uses[refresh]
}

// Forget makes every token of the family of this token invalid.
func (p *Provider) Forget(token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.forget(token)
}

// Do implements method.Doer: POST /token, POST /login with the client as user and
// password, POST /revoke and GET /me.
func (p *Provider) Do(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	step := p.next(req.URL.Path, string(body))
	if step.Before != nil {
		step.Before()
	}
	if err := req.Context().Err(); err != nil {
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: err}
	}
	status, answer := step.Status, step.Body
	if !step.Lost && step.Status == 0 {
		status, answer = p.serve(req, string(body))
	}
	if step.After != nil {
		step.After()
	}
	if step.Hang {
		<-req.Context().Done()
	}
	if err := req.Context().Err(); err != nil && step.Err == nil {
		step.Err = err
	}
	if step.Err != nil {
		return nil, &url.Error{Op: "Post", URL: req.URL.String(), Err: step.Err}
	}
	header := step.Header
	if header == nil {
		header = http.Header{"Content-Type": {"application/json"}}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(answer)), Request: req}, nil
}

func (p *Provider) next(path, body string) Step {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests[path] = append(p.requests[path], body)
	if len(p.steps[path]) == 0 {
		return Step{}
	}
	step := p.steps[path][0]
	p.steps[path] = p.steps[path][1:]
	return step
}

func encode(status int, members map[string]any) (int, string) {
	b, err := json.Marshal(members)
	if err != nil {
		return http.StatusInternalServerError, "{}"
	}
	return status, string(b)
}
