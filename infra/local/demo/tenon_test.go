package demo_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/crm"
	"github.com/tenonhq/tenon/shared/api"
)

// The verifier and its S256 challenge (RFC 7636, appendix B).
const (
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// tenon is an environment with the real demo CRM and, in place of the
// functions, the shortest that could stand in for them.
type tenon struct {
	*httptest.Server
	now      time.Time
	provider *crm.Provider
	template api.TemplateCreate
	secret   string
	tokens   struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	deleted []string
	calls   map[string]int
	replace map[string]http.HandlerFunc // By pattern, for tests of failures.
}

func newTenon(t *testing.T) *tenon {
	t.Helper()
	e := &tenon{now: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC), calls: map[string]int{}, replace: map[string]http.HandlerFunc{}}
	mux := http.NewServeMux()
	e.Server = httptest.NewServer(mux)
	t.Cleanup(e.Close)
	provider, err := crm.Open(t.TempDir(), e.URL+"/dev/crm", func() time.Time { return e.now }, crm.Options{RedirectOrigins: []string{e.URL}})
	if err != nil {
		t.Fatal(err)
	}
	e.provider = provider
	mux.Handle("/dev/crm/", http.StripPrefix("/dev/crm", provider))
	for pattern, handler := range map[string]http.HandlerFunc{
		"POST /dev/token":                      answer(map[string]string{"token": "jwt"}),
		"POST /v1/tenants":                     answer(api.Tenant{ID: "demo-1", State: "ready", KeyARN: "arn:key"}),
		"POST /v1/templates":                   e.createTemplate,
		"DELETE /v1/templates/tpl_1":           e.delete,
		"POST /v1/connections":                 answer(api.Connection{ID: "con_1", Status: "pending"}),
		"POST /v1/connections/con_1/authorize": answer(api.Handoff{HandoffID: "hof_1", StartURL: e.URL + "/v1/oauth/start/hof_1?ticket=canary"}),
		"GET /v1/oauth/start/hof_1":            e.start,
		"POST /v1/oauth/start/hof_1":           e.confirm,
		"GET /v1/oauth/callback/tpl_1":         e.callback,
		"GET /v1/connections/con_1":            e.get,
		"POST /v1/connections/con_1/lease":     e.lease,
		"GET /v1/audit":                        answer(api.Audit{Items: []api.AuditEntry{{Action: "connection.lease", Actor: "demo-1/demo", Outcome: "allowed"}}}),
		"DELETE /v1/connections/con_1":         e.disconnect,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			e.calls[pattern]++
			if other, ok := e.replace[pattern]; ok {
				handler = other
			}
			handler(w, r)
		})
	}
	return e
}

func answer(v any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
}

func page(status int, html string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, html)
	}
}

func problem(status int, code, detail string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"code": code, "detail": detail, "status": status})
	}
}

func (e *tenon) createTemplate(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	var given struct{ ClientSecret string }
	if json.Unmarshal(text, &e.template) != nil || json.Unmarshal(text, &given) != nil {
		problem(400, "invalid_body", "No template.")(w, r)
		return
	}
	e.secret = given.ClientSecret
	answer(api.Template{ID: "tpl_1", Revision: 3, RedirectURI: e.URL + "/v1/oauth/callback/tpl_1"})(w, r)
}

func (e *tenon) delete(w http.ResponseWriter, r *http.Request) {
	e.deleted = append(e.deleted, r.URL.Path+" "+r.Header.Get("If-Match"))
	w.WriteHeader(http.StatusNoContent)
}

func (e *tenon) start(w http.ResponseWriter, _ *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "__Host-tenon-hof_1", Value: "browser", Path: "/", Secure: true, HttpOnly: true})
	_, _ = io.WriteString(w, `<h1>Connect Tenon Demo CRM</h1><form method="post" action="/v1/oauth/start/hof_1"><input type="hidden" name="form" value="a&amp;b"></form>`)
}

func (e *tenon) bound(r *http.Request) bool {
	c, err := r.Cookie("__Host-tenon-hof_1")
	return err == nil && c.Value == "browser"
}

func (e *tenon) confirm(w http.ResponseWriter, r *http.Request) {
	if !e.bound(r) || r.FormValue("form") != "a&b" {
		http.Error(w, "<h1>Forbidden</h1>", http.StatusForbidden)
		return
	}
	http.Redirect(w, r, e.template.Inputs["baseUrl"]+"/oauth/authorize?"+url.Values{
		"response_type": {"code"}, "client_id": {e.template.ClientID}, "state": {"s"}, "scope": {"crm.read crm.write"},
		"redirect_uri": {e.URL + "/v1/oauth/callback/tpl_1"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}.Encode(), http.StatusSeeOther)
}

func (e *tenon) callback(w http.ResponseWriter, r *http.Request) {
	if !e.bound(r) || !e.redeem(url.Values{
		"grant_type": {"authorization_code"}, "code": {r.FormValue("code")}, "code_verifier": {verifier},
		"redirect_uri": {e.URL + "/v1/oauth/callback/tpl_1"},
	}) {
		http.Error(w, "<h1>Conflict</h1><p>It did not work.</p>", http.StatusConflict)
		return
	}
	_, _ = io.WriteString(w, "<h1>Connected</h1>")
}

// redeem gets tokens from the demo CRM.
func (e *tenon) redeem(form url.Values) bool {
	res := e.provide("/oauth/token", form)
	return res.Code == http.StatusOK && json.Unmarshal(res.Body.Bytes(), &e.tokens) == nil
}

func (e *tenon) provide(path string, form url.Values) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodPost, path, bytes.NewBufferString(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.SetBasicAuth(e.template.ClientID, e.secret)
	res := httptest.NewRecorder()
	e.provider.ServeHTTP(res, req)
	return res
}

func (e *tenon) get(w http.ResponseWriter, r *http.Request) {
	answer(api.Connection{
		ID: "con_1", Status: "active", Connected: e.tokens.Access != "", Revision: 7, Message: "Waiting.",
		Account: &api.Account{ID: "user_alice", Name: "Alice Archer"}, GrantedScopes: []string{"crm.read", "crm.write"},
	})(w, r)
}

func (e *tenon) lease(w http.ResponseWriter, r *http.Request) {
	refreshed := e.calls["POST /v1/connections/con_1/lease"] > 1 && e.redeem(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {e.tokens.Refresh}})
	e.answerLease(w, r, time.Minute, refreshed)
}

// leaseFor leases the token as it is, for as long as it is said to live.
func (e *tenon) leaseFor(life time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { e.answerLease(w, r, life, false) }
}

func (e *tenon) answerLease(w http.ResponseWriter, r *http.Request, life time.Duration, refreshed bool) {
	expires := e.now.Add(life)
	answer(api.Lease{
		ConnectionID: "con_1", BaseURL: e.URL + "/dev/crm", AccessToken: e.tokens.Access, Refreshed: refreshed, CredentialVersion: 1,
		Headers: map[string]string{"Authorization": "Bearer " + e.tokens.Access}, ExpiresAt: &expires,
	})(w, r)
}

func (e *tenon) disconnect(w http.ResponseWriter, r *http.Request) {
	e.deleted = append(e.deleted, r.URL.Path+" "+r.Header.Get("If-Match"))
	e.provide("/oauth/revoke", url.Values{"token": {e.tokens.Refresh}})
	answer(api.Deletion{ConnectionID: "con_1", Revocation: "revoked"})(w, r)
}
