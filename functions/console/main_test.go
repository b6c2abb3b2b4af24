package main

import (
	"compress/gzip"
	"encoding/base64"
	"html"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// bundle is a small one of the form that the sources are bundled into.
var bundle = fstest.MapFS{
	"dist/index.html":         {Data: []byte(`<meta content="{{configuration}}">`)},
	"dist/assets/main-AAA.js": {Data: []byte("main")},
	"dist/elements.js":        {Data: []byte("elements")},
	"dist/notes.txt":          {Data: []byte("not for browsers")},
}

var stage = environ.Config{Stage: `a"b`, Issuer: "https://id.example/pool", ConsoleClient: "console", ConsoleOrigins: []string{"https://login.example"}}

func harness(t *testing.T) webtest.Harness {
	t.Helper()
	return webtest.New(t, routes.Console, handle(newFiles(bundle, stage)))
}

func at(p string) func(*events.APIGatewayV2HTTPRequest) {
	return func(e *events.APIGatewayV2HTTPRequest) {
		e.PathParameters, e.RawPath = map[string]string{"path": p}, "/console/"+p
		delete(e.Headers, "accept-encoding")
	}
}

// The page is the same for every address and for everybody.
func TestConsole(t *testing.T) {
	t.Parallel()
	h := harness(t)
	want := `<meta content="{&#34;clientId&#34;:&#34;console&#34;,&#34;issuer&#34;:&#34;https://id.example/pool&#34;`
	for _, caller := range []string{functionstest.Acme, functionstest.Globex} {
		res := h.As(caller).Replay(functionstest.Event("console"))
		if text := plain(t, res); res.StatusCode != http.StatusOK || !strings.HasPrefix(text, want) || strings.Contains(text, "{{") {
			t.Errorf("got %d %s", res.StatusCode, text)
		}
		if strings.Contains(plain(t, res), "connections:lease") {
			t.Error("the page asks for leases")
		}
	}
}

// An issuer with names of its own is asked for those, and not twice for what the
// page asks for anyway.
func TestConsoleAsksForTheScopesOfTheStage(t *testing.T) {
	t.Parallel()
	for asked, want := range map[string]string{"openid": `"scopes":[]`, "api://tenon/.default": `"scopes":["api://tenon/.default"]`} {
		c := stage
		c.ConsoleScopes = []string{asked}
		res := webtest.New(t, routes.Console, handle(newFiles(bundle, c))).Replay(functionstest.Event("console"))
		if text := html.UnescapeString(plain(t, res)); !strings.Contains(text, want) {
			t.Errorf("%s: got %s, want %s", asked, text, want)
		}
	}
}

// WEB-02: the page runs our own scripts only, is framed by nobody, and talks to
// the API and the issuer alone.
func TestWEB02HeadersOfThePage(t *testing.T) {
	t.Parallel()
	res := harness(t).With(at("")).Replay(functionstest.Event("console"))
	for name, want := range map[string]string{
		"content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' https://id.example https://login.example; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types lit-html",
		"cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin", "x-content-type-options": "nosniff",
		"x-frame-options": "DENY", "referrer-policy": "no-referrer", "cache-control": "no-cache", "strict-transport-security": "max-age=63072000",
	} {
		if got := res.Headers[name]; got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		status            int
		body, kind, cache string
	}{
		"assets/main-AAA.js":    {200, "main", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"},
		"elements.js":           {200, "elements", "text/javascript; charset=utf-8", "public, max-age=300"},
		"assets/missing.js":     {404, "", "application/problem+json", "no-store"},
		"notes.txt":             {404, "", "application/problem+json", "no-store"},
		"../main.go":            {404, "", "application/problem+json", "no-store"},
		"assets/../../dist.js":  {404, "", "application/problem+json", "no-store"},
		"assets/%2e%2e/main.go": {404, "", "application/problem+json", "no-store"},
	} {
		res := harness(t).With(at(name)).Replay(functionstest.Event("console"))
		if res.StatusCode != want.status || res.Headers["content-type"] != want.kind || res.Headers["cache-control"] != want.cache {
			t.Errorf("%s: got %d %v", name, res.StatusCode, res.Headers)
		}
		if want.status == 200 && (res.Body != want.body || res.Headers["access-control-allow-origin"] != "*" || res.Headers["vary"] != "accept-encoding, origin") {
			t.Errorf("%s: got %q %v", name, res.Body, res.Headers)
		}
	}
}

// Every address of the page shows it, also one whose flow has a dot in its id.
func TestAddressesOfThePage(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "connectors", "flows/orders.sync", "flows/orders.js", "organization/tenants/acme", "signed-in"} {
		res := harness(t).With(at(name)).Replay(functionstest.Event("console"))
		if res.StatusCode != http.StatusOK || !strings.HasPrefix(res.Body, "<meta") || res.Headers["cache-control"] != "no-cache" {
			t.Errorf("%s: got %d %s", name, res.StatusCode, res.Body)
		}
	}
}

// What the issuer adds to the address is for the page alone.
func TestQueryIsIgnored(t *testing.T) {
	t.Parallel()
	res := harness(t).With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "code=x&state=y" }).Replay(functionstest.Event("console"))
	if res.StatusCode != http.StatusOK {
		t.Errorf("got %d", res.StatusCode)
	}
}

// What a browser has is not sent again.
func TestKnownFileIsNotSent(t *testing.T) {
	t.Parallel()
	h := harness(t)
	first := h.Replay(functionstest.Event("console"))
	again := h.With(func(e *events.APIGatewayV2HTTPRequest) { e.Headers["if-none-match"] = first.Headers["etag"] }).Replay(functionstest.Event("console"))
	if again.StatusCode != http.StatusNotModified || again.Body != "" || again.Headers["content-security-policy"] == "" {
		t.Errorf("got %d %q", again.StatusCode, again.Body)
	}
}

// The bundle that is deployed is complete: the page and every file it names.
func TestBundleIsThere(t *testing.T) {
	t.Parallel()
	f := newFiles(dist, stage)
	if f.page == nil {
		t.Fatal("the console is not bundled: make golden")
	}
	for _, part := range strings.Split(string(f.page), `"`) {
		if name, ok := strings.CutPrefix(part, "/console/"); ok {
			if _, err := f.read(name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func plain(t *testing.T, res webtest.Answer) string {
	t.Helper()
	if res.Headers["content-encoding"] == "" {
		return res.Body
	}
	packed, err := base64.StdEncoding.DecodeString(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	r, err := gzip.NewReader(strings.NewReader(string(packed)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
