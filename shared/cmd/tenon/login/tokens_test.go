package login_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/tenonhq/tenon/shared/cmd/tenon/login"
	"github.com/tenonhq/tenon/shared/cmd/tenon/status"
)

// age makes the tokens of every profile end now.
func (s *stage) age(t *testing.T) {
	t.Helper()
	path := filepath.Join(s.dir, "tenon", "profiles.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := strings.Index(string(text), `"expiry": "`) + len(`"expiry": "`)
	old := string(text[:at]) + "2020" + string(text[at+4:])
	if err := os.WriteFile(path, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
}

// However many commands run at once, the refresh token is used once: the issuer
// ends the sign-in of one that is used twice.
func TestTokenIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if _, err := s.login("adam"); err != nil {
		t.Fatal(err)
	}
	first, err := s.open(t, login.Choice{}, nil).Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	before := s.exchanges.Load()
	s.age(t)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			token, err := s.open(t, login.Choice{}, nil).Tokens(t.Context())
			if err != nil || token == first {
				t.Errorf("got the old token %v, %v", token == first, err)
			}
		})
	}
	all.Wait()
	if got := s.exchanges.Load() - before; got != 1 {
		t.Errorf("refreshed %d times, want once", got)
	}
	s.age(t)
	if _, err := s.open(t, login.Choice{}, nil).Tokens(t.Context()); err != nil {
		t.Errorf("the next time: %v", err)
	}
}

func TestLogoutForgets(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if _, err := s.login("adam"); err != nil {
		t.Fatal(err)
	}
	if p, err := s.store.Logout(t.Context(), login.NewHTTP(), ""); err != nil || p.Name != "local" {
		t.Errorf("got %+v, %v", p, err)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "tenon", "profiles.json"))
	if err != nil || strings.Contains(string(text), "eyJ") {
		t.Errorf("the file holds %s, %v", text, err)
	}
	if _, err := s.store.Logout(t.Context(), login.NewHTTP(), ""); status.Of(err) != status.NotFound {
		t.Errorf("a second time: %v", err)
	}
}

func TestOpenChoosesTheStage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if got := s.open(t, login.Choice{}, map[string]string{"TENON_DEV_PORT": "9999"}); got.URL != "http://127.0.0.1:9999" {
		t.Errorf("before the first sign-in: got %s", got.URL)
	}
	if _, err := s.login("adam"); err != nil {
		t.Fatal(err)
	}
	token := map[string]string{"TENON_TOKEN": "t"}
	with := map[string]string{"TENON_TOKEN": "t", "TENON_URL": "https://other.example.com/"}
	for name, test := range map[string]struct {
		choice  login.Choice
		env     map[string]string
		url     string
		profile string
		code    int
	}{
		"the last sign-in":                  {url: s.url, profile: "local"},
		"by its name":                       {choice: login.Choice{Profile: "local"}, url: s.url, profile: "local"},
		"by a name before the environment":  {choice: login.Choice{Profile: "local"}, env: with, url: s.url, profile: "local"},
		"by its address":                    {choice: login.Choice{URL: s.url + "/"}, url: s.url, profile: "local"},
		"by an unknown name":                {choice: login.Choice{Profile: "prod"}, code: status.NotFound},
		"of the environment":                {env: with, url: "https://other.example.com"},
		"a token for no stage goes nowhere": {env: token, code: status.Usage},
		"half a client":                     {env: map[string]string{"TENON_CLIENT_ID": "c", "TENON_URL": s.url}, code: status.Usage},
		"no TLS":                            {choice: login.Choice{URL: "http://other.example.com"}, code: status.Usage},
	} {
		test.choice.Getenv = s.getenv(test.env)
		got, err := login.Open(t.Context(), test.choice)
		if status.Of(err) != test.code {
			t.Errorf("%s: got %v, want exit status %d", name, err, test.code)
			continue
		}
		if err == nil && (got.URL != test.url || got.Profile != test.profile) {
			t.Errorf("%s: got %s of profile %q", name, got.URL, got.Profile)
		}
	}
	got := s.open(t, login.Choice{}, with)
	if token, err := got.Tokens(t.Context()); token != "t" || err != nil {
		t.Errorf("got %q, %v", token, err)
	}
}
