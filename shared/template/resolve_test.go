package template_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

func of(t template.Template) connection.Connection {
	return connection.Connection{Tenant: "acme", ID: "con_1", TemplateOwner: t.Owner, TemplateID: t.ID}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	c := of(made)
	c.Inputs = map[string]string{"baseUrl": "https://evil.example", "unknown": "x"}
	c.OwnScopes = []string{"crm.write", "crm.read"}
	target, err := w.Resolve(t.Context(), c)
	must(t, err)
	if target.ClientID != "client-1" || target.ClientSecret.Reveal() != firstSecret || strings.Join(target.Scopes, " ") != "crm.read crm.write" {
		t.Errorf("client %q, scopes %v", target.ClientID, target.Scopes)
	}
	if target.RedirectURI != "https://tenon.example.com/v1/oauth/callback/"+made.ID {
		t.Errorf("redirect URI %s", target.RedirectURI)
	}
	// The template's inputs win, and what is no input is left out.
	if len(target.Values) != 1 || target.Values["baseUrl"].Text != "https://crm.example.com/dev" {
		t.Errorf("values %v", target.Values)
	}
	if c.Inputs["baseUrl"] != "https://evil.example" {
		t.Error("the connection's inputs were changed")
	}
	address, err := w.Address(t.Context(), c)
	must(t, err)
	if !address.ClientSecret.IsZero() {
		t.Error("an address holds the client secret")
	}
}

// A change of the template reaches the connections made before it.
func TestResolveInheritsLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	_, err := w.Update(t.Context(), caller("org"), made.ID, "*", template.Change{
		Inputs: map[string]string{"baseUrl": "https://new.example.com"}, ClientID: pointer("client-2"), Embedded: pointer(false),
		ClientSecret: pointer(secret.FromString(secondSecret)),
	})
	must(t, err)
	target, err := w.Resolve(t.Context(), of(made))
	must(t, err)
	if target.Values["baseUrl"].Text != "https://new.example.com" || target.ClientID != "client-2" || target.ClientSecret.Reveal() != secondSecret {
		t.Errorf("values %v, client %q", target.Values, target.ClientID)
	}
}

func TestResolveWithoutScopesTakesTheConnectors(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := define("crm")
	d.Scopes = nil
	target, err := w.Resolve(t.Context(), of(w.make("org", d)))
	must(t, err)
	if diff := cmp.Diff([]string{"crm.read"}, target.Scopes); diff != "" {
		t.Errorf("scopes (-want +got):\n%s", diff)
	}
}

// ISO-08: a client secret found in the wrong place is not used.
func TestResolveRefusesAMisplacedSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ours, theirs, other := w.make("acme", define("crm")), w.make("globex", define("crm")), w.make("acme", define("other"))
	forged, err := vault.Material{Tenant: "globex", Resource: ours.ID, Fields: map[string]secret.Bytes{"clientSecret": secret.FromString(secondSecret)}}.Encode()
	must(t, err)
	copied := vault.Locator{Secret: theirs.Secret.At.Secret}
	copied.Version, err = w.secrets.Put(t.Context(), copied.Secret, vault.Token("forged"), forged)
	must(t, err)
	for name, found := range map[string]vault.Locator{
		"of another tenant": theirs.Secret.At, "of a template of another tenant with our id": copied, "of another template": other.Secret.At,
	} {
		_, err := w.store.Update(t.Context(), "acme", ours.ID, func(t *template.Template) error { t.Secret.At = found; return nil })
		must(t, err)
		target, err := w.Resolve(t.Context(), of(ours))
		if !fault.Has(err, fault.CodeKeyIntegrity) || !target.ClientSecret.IsZero() {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.store.Update(t.Context(), "acme", ours.ID, func(t *template.Template) error { t.Secret.At = other.Secret.At; return nil })
	must(t, err)
	must(t, w.secrets.Delete(t.Context(), other.Secret.At.Secret))
	_, err = w.Resolve(t.Context(), of(ours))
	refused(t, err, fault.CodeCredentialUnavailable)
}

// A connection may give the inputs the template leaves open, and no others.
func TestCheckInputs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.make("org", template.Define{Connector: "custom-rest", Name: "x", Scheme: "api_key_query", Inputs: map[string]string{"verifyPath": "me"}})
	got, err := w.CheckInputs(t.Context(), of(open), map[string]string{"baseUrl": " https://API.example.com/ ", "parameterName": "key"})
	must(t, err)
	if diff := cmp.Diff(map[string]string{"baseUrl": "https://api.example.com", "parameterName": "key"}, got); diff != "" {
		t.Errorf("inputs (-want +got):\n%s", diff)
	}
	for name, given := range map[string]map[string]string{
		"one the template fixed": {"baseUrl": "https://api.example.com", "parameterName": "key", "verifyPath": "../admin"},
		"one missing":            {"baseUrl": "https://api.example.com"},
		"an unknown one":         {"baseUrl": "https://api.example.com", "parameterName": "key", "x": "y"},
		"one that is wrong":      {"baseUrl": "https://api.example.com@evil.example", "parameterName": "key"},
	} {
		if _, err := w.CheckInputs(t.Context(), of(open), given); !fault.Has(err, fault.CodeValidationFailed) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	_, err = w.CheckInputs(t.Context(), connection.Connection{TemplateOwner: "org", TemplateID: "tpl_1"}, nil)
	refused(t, err, fault.CodeNotFound)
}

// Trouble of a provider is that of all tenants where the connector names its
// hosts, and else of whoever named the host.
func TestProvider(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		connector, scheme string
		inputs, given     map[string]string
		want              string
		hostGiven         bool
	}{
		"hosts of its own":     {"hubspot", "oauth2_authorization_code", nil, nil, "hubspot", false},
		"a host below its own": {"shopify", "oauth2_authorization_code", nil, map[string]string{"shop": "acme"}, "shopify", true},
		"a host of the template": {"custom-rest", "oauth2_authorization_code",
			map[string]string{"tokenUrl": "https://auth.example.com/token"}, nil, "acme auth.example.com", false},
		"a host of the connection": {"custom-rest", "oauth2_authorization_code",
			nil, map[string]string{"tokenUrl": "https://auth.example.org/token"}, "globex auth.example.org", true},
		"a host of the connection, beside one of the connector's": {"own-sessions", "login",
			nil, map[string]string{"host": "down.evil.net"}, "globex down.evil.net", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.Catalog.Added = []catalog.Connector{{
				ID: "own-sessions", Hosts: []string{"{host}", "files.vendor.com"}, Inputs: []catalog.Input{{Name: "host", Type: catalog.TypeHost}},
				Schemes: []catalog.Scheme{{ID: "login", Type: "session_token", Login: &catalog.Login{Request: catalog.Request{URL: "https://{host}/login"}}}},
			}}
			made := template.Template{
				Owner: "acme", ID: "tpl_1", StableKey: "k", Connector: test.connector, Scheme: test.scheme, Inputs: test.inputs,
			}
			must(t, w.store.Create(t.Context(), made))
			c := connection.Connection{Tenant: "globex", ID: "con_1", TemplateOwner: "acme", TemplateID: "tpl_1", Inputs: test.given}
			target, err := w.Address(t.Context(), c)
			must(t, err)
			if target.Provider != test.want || target.HostGiven != test.hostGiven {
				t.Errorf("got %q, host given %t; want %q, %t", target.Provider, target.HostGiven, test.want, test.hostGiven)
			}
		})
	}
}
