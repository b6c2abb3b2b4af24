package login_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/issuer"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

// stage is a stage whose console names the local issuer.
type stage struct {
	t         *testing.T
	url       string
	store     *login.Store
	dir       string
	now       time.Time
	exchanges atomic.Int32
	metadata  func(text string) string // Changes what the issuer says of itself.
	page      string                   // In place of the console's.
}

func newStage(t *testing.T) *stage {
	t.Helper()
	s := &stage{t: t, dir: t.TempDir(), now: time.Now(), metadata: func(text string) string { return text }}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	s.url = server.URL
	i, err := issuer.Open(t.TempDir(), server.URL+"/issuer", func() time.Time { return s.now })
	if err != nil {
		t.Fatal(err)
	}
	mux.HandleFunc("GET /console", func(w http.ResponseWriter, _ *http.Request) {
		configuration := fmt.Sprintf(`{"stage":"local","issuer":%q,"clientId":"tenon-console","scopes":["connections:read"]}`, server.URL+"/issuer")
		page := `<!doctype html><meta name="tenon-configuration" content="` + html.EscapeString(configuration) + `">`
		if s.page != "" {
			page = s.page
		}
		_, _ = w.Write([]byte(page))
	})
	mux.Handle("/issuer/", http.StripPrefix("/issuer", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			s.exchanges.Add(1)
		}
		recorded := httptest.NewRecorder()
		i.ServeHTTP(recorded, r)
		text := recorded.Body.String()
		if strings.HasPrefix(r.URL.Path, "/.well-known/") {
			text = s.metadata(text)
		}
		for name, values := range recorded.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorded.Code)
		_, _ = w.Write([]byte(text))
	})))
	if s.store, err = login.NewStore(s.getenv(nil)); err != nil {
		t.Fatal(err)
	}
	return s
}

// getenv is an environment with a directory of its own.
func (s *stage) getenv(more map[string]string) func(string) string {
	return func(name string) string {
		if name == "XDG_CONFIG_HOME" {
			return s.dir
		}
		return more[name]
	}
}

// confirm is a person who confirms the code in a browser, whatever the page says.
func (s *stage) confirm(person string) func(login.Prompt) {
	return func(p login.Prompt) {
		go func() {
			form := url.Values{"user_code": {p.Code}, "person": {person}}
			if person == "" {
				form = url.Values{"user_code": {p.Code}, "cancel": {"yes"}}
			}
			res, err := http.PostForm(s.url+"/issuer/device", form)
			if err != nil {
				s.t.Error(err)
				return
			}
			_ = res.Body.Close()
		}()
	}
}

func (s *stage) login(person string) (login.Profile, error) {
	return s.store.Login(s.t.Context(), login.Request{URL: s.url + "/", HTTP: login.NewHTTP(), Prompt: s.confirm(person)})
}

