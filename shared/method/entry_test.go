package method_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// answering is a Doer that answers every request alike and keeps the last.
type answering struct {
	answer string
	sent   *http.Request
	body   string
}

func (a *answering) Do(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	a.sent, a.body = req, string(body)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(a.answer)), Request: req}, nil
}

// target is a scheme whose authorization server takes JSON.
func target(change func(*catalog.OAuth)) method.Target {
	t := methodtest.Target("oauth2_authorization_code")
	o := *t.Scheme.OAuth
	change(&o)
	t.Scheme.OAuth = &o
	t.Values = map[string]catalog.Value{"realm": {Type: catalog.TypeSegment, Text: `r "1"`}}
	return t
}

func TestTokenRequestInJSON(t *testing.T) {
	t.Parallel()
	for auth, want := range map[string]map[string]string{
		"client_secret_basic": {},
		"client_secret_post":  {"client_id": methodtest.ClientID, "client_secret": methodtest.ClientSecret},
		"none":                {"client_id": methodtest.ClientID},
	} {
		to := target(func(o *catalog.OAuth) { o.TokenFormat, o.ClientAuth = "json", auth })
		request, err := method.AuthorizationCode{}.Exchange(to, secret.FromString(`a"b&c=d`), secret.FromString("v+ä"))
		if err != nil {
			t.Fatal(err)
		}
		doer := &answering{answer: `{"access_token":"t"}`}
		if _, err := request.Send(t.Context(), method.Reach{HTTP: doer}); err != nil {
			t.Fatal(err)
		}
		want["grant_type"], want["code"], want["code_verifier"], want["redirect_uri"] = "authorization_code", `a"b&c=d`, "v+ä", to.RedirectURI
		got := map[string]string{}
		if err := json.Unmarshal([]byte(doer.body), &got); err != nil {
			t.Fatalf("%s: %v", auth, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", auth, diff)
		}
		_, _, basic := doer.sent.BasicAuth()
		if doer.sent.Header.Get("Content-Type") != "application/json" || doer.sent.ContentLength != int64(len(doer.body)) || basic != (auth == "client_secret_basic") {
			t.Errorf("%s: headers %v, length %d", auth, doer.sent.Header, doer.sent.ContentLength)
		}
	}
}

// The provider of an entry that takes JSON, and asks for more at a refresh, has
// nothing to complain of.
func TestEntryWithFormatsOfItsOwn(t *testing.T) {
	t.Parallel()
	c, err := catalog.Catalog{Local: true}.Load("demo-crm")
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.Scheme("oauth2_authorization_code")
	s.OAuth.TokenFormat, s.OAuth.RefreshForm = "json", map[string]string{"redirect_uri": "{redirectUri}"}
	p, err := catalogtest.New(c, s, true)
	if err != nil {
		t.Fatal(err)
	}
	to := method.Target{
		Connector: c, Scheme: s, Values: catalog.Values(c.InputsFor(s), p.Inputs), Scopes: s.OAuth.DefaultScopes,
		ClientID: p.ClientID, ClientSecret: secret.FromString(p.Secret), RedirectURI: "https://tenon.example.com/v1/oauth/callback/tpl_1",
	}
	p.RedirectURI = to.RedirectURI
	verifier := secret.FromString(strings.Repeat("v", 43))
	sum := sha256.Sum256([]byte(verifier.Reveal()))
	address, err := method.AuthorizationCode{}.AuthorizeURL(to, method.Authorization{
		State: secret.FromString(strings.Repeat("s", 43)), Challenge: base64.RawURLEncoding.EncodeToString(sum[:]),
	})
	if err != nil {
		t.Fatal(err)
	}
	callback, err := p.Authorize(address)
	if err != nil {
		t.Fatal(err)
	}
	request, err := method.AuthorizationCode{}.Exchange(to, secret.FromString(callback.Get("code")), verifier)
	for range 3 {
		if err != nil {
			t.Fatal(err)
		}
		answer, err := request.Send(t.Context(), method.Reach{HTTP: p})
		if err != nil {
			t.Fatal(err)
		}
		token, err := answer.Parse(s.OAuth.Refresh)
		if err != nil || !p.Accepts(token.AccessToken.Reveal()) {
			t.Fatalf("no token: %v, %q", err, p.Complaints())
		}
		request, err = method.AuthorizationCode{}.Refresh(to, token.RefreshToken)
		if err != nil {
			t.Fatal(err)
		}
	}
	if complaints := p.Complaints(); len(complaints) > 0 {
		t.Errorf("the provider complains: %q", complaints)
	}
}

func TestRefreshForm(t *testing.T) {
	t.Parallel()
	to := target(func(o *catalog.OAuth) {
		o.TokenForm = map[string]string{"first": "only"}
		o.RefreshForm = map[string]string{"redirect_uri": "{redirectUri}", "company": "{realm}"}
	})
	request, err := method.AuthorizationCode{}.Refresh(to, secret.FromString("refresh-1"))
	if err != nil {
		t.Fatal(err)
	}
	doer := &answering{answer: `{"access_token":"t"}`}
	if _, err := request.Send(t.Context(), method.Reach{HTTP: doer}); err != nil {
		t.Fatal(err)
	}
	got, err := url.ParseQuery(doer.body)
	want := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"refresh-1"}, "redirect_uri": {to.RedirectURI}, "company": {`r "1"`}}
	if err != nil || !cmp.Equal(want, got) {
		t.Errorf("%v, (-want +got):\n%s", err, cmp.Diff(want, got))
	}
	delete(to.Values, "realm")
	if _, err := (method.AuthorizationCode{}).Refresh(to, secret.FromString("refresh-1")); err == nil {
		t.Error("a refresh without a value it needs is sent")
	}
}

