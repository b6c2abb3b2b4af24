package connect_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

// lent is what a lease of the connection answers.
func (w *world) lent(id string) api.Lease {
	w.t.Helper()
	s := lease.Service{Store: w.Connections, Sealer: w.Sealer, Audit: w.Audit, Now: w.clock.now}
	l, err := s.Lease(w.t.Context(), w.caller, lease.Request{ConnectionID: id, Purpose: "sync"})
	must(w.t, err)
	return l.API()
}

// custom makes a template of a connector that stands in no file.
func (w *world) custom(c catalog.Connector, clientID string) template.Template {
	w.t.Helper()
	w.Templates.Catalog.Added = append(w.Templates.Catalog.Added, c)
	d := template.Define{Connector: c.ID, Name: c.Name, StableKey: c.ID, Embedded: true, ClientID: clientID}
	made, err := w.Templates.Create(w.t.Context(), caller(auth.Organization, "bo"), d)
	must(w.t, err)
	return made
}

func pairFields(p *pair) map[string]secret.Bytes {
	return map[string]secret.Bytes{"token": secret.FromString(p.token), "tokenSecret": secret.FromString(p.secret)}
}

// A token a person gives needs no handoff, and the handoff needs no token.
func TestOAuth1TokenIsGivenOrFetched(t *testing.T) {
	t.Parallel()
	w, p, made := photographed(t, "given")
	issued := p.issue("bob")
	p.tokens[issued.token] = issued
	fields := pairFields(issued)
	fields["consumerKey"], fields["consumerSecret"] = secret.FromString(consumerKey), secret.FromString(consumerSecret)
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "Photos", Credential: fields})
	must(t, err)
	if got := w.lent(c.ID); w.status(c.ID) != "active" || got.Values["tokenSecret"] != issued.secret || got.Values["consumerSecret"] != consumerSecret || got.AccessToken != "" {
		t.Errorf("%s with %v", w.status(c.ID), len(got.Values))
	}
	_, err = w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeSchemeMismatch)
	fields["tokenSecret"] = secret.FromString("wrong-" + mark)
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", fields)
	refused(t, err, fault.CodeVerificationFailed)

	w, _, made = photographed(t, "handoff")
	_, err = w.PutCredential(t.Context(), w.caller, w.pending(made).ID, "*", pairFields(issued))
	refused(t, err, fault.CodeSchemeMismatch)
	_, err = w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: w.pending(made).ID, Scopes: []string{"read"}})
	refused(t, err, fault.CodeValidationFailed)
}

// CRD-03: the pair of a handoff comes back, secret and all, when a token that
// took its place is rolled back.
func TestOAuth1PairComesBack(t *testing.T) {
	t.Parallel()
	w, p, made := photographed(t, "both")
	c := w.pending(made)
	_, err := w.Complete(t.Context(), p.authorized(w.travel(connect.Ask{ConnectionID: c.ID})))
	must(t, err)
	before := w.hotCopy(c.ID)
	next := p.issue("bob")
	p.tokens[next.token] = next
	_, err = w.StageCredential(t.Context(), w.caller, c.ID, "*", pairFields(next))
	must(t, err)
	_, err = w.promote(c.ID, 0, grace)
	must(t, err)
	if got := w.hotCopy(c.ID).Values["tokenSecret"].Reveal(); got != next.secret {
		t.Error("the staged token does not serve")
	}
	_, err = w.promote(c.ID, 1, grace)
	must(t, err)
	if diff := cmp.Diff(before, w.hotCopy(c.ID)); diff != "" {
		t.Error("the pair of the handoff did not come back")
	}
	w.wantVersions(c.ID, 0, 1, 2)
}

// A reconnect brings the same account or none.
func TestOAuth1Reconnect(t *testing.T) {
	t.Parallel()
	w, p, made := photographed(t, "handoff")
	c := w.pending(made)
	_, err := w.Complete(t.Context(), p.authorized(w.travel(connect.Ask{ConnectionID: c.ID})))
	must(t, err)
	before := w.hotCopy(c.ID)
	p.sub = "eve"
	_, err = w.Complete(t.Context(), p.authorized(w.travel(connect.Ask{ConnectionID: c.ID})))
	refused(t, err, fault.CodeAccountMismatch)
	if diff := cmp.Diff(before, w.hotCopy(c.ID)); diff != "" {
		t.Error("another account took the connection over")
	}
}

// The consumer is the template's unless each connection brings its own.
func TestOAuth1TemplateNeedsTheConsumer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Templates.Catalog.Added = []catalog.Connector{photosConnector()}
	for i, test := range []struct {
		scheme, id, secret string
		ok                 bool
	}{
		{"handoff", "", "", false}, {"handoff", consumerKey, "", false}, {"handoff", consumerKey, consumerSecret, true}, {"both", "", "", false},
		{"given", "", "", true}, {"given", consumerKey, "", false}, {"given", "", consumerSecret, false},
	} {
		d := template.Define{Connector: "photos", Name: "Photos", StableKey: fmt.Sprint("photos-", i), Scheme: test.scheme, ClientID: test.id, ClientSecret: secret.FromString(test.secret)}
		_, err := w.Templates.Create(t.Context(), caller(auth.Organization, "bo"), d)
		if test.ok {
			must(t, err)
			continue
		}
		refused(t, err, fault.CodeValidationFailed)
	}
}

// sessions is a system with a login that gives tokens, and ends them.
type sessions struct {
	mu       sync.Mutex
	password string
	live     map[string]bool
	logins   int
}

const (
	logIn     = "/login"
	loginPass = "login \"pass-" + mark
)

