package catalogtest_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
)

const (
	signIn   = "oauth2_authorization_code"
	verifier = "verifier-of-forty-three-characters-or-more-00"
	callback = "https://tenon.example.com/v1/oauth/callback/tpl_1"
)

func load(t *testing.T, id, schemeID string) *catalogtest.Provider {
	t.Helper()
	c, err := catalog.Catalog{Local: true}.Load(id)
	if err != nil {
		t.Fatal(err)
	}
	s, _ := c.Scheme(schemeID)
	p, err := catalogtest.New(c, s, true)
	if err != nil {
		t.Fatal(err)
	}
	p.RedirectURI = callback
	return p
}

// crm is the demo connector, and what a client that does all right sends.
func crm(t *testing.T) (*catalogtest.Provider, url.Values, url.Values) {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	ask := url.Values{
		"response_type": {"code"}, "client_id": {"client-1"}, "redirect_uri": {callback}, "state": {strings.Repeat("s", 43)},
		"scope": {"crm.read"}, "code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	form := url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {callback}, "code_verifier": {verifier}}
	return load(t, "demo-crm", signIn), ask, form
}

const authorize = "https://sample.example.com/base/oauth/authorize"

func send(t *testing.T, p *catalogtest.Provider, ctx context.Context, verb, address string, headers map[string]string, body string) (int, map[string]any, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, verb, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := p.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer res.Body.Close()
	members := map[string]any{}
	_ = json.NewDecoder(res.Body).Decode(&members) // Not every answer is an object.
	return res.StatusCode, members, nil
}

// client is the header of a client that shows its secret.
func client(p *catalogtest.Provider) map[string]string {
	pair := base64.StdEncoding.EncodeToString([]byte(p.ClientID + ":" + p.Secret))
	return map[string]string{"Authorization": "Basic " + pair, "Content-Type": "application/x-www-form-urlencoded"}
}

func TestAuthorizeChecksTheAddress(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(url.Values){
		"another client":      func(q url.Values) { q.Set("client_id", "x") },
		"another redirect":    func(q url.Values) { q.Set("redirect_uri", callback+"/") },
		"no state":            func(q url.Values) { q.Del("state") },
		"a short state":       func(q url.Values) { q.Set("state", "1") },
		"no PKCE":             func(q url.Values) { q.Del("code_challenge") },
		"plain PKCE":          func(q url.Values) { q.Set("code_challenge_method", "plain") },
		"an unknown scope":    func(q url.Values) { q.Set("scope", "crm.read crm.admin") },
		"no required scope":   func(q url.Values) { q.Set("scope", "crm.write") },
		"scopes with a comma": func(q url.Values) { q.Set("scope", "crm.read,crm.write") },
		"no scope":            func(q url.Values) { q.Del("scope") },
		"a parameter twice":   func(q url.Values) { q.Add("client_id", "client-1") },
		"one more parameter":  func(q url.Values) { q.Set("prompt", "none") },
		"a secret":            func(q url.Values) { q.Set("client_secret", "client-secret-"+catalogtest.Mark) },
		"implicit":            func(q url.Values) { q.Set("response_type", "token") },
	} {
		p, ask, _ := crm(t)
		change(ask)
		if _, err := p.Authorize(authorize + "?" + ask.Encode()); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	p, ask, _ := crm(t)
	for _, address := range []string{"http://sample.example.com/base/oauth/authorize", "https://evil.example/base/oauth/authorize", "https://sample.example.com/authorize"} {
		if _, err := p.Authorize(address + "?" + ask.Encode()); err == nil {
			t.Errorf("%s: accepted", address)
		}
	}
	if q, err := p.Authorize(authorize + "?" + ask.Encode()); err != nil || q.Get("state") != ask.Get("state") || q.Get("code") == "" {
		t.Errorf("got %v, %v", q, err)
	}
}

func TestTokenEndpointChecksTheRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(p *catalogtest.Provider, headers map[string]string, form url.Values)
		status int
		blamed bool
	}{
		"right":              {func(*catalogtest.Provider, map[string]string, url.Values) {}, 200, false},
		"another code":       {func(_ *catalogtest.Provider, _ map[string]string, f url.Values) { f.Set("code", "x") }, 400, false},
		"another verifier":   {func(_ *catalogtest.Provider, _ map[string]string, f url.Values) { f.Set("code_verifier", "x") }, 400, false},
		"another redirect":   {func(_ *catalogtest.Provider, _ map[string]string, f url.Values) { f.Set("redirect_uri", "x") }, 400, true},
		"one more parameter": {func(_ *catalogtest.Provider, _ map[string]string, f url.Values) { f.Set("audience", "x") }, 400, true},
		"another grant":      {func(_ *catalogtest.Provider, _ map[string]string, f url.Values) { f.Set("grant_type", "password") }, 400, true},
		"another secret":     {func(p *catalogtest.Provider, _ map[string]string, _ url.Values) { p.Secret = "x" }, 401, false},
		"a secret in the body": {func(p *catalogtest.Provider, h map[string]string, f url.Values) {
			delete(h, "Authorization")
			f.Set("client_id", p.ClientID)
			f.Set("client_secret", p.Secret)
		}, 400, true},
		"the client id twice": {func(p *catalogtest.Provider, _ map[string]string, f url.Values) { f.Set("client_id", p.ClientID) }, 400, true},
		"JSON": {func(_ *catalogtest.Provider, h map[string]string, _ url.Values) {
			h["Content-Type"] = "application/json"
		}, 400, true},
	} {
		p, ask, form := crm(t)
		q, err := p.Authorize(authorize + "?" + ask.Encode())
		if err != nil {
			t.Fatal(err)
		}
		form.Set("code", q.Get("code"))
		headers := client(p)
		test.change(p, headers, form)
		status, _, err := send(t, p, t.Context(), "POST", "https://sample.example.com/base/oauth/token", headers, form.Encode())
		if err != nil || status != test.status || (len(p.Complaints()) > 0) != test.blamed {
			t.Errorf("%s: got %d, %v, complaints %q; want %d", name, status, err, p.Complaints(), test.status)
		}
	}
}

