package issuer_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/issuer"
)

const (
	origin   = "http://127.0.0.1:8787"
	signedIn = origin + "/console/signed-in"

	// The verifier and its S256 challenge (RFC 7636, appendix B).
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// browser is a person's browser with its cookies, and the console in it.
type browser struct {
	t       *testing.T
	issuer  *issuer.Issuer
	now     *time.Time
	cookies map[string]string
	header  http.Header // Of every request.
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	now := clock
	i, err := issuer.Open(t.TempDir(), baseURL, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, issuer: i, now: &now, cookies: map[string]string{}, header: http.Header{}}
}

// another is a second browser of the same issuer.
func (b *browser) another() *browser {
	return &browser{t: b.t, issuer: b.issuer, now: b.now, cookies: map[string]string{}, header: http.Header{}}
}

func (b *browser) send(method, path string, form url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	r.Host = "127.0.0.1:8787"
	for name, values := range b.header {
		r.Header[name] = values
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.issuer.ServeHTTP(w, r)
	for _, c := range w.Result().Cookies() {
		b.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		}
	}
	return w
}

// ask is a complete request of the console, with changes: an empty value takes
// the parameter away.
func ask(changes ...string) url.Values {
	query := url.Values{
		"response_type": {"code"}, "client_id": {"tenon-console"}, "redirect_uri": {signedIn}, "state": {"st&1"}, "nonce": {"no-1"},
		"scope": {"openid profile email"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
	for n := 0; n < len(changes); n += 2 {
		query.Set(changes[n], changes[n+1])
		if changes[n+1] == "" {
			query.Del(changes[n])
		}
	}
	return query
}

func (b *browser) authorize(query url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	return b.send(http.MethodGet, "/authorize?"+query.Encode(), nil)
}

var heldRequest = regexp.MustCompile(`name="request" value="([^"]+)"`)

// held returns what the page of the people holds of the request.
func (b *browser) held(query url.Values) string {
	b.t.Helper()
	page := b.authorize(query)
	match := heldRequest.FindStringSubmatch(page.Body.String())
	if page.Code != http.StatusOK || match == nil {
		b.t.Fatalf("got %d %s, want the page of the people", page.Code, page.Body)
	}
	return match[1]
}

// choose signs in as a person and returns what the console is told.
func (b *browser) choose(person string, query url.Values) url.Values {
	b.t.Helper()
	return b.told(b.send(http.MethodPost, "/authorize", url.Values{"request": {b.held(query)}, "person": {person}}))
}

// told returns what a redirect tells the console.
func (b *browser) told(w *httptest.ResponseRecorder) url.Values {
	b.t.Helper()
	to, query, ok := strings.Cut(w.Header().Get("Location"), "?")
	if w.Code != http.StatusSeeOther || !ok || to != signedIn {
		b.t.Fatalf("got %d to %q with %s, want a redirect to the console", w.Code, w.Header().Get("Location"), w.Body)
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		b.t.Fatal(err)
	}
	return values
}

// answer is what the token endpoint says.
type answer struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	Scope        string `json:"scope"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	Error        string `json:"error"`
	Description  string `json:"error_description"`
}

// redemption is the complete form for a code, with changes as in ask.
func redemption(code string, changes ...string) url.Values {
	form := url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"tenon-console"}, "redirect_uri": {signedIn}, "code": {code}, "code_verifier": {verifier},
	}
	for n := 0; n < len(changes); n += 2 {
		form.Set(changes[n], changes[n+1])
		if changes[n+1] == "" {
			form.Del(changes[n])
		}
	}
	return form
}

func (b *browser) token(form url.Values) (int, answer) {
	b.t.Helper()
	w := b.send(http.MethodPost, "/token", form)
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		b.t.Fatalf("token endpoint: %d %s", w.Code, w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-store" {
		b.t.Errorf("Cache-Control: got %q, want no-store", got)
	}
	return w.Code, a
}

func (b *browser) refresh(token string) (int, answer) {
	b.t.Helper()
	return b.token(url.Values{"grant_type": {"refresh_token"}, "client_id": {"tenon-console"}, "refresh_token": {token}})
}

// signIn returns the tokens of a person.
func (b *browser) signIn(person string, changes ...string) answer {
	b.t.Helper()
	status, a := b.token(redemption(b.choose(person, ask(changes...)).Get("code")))
	if status != http.StatusOK {
		b.t.Fatalf("token endpoint: %d %s %s", status, a.Error, a.Description)
	}
	return a
}
