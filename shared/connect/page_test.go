package connect_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/secret"
)

// attributes reads a Set-Cookie field.
func attributes(t *testing.T, fields []string) *http.Cookie {
	t.Helper()
	if len(fields) != 1 {
		t.Fatalf("%d cookies, want one", len(fields))
	}
	c, err := http.ParseSetCookie(fields[0])
	must(t, err)
	return c
}

// SES-07, RFC 6265bis 4.1.3.
func TestCookie(t *testing.T) {
	t.Parallel()
	h := connect.Handoff{ID: "hof_01JD0000000000000000000000"}
	page := connect.StartPage(browser.English, connect.Opened{Handoff: h, Cookie: secret.FromString("v4lue")})
	ended, err := connect.EndPage(browser.English, connect.Completed{Handoff: h}, nil)
	must(t, err)
	type seen struct {
		Name, Value, Path, Domain string
		MaxAge                    int
		Secure, HTTPOnly, Lax     bool
	}
	see := func(c *http.Cookie) seen {
		return seen{c.Name, c.Value, c.Path, c.Domain, c.MaxAge, c.Secure, c.HttpOnly, c.SameSite == http.SameSiteLaxMode}
	}
	name := "__Host-tenon-" + h.ID
	want := []seen{{name, "v4lue", "/", "", 600, true, true, true}, {name, "", "/", "", -1, true, true, true}}
	if diff := cmp.Diff(want, []seen{see(attributes(t, page.Cookies)), see(attributes(t, ended.Cookies))}); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
}

// What tenants and people named themselves stands on the page as text.
func TestStartPageEscapes(t *testing.T) {
	t.Parallel()
	const attack = `"><script>alert(1)</script><img src=x onerror='a'>`
	page := connect.StartPage(browser.English, connect.Opened{
		Handoff: connect.Handoff{ID: attack}, Connector: attack, Requester: attack, Name: attack, Scopes: []string{attack},
		Form: secret.FromString(attack),
	})
	for _, raw := range []string{"<script", "<img", `"><` + "script", "onerror='"} {
		if strings.Contains(page.HTML, raw) {
			t.Errorf("the page holds %s", raw)
		}
	}
	if !strings.Contains(page.HTML, "&lt;script&gt;") {
		t.Error("the names are not shown")
	}
}

func TestStartPageShowsWhoAsks(t *testing.T) {
	t.Parallel()
	page := connect.StartPage(browser.English, connect.Opened{
		Handoff: connect.Handoff{ID: "hof_1", ReturnURL: "https://app.example.com"}, Connector: "Acme CRM", Requester: "acme/ann",
		Name: "Sales", Scopes: []string{"read", "write"}, Cookie: secret.FromString("c00kie"), Form: secret.FromString("f0rm"),
	})
	for _, want := range []string{"Acme CRM", "acme/ann", "Sales", "<code>read</code>", "<code>write</code>", "app.example.com", `action="/v1/oauth/start/hof_1"`, `value="f0rm"`, `method="post"`} {
		if !strings.Contains(page.HTML, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page.HTML, "c00kie") {
		t.Error("the page holds the cookie")
	}
}

// RED-04: whatever ended the handoff, the browser gets the outcome only.
func TestEndPageReturnsTheOutcomeOnly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		done     connect.Completed
		location string
		text     string
	}{
		"connected":           {connect.Completed{Handoff: connect.Handoff{ConnectionID: "con_1", ReturnURL: returnURL}}, returnURL + "?connectionId=con_1", ""},
		"declined":            {connect.Completed{Denied: true, Handoff: connect.Handoff{ConnectionID: "con_1", ReturnURL: returnURL}}, returnURL + "?connectionId=con_1&error=oauth_denied", ""},
		"connected, no page":  {connect.Completed{Handoff: connect.Handoff{ConnectionID: "con_1"}}, "", "Connected"},
		"declined, no page":   {connect.Completed{Denied: true, Handoff: connect.Handoff{ConnectionID: "con_1"}}, "", "Not connected"},
		"an odd connectionId": {connect.Completed{Handoff: connect.Handoff{ConnectionID: "a\r\nX: y&code=1", ReturnURL: returnURL}}, returnURL + "?connectionId=a%0D%0AX%3A+y%26code%3D1", ""},
	} {
		page, err := connect.EndPage(browser.English, test.done, nil)
		must(t, err)
		if page.Location != test.location || (test.text != "") != strings.Contains(page.HTML, "<h1>"+test.text+"</h1>") {
			t.Errorf("%s: location %q, page %q", name, page.Location, page.HTML)
		}
		if page.Location != "" && page.HTML != "" {
			t.Errorf("%s: a redirect with a page", name)
		}
	}
	failed := errors.New("failed")
	if page, err := connect.EndPage(browser.English, connect.Completed{Handoff: connect.Handoff{ReturnURL: returnURL}}, failed); !errors.Is(err, failed) || page.Location != "" {
		t.Errorf("a failure is returned to %q with %v", page.Location, err)
	}
}
