package scope_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/scope"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
)

type uses []connection.Use

func (u uses) Uses(context.Context, string, string, string, int) ([]connection.Use, string, error) {
	return u, "", nil
}

func person(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes()}
}

// view stores the template and the connection and returns the scopes of the latter.
func view(t *testing.T, made template.Template, c connection.Connection, bindings ...connection.Use) api.ConnectionScopes {
	t.Helper()
	records, templates := connectiontest.NewMemory(), templatetest.NewMemory()
	made.ID, made.Owner = "tpl_1", "acme"
	c.ID, c.Tenant, c.Connector, c.TemplateID, c.TemplateOwner = "con_1", "acme", made.Connector, "tpl_1", "acme"
	if err := templates.Create(t.Context(), made); err != nil {
		t.Fatal(err)
	}
	if err := records.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	s := scope.Service{
		Connections: records, Templates: &template.Service{Store: templates, Catalog: catalog.Catalog{}}, Uses: uses(bindings),
		Audit: &audit.Log{Store: audittest.NewMemory()},
	}
	got, err := s.Of(t.Context(), person("acme"), "con_1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Of(t.Context(), person("globex"), "con_1"); !fault.Has(err, fault.CodeNotFound) {
		t.Errorf("another tenant got %v", err)
	}
	nobody := person("acme")
	nobody.Scopes = nil
	if _, err := s.Of(t.Context(), nobody, "con_1"); err == nil {
		t.Error("a caller without scopes was not refused")
	}
	return got
}

const signIn = "oauth2_authorization_code"

func words(text string) []string { return strings.Fields(text) }

// line writes what follows from the sets.
func line(s api.ConnectionScopes) map[string]string {
	out := map[string]string{}
	for name, scopes := range map[string][]string{
		"missing": s.Missing, "unused": s.Unused, "drift": s.Drift, "dropped": s.Dropped, "least": s.Least,
	} {
		if len(scopes) > 0 {
			out[name] = strings.Join(scopes, " ")
		}
	}
	if s.Reconsent {
		out["reconsent"] = "yes"
	}
	return out
}

func TestOf(t *testing.T) {
	t.Parallel()
	credential := &connection.Credential{Refreshable: true}
	orders := connection.Use{Tenant: "acme", Flow: "orders", Slot: "shop", Active: true, Scopes: words("write_products read_products")}
	asleep := connection.Use{Tenant: "acme", Flow: "asleep", Slot: "shop", Scopes: words("read_orders")}
	for name, test := range map[string]struct {
		template string
		c        connection.Connection
		uses     []connection.Use
		want     map[string]string
	}{
		"as asked": {
			"read_products", connection.Connection{Credential: credential, RequestedScopes: words("read_products"), GrantedScopes: words("read_products")}, nil,
			map[string]string{"unused": "read_products"},
		},
		"the template changed": {
			"read_orders", connection.Connection{Credential: credential, RequestedScopes: words("read_products"), GrantedScopes: words("read_products")}, nil,
			map[string]string{"unused": "read_products", "drift": "read_orders", "dropped": "read_products", "reconsent": "yes"},
		},
		"the template changed beside the connection's own": {
			"read_orders", connection.Connection{
				Credential: credential, RequestedScopes: words("read_products read_orders"), GrantedScopes: words("read_products read_orders"), OwnScopes: words("read_products"),
			}, nil,
			map[string]string{"unused": "read_orders read_products"},
		},
		"exact takes no part in the template's changes": {
			"read_orders", connection.Connection{
				Credential: credential, RequestedScopes: words("read_products"), GrantedScopes: words("read_products"), OwnScopes: words("read_products"), ExactScopes: true,
			}, nil,
			map[string]string{"unused": "read_products"},
		},
		"a partial grant that a flow needs more of": {
			"read_products write_products", connection.Connection{
				Credential: credential, RequestedScopes: words("read_products write_products"), GrantedScopes: words("read_products"), ScopesReported: true,
			}, []connection.Use{orders, asleep},
			map[string]string{"missing": "read_orders write_products", "least": "read_orders read_products write_products", "reconsent": "yes"},
		},
		"the wider scope implies the other": {
			"read_products write_products", connection.Connection{
				Credential: credential, RequestedScopes: words("read_products write_products"), GrantedScopes: words("write_products"), ScopesReported: true,
			}, []connection.Use{orders},
			map[string]string{"least": "read_products write_products"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := view(t, template.Template{Connector: "shopify", Scheme: signIn, Scopes: words(test.template)}, test.c, test.uses...)
			if diff := cmp.Diff(test.want, line(got)); diff != "" || !got.Applies {
				t.Errorf("applies %t (-want +got):\n%s", got.Applies, diff)
			}
		})
	}
}

// A template may ask for what the connector does not list.
func TestAvailable(t *testing.T) {
	t.Parallel()
	got := view(t, template.Template{Connector: "zendesk", Scheme: signIn, Scopes: words("read tickets:read")}, connection.Connection{})
	var names []string
	for _, s := range got.Available {
		names = append(names, s.Name)
	}
	if diff := cmp.Diff(words("read write tickets:read"), names); diff != "" {
		t.Errorf("available (-want +got):\n%s", diff)
	}
}

// The next token of a machine is asked for without a person; the permissions that
// a key was said to have are shown, and nothing is asked for.
func TestWithoutConsent(t *testing.T) {
	t.Parallel()
	credential := &connection.Credential{Refreshable: true}
	machine := view(t, template.Template{Connector: "linear", Scheme: "oauth2_client_credentials", Scopes: words("write")},
		connection.Connection{Credential: credential, RequestedScopes: words("read"), GrantedScopes: words("read")})
	if diff := cmp.Diff(map[string]string{"drift": "write", "least": "read"}, line(machine)); diff != "" {
		t.Errorf("machine (-want +got):\n%s", diff)
	}
	sends := connection.Use{Tenant: "acme", Flow: "mail", Slot: "mail", Scopes: words("mail.send")}
	key := connection.Connection{Credential: &connection.Credential{}, GrantedScopes: words("stats.read"), ScopesReported: true}
	got := view(t, template.Template{Connector: "sendgrid", Scheme: "api_key"}, key, sends)
	want := map[string]string{"missing": "mail.send", "least": "mail.send", "unused": "stats.read"}
	if diff := cmp.Diff(want, line(got)); diff != "" || got.Applies || !got.GrantedReported {
		t.Errorf("applies %t, reported %t (-want +got):\n%s", got.Applies, got.GrantedReported, diff)
	}
	unsaid := view(t, template.Template{Connector: "sendgrid", Scheme: "api_key"}, connection.Connection{Credential: &connection.Credential{}}, sends)
	if len(unsaid.Missing) > 0 {
		t.Errorf("of a key of which nothing is known %v is missing", unsaid.Missing)
	}
}
