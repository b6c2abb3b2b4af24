package method_test

import (
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

func leasable(t *testing.T, access string) vault.Leasable {
	t.Helper()
	l, err := code.Apply(methodtest.Target("oauth2_authorization_code"), nil, method.Token{AccessToken: secret.FromString(access), Type: "Bearer"})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestVerifySendsTheCredential(t *testing.T) {
	t.Parallel()
	p := methodtest.New()
	access, _ := p.Issue()
	got, err := method.Verify(t.Context(), method.Reach{HTTP: p}, methodtest.Target("oauth2_authorization_code"), leasable(t, access))
	if err != nil || got.Outcome != catalog.OK || got.AccountID != "account-1" || got.AccountName != "Acme" {
		t.Errorf("Verify: got %+v, %v; want ok and the account", got, err)
	}
	p.Script("/me", methodtest.Step{Status: 403, Body: `{"id":"account-2"}`})
	got, err = method.Verify(t.Context(), method.Reach{HTTP: p}, methodtest.Target("oauth2_authorization_code"), leasable(t, access))
	if err != nil || got.Outcome != catalog.PermissionError || got.AccountID != "" {
		t.Errorf("Verify without permission: got %+v, %v; want no account", got, err)
	}
	p.Forget(access)
	got, err = method.Verify(t.Context(), method.Reach{HTTP: p}, methodtest.Target("oauth2_authorization_code"), leasable(t, access))
	if err != nil || got.Outcome != catalog.AuthError || got.AccountID != "" {
		t.Errorf("Verify of a revoked token: got %+v, %v; want auth_error without an account", got, err)
	}
}

func TestVerifyOfAConnectorWithoutACall(t *testing.T) {
	t.Parallel()
	target := methodtest.Target("api_key")
	target.Connector.Verify = nil
	got, err := method.Verify(t.Context(), method.Reach{HTTP: methodtest.New()}, target, vault.Leasable{})
	if err != nil || got.Outcome != catalog.OK {
		t.Errorf("Verify: got %+v, %v; want ok", got, err)
	}
}

func TestSchemesOwnCallComesFirst(t *testing.T) {
	t.Parallel()
	p := methodtest.New()
	target := methodtest.Target("api_key")
	target.Scheme.Verify = &catalog.Request{Method: "GET", URL: "https://api.example.com/ping"}
	if _, err := method.Verify(t.Context(), method.Reach{HTTP: p}, target, vault.Leasable{}); err != nil || len(p.Requests("/ping")) != 1 {
		t.Errorf("Verify: %v with %d calls of the scheme's own, want 1", err, len(p.Requests("/ping")))
	}
}

func TestOutcomes(t *testing.T) {
	t.Parallel()
	graphql := catalog.Request{Errors: []catalog.ErrorRule{
		{Path: "errors.0.code", Equals: "UNAUTHENTICATED", Outcome: "auth_error"},
		{Path: "ok", Equals: "false", Outcome: "auth_error"},
		{Path: "errors", Outcome: "provider_error"},
		{Path: "blocked", Outcome: "permission_error"},
		{Status: 404, Outcome: "auth_error"},
		{Status: 402, Path: "plan", Equals: "7", Outcome: "permission_error"},
	}}
	for name, c := range map[string]struct {
		request catalog.Request
		step    methodtest.Step
		want    catalog.Outcome
	}{
		"200":                       {catalog.Request{}, methodtest.Step{Status: 200, Body: "{}"}, catalog.OK},
		"204":                       {catalog.Request{}, methodtest.Step{Status: 204}, catalog.OK},
		"302":                       {catalog.Request{}, methodtest.Step{Status: 302}, catalog.Unknown},
		"400":                       {catalog.Request{}, methodtest.Step{Status: 400}, catalog.Unknown},
		"401":                       {catalog.Request{}, methodtest.Step{Status: 401}, catalog.AuthError},
		"403":                       {catalog.Request{}, methodtest.Step{Status: 403}, catalog.PermissionError},
		"404":                       {catalog.Request{}, methodtest.Step{Status: 404}, catalog.Unknown},
		"429":                       {catalog.Request{}, methodtest.Step{Status: 429}, catalog.RateLimited},
		"500":                       {catalog.Request{}, methodtest.Step{Status: 500}, catalog.ProviderError},
		"503":                       {catalog.Request{}, methodtest.Step{Status: 503}, catalog.ProviderError},
		"reset":                     {catalog.Request{}, methodtest.Step{Err: errors.New("reset")}, catalog.NetworkError},
		"bad certificate":           {catalog.Request{}, methodtest.Step{Err: x509.UnknownAuthorityError{}}, catalog.TLSError},
		"expected 302":              {catalog.Request{Expect: []int{302}}, methodtest.Step{Status: 302}, catalog.OK},
		"200 where 302 is expected": {catalog.Request{Expect: []int{302}}, methodtest.Step{Status: 200}, catalog.Unknown},
		"rule by status":            {graphql, methodtest.Step{Status: 404}, catalog.AuthError},
		"rule by value":             {graphql, methodtest.Step{Status: 200, Body: `{"errors":[{"code":"UNAUTHENTICATED"}]}`}, catalog.AuthError},
		"rule by presence":          {graphql, methodtest.Step{Status: 200, Body: `{"errors":[{"code":"THROTTLED"}]}`}, catalog.ProviderError},
		"rule by an empty list":     {graphql, methodtest.Step{Status: 200, Body: `{"errors":[],"blocked":false}`}, catalog.OK},
		"rule by null":              {graphql, methodtest.Step{Status: 200, Body: `{"errors":null}`}, catalog.OK},
		"rule by true":              {graphql, methodtest.Step{Status: 200, Body: `{"blocked":true}`}, catalog.PermissionError},
		"rule by a number":          {graphql, methodtest.Step{Status: 402, Body: `{"plan":7}`}, catalog.PermissionError},
		"rule by false":             {graphql, methodtest.Step{Status: 200, Body: `{"ok":false}`}, catalog.AuthError},
		"rule by another truth":     {graphql, methodtest.Step{Status: 200, Body: `{"ok":true}`}, catalog.OK},
		"rule of another status":    {graphql, methodtest.Step{Status: 200, Body: `{"plan":7}`}, catalog.OK},
		"a page":                    {graphql, methodtest.Step{Status: 200, Body: `<html>`}, catalog.OK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := methodtest.New()
			p.Script("/x", c.step)
			c.request.Method, c.request.URL = "GET", "https://api.example.com/x"
			got, err := method.Call(t.Context(), method.Reach{HTTP: p}, methodtest.Target("api_key"), c.request, vault.Leasable{})
			if err != nil || got.Outcome != c.want {
				t.Errorf("Call: got %s, %v; want %s", got.Outcome, err, c.want)
			}
		})
	}
}

func TestSilentSystemIsANetworkError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := methodtest.New()
		p.Script("/me", methodtest.Step{Hang: true})
		began := time.Now()
		got, err := method.Verify(t.Context(), method.Reach{HTTP: p}, methodtest.Target("api_key"), vault.Leasable{})
		if err != nil || got.Outcome != catalog.NetworkError || time.Since(began) != 10*time.Second {
			t.Errorf("Verify: got %s, %v after %s; want network_error after 10 s", got.Outcome, err, time.Since(began))
		}
	})
}

