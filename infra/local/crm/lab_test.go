package crm_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/crm"
)

const (
	baseURL  = "http://127.0.0.1:8787/dev/crm"
	callback = "http://127.0.0.1:8787/v1/oauth/callback/ctx_1"
	verifier = "0123456789-0123456789-0123456789-0123456789"
)

// lab is a provider with a clock that the test moves and the demo client.
type lab struct {
	t      *testing.T
	dir    string
	clock  time.Time
	crm    *crm.Provider
	secret string
}

func newLab(t *testing.T) *lab {
	t.Helper()
	l := &lab{t: t, dir: t.TempDir(), clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	l.open()
	match := regexp.MustCompile(`id="client-secret">([^<]+)<`).FindStringSubmatch(l.get("/", nil).Body.String())
	if match == nil {
		t.Fatal("the landing page does not show the client secret")
	}
	l.secret = match[1]
	return l
}

// open starts the provider, or starts it again from its saved state.
func (l *lab) open() {
	l.t.Helper()
	p, err := crm.Open(l.dir, baseURL, func() time.Time { return l.clock },
		crm.Options{RedirectOrigins: []string{"http://127.0.0.1:8787"}})
	if err != nil {
		l.t.Fatal(err)
	}
	l.crm = p
}

func (l *lab) send(method, path string, header http.Header, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, body)
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	l.crm.ServeHTTP(w, r)
	return w
}

func (l *lab) get(path string, header http.Header) *httptest.ResponseRecorder {
	return l.send(http.MethodGet, path, header, nil)
}

func (l *lab) postForm(path string, header http.Header, form url.Values) *httptest.ResponseRecorder {
	header = header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", "application/x-www-form-urlencoded")
	return l.send(http.MethodPost, path, header, strings.NewReader(form.Encode()))
}

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func authorization(changes ...string) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {"tenon-dev"}, "redirect_uri": {callback},
		"scope": {"crm.read crm.write"}, "state": {"state-1"},
		"code_challenge": {challengeOf(verifier)}, "code_challenge_method": {"S256"},
	}
	return with(q, changes...)
}

// with replaces the named values of form; an empty value deletes.
func with(form url.Values, changes ...string) url.Values {
	for i := 0; i < len(changes); i += 2 {
		form.Set(changes[i], changes[i+1])
		if changes[i+1] == "" {
			form.Del(changes[i])
		}
	}
	return form
}

// form opens the consent page like a browser and returns its hidden fields and
// the cookie it set.
func (l *lab) form(query url.Values) (url.Values, http.Header) {
	l.t.Helper()
	w := l.get("/oauth/authorize?"+query.Encode(), nil)
	if w.Code != http.StatusOK {
		l.t.Fatalf("consent page: got %d %s, want 200", w.Code, w.Body)
	}
	fields := url.Values{}
	hidden := regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`)
	for _, m := range hidden.FindAllStringSubmatch(w.Body.String(), -1) {
		fields.Set(m[1], html.UnescapeString(m[2]))
	}
	cookie := w.Result().Cookies()[0]
	return fields, http.Header{"Cookie": {cookie.Name + "=" + cookie.Value}}
}

// code gives consent and returns the authorization code.
func (l *lab) code(changes ...string) string {
	l.t.Helper()
	fields, cookie := l.form(authorization(changes...))
	w := l.postForm("/oauth/authorize", cookie, with(fields, "decision", "allow", "account", "alice"))
	if w.Code != http.StatusSeeOther {
		l.t.Fatalf("consent: got %d %s, want 303", w.Code, w.Body)
	}
	return l.location(w).Query().Get("code")
}

func (l *lab) location(w *httptest.ResponseRecorder) *url.URL {
	l.t.Helper()
	u, err := url.Parse(w.Header().Get("Location"))
	if err != nil {
		l.t.Fatal(err)
	}
	return u
}

type tokens struct {
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	Scope        string `json:"scope"`
	Error        string `json:"error"`
}

// token posts to the token endpoint as the demo client and returns the status
// with the decoded answer.
func (l *lab) token(form url.Values) (int, tokens) {
	l.t.Helper()
	w := l.postForm("/oauth/token", nil, with(form, "client_id", "tenon-dev", "client_secret", l.secret))
	return w.Code, decode[tokens](l.t, w)
}

func exchange(code string, changes ...string) url.Values {
	return with(url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier},
	}, changes...)
}

func refreshing(token string) url.Values {
	return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
}

// connect runs the whole authorization code grant.
func (l *lab) connect() tokens {
	l.t.Helper()
	status, answer := l.token(exchange(l.code()))
	if status != http.StatusOK {
		l.t.Fatalf("exchange: got %d %s, want 200", status, answer.Error)
	}
	return answer
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// works reports whether the API accepts the access token.
func (l *lab) works(token string) bool {
	return l.get("/api/contacts", bearer(token)).Code == http.StatusOK
}

func decode[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%s: %v", w.Body, err)
	}
	return v
}