// A capture may stand in the placement, as the tenant's id of Xero.
func TestCaptureInPlacement(t *testing.T) {
	t.Parallel()
	to := target(func(*catalog.OAuth) {})
	to.Scheme.Apply.Headers = map[string]string{"Authorization": "Bearer {accessToken}", "X-Realm": "{realm}"}
	l, err := method.AuthorizationCode{}.Apply(to, nil, method.Token{AccessToken: secret.FromString("t")})
	if err != nil || l.Headers["X-Realm"].Reveal() != `r "1"` {
		t.Errorf("got %q, %v", l.Headers["X-Realm"].Reveal(), err)
	}
}

func TestAccountOfAnAnswer(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, answer     string
		at               catalog.AccountPath
		wantID, wantName string
	}{
		{"a member", `{"org":{"id":"o1","name":"Acme"}}`, catalog.AccountPath{ID: "org.id", Name: "org.name"}, "o1", "Acme"},
		{"a list", `[{"id":7,"name":"Acme"},{"id":8}]`, catalog.AccountPath{ID: "0.id", Name: "0.name"}, "7", "Acme"},
		{"an empty list", `[]`, catalog.AccountPath{ID: "0.id", Name: "0.name"}, "", ""},
		{"a list that is none", `[{"id":`, catalog.AccountPath{ID: "0.id"}, "", ""},
		{"a capture", `{"name":"Acme"}`, catalog.AccountPath{ID: "{realm}", Name: "name"}, `r "1"`, "Acme"},
		{"a capture that is missing", `{}`, catalog.AccountPath{ID: "{other}"}, "", ""},
	} {
		to := target(func(*catalog.OAuth) {})
		to.Connector.Verify = &catalog.Request{Method: "GET", URL: "https://api.example.com/me", Account: &tt.at}
		got, err := method.Verify(t.Context(), method.Reach{HTTP: &answering{answer: tt.answer}}, to, vault.Leasable{})
		if err != nil || got.Outcome != catalog.OK || got.AccountID != tt.wantID || got.AccountName != tt.wantName {
			t.Errorf("%s: got %q, %q, %s, %v", tt.name, got.AccountID, got.AccountName, got.Outcome, err)
		}
	}
}
