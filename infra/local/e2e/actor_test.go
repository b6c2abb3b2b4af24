package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// actor calls the API as one person or machine of a tenant.
type actor struct {
	e      *environment
	tenant string
	token  string
	client *client.Client
	http   *http.Client // Keeps answers as evidence and follows no redirect.
}

// actor returns a caller with the scopes, or with all of them.
func (e *environment) actor(t *testing.T, tenant string, scopes ...string) *actor {
	t.Helper()
	if scopes == nil {
		scopes = auth.Scopes()
	}
	body, err := json.Marshal(map[string]any{"tenant": tenant, "subject": "ann", "scopes": scopes})
	if err != nil {
		t.Fatal(err)
	}
	var minted struct{ Token string }
	e.exchange(t, http.MethodPost, e.base+"/dev/token", body, &minted)
	return e.bearing(tenant, minted.Token)
}

// bearing returns a caller with a given token.
func (e *environment) bearing(tenant, token string) *actor {
	a := &actor{e: e, tenant: tenant, token: e.secrets.add("bearer token", token)}
	a.http = &http.Client{
		Transport:     recorder{e, http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	a.client = client.New(e.base, func(context.Context) (string, error) { return token, nil }, a.http).Tries(1)
	return a
}

// exchange sends JSON to something that is not the API and decodes its answer.
func (e *environment) exchange(t *testing.T, method, address string, body []byte, into any) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode >= 300 {
		t.Fatalf("%s %s: got %d %s", method, address, res.StatusCode, text)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s %s: %v in %s", method, address, err, text)
	}
}

// raw is an answer as it came.
type raw struct {
	status int
	header http.Header
	body   string
}

// send makes any request to the API.
func (a *actor) send(t *testing.T, method, path, body string, header map[string]string) raw {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, a.e.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	res, err := a.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return raw{res.StatusCode, res.Header, string(text)}
}

// call performs an operation that must succeed.
func call[In, Out any](t *testing.T, a *actor, r routes.Typed[In, Out], in In) Out {
	t.Helper()
	out, err := client.Call(t.Context(), a.client, r, in)
	if err != nil {
		t.Fatalf("as %s: %v", a.tenant, err)
	}
	return out
}

// refused performs an operation that must fail with the code.
func refused[In, Out any](t *testing.T, a *actor, r routes.Typed[In, Out], in In, want fault.Code) *client.Problem {
	t.Helper()
	_, err := client.Call(t.Context(), a.client, r, in)
	p := problemOf(t, err)
	if p.Code != want {
		t.Errorf("%s as %s: got %v, want the problem %s", r.Name, a.tenant, p, want)
	}
	return p
}

// problemOf returns the problem that a failed call was answered with.
func problemOf(t *testing.T, err error) *client.Problem {
	t.Helper()
	var p *client.Problem
	if !errors.As(err, &p) {
		t.Fatalf("got %v, want a problem", err)
	}
	return p
}
