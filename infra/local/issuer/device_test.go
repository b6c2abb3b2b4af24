package issuer_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// waiting is what a program was told that waits for its person.
type waiting struct {
	DeviceCode string `json:"device_code"`
	UserCode   string `json:"user_code"`
	Page       string `json:"verification_uri"`
	Complete   string `json:"verification_uri_complete"`
	ExpiresIn  int    `json:"expires_in"`
	Interval   int    `json:"interval"`
}

// begin has a program begin to wait.
func (b *browser) begin(scope string) waiting {
	b.t.Helper()
	w := b.send(http.MethodPost, "/device_authorization", url.Values{"client_id": {"tenon-console"}, "scope": {scope}})
	var told waiting
	if err := json.Unmarshal(w.Body.Bytes(), &told); err != nil || w.Code != http.StatusOK || w.Header().Get("Cache-Control") != "no-store" {
		b.t.Fatalf("got %d %s, %v", w.Code, w.Body, err)
	}
	return told
}

// poll asks for the tokens, later than the program must wait.
func (b *browser) poll(code string) (int, answer) {
	b.t.Helper()
	*b.now = b.now.Add(2 * time.Second)
	return b.token(url.Values{"grant_type": {deviceGrant}, "client_id": {"tenon-console"}, "device_code": {code}})
}

func TestDeviceIsConfirmedByAPerson(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	told := b.begin("openid connections:read connections:write")
	if told.Page != baseURL+"/device" || told.Complete != told.Page+"?user_code="+told.UserCode || told.ExpiresIn != 600 || told.Interval != 1 {
		t.Errorf("told %+v", told)
	}
	if status, pending := b.poll(told.DeviceCode); status != http.StatusBadRequest || pending.Error != "authorization_pending" {
		t.Errorf("before: got %d %s, want authorization_pending", status, pending.Error)
	}
	if _, hasty := b.token(url.Values{"grant_type": {deviceGrant}, "client_id": {"tenon-console"}, "device_code": {told.DeviceCode}}); hasty.Error != "slow_down" {
		t.Errorf("at once: got %s, want slow_down", hasty.Error)
	}
	page := b.send(http.MethodGet, "/device?user_code="+strings.ToLower(strings.ReplaceAll(told.UserCode, "-", "")), nil).Body.String()
	for _, want := range []string{told.UserCode, "Adam Acker", `action="/dev/issuer/device"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	done := b.send(http.MethodPost, "/device", url.Values{"user_code": {told.UserCode}, "person": {"vera"}})
	if done.Code != http.StatusOK || !strings.Contains(done.Body.String(), "Vera Voss") || len(b.cookies) > 0 {
		t.Errorf("confirmed: got %d %s, cookies %v", done.Code, done.Body, b.cookies)
	}
	status, got := b.poll(told.DeviceCode)
	if status != http.StatusOK || got.Scope != "openid connections:read" || got.RefreshToken == "" || got.IDToken == "" {
		t.Errorf("tokens: got %d %+v", status, got)
	}
	if _, again := b.poll(told.DeviceCode); again.Error != "expired_token" {
		t.Errorf("a second time: got %s, want expired_token", again.Error)
	}
	if status, next := b.refresh(got.RefreshToken); status != http.StatusOK || next.AccessToken == "" {
		t.Errorf("refresh: got %d %s", status, next.Error)
	}
}

func TestDeviceIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		form url.Values // Beside the code.
		wait time.Duration
		want string
	}{
		"declined": {form: url.Values{"cancel": {"yes"}}, want: "access_denied"},
		"too late": {wait: 10 * time.Minute, want: "expired_token"},
		"nobody":   {form: url.Values{"person": {"eve"}}, want: "authorization_pending"},
	} {
		b := newBrowser(t)
		told := b.begin("")
		*b.now = b.now.Add(test.wait)
		if test.form != nil {
			test.form.Set("user_code", told.UserCode)
			b.send(http.MethodPost, "/device", test.form)
		}
		if status, got := b.poll(told.DeviceCode); status != http.StatusBadRequest || got.Error != test.want || got.AccessToken != "" {
			t.Errorf("%s: got %d %s, want %s", name, status, got.Error, test.want)
		}
	}
	b := newBrowser(t)
	for _, code := range []string{"", "guess"} {
		if status, got := b.poll(code); status != http.StatusBadRequest || got.AccessToken != "" {
			t.Errorf("code %q: got %d %s", code, status, got.Error)
		}
	}
	if w := b.send(http.MethodPost, "/device_authorization", url.Values{"client_id": {"another"}}); w.Code != http.StatusBadRequest {
		t.Errorf("another client: got %d", w.Code)
	}
}

func TestDevicePageIsProtected(t *testing.T) {
	t.Parallel()
	b := newBrowser(t)
	told := b.begin("")
	b.header = http.Header{"Sec-Fetch-Site": {"cross-site"}}
	form := url.Values{"user_code": {told.UserCode}, "person": {"olive"}}
	if w := b.send(http.MethodPost, "/device", form); w.Code != http.StatusForbidden {
		t.Errorf("page of a site: got %d, want 403", w.Code)
	}
	b.header = http.Header{}
	form.Set("user_code", "AAAA-AAAA")
	if w := b.send(http.MethodPost, "/device", form); w.Code != http.StatusBadRequest {
		t.Errorf("guessed code: got %d, want 400", w.Code)
	}
	if page := b.send(http.MethodGet, "/device?user_code=AAAA-AAAA", nil).Body.String(); !strings.Contains(page, `role="alert"`) || strings.Contains(page, "Olive") {
		t.Errorf("the page of an unknown code:\n%s", page)
	}
	if _, got := b.poll(told.DeviceCode); got.Error != "authorization_pending" {
		t.Errorf("afterwards: got %s, want authorization_pending", got.Error)
	}
}
