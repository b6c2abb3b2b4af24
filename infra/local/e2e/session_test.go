package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testConnectSessions lets end users of a tenant connect, at the certified server
// and with a key.
func testConnectSessions(t *testing.T, e *environment) {
	ann := onboard(t, e, "sessions")
	target := e.base + "/console/done"
	call(t, ann, routes.SettingsPut, api.SettingsPut{IfMatch: "*", ReturnURLs: []string{target}})
	lab := newOAuthClient(t, e, ann, "sessions", 3600, openID(e)).template.ID
	crm := crmTemplate(t, e, "sessions", "api_key").ID
	t.Run("browser", func(t *testing.T) { testBrowserCompletes(t, ann, lab, target) })
	t.Run("SES-04 backend", func(t *testing.T) { testBackendCompletes(t, ann, lab, target) })
	t.Run("key", func(t *testing.T) { testKeyOfEndUser(t, ann, crm) })
	t.Run("SES-03 console of another", func(t *testing.T) { testConsoleOfAnother(t, ann, lab) })
}

// mint mints a session and returns its link.
func mint(t *testing.T, a *actor, in api.ConnectSessionCreate) api.ConnectSessionLink {
	t.Helper()
	in.EndUser = "user-42"
	link := call(t, a, routes.ConnectSessionCreate, in)
	u, err := url.Parse(link.URL)
	if err != nil {
		t.Fatal(err)
	}
	a.e.secrets.add("ticket", u.Query().Get("ticket"))
	return link
}

// fillIn opens a session's link and sends its form.
func (b *browser) fillIn(t *testing.T, link api.ConnectSessionLink, entered url.Values) page {
	t.Helper()
	shown := b.open(t, link.URL, nil)
	if shown.status != http.StatusOK {
		t.Fatalf("page of the session: got %d %s", shown.status, text(shown.body))
	}
	for name, value := range hidden(shown.body) {
		entered.Set(name, value)
	}
	return b.open(t, b.e.base+"/connect/"+link.SessionID, entered)
}

func (a *actor) wantSession(t *testing.T, sessionID, state string) api.ConnectSession {
	t.Helper()
	got := call(t, a, routes.ConnectSessionGet, api.ConnectSessionRef{SessionID: sessionID})
	if got.State != state {
		t.Errorf("session: got %+v, want it %s", got, state)
	}
	return got
}

func testBrowserCompletes(t *testing.T, ann *actor, template, target string) {
	link := mint(t, ann, api.ConnectSessionCreate{Templates: []string{template}, ReturnURL: target})
	person1, person2 := newBrowser(ann.e), newBrowser(ann.e)
	back := person1.consent(t, person1.fillIn(t, link, url.Values{"name": {"Mine"}}).location(t), person{account: "alice"})
	wantRefusal(t, person2.open(t, link.URL, nil), "This link was used before.")
	wantRefusal(t, person2.open(t, back, nil), "This was begun in another browser.")
	ann.wantSession(t, link.SessionID, "handed_off")
	end := person1.open(t, back, nil)
	if want := target + "?outcome=completed&sessionId=" + link.SessionID; end.header.Get("Location") != want {
		t.Errorf("got %d %s, want the browser sent to %s", end.status, text(end.body), want)
	}
	if got := ann.wantSession(t, link.SessionID, "completed"); got.ConnectionStatus != "active" {
		t.Errorf("got %+v", got)
	}
}

func testBackendCompletes(t *testing.T, ann *actor, template, target string) {
	in := api.ConnectSessionCreate{Templates: []string{template}, ReturnURL: target, Completion: "backend"}
	for endUser, state := range map[string]string{"user-42": "completed", "user-43": "failed"} {
		link := mint(t, ann, in)
		b := newBrowser(ann.e)
		end := b.open(t, b.consent(t, b.fillIn(t, link, url.Values{"name": {"Mine"}}).location(t), person{account: "alice"}), nil)
		want := target + "?session_uri=" + url.QueryEscape("urn:ietf:params:oauth:request_uri:"+link.SessionID) + "."
		came, err := url.Parse(end.header.Get("Location"))
		if err != nil || !strings.HasPrefix(came.String(), want) {
			t.Fatalf("got %d %s, %v, want the browser sent to %s", end.status, text(end.body), err, want)
		}
		ann.wantSession(t, link.SessionID, "awaiting_completion")
		complete := api.ConnectSessionComplete{SessionID: link.SessionID, EndUser: endUser, SessionURI: came.Query().Get("session_uri")}
		if state == "failed" {
			refused(t, ann, routes.OAuthSessionComplete, complete, fault.CodeUserMismatch)
			complete.EndUser = "user-42"
			refused(t, ann, routes.OAuthSessionComplete, complete, fault.CodeConflict)
		} else if got := call(t, ann, routes.OAuthSessionComplete, complete); got.ConnectionStatus != "active" {
			t.Errorf("got %+v", got)
		}
		ann.wantSession(t, link.SessionID, state)
	}
}

func testKeyOfEndUser(t *testing.T, ann *actor, template string) {
	link := mint(t, ann, api.ConnectSessionCreate{Templates: []string{template}})
	b := newBrowser(ann.e)
	wrong := ann.e.secrets.add("refused key", "crm_key_wrong_0123456789abcdef")
	again := b.fillIn(t, link, url.Values{"name": {"Mine"}, "credential.apiKey": {wrong}})
	if again.status != http.StatusUnprocessableEntity || strings.Contains(again.body, wrong) {
		t.Errorf("a wrong key: got %d %s", again.status, text(again.body))
	}
	ann.wantSession(t, link.SessionID, "failed")
	done := b.fillIn(t, link, url.Values{"name": {"Mine"}, "credential.apiKey": {ann.e.crm.newKey(t)}})
	if done.status != http.StatusOK || !strings.Contains(done.body, "The account is connected.") {
		t.Errorf("got %d %s", done.status, text(done.body))
	}
	ann.wantSession(t, link.SessionID, "completed")
}

func testConsoleOfAnother(t *testing.T, ann *actor, template string) {
	link := mint(t, ann, api.ConnectSessionCreate{Templates: []string{template}})
	bob := onboard(t, ann.e, "sessions-other")
	b := newBrowser(ann.e)
	signed := bob.send(t, http.MethodPut, "/v1/browser-session", "", nil)
	if signed.status != http.StatusOK {
		t.Fatalf("got %d %s", signed.status, signed.body)
	}
	pair, _, _ := strings.Cut(signed.header.Get("Set-Cookie"), ";")
	name, value, _ := strings.Cut(pair, "=")
	ann.e.secrets.add("sign-in cookie", value)
	host, err := url.Parse(ann.e.base)
	if err != nil {
		t.Fatal(err)
	}
	b.cookies[host.Host] = map[string]string{name: value}
	wantRefusal(t, b.open(t, link.URL, nil), "This link belongs to another organisation.")
	ann.wantSession(t, link.SessionID, "open")
}