func (s *sessions) Do(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	token := r.Header.Get("X-Session")
	switch {
	case r.URL.Path == logIn:
		var given struct{ User, Password string }
		if err := json.Unmarshal(body, &given); err != nil || given.Password != s.password || given.User != "ann" {
			return answer(401, map[string]any{"message": mark}), nil
		}
		s.logins++
		token = "session-" + mark + strings.Repeat("i", s.logins)
		s.live[token] = true
		return answer(200, map[string]any{"data": map[string]any{"token": token, "until": "2026-11-20T11:00:00Z"}}), nil
	case !s.live[token]:
		return answer(401, nil), nil
	case r.URL.Path == "/logout":
		delete(s.live, token)
	}
	return answer(200, map[string]any{"id": "acc-1"}), nil
}

func sessionConnector() catalog.Connector {
	return catalog.Connector{
		ID: "legacy", Name: "Legacy", Hosts: []string{"legacy.example.com"},
		Verify: &catalog.Request{Method: "GET", URL: "https://legacy.example.com/me", Account: &catalog.AccountPath{ID: "id"}},
		Schemes: []catalog.Scheme{{
			ID: "session_token", Type: "session_token", Apply: catalog.Placement{Headers: map[string]string{"X-Session": "{accessToken}"}},
			Fields: []catalog.Input{{Name: "username", Type: catalog.TypeText}, {Name: "password", Type: catalog.TypeSecret}},
			Login: &catalog.Login{
				Request: catalog.Request{
					Method: "POST", URL: "https://legacy.example.com" + logIn, Headers: map[string]string{"Content-Type": "application/json"},
					Body: `{"user":"{username}","password":"{password}"}`,
				},
				Token: "data.token", ExpiresAt: "data.until", Logout: &catalog.Request{Method: "POST", URL: "https://legacy.example.com/logout"},
			},
		}},
	}
}

// Proves session_token: a provider in the process.
func TestSessionTokenConnects(t *testing.T) {
	t.Parallel()
	w, s := newWorld(t), &sessions{password: loginPass, live: map[string]bool{}}
	w.Reach = method.Reach{HTTP: s, Now: w.clock.now}
	made := w.custom(sessionConnector(), "")
	fields := map[string]secret.Bytes{"username": secret.FromString("ann"), "password": secret.FromString("wrong-" + mark)}
	_, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "Legacy", Credential: fields})
	refused(t, err, fault.CodeVerificationFailed)
	w.nothing(made)

	fields["password"] = secret.FromString(loginPass)
	c, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "Legacy", Credential: fields})
	must(t, err)
	k := w.get(c.ID).Credential
	if w.status(c.ID) != "active" || !k.Refreshable || k.User != "ann" || k.Last4 != "" || w.get(c.ID).Account.ID != "acc-1" {
		t.Errorf("%s with %+v", w.status(c.ID), k)
	}
	if left := k.ExpiresAt.Sub(w.Now()); left > 2*time.Hour || left < 2*time.Hour-time.Minute {
		t.Errorf("expires in %s", left)
	}
	if m := w.material(c.ID); m.Fields["password"].Reveal() != loginPass || len(m.Fields) != 2 {
		t.Error("the secret store does not hold what logs in alone")
	}
	got := w.lent(c.ID)
	if !s.live[got.AccessToken] || got.Headers["X-Session"] != got.AccessToken || got.TokenType != "" || len(got.Values)+len(got.Query) > 0 {
		t.Errorf("lent %d headers and %d values", len(got.Headers), len(got.Values))
	}
	revoked, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	if revoked != method.Revoked || s.live[got.AccessToken] {
		t.Errorf("revocation %s", revoked)
	}
	w.nothing(made)
}

// A system without credentials: no person is needed, no secret is stored, and a
// lease is where the system is.
//
// Proves none: a provider in the process.
func TestNoneConnects(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.custom(catalog.Connector{
		ID: "open", Name: "Open data", Hosts: []string{"open.example.com"}, BaseURL: "https://open.example.com/v1",
		Verify:  &catalog.Request{Method: "GET", URL: "https://open.example.com/openid-configuration"},
		Schemes: []catalog.Scheme{{ID: "none", Type: "none"}},
	}, "")
	c := w.pending(made)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
	if names := w.secretsOf("acme"); len(names) > 0 {
		t.Errorf("secrets %v", names)
	}
	got := w.lent(c.ID)
	want := api.Lease{
		LeaseID: got.LeaseID, ConnectionID: c.ID, Connector: "open", CredentialVersion: 1, TokenVersion: 1, BaseURL: "https://open.example.com/v1",
		Headers: map[string]string{}, Query: map[string]string{}, Values: map[string]string{},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lease (-want +got):\n%s", diff)
	}
	if asked := w.provider.asked("openid-configuration"); len(asked) != 1 {
		t.Errorf("verified %d times", len(asked))
	}
	_, err := w.PutCredential(t.Context(), w.caller, c.ID, "*", apiKey(goodKey))
	refused(t, err, fault.CodeSchemeMismatch)
	_, err = w.PutCredential(t.Context(), w.caller, c.ID, "*", nil)
	refused(t, err, fault.CodeValidationFailed)
	_, err = w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeSchemeMismatch)
	_, err = w.create(made, goodKey)
	refused(t, err, fault.CodeSchemeMismatch)
	if diff := cmp.Diff([]string{"allowed"}, w.outcomes(audit.CredentialPut, c.ID)[:1]); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	_, err = w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	if _, err := w.Connections.Get(t.Context(), "acme", c.ID); err != connection.ErrNotFound {
		t.Errorf("still there: %v", err)
	}
}
