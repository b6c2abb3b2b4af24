package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
)

// contactSync is a flow as somebody writes it. It knows nothing of credentials.
func contactSync(system *http.Client, path string, tick <-chan time.Time, tell func(int, error)) {
	for range tick {
		res, err := system.Get(path)
		if err != nil {
			tell(0, err)
			continue
		}
		tell(res.StatusCode, res.Body.Close())
	}
}

// flowRun is a flow that runs, and what it has seen.
type flowRun struct {
	mu      sync.Mutex
	well    int
	failed  []string
	problem *client.Problem // The last one.
}

func (r *flowRun) tell(status int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil && status == http.StatusOK {
		r.well++
		return
	}
	r.failed = append(r.failed, fmt.Sprint(status, " ", err))
	r.problem, _ = errors.AsType[*client.Problem](err)
}

func (r *flowRun) seen() (well int, failed []string, problem *client.Problem) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.well, r.failed, r.problem
}

// startFlow runs a flow until the test ends.
func startFlow(t *testing.T, system *http.Client, path string) *flowRun {
	t.Helper()
	r, tick, stop := &flowRun{}, make(chan time.Time), make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { contactSync(system, path, tick, r.tell) })
	running.Go(func() {
		defer close(tick)
		for every := time.NewTicker(100 * time.Millisecond); ; {
			select {
			case now := <-every.C:
				tick <- now
			case <-stop:
				every.Stop()
				return
			}
		}
	})
	t.Cleanup(func() { close(stop); running.Wait() })
	r.goesOn(t, "it was started")
	return r
}

// goesOn waits for calls that go well after something happened.
func (r *flowRun) goesOn(t *testing.T, after string) {
	t.Helper()
	before, _, _ := r.seen()
	eventually(t, "the flow goes on after "+after, func() bool { well, _, _ := r.seen(); return well > before+5 })
}

// unharmed says that no call has failed so far.
func (r *flowRun) unharmed(t *testing.T, after string) {
	t.Helper()
	r.goesOn(t, after)
	if _, failed, _ := r.seen(); len(failed) > 0 {
		t.Fatalf("after %s, calls of the flow failed: %q", after, failed)
	}
}

// reports counts the reports of calls that were taken.
type reports struct {
	client.Doer
	taken atomic.Int32
}

func (r *reports) Do(req *http.Request) (*http.Response, error) {
	res, err := r.Doer.Do(req)
	if err == nil && strings.HasSuffix(req.URL.Path, "/calls") && res.StatusCode == http.StatusOK {
		r.taken.Add(1)
	}
	return res, err
}

// testFlowProgram lets a flow run while everything happens to its credential that
// can: it goes on without code of its own.
func testFlowProgram(t *testing.T, e *environment) {
	ann := onboard(t, e, "program")
	doer := &reports{Doer: ann.http}
	c := client.New(e.base, func(context.Context) (string, error) { return ann.token, nil }, doer)
	t.Run("by OAuth", func(t *testing.T) { testFlowByOAuth(t, e, ann, c) })
	t.Run("by key", func(t *testing.T) { testFlowByKey(t, e, ann, c) })
	if doer.taken.Load() < 2 {
		t.Errorf("%d reports of calls were taken, want those of both", doer.taken.Load())
	}
}

func testFlowByOAuth(t *testing.T, e *environment, ann *actor, c *client.Client) {
	others := e.secrets.of("refresh token")
	template := crmTemplate(t, e, "program", "oauth2_authorization_code")
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "CRM"}).ID
	connect(t, ann, id)
	steps(t, ann, "contact-program", id)
	system := client.NewBindingTransport(c, "contact-program", "step-0", "sync contacts")
	t.Cleanup(func() { closed(t, system) })
	flow, began := startFlow(t, &http.Client{Transport: system}, "api/contacts"), e.crm.stats(t)

	wait(t, tokenSeconds*time.Second)
	flow.unharmed(t, "the token has expired")
	if got := e.crm.stats(t); got.Refreshes == began.Refreshes || got.RefreshReuse != began.RefreshReuse {
		t.Errorf("the CRM counted %+v, before %+v; want refreshes", got, began)
	}

	var held api.Lease
	eventually(t, "a token is neither new nor near its end", func() bool {
		held = call(t, ann, routes.ConnectionLease, api.LeaseRequest{ConnectionID: id, Purpose: "revoke it"})
		return tokenLife(held) > 4*time.Second && tokenLife(held) < 6500*time.Millisecond
	})
	e.crm.revoke(t, held.AccessToken)
	if got := asks(t, e.crm.base+"/api/contacts", held.Headers); got != http.StatusUnauthorized {
		t.Errorf("the CRM answered %d to a token that it has revoked, want 401", got)
	}
	flow.unharmed(t, "the token was revoked")

	connect(t, ann, id)
	flow.unharmed(t, "somebody reconnected")

	for token := range e.secrets.of("refresh token") {
		if !others[token] {
			e.crm.revoke(t, token)
		}
	}
	eventually(t, "the flow is told that somebody must reconnect", func() bool {
		_, _, problem := flow.seen()
		return problem != nil && problem.Remedy == "reconnect"
	})
	connect(t, ann, id)
	flow.goesOn(t, "the consent was given again")
}

// testFlowByKey replaces the key of a system that ends the old one.
func testFlowByKey(t *testing.T, e *environment, ann *actor, c *client.Client) {
	var keys sync.Map
	old, next := e.secrets.make("API key"), e.secrets.make("API key")
	keys.Store(old, true)
	shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, ok := keys.Load(r.Header.Get("X-Api-Key")); !ok {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}))
	t.Cleanup(shop.Close)
	template := call(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "api_key_header", Name: "Shop", StableKey: "program-shop",
		Inputs: map[string]string{"baseUrl": shop.URL + "/v1", "verifyPath": "me", "headerName": "X-Api-Key"},
	})
	connection := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: template.ID, Name: "Shop", Credential: fields{"headerValue": secretOf(old)},
	})
	system := client.NewTransport(c, connection.ID, "sync orders")
	t.Cleanup(func() { closed(t, system) })
	flow := startFlow(t, &http.Client{Transport: system}, "orders")

	keys.Store(next, true)
	call(t, ann, routes.CredentialPut, api.CredentialPut{
		ConnectionID: connection.ID, IfMatch: connection.ETag(), Credential: fields{"headerValue": secretOf(next)},
	})
	flow.unharmed(t, "the key was replaced")
	keys.Delete(old)
	flow.unharmed(t, "the old key was withdrawn")
}

func closed(t *testing.T, system *client.Transport) {
	t.Helper()
	if err := system.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Errorf("report the last calls: %v", err)
	}
}

// revoke ends a token at the CRM, as its own pages do.
func (p *provider) revoke(t *testing.T, token string) {
	t.Helper()
	form := url.Values{"token": {token}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.base+"/oauth/revoke", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth("tenon-dev", p.clientSecret(t))
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("revoke: got %d, %v", res.StatusCode, err)
	}
}
