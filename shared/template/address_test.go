package template_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
)

const (
	given = "https://api.acme.com/v1"
	evil  = "https://collect.evil.net/v1"
)

// openTo makes a template that leaves the base URL of demo-crm open.
func (w *world) openTo(owner, scheme string) template.Template {
	d := define("open-" + scheme)
	d.Scheme, d.Inputs, d.Scopes = scheme, nil, nil
	if scheme == "api_key" {
		d.ClientID, d.ClientSecret = "", secret.Bytes{}
	}
	return w.make(owner, d)
}

// wrongPointer is the one field that a fault complains of, or nothing.
func wrongPointer(err error) string {
	f := fault.From(err)
	if err == nil || f.Code != fault.CodeValidationFailed || len(f.Fields) != 1 {
		return ""
	}
	return f.Fields[0].Pointer
}

// A credential goes to no other host than the one it was given for, whichever of
// them it is: the one in use, one that waits, one to roll back to.
func TestACredentialIsBoundToItsHost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.openTo("acme", "api_key")
	for name, hold := range map[string]func(*connection.Connection){
		"in use":     func(c *connection.Connection) { c.Credential = &connection.Credential{} },
		"waiting":    func(c *connection.Connection) { c.Pending = &connection.Kept{} },
		"superseded": func(c *connection.Connection) { c.Previous = &connection.Kept{} },
		"on its way": func(c *connection.Connection) { c.Provisioning = time.Now() },
	} {
		c := of(made)
		c.Inputs = map[string]string{"baseUrl": given}
		if _, err := w.CheckInputs(t.Context(), c, map[string]string{"baseUrl": evil}); err != nil {
			t.Errorf("without a credential: %v", err)
		}
		hold(&c)
		if _, err := w.CheckInputs(t.Context(), c, map[string]string{"baseUrl": evil}); wrongPointer(err) != "/inputs/baseUrl" {
			t.Errorf("%s: another host: %v", name, err)
		}
		if _, err := w.CheckInputs(t.Context(), c, map[string]string{"baseUrl": "https://api.acme.com/v2"}); err != nil {
			t.Errorf("%s: another path: %v", name, err)
		}
	}
}

// A host that its pattern keeps to the system's own may change: nobody else reads
// what is sent there.
func TestAHostOfTheSystemMayChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := define("sf")
	d.Connector, d.Inputs, d.Scopes = "salesforce", nil, nil
	c := of(w.make("org", d))
	c.Credential, c.Inputs = &connection.Credential{}, map[string]string{"host": "login.salesforce.com"}
	if _, err := w.CheckInputs(t.Context(), c, map[string]string{"host": "test.salesforce.com"}); err != nil {
		t.Error(err)
	}
}

// The organization's OAuth client shows its secret at no host that a tenant names.
func TestAClientIsNotShownToAHostOfATenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.openTo("org", "oauth2_authorization_code")
	c := of(made)
	if _, err := w.CheckInputs(t.Context(), c, map[string]string{"baseUrl": evil}); wrongPointer(err) != "/inputs/baseUrl" {
		t.Errorf("creation: %v", err)
	}
	c.Inputs = map[string]string{"baseUrl": evil}
	if target, err := w.ResolveGrant(t.Context(), c); wrongPointer(err) == "" || !target.ClientSecret.IsZero() {
		t.Errorf("a token request: %v", err)
	}
	c.Tenant = "org"
	if _, err := w.ResolveGrant(t.Context(), c); err != nil {
		t.Errorf("a connection of the owner: %v", err)
	}
	own := of(w.openTo("acme", "oauth2_authorization_code"))
	if _, err := w.CheckInputs(t.Context(), own, map[string]string{"baseUrl": evil}); err != nil {
		t.Errorf("a template of the tenant: %v", err)
	}
}

// Nor does the organization's key sign for one.
func TestAKeyDoesNotSignForAHostOfATenant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Catalog.Added = []catalog.Connector{{
		ID: "own-idp", Name: "IdP", Hosts: []string{"{host}"}, Inputs: []catalog.Input{{Name: "host", Type: catalog.TypeHost, Default: "idp.vendor.com"}},
		Schemes: []catalog.Scheme{{
			ID: "client", Type: "oauth2_client_credentials", Assertion: &catalog.Assertion{Algorithm: "ES256", Issuer: "{clientId}"},
			OAuth: &catalog.OAuth{TokenURL: "https://{host}/token", ClientAuth: "private_key_jwt"},
		}},
	}}
	w.SigningKeys = signingKeys{new(int)}
	made := w.make("org", template.Define{Connector: "own-idp", Name: "IdP", Scheme: "client", Embedded: true, ClientID: "client-1"})
	c := of(made)
	c.Inputs = map[string]string{"host": "collect.evil.net"}
	if target, err := w.ResolveGrant(t.Context(), c); wrongPointer(err) != "/inputs/host" || target.SigningKey.ID != "" {
		t.Errorf("got %+v, %v", target.SigningKey, err)
	}
	c.Inputs["host"] = "idp.vendor.com" // The connector's choice.
	if target, err := w.ResolveGrant(t.Context(), c); err != nil || target.SigningKey.ID == "" {
		t.Errorf("got %+v, %v", target.SigningKey, err)
	}
}
