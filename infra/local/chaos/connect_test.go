package chaos_test

import (
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// clientOf returns the client of a template at the server, and its password.
func clientOf(template string) (id, password string) {
	return "chaos-" + template, "chaos-secret-" + template
}

// must performs an operation that must succeed.
func must[In, Out any](t *testing.T, a *actor, r routes.Typed[In, Out], in In) Out {
	t.Helper()
	out, err := client.Call(t.Context(), a.client, r, in)
	if err != nil {
		t.Fatalf("as %s: %v", a.tenant, err)
	}
	return out
}

// newTemplate makes a client at the certified server and its template.
func newTemplate(t *testing.T, e *environment, name string) api.Template {
	t.Helper()
	id, password := clientOf(name)
	made := must(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "oauth2_authorization_code", Name: name, StableKey: id,
		ClientID: id, ClientSecret: secret.FromString(password), Scopes: []string{"offline_access", "crm.read"},
		Inputs: map[string]string{
			"baseUrl": e.lab.issuer + "/api", "verifyPath": "me", "authorizeUrl": e.lab.issuer + "/auth",
			"tokenUrl": e.provider.tokenURL, "revokeUrl": e.lab.issuer + "/token/revocation",
		},
	})
	e.lab.control(t, http.MethodPost, "/_lab/clients", map[string]any{
		"client_id": id, "client_secret": password, "token_endpoint_auth_method": "client_secret_basic",
		"redirect_uris": []string{made.RedirectURI}, "response_types": []string{"code"},
		"grant_types": []string{"authorization_code", "refresh_token"}, "scope": "openid offline_access crm.read",
	}, nil)
	return made
}

// newConnection creates a connection and walks a person through its handoff.
func newConnection(t *testing.T, e *environment, a *actor, template api.Template, name string) string {
	t.Helper()
	id := must(t, a, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: name}).ID
	handOff(t, e, a, id)
	return id
}

// handOff walks a person through the handoff of a connection to its end.
func handOff(t *testing.T, e *environment, a *actor, id string) {
	t.Helper()
	browser, start := newBrowser(t), begin(t, e, a, id)
	form := url.Values{"form": {hiddenForm(t, open(t, browser, start, nil))}}
	end := open(t, browser, strings.SplitN(start, "?", 2)[0], form)
	if !strings.Contains(end, "The account is connected") {
		t.Fatalf("the end of the handoff: %s", end)
	}
}

// begin starts a handoff and returns its link.
func begin(t *testing.T, e *environment, a *actor, id string) string {
	t.Helper()
	e.provider.mu.Lock()
	e.provider.connecting = id
	e.provider.mu.Unlock()
	return must(t, a, routes.ConnectionAuthorize, api.Authorize{ConnectionID: id}).StartURL
}

func newBrowser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar}
}

var hiddenField = regexp.MustCompile(`type="hidden" name="form" value="([^"]*)"`)

func hiddenForm(t *testing.T, page string) string {
	t.Helper()
	m := hiddenField.FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("the start page has no form: %s", page)
	}
	return html.UnescapeString(m[1])
}

// open returns the page at an address, or the one that a form leads to.
func open(t *testing.T, browser *http.Client, address string, form url.Values) string {
	t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: got %d %s", method, res.Request.URL.Path, res.StatusCode, content)
	}
	return string(content)
}
