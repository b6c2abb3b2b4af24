package e2e_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testCertifiedHandoffs attacks handoffs at the certified server from two
// browsers. That a code was not redeemed meanwhile shows in the end: the server
// takes a code once.
func testCertifiedHandoffs(t *testing.T, e *environment, ann *actor) {
	c, other := newOAuthClient(t, e, ann, "handoffs", 3600, openID(e)), newOAuthClient(t, e, ann, "handoffs-other", 3600, openID(e))
	begun, stranger := newBrowser(e), newBrowser(e)
	link := authorize(t, ann, api.Authorize{ConnectionID: c.connection})
	back := begun.consent(t, begun.begin(t, link), person{account: "alice"})
	t.Run("SES-01 another browser ends it", func(t *testing.T) {
		wantRefusal(t, stranger.open(t, back, nil), "This was begun in another browser.")
	})
	t.Run("SES-02 another browser opens the start link", func(t *testing.T) {
		wantRefusal(t, stranger.open(t, link, nil), "This link was used before.")
	})
	t.Run("OAF-11 the answer is sent to another context", func(t *testing.T) {
		elsewhere, err := url.Parse(back)
		if err != nil {
			t.Fatal(err)
		}
		elsewhere.Path = "/v1/oauth/callback/" + other.template.ID
		for _, b := range []*browser{begun, stranger} {
			wantRefusal(t, b.open(t, elsewhere.String(), nil), "The answer belongs to another connection.")
		}
	})
	for _, id := range []string{c.connection, other.connection} {
		if got := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id}); got.Status != "pending" || got.Credential != nil {
			t.Errorf("connection: got %s, want it pending", got.Status)
		}
	}
	if end := begun.open(t, back, nil); end.status != http.StatusOK {
		t.Errorf("the browser that began: got %d %s", end.status, text(end.body))
	}
	wantStatus(t, ann, c.connection, "active", "")
	t.Run("RED-01, RED-02 return", func(t *testing.T) { testReturnRefused(t, ann, c.connection) })
}

// testReturnRefused asks to return to pages that only look like the listed one.
func testReturnRefused(t *testing.T, ann *actor, id string) {
	listed := "https://app.example.com/app"
	settings := call(t, ann, routes.SettingsGet, api.None{})
	call(t, ann, routes.SettingsPut, api.SettingsPut{IfMatch: settings.ETag(), ReturnURLs: []string{listed}})
	for _, target := range []string{
		"https://evil.example.com/app", "http://app.example.com/app", "https://app.example.com:8443/app", "https://app.example.com/app/../evil",
		"https://app.example.com/app/more", "https://app.example.com.evil.com/app", "https://app.example.com@evil.com/app", "//evil.com/app",
		`https://app.example.com/\evil`, "https:/app.example.com/app", "https://app.example.com/app?x=1", "https://app.example.com/app#x", "javascript:alert(1)",
		"https://app.example.com/app%0d%0aSet-Cookie:a=b",
	} {
		refused(t, ann, routes.ConnectionAuthorize, api.Authorize{ConnectionID: id, ReturnURL: target}, fault.CodeValidationFailed)
		refused(t, ann, routes.ConnectSessionCreate, api.ConnectSessionCreate{EndUser: "user-42", ConnectionID: id, ReturnURL: target}, fault.CodeValidationFailed)
	}
}