func (s *stage) open(t *testing.T, c login.Choice, env map[string]string) login.Stage {
	t.Helper()
	c.Getenv = s.getenv(env)
	opened, err := login.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestLoginByADevice(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	p, err := s.login("vera")
	if err != nil || p.Name != "local" || p.URL != s.url {
		t.Fatalf("got %+v, %v", p, err)
	}
	if text := fmt.Sprintf("%v %+v %#v", p, p, p); strings.Contains(text, "eyJ") {
		t.Errorf("the profile shows its token: %s", text)
	}
	opened := s.open(t, login.Choice{}, nil)
	token, err := opened.Tokens(t.Context())
	if err != nil || strings.Count(token, ".") != 2 || opened.URL != s.url || opened.Profile != "local" {
		t.Errorf("got %q, %v of %+v", token, err, opened)
	}
	for path, want := range map[string]os.FileMode{"tenon": 0o700, "tenon/profiles.json": 0o600} {
		info, err := os.Stat(filepath.Join(s.dir, path))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: got %v, %v", path, info.Mode(), err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(s.dir, "tenon", "profiles-*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestLoginIsDeclined(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, err := s.login("")
	if status.Of(err) != status.Forbidden || !strings.Contains(err.Error(), "access_denied") {
		t.Errorf("got %v", err)
	}
	if _, err := s.open(t, login.Choice{URL: s.url}, nil).Tokens(t.Context()); status.Of(err) != status.Forbidden || !strings.Contains(err.Error(), "tenon login "+s.url) {
		t.Errorf("afterwards: got %v", err)
	}
}

// The port on this machine is fixed, so this test stands alone.
func TestLoginByABrowserOnThisMachine(t *testing.T) {
	for name, test := range map[string]struct {
		back func(url.Values) // Changes what the browser brings back first.
		end  string
	}{
		"signed in":     {end: ""},
		"forged state":  {back: func(v url.Values) { v.Set("state", "guess") }},
		"other issuer":  {back: func(v url.Values) { v.Set("iss", "https://evil.example") }},
		"nothing there": {back: func(v url.Values) { v.Del("code") }, end: "no code"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			issued := make(chan url.Values, 1)
			redeeming := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_ = r.ParseForm()
				issued <- r.PostForm
				w.Header().Set("Content-Type", "application/json")
				_, _ = w.Write([]byte(`{"access_token":"a.b.c","token_type":"Bearer","expires_in":3600,"refresh_token":"r"}`))
			}))
			t.Cleanup(redeeming.Close)
			s.metadata = func(text string) string {
				return strings.NewReplacer("device_authorization_endpoint", "no_device", s.url+"/issuer/token", redeeming.URL).Replace(text)
			}
			prompt := func(p login.Prompt) {
				asked, err := url.Parse(p.URL)
				if err != nil || asked.Query().Get("redirect_uri") != auth.LoopbackRedirect || asked.Query().Get("code_challenge_method") != "S256" || p.Code != "" {
					t.Errorf("asked %s, %v", p.URL, err)
				}
				good := url.Values{"state": {asked.Query().Get("state")}, "code": {"c-1"}, "iss": {s.url + "/issuer"}}
				go func() {
					if test.back != nil {
						bad := url.Values{"state": {good.Get("state")}, "code": {"of-another"}, "iss": good["iss"]}
						test.back(bad)
						visit(t, bad)
					}
					visit(t, good)
				}()
			}
			_, err := s.store.Login(t.Context(), login.Request{URL: s.url, HTTP: login.NewHTTP(), Prompt: prompt})
			if test.end != "" {
				if err == nil || !strings.Contains(err.Error(), test.end) {
					t.Errorf("got %v, want %s", err, test.end)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if form := <-issued; form.Get("code") != "c-1" || form.Get("code_verifier") == "" || form.Get("client_id") != "tenon-console" {
				t.Errorf("redeemed %v", form)
			}
		})
	}
}

// visit is the browser that comes back; it may find nobody listening any more.
func visit(t *testing.T, query url.Values) {
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), http.MethodGet, auth.LoopbackRedirect+"?"+query.Encode(), nil)
	if err != nil {
		return
	}
	if res, err := http.DefaultClient.Do(r); err == nil {
		_ = res.Body.Close()
	}
}

func TestLoginDistrustsTheStage(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		page     string
		metadata func(string) string
	}{
		"no console":          {page: "<p>hello</p>"},
		"an issuer over http": {page: `<meta name="tenon-configuration" content="{&#34;issuer&#34;:&#34;http://evil.example&#34;,&#34;clientId&#34;:&#34;c&#34;}">`},
		"no client":           {page: `<meta name="tenon-configuration" content="{&#34;issuer&#34;:&#34;https://id.example&#34;}">`},
		"another issuer": {metadata: func(text string) string {
			return strings.Replace(text, `"issuer":"`, `"issuer":"https://evil.example/`, 1)
		}},
		"tokens over http": {metadata: func(text string) string {
			return strings.Replace(text, `"token_endpoint":"`, `"token_endpoint":"http://evil.example/?`, 1)
		}},
	} {
		s := newStage(t)
		s.page = test.page
		if test.metadata != nil {
			s.metadata = test.metadata
		}
		_, err := s.store.Login(t.Context(), login.Request{URL: s.url, HTTP: login.NewHTTP(), Prompt: func(p login.Prompt) { t.Errorf("%s: prompted %+v", name, p) }})
		if err == nil {
			t.Errorf("%s: signed in", name)
		}
	}
	for _, address := range []string{"", "tenon.example.com", "http://tenon.example.com", "https://user:pw@tenon.example.com", "https://tenon.example.com/?x=1", "ftp://localhost"} {
		if got, err := login.Address(address); status.Of(err) != status.Usage {
			t.Errorf("%q: got %q, %v", address, got, err)
		}
	}
}