// A credential goes to the hosts of its connector only.
func TestOtherHostsGetNothing(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://evil.example/me", "https://api.example.com.evil.example/me", "https://api.example.com:8443/me", "https://example.com/me", "{home}/me",
	} {
		target := methodtest.Target("api_key")
		target.Values = map[string]catalog.Value{"home": {Type: catalog.TypeURL, Text: "https://evil.example"}}
		_, err := method.Call(t.Context(), via(func(r *http.Request) (*http.Response, error) {
			t.Errorf("%s: sent to %s", address, r.URL.Host)
			return nil, errors.New("sent")
		}), target, catalog.Request{Method: "GET", URL: address}, vault.Leasable{})
		if err == nil {
			t.Errorf("%s: no error", address)
		}
	}
}

func TestEgressRefusalIsAnError(t *testing.T) {
	t.Parallel()
	p := methodtest.New()
	p.Script("/me", methodtest.Step{Err: fault.New(fault.Unprocessable, fault.CodeEgressDenied, "No.")})
	if _, err := method.Verify(t.Context(), method.Reach{HTTP: p}, methodtest.Target("api_key"), vault.Leasable{}); !fault.Has(err, fault.CodeEgressDenied) {
		t.Errorf("Verify: got %v, want egress_denied", err)
	}
}

