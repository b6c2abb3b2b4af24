package e2e_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testCertifiedServer does the same job with a server that is not ours, and
// lets that server fail. Each scenario has a client of its own.
func testCertifiedServer(t *testing.T, e *environment) {
	ann := onboard(t, e, "certified")
	t.Run("job", func(t *testing.T) { testCertifiedJob(t, e, ann) })
	t.Run("handoffs", func(t *testing.T) { testCertifiedHandoffs(t, e, ann) })
	t.Run("device", func(t *testing.T) { testDevice(t, e, ann) })
	t.Run("many leases of an expired token", func(t *testing.T) { testManyLeases(t, e, ann) })
	t.Run("failures", func(t *testing.T) {
		for name, test := range map[string]func(*testing.T, *environment, *actor){
			"answer lost":        testAnswerLost,
			"storm":              testStorm,
			"redirect":           testRedirect,
			"consent taken back": testConsentTakenBack,
			"token dies early":   testTokenDiesEarly,
			"forged id_token":    testForgedIDToken,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, e, ann)
			})
		}
	})
}

// oauthClient is a client of the certified server with what belongs to it.
type oauthClient struct {
	id         string
	basic      string // Authorization header of its token requests.
	template   api.Template
	connection string
}

// newOAuthClient makes a template with a new client and a connection of it.
// The secret has the characters that a careless client does not encode.
func newOAuthClient(t *testing.T, e *environment, ann *actor, name string, seconds int, in api.TemplateCreate) *oauthClient {
	t.Helper()
	secret := e.secrets.make("client secret: +&%/=?") + " s3cr:et"
	e.secrets.add("client secret", secret)
	in.Name, in.StableKey, in.ClientID, in.ClientSecret = name, "lab-"+name, "lab-"+name, secretOf(secret)
	c := &oauthClient{id: in.ClientID, template: call(t, e.actor(t, auth.Organization), routes.TemplateCreate, in)}
	pair := url.QueryEscape(c.id) + ":" + url.QueryEscape(secret)
	c.basic = "Basic " + e.secrets.add("client secret in a header", base64.StdEncoding.EncodeToString([]byte(pair)))
	e.lab.control(t, e, http.MethodPost, "/_lab/clients", map[string]any{
		"client_id": c.id, "client_secret": secret, "token_endpoint_auth_method": "client_secret_basic",
		"redirect_uris": []string{c.template.RedirectURI}, "response_types": []string{"code"},
		"grant_types": []string{"authorization_code", "refresh_token"}, "scope": "openid offline_access crm.read",
	}, nil)
	c.lifetime(t, e, seconds)
	c.connection = call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: c.template.ID, Name: name}).ID
	return c
}

// openID asks for a template of the connector for any OpenID provider.
func openID(e *environment) api.TemplateCreate {
	return api.TemplateCreate{
		Connector: "custom-oidc", AuthScheme: "oauth2_authorization_code",
		Inputs: map[string]string{"issuer": e.lab.issuer, "baseUrl": e.lab.issuer + "/api"},
	}
}

// lifetime sets how long the next access tokens of the client live.
func (c *oauthClient) lifetime(t *testing.T, e *environment, seconds int) {
	t.Helper()
	config := map[string]any{"accessTokenSeconds": map[string]int{c.id: seconds}}
	e.lab.control(t, e, http.MethodPatch, "/_lab/config", config, nil)
}

func (c *oauthClient) lease() api.LeaseRequest {
	return api.LeaseRequest{ConnectionID: c.connection, Purpose: "certified"}
}