func TestAPIChecksTheRequest(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		address string
		headers func(p *catalogtest.Provider) map[string]string
		status  int
		blamed  string
	}{
		"right":                 {"https://api.stripe.com/v1/account", stripe(nil), 200, ""},
		"another header":        {"https://api.stripe.com/v1/account", stripe(map[string]string{"X-Api-Key": "x"}), 401, "not those of the entry"},
		"another version":       {"https://api.stripe.com/v1/account", stripe(map[string]string{"Stripe-Version": "x"}), 401, "not those of the entry"},
		"one more in the query": {"https://api.stripe.com/v1/account?limit=1", stripe(nil), 401, "not those of the entry"},
		"no TLS":                {"http://api.stripe.com/v1/account", stripe(nil), 404, "without TLS"},
		"another host":          {"https://api.strlpe.com/v1/account", stripe(nil), 404, "does not allow the host"},
		"another path":          {"https://api.stripe.com/v1/charges", stripe(nil), 404, "does not speak of this"},
		"the key in the path":   {"https://api.stripe.com/v1/account?key={key}", stripe(nil), 401, "stands in the URL"},
	} {
		p := load(t, "stripe", "api_key")
		headers := test.headers(p)
		status, _, err := send(t, p, t.Context(), "GET", strings.ReplaceAll(test.address, "{key}", p.Fields["apiKey"]), headers, "")
		blamed := strings.Join(p.Complaints(), "\n")
		if err != nil || status != test.status || (test.blamed == "") != (blamed == "") || !strings.Contains(blamed, test.blamed) {
			t.Errorf("%s: got %d, %v, complaints %q", name, status, err, blamed)
		}
	}
	p := load(t, "stripe", "api_key")
	headers := stripe(nil)(p)
	headers["Authorization"] = "Bearer " + p.Wrong["apiKey"]
	if status, _, _ := send(t, p, t.Context(), "GET", "https://api.stripe.com/v1/account", headers, ""); status != 401 || len(p.Complaints()) > 0 {
		t.Errorf("a wrong key: got %d, complaints %q", status, p.Complaints())
	}
}

// stripe returns the headers of a right request, with further ones.
func stripe(further map[string]string) func(*catalogtest.Provider) map[string]string {
	return func(p *catalogtest.Provider) map[string]string {
		headers := map[string]string{"Authorization": "Bearer " + p.Fields["apiKey"], "Stripe-Version": p.Verification().Headers["Stripe-Version"]}
		for name, value := range further {
			headers[name] = value
		}
		return headers
	}
}

// refreshes redeems a code and returns what refreshes with a token: its answer.
func refreshes(t *testing.T, p *catalogtest.Provider, ask, form url.Values) (string, func(string) (int, map[string]any)) {
	t.Helper()
	q, err := p.Authorize(authorize + "?" + ask.Encode())
	if err != nil {
		t.Fatal(err)
	}
	form.Set("code", q.Get("code"))
	post := func(form url.Values) (int, map[string]any) {
		status, members, err := send(t, p, t.Context(), "POST", "https://sample.example.com/base/oauth/token", client(p), form.Encode())
		if err != nil {
			t.Fatal(err)
		}
		return status, members
	}
	_, first := post(form)
	token, _ := first["refresh_token"].(string)
	return token, func(token string) (int, map[string]any) {
		return post(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}})
	}
}

func TestRefreshPolicies(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	for name, test := range map[string]struct {
		catalogtest.Personality
		later time.Duration
		reuse int // Status of a second use of the first token…
		next  int // …and then of a use of the second.
	}{
		"reuse ends the family":    {catalogtest.Personality{Rotate: true, Reuse: "revokes_family"}, 0, 400, 400},
		"reuse within the grace":   {catalogtest.Personality{Rotate: true, Reuse: "grace", Grace: time.Minute}, time.Minute, 200, 200},
		"reuse after the grace":    {catalogtest.Personality{Rotate: true, Reuse: "grace", Grace: time.Minute}, 2 * time.Minute, 400, 200},
		"the same token all along": {catalogtest.Personality{Repeat: true}, 0, 200, 200},
	} {
		p, ask, form := crm(t)
		p.Personality, p.Now = test.Personality, func() time.Time { return now }
		first, refresh := refreshes(t, p, ask, form)
		status, answer := refresh(first)
		second, _ := answer["refresh_token"].(string)
		if status != 200 || (second == first) != test.Repeat {
			t.Errorf("%s: got %d", name, status)
		}
		at := now.Add(test.later)
		p.Now = func() time.Time { return at }
		if status, _ := refresh(first); status != test.reuse {
			t.Errorf("%s: reuse got %d, want %d", name, status, test.reuse)
		}
		if status, _ := refresh(second); status != test.next {
			t.Errorf("%s: afterwards got %d, want %d", name, status, test.next)
		}
	}
}