func TestCallCarriesWhatTheCatalogSays(t *testing.T) {
	t.Parallel()
	l := vault.Leasable{
		Headers: given("X-Key", "key-1"), Query: given("api key", "k&y"), AccessToken: secret.FromString("tok-1"),
	}
	r := catalog.Request{
		Method: "POST", URL: "https://api.example.com/x?fixed=1", Body: `{"q":1}`,
		Headers: map[string]string{"Content-Type": "application/json", "X-Token": "{accessToken}"},
	}
	for name, bare := range map[string]bool{"with the credential": false, "bare": true} {
		r.Bare = bare
		_, err := method.Call(t.Context(), via(func(req *http.Request) (*http.Response, error) {
			if req.Method != "POST" || req.Header.Get("X-Token") != "tok-1" || req.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: got %s %v, want the catalog's request", name, req.Method, req.Header)
			}
			key, query := req.Header.Get("X-Key"), req.URL.RawQuery
			if bare && (key != "" || query != "fixed=1") || !bare && (key != "key-1" || query != "api+key=k%26y&fixed=1") {
				t.Errorf("%s: key %q, query %q", name, key, query)
			}
			return &http.Response{StatusCode: 200, Body: http.NoBody}, nil
		}), methodtest.Target("api_key"), r, l)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnswerOfACallIsBounded(t *testing.T) {
	t.Parallel()
	body := new(endless)
	got, err := method.Verify(t.Context(), via(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Body: body}, nil
	}), methodtest.Target("api_key"), vault.Leasable{})
	if err != nil || got.Members != nil || body.read > 2<<20 {
		t.Errorf("Verify: got members %v, %v, %d bytes read; want none of an endless answer", got.Members, err, body.read)
	}
}

// LEK-03: a key in the query must not get into an error.
func TestCallErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	l := vault.Leasable{Headers: given("X-Key", "canary"), Query: given("key", "canary"), AccessToken: secret.FromString("canary\r\n")}
	for name, r := range map[string]catalog.Request{
		"header":  {Method: "GET", URL: "https://api.example.com/x", Headers: map[string]string{"X": "{accessToken}"}},
		"missing": {Method: "GET", URL: "https://api.example.com/{shop}"},
		"method":  {Method: "G\x7fET", URL: "https://api.example.com/x"},
	} {
		_, err := method.Call(t.Context(), method.Reach{HTTP: methodtest.New()}, methodtest.Target("api_key"), r, l)
		if err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: got %v, want an error without the secret", name, err)
		}
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	members := map[string]any{"data": map[string]any{"shops": []any{map[string]any{"id": "s1"}}}, "name": "n"}
	for path, want := range map[string]any{
		"name": "n", "data.shops.0.id": "s1", "data.shops.1.id": nil, "data.shops.-1": nil, "data.shops.x": nil, "name.x": nil, "": nil, "data.none": nil,
	} {
		if got := method.Member(members, path); got != want {
			t.Errorf("%q: got %v, want %v", path, got, want)
		}
	}
	list := []any{map[string]any{"id": "a"}, "b"}
	for path, want := range map[string]any{"0.id": "a", "1": "b", "2": nil, "id": nil} {
		if got := method.Member(list, path); got != want {
			t.Errorf("%q of a list: got %v, want %v", path, got, want)
		}
	}
}
