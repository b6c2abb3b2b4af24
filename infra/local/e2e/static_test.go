package e2e_test

import (
	"net/http"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

type fields = map[string]secret.Bytes

// testStaticCredentials connects with everything that needs no browser.
//
// Proves api_key, basic, oauth2_client_credentials: the demo CRM over HTTP.
func testStaticCredentials(t *testing.T, e *environment) {
	ann := onboard(t, e, "static")
	t.Run("API key", func(t *testing.T) { testAPIKey(t, e, ann) })
	t.Run("rotation", func(t *testing.T) { testRotation(t, e, ann) })
	t.Run("basic", func(t *testing.T) { testBasic(t, e, ann) })
	t.Run("custom REST", func(t *testing.T) { testCustomREST(t, e, ann) })
	t.Run("custom REST, key in the query", func(t *testing.T) { testKeyInQuery(t, e, ann) })
	t.Run("client credentials", func(t *testing.T) { testClientCredentials(t, e, ann) })
}

// lease leases and checks that the system accepts the credential.
func lease(t *testing.T, a *actor, connectionID, address string) api.Lease {
	t.Helper()
	l := call(t, a, routes.ConnectionLease, api.LeaseRequest{ConnectionID: connectionID, Purpose: "use it"})
	if got := asks(t, address, l.Headers); got != http.StatusOK {
		t.Errorf("the system answered %d to the leased credential, want 200", got)
	}
	return l
}

func testAPIKey(t *testing.T, e *environment, ann *actor) {
	template := crmTemplate(t, e, "static-key", "api_key")
	in := api.ConnectionCreate{TemplateID: template.ID, Name: "key", Credential: fields{"apiKey": secretOf(e.secrets.make("wrong API key"))}}
	refused(t, ann, routes.ConnectionCreate, in, fault.CodeVerificationFailed)
	if left := call(t, ann, routes.ConnectionList, api.ConnectionList{}); len(left.Items) > 0 {
		t.Errorf("a refused key left %d connections behind", len(left.Items))
	}
	in.Credential = fields{"apiKey": secretOf(e.crm.newKey(t))}
	c := call(t, ann, routes.ConnectionCreate, in)
	if c.Status != "active" || c.Account.ID != "user_alice" {
		t.Errorf("got status %s and account %v", c.Status, c.Account)
	}
	first := lease(t, ann, c.ID, e.crm.base+"/api/key/me")
	replace := api.CredentialPut{ConnectionID: c.ID, IfMatch: c.ETag(), Credential: fields{"apiKey": secretOf(e.secrets.make("wrong new API key"))}}
	refused(t, ann, routes.CredentialPut, replace, fault.CodeVerificationFailed)
	if l := lease(t, ann, c.ID, e.crm.base+"/api/key/me"); l.Headers["X-Api-Key"] != first.Headers["X-Api-Key"] {
		t.Error("a refused new key replaced the old one")
	}
	replace.Credential = fields{"apiKey": secretOf(e.crm.newKey(t))}
	call(t, ann, routes.CredentialPut, replace)
	second := lease(t, ann, c.ID, e.crm.base+"/api/key/me")
	if second.Headers["X-Api-Key"] == first.Headers["X-Api-Key"] || second.CredentialVersion != first.CredentialVersion+1 {
		t.Errorf("after the replacement: credential version %d, before %d", second.CredentialVersion, first.CredentialVersion)
	}
	refused(t, ann, routes.ConnectionAuthorize, api.Authorize{ConnectionID: c.ID}, fault.CodeSchemeMismatch)
}

func testBasic(t *testing.T, e *environment, ann *actor) {
	template := crmTemplate(t, e, "static-basic", "basic")
	in := api.ConnectionCreate{TemplateID: template.ID, Name: "basic", Credential: fields{
		"username": secretOf("demo"), "password": secretOf(e.secrets.make("wrong password")),
	}}
	refused(t, ann, routes.ConnectionCreate, in, fault.CodeVerificationFailed)
	in.Credential["password"] = secretOf(e.secrets.add("password", "demo-password"))
	c := call(t, ann, routes.ConnectionCreate, in)
	lease(t, ann, c.ID, e.crm.base+"/api/basic/me")
	if v := call(t, ann, routes.ConnectionVerify, api.ConnectionRef{ConnectionID: c.ID}); v.Outcome != "ok" {
		t.Errorf("verify: got %s", v.Outcome)
	}
}

// customTemplate creates a template of the custom REST connector for the
// certified server's API.
func customTemplate(t *testing.T, e *environment, key, scheme, verify string, inputs map[string]string) api.Template {
	t.Helper()
	all := map[string]string{"baseUrl": e.lab.issuer + "/api", "verifyPath": verify}
	for name, value := range inputs {
		all[name] = value
	}
	return call(t, e.actor(t, auth.Organization), routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", Name: "REST " + key, StableKey: key, AuthScheme: scheme, Inputs: all,
	})
}

func testCustomREST(t *testing.T, e *environment, ann *actor) {
	key, password := e.secrets.make("API key"), e.secrets.make("password, p@ss:wörd")
	e.lab.control(t, e, http.MethodPatch, "/_lab/config", map[string]any{
		"apiKeys": []string{key}, "basic": map[string]string{"user": "svc", "password": password},
	}, nil)
	header := customTemplate(t, e, "static-header", "api_key_header", "apikey", map[string]string{"headerName": "X-Api-Key"})
	c := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: header.ID, Name: "header", Credential: fields{"headerValue": secretOf(key)},
	})
	lease(t, ann, c.ID, e.lab.issuer+"/api/apikey")
	basic := customTemplate(t, e, "static-custom-basic", "basic", "basic", nil)
	c = call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: basic.ID, Name: "custom basic", Credential: fields{"username": secretOf("svc"), "password": secretOf(password)},
	})
	lease(t, ann, c.ID, e.lab.issuer+"/api/basic")
}

// testKeyInQuery pushes a key through a URL that the system refuses: the URL
// must not appear anywhere.
func testKeyInQuery(t *testing.T, e *environment, ann *actor) {
	template := customTemplate(t, e, "static-query", "api_key_query", "apikey", map[string]string{"parameterName": "api_key"})
	in := api.ConnectionCreate{TemplateID: template.ID, Name: "query", Credential: fields{"apiKey": secretOf(e.secrets.make("query API key"))}}
	refused(t, ann, routes.ConnectionCreate, in, fault.CodeVerificationFailed)
	unreachable := customTemplate(t, e, "static-unreachable", "api_key_query", "apikey", map[string]string{
		"parameterName": "api_key", "baseUrl": "http://127.0.0.1:1",
	})
	in.TemplateID = unreachable.ID
	refused(t, ann, routes.ConnectionCreate, in, fault.CodeProviderUnavailable)
}

func testClientCredentials(t *testing.T, e *environment, ann *actor) {
	template := crmTemplate(t, e, "static-cc", "oauth2_client_credentials")
	c := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "client"})
	if c.Status != "active" {
		t.Errorf("got status %s (%s)", c.Status, c.Reason)
	}
	first := lease(t, ann, c.ID, e.crm.base+"/api/contacts")
	wait(t, tokenLife(first))
	if second := lease(t, ann, c.ID, e.crm.base+"/api/contacts"); second.AccessToken == first.AccessToken {
		t.Error("an expired token was leased again")
	}
}
