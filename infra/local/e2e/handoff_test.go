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

// testHandoffAttacks does with a handoff what its person does not.
func testHandoffAttacks(t *testing.T, e *environment) {
	ann := onboard(t, e, "handoffs")
	template := crmTemplate(t, e, "handoffs", "oauth2_authorization_code")
	other := crmTemplate(t, e, "handoffs-other", "oauth2_authorization_code")
	create := func() string {
		return call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "CRM"}).ID
	}
	t.Run("another browser", func(t *testing.T) { testOtherBrowser(t, ann, create()) })
	t.Run("state", func(t *testing.T) { testState(t, ann, create()) })
	t.Run("context and issuer", func(t *testing.T) { testContextAndIssuer(t, ann, create(), other.ID) })
	t.Run("denied", func(t *testing.T) { testDenied(t, ann, create()) })
	t.Run("another account", func(t *testing.T) { testOtherAccount(t, ann, create()) })
	t.Run("return", func(t *testing.T) { testReturn(t, ann, create()) })
}

// wantRefusal checks a page that ends a handoff.
func wantRefusal(t *testing.T, got page, sentence string) {
	t.Helper()
	if got.status < 400 || got.status > 499 || !strings.Contains(text(got.body), sentence) || got.header.Get("Location") != "" {
		t.Errorf("got %d %s, want a refusal with: %s", got.status, text(got.body), sentence)
	}
}

func wantStatus(t *testing.T, a *actor, id, status, reason string) {
	t.Helper()
	got := call(t, a, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id})
	if got.Status != status || got.Reason != reason {
		t.Errorf("connection: got %s (%s), want %s (%s)", got.Status, got.Reason, status, reason)
	}
}

// testOtherBrowser is connection fixation: one person begins, another ends.
func testOtherBrowser(t *testing.T, ann *actor, id string) {
	link := authorize(t, ann, api.Authorize{ConnectionID: id})
	person1, person2 := newBrowser(ann.e), newBrowser(ann.e)
	back := person1.consent(t, person1.begin(t, link), person{account: "alice"})
	wantRefusal(t, person2.open(t, link, nil), "This link was used before.")
	exchanged := ann.e.crm.stats(t).CodesExchanged
	wantRefusal(t, person2.open(t, back, nil), "This was begun in another browser.")
	if got := ann.e.crm.stats(t).CodesExchanged; got != exchanged {
		t.Error("the code was redeemed for another browser")
	}
	wantStatus(t, ann, id, "pending", "handoff_open")
	thief := person1.copy()
	if end := person1.open(t, back, nil); end.status != http.StatusOK {
		t.Errorf("the browser that began: got %d %s", end.status, text(end.body))
	}
	wantStatus(t, ann, id, "active", "")
	wantRefusal(t, thief.open(t, back, nil), "This link was used before.")
	wantStatus(t, ann, id, "active", "")
}

func testState(t *testing.T, ann *actor, id string) {
	superseded := authorize(t, ann, api.Authorize{ConnectionID: id})
	link := authorize(t, ann, api.Authorize{ConnectionID: id})
	b := newBrowser(ann.e)
	wantRefusal(t, b.open(t, superseded, nil), "This link was used before.")
	wantRefusal(t, b.open(t, link+"x", nil), "This link is not valid.")
	back := b.consent(t, b.begin(t, link), person{account: "alice"})
	good, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	state := good.Query().Get("state")
	exchanged := ann.e.crm.stats(t).CodesExchanged
	for name, states := range map[string][]string{
		"missing": nil, "unknown": {"hof_01JD0000000000000000000000.x"}, "cut": {state[:len(state)-1]}, "empty": {""},
		"long": {strings.Repeat("s", 8<<10)}, "twice": {state, state},
	} {
		query := good.Query()
		query["state"] = states
		changed := *good
		changed.RawQuery = query.Encode()
		t.Log("state: " + name)
		wantRefusal(t, b.open(t, changed.String(), nil), "This link is not valid.")
	}
	if got := ann.e.crm.stats(t).CodesExchanged; got != exchanged {
		t.Error("the code was redeemed with a wrong state")
	}
	if end := b.open(t, back, nil); end.status != http.StatusOK {
		t.Errorf("with the right state: got %d %s", end.status, text(end.body))
	}
}

