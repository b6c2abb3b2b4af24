package e2e_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code"

// testDevice connects an account on another device: authorize, the server's
// page, the job, a lease, a refresh, and the end.
//
// Proves oauth2_device_code: the certified OAuth server (oidc-provider) and its page.
func testDevice(t *testing.T, e *environment, ann *actor) {
	basic, template := deviceClient(t, e)
	create := func(name string) string {
		return call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: name}).ID
	}
	id, denied := create("Television"), create("Denied television")
	wantStatus(t, ann, id, "pending", "no_credential")
	handoff, refusal := userCode(t, ann, id), userCode(t, ann, denied)
	wantStatus(t, ann, id, "pending", "handoff_open")
	refused(t, ann, routes.ConnectionLease, api.LeaseRequest{ConnectionID: id, Purpose: "early"}, fault.CodeConnectionPending)

	newBrowser(e).enter(t, handoff.VerificationURL, handoff.UserCode, person{})
	newBrowser(e).enter(t, refusal.VerificationURL, refusal.UserCode, person{denies: true})
	eventually(t, "the job has seen what the person did", func() bool {
		e.run(t, routes.JobDevicePoll.Route)
		connected := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id})
		ended := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: denied})
		return connected.Status == "active" && ended.Reason == "denied"
	})
	got := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id})
	if got.Account == nil || got.Account.ID != "alice" || !got.Credential.Refreshable {
		t.Errorf("connected: got %+v", got)
	}
	redeemed := 0
	for _, r := range e.lab.journal(t, e) {
		if r.Path == "/token" && r.Headers["authorization"] == basic && strings.Contains(r.Answer, "access_token") {
			redeemed++
		}
	}
	if redeemed != 1 {
		t.Errorf("the code was redeemed %d times, want once", redeemed)
	}
	first := lease(t, ann, id, e.lab.issuer+"/api/me")
	wait(t, tokenLife(first))
	last := lease(t, ann, id, e.lab.issuer+"/api/me")
	if last.AccessToken == first.AccessToken {
		t.Error("an expired token was leased again")
	}
	if receipt := call(t, ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: id}); receipt.Revocation != "revoked" {
		t.Errorf("receipt: got %s", receipt.Revocation)
	}
	if got := asks(t, e.lab.issuer+"/api/me", last.Headers); got != http.StatusUnauthorized {
		t.Errorf("after the deletion the server answered %d, want 401", got)
	}
}

// deviceClient makes a template with a client that may use the device grant.
func deviceClient(t *testing.T, e *environment) (basic string, made api.Template) {
	t.Helper()
	secret := e.secrets.make("client secret")
	made = call(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "demo-device", Name: "device", StableKey: "lab-device", AuthScheme: "oauth2_device_code",
		ClientID: "lab-device", ClientSecret: secretOf(secret), Inputs: map[string]string{"baseUrl": e.lab.issuer},
	})
	e.lab.control(t, e, http.MethodPost, "/_lab/clients", map[string]any{
		"client_id": "lab-device", "client_secret": secret, "token_endpoint_auth_method": "client_secret_basic",
		"redirect_uris": []string{}, "response_types": []string{}, "grant_types": []string{deviceGrant, "refresh_token"}, "scope": "openid offline_access crm.read",
	}, nil)
	(&oauthClient{id: "lab-device"}).lifetime(t, e, 3)
	pair := base64.StdEncoding.EncodeToString([]byte("lab-device:" + secret))
	return "Basic " + e.secrets.add("client secret in a header", pair), made
}

// userCode starts a device's handoff.
func userCode(t *testing.T, a *actor, connectionID string) api.Handoff {
	t.Helper()
	handoff := call(t, a, routes.ConnectionAuthorize, api.Authorize{ConnectionID: connectionID})
	a.e.secrets.add("user code", handoff.UserCode)
	if handoff.StartURL != "" || handoff.UserCode == "" || !strings.HasPrefix(handoff.VerificationURLComplete, handoff.VerificationURL) {
		t.Errorf("handoff: page %s, start URL %q", handoff.VerificationURL, handoff.StartURL)
	}
	return handoff
}

// enter does what a person does at the page of the certified server.
func (b *browser) enter(t *testing.T, address, code string, who person) {
	t.Helper()
	shown := b.open(t, address, nil)
	form := url.Values{"user_code": {code}, "xsrf": {hidden(shown.body)["xsrf"]}}
	shown = b.open(t, address, form)
	form.Set("confirm", "yes")
	if who.denies {
		form.Set("abort", "yes")
	}
	for shown = b.open(t, address, form); shown.status == http.StatusSeeOther || shown.status == http.StatusFound; {
		shown = b.open(t, shown.location(t), nil)
	}
	if shown.status != http.StatusOK {
		t.Fatalf("the page answered %d: %s", shown.status, text(shown.body))
	}
}