// testCertifiedJob goes from discovery to revocation.
//
// Proves oauth2_authorization_code: the certified OAuth server (oidc-provider), with discovery, PKCE, OpenID Connect,
// RFC 9207, rotation and revocation.
func testCertifiedJob(t *testing.T, e *environment, ann *actor) {
	c := newOAuthClient(t, e, ann, "job", 3, openID(e))
	b := newBrowser(e)
	address, err := url.Parse(b.begin(t, authorize(t, ann, api.Authorize{ConnectionID: c.connection})))
	if err != nil {
		t.Fatal(err)
	}
	q := address.Query()
	if q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 43 || len(q.Get("nonce")) < 43 || q.Get("redirect_uri") != c.template.RedirectURI {
		t.Errorf("authorization request: got %v", q)
	}
	if end := b.open(t, b.consent(t, address.String(), person{}), nil); end.status != http.StatusOK {
		t.Fatalf("end of the handoff: got %d %s", end.status, text(end.body))
	}
	got := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: c.connection})
	if got.Status != "active" || got.Account == nil || got.Account.ID != "alice" || !got.Credential.Refreshable {
		t.Errorf("connected: got %+v", got)
	}
	first := lease(t, ann, c.connection, e.lab.issuer+"/api/me")
	wait(t, tokenLife(first))
	if second := lease(t, ann, c.connection, e.lab.issuer+"/api/me"); second.AccessToken == first.AccessToken {
		t.Error("an expired token was leased again")
	}
	last := lease(t, ann, c.connection, e.lab.issuer+"/api/me")
	if receipt := call(t, ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: c.connection}); receipt.Revocation != "revoked" {
		t.Errorf("receipt: got %s", receipt.Revocation)
	}
	if got := asks(t, e.lab.issuer+"/api/me", last.Headers); got != http.StatusUnauthorized {
		t.Errorf("after the deletion the server answered %d, want 401", got)
	}
}

// testTokenDiesEarly expires a token at the provider before its time: a check
// finds out and repairs it.
func testTokenDiesEarly(t *testing.T, e *environment, ann *actor) {
	c := newOAuthClient(t, e, ann, "early", 3600, api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "oauth2_authorization_code", Scopes: []string{"offline_access", "crm.read"},
		Inputs: map[string]string{
			"baseUrl": e.lab.issuer + "/api", "verifyPath": "me", "authorizeUrl": e.lab.issuer + "/auth",
			"tokenUrl": e.lab.issuer + "/token", "revokeUrl": e.lab.issuer + "/token/revocation",
		},
	})
	connect(t, ann, c.connection)
	first := lease(t, ann, c.connection, e.lab.issuer+"/api/me")
	e.lab.control(t, e, http.MethodPost, "/_lab/expire", map[string]string{"clientId": c.id, "model": "AccessToken"}, nil)
	if got := asks(t, e.lab.issuer+"/api/me", first.Headers); got != http.StatusUnauthorized {
		t.Fatalf("the expired token: got %d, want 401", got)
	}
	call(t, ann, routes.ConnectionCalls, api.CallReport{ConnectionID: c.connection, Calls: []api.Call{{At: time.Now(), Outcome: "auth_error"}}})
	if v := call(t, ann, routes.ConnectionVerify, api.ConnectionRef{ConnectionID: c.connection}); v.Outcome != "ok" {
		t.Errorf("verify: got %s (%s)", v.Outcome, v.Message)
	}
	if second := lease(t, ann, c.connection, e.lab.issuer+"/api/me"); second.AccessToken == first.AccessToken {
		t.Error("the dead token was leased again")
	}
}

// testForgedIDToken refuses identities that the provider did not state for
// this handoff, and revokes the tokens that came with them.
func testForgedIDToken(t *testing.T, e *environment, ann *actor) {
	c := newOAuthClient(t, e, ann, "forged", 3600, openID(e))
	for name, action := range map[string]map[string]any{
		"another key":    {"transform": "idToken", "sign": "rogue"},
		"another nonce":  {"transform": "idToken", "claims": map[string]any{"nonce": "other"}},
		"another client": {"transform": "idToken", "claims": map[string]any{"aud": "other"}},
		"another issuer": {"transform": "idToken", "claims": map[string]any{"iss": "http://127.0.0.1:1"}},
		"expired":        {"transform": "idToken", "claims": map[string]any{"exp": 1}},
		"left out":       {"json": map[string]any{"unset": []string{"id_token"}}},
	} {
		t.Log("id_token: " + name)
		e.lab.fault(t, e, c.id, "authorization_code", 1, action)
		end := newBrowser(e).walk(t, authorize(t, ann, api.Authorize{ConnectionID: c.connection}), person{})
		wantRefusal(t, end, "The system's statement of identity is not valid.")
		e.lab.mend(t, e, c.id)
	}
	revoked := 0
	for _, r := range e.lab.journal(t, e) {
		if r.Path == "/token/revocation" && r.Headers["authorization"] == c.basic {
			revoked++
		}
	}
	if revoked != 6 {
		t.Errorf("%d of 6 refused grants were revoked", revoked)
	}
	refused(t, ann, routes.ConnectionLease, c.lease(), fault.CodeConnectionPending)
	connect(t, ann, c.connection)
}