func testContextAndIssuer(t *testing.T, ann *actor, id, otherTemplate string) {
	b := newBrowser(ann.e)
	back := b.consent(t, b.begin(t, authorize(t, ann, api.Authorize{ConnectionID: id})), person{account: "alice"})
	good, err := url.Parse(back)
	if err != nil {
		t.Fatal(err)
	}
	exchanged := ann.e.crm.stats(t).CodesExchanged
	elsewhere := *good
	elsewhere.Path = "/v1/oauth/callback/" + otherTemplate
	wantRefusal(t, b.open(t, elsewhere.String(), nil), "The answer belongs to another connection.")
	query := good.Query()
	query.Set("iss", query.Get("iss")+"/")
	forged := *good
	forged.RawQuery = query.Encode()
	wantRefusal(t, b.open(t, forged.String(), nil), "The answer comes from another system.")
	wantRefusal(t, b.open(t, back, nil), "This link was used before.")
	if got := ann.e.crm.stats(t).CodesExchanged; got != exchanged {
		t.Error("the code was redeemed for another context or issuer")
	}
	wantStatus(t, ann, id, "pending", "handoff_open")
}

func testDenied(t *testing.T, ann *actor, id string) {
	b := newBrowser(ann.e)
	back := b.consent(t, b.begin(t, authorize(t, ann, api.Authorize{ConnectionID: id})), person{denies: true})
	hostile := ann.e.secrets.make("provider's words") + "<script>alert(1)</script>"
	end := b.open(t, back+"&error_description="+url.QueryEscape(hostile), nil)
	if !strings.Contains(end.body, "Access was declined") || strings.Contains(end.body, "<script") {
		t.Errorf("got %d %s", end.status, text(end.body))
	}
	wantStatus(t, ann, id, "pending", "denied")
	connect(t, ann, id)
	wantStatus(t, ann, id, "active", "")
}

// testOtherAccount reconnects with the account of somebody else.
func testOtherAccount(t *testing.T, ann *actor, id string) {
	connect(t, ann, id)
	revoked := ann.e.crm.stats(t).Revocations
	end := newBrowser(ann.e).walk(t, authorize(t, ann, api.Authorize{ConnectionID: id}), person{account: "bob"})
	wantRefusal(t, end, "This is another account than the one connected before.")
	if got := ann.e.crm.stats(t).Revocations; got != revoked+1 {
		t.Errorf("the CRM counted %d revocations, want the unused tokens revoked", got-revoked)
	}
	lease(t, ann, id, ann.e.crm.base+"/api/contacts")
	allowed := authorize(t, ann, api.Authorize{ConnectionID: id, AllowAccountChange: true})
	if end := newBrowser(ann.e).walk(t, allowed, person{account: "bob"}); end.status != http.StatusOK {
		t.Errorf("allowed change: got %d %s", end.status, text(end.body))
	}
	if got := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id}); got.Account.ID != "user_bob" {
		t.Errorf("account: got %s, want user_bob", got.Account.ID)
	}
}

// testReturn sends the browser back to the page that asked, with nothing but
// the connection's id.
func testReturn(t *testing.T, ann *actor, id string) {
	target := ann.e.base + "/console/done"
	ask := api.Authorize{ConnectionID: id, ReturnURL: target}
	refused(t, ann, routes.ConnectionAuthorize, ask, fault.CodeValidationFailed)
	settings := call(t, ann, routes.SettingsGet, api.None{})
	call(t, ann, routes.SettingsPut, api.SettingsPut{IfMatch: settings.ETag(), ReturnURLs: []string{target}})
	end := newBrowser(ann.e).walk(t, authorize(t, ann, ask), person{account: "alice"})
	if got, want := end.header.Get("Location"), target+"?connectionId="+id; end.status != http.StatusSeeOther || got != want {
		t.Errorf("got %d %s, want 303 %s", end.status, got, want)
	}
	if end.header.Get("Referrer-Policy") != "no-referrer" || end.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers of the callback: %v", end.header)
	}
}
