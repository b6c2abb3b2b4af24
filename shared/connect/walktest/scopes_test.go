package walktest_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// SendGrid says what a restricted key may do, and again at every check; a key
// that may not even ask is saved, a wrong one is not.
func TestSendGrid(t *testing.T) {
	t.Parallel()
	w := entry(t, "sendgrid", apiKey, func(p *catalogtest.Provider) { p.Permissions = []any{"mail.send", "stats.read"} })
	c := w.connected()
	if diff := cmp.Diff([]string{"mail.send", "stats.read"}, w.get(c.ID).GrantedScopes); diff != "" {
		t.Errorf("granted (-want +got):\n%s", diff)
	}
	w.provider.Permissions = []any{"stats.read"}
	w.wantOutcome(t, c.ID, catalog.OK)
	if got := w.get(c.ID).GrantedScopes; slices.Contains(got, "mail.send") || len(got) != 1 {
		t.Errorf("granted after the key was restricted: %q", got)
	}
	w.provider.Next(catalogtest.Verify, catalogtest.Fault{Status: 403, Body: map[string]any{"errors": []any{map[string]any{"message": "access forbidden"}}}})
	w.wantOutcome(t, c.ID, catalog.PermissionError)
	if got := w.get(c.ID).GrantedScopes; len(got) != 1 {
		t.Errorf("granted after a check that said nothing: %q", got)
	}
	w.provider.Next(catalogtest.Verify, catalogtest.Fault{Status: 401, Body: map[string]any{"errors": []any{map[string]any{"message": "authorization required"}}}})
	w.wantOutcome(t, c.ID, catalog.AuthError)
	_, err := w.create(t.Context(), w.provider.Wrong)
	if !fault.Has(err, fault.CodeVerificationFailed) {
		t.Errorf("a wrong key: %v", err)
	}
}

// A key that is a user name is shown nowhere.
func TestKeyAsUserName(t *testing.T) {
	t.Parallel()
	w := entry(t, "freshdesk", apiKey, nil)
	c := w.connected()
	if key := w.provider.Fields["apiKey"]; c.Credential.User != "" || c.Credential.Last4 == "" || c.Credential.Last4 == key {
		t.Errorf("shown: user %q, last four %q", c.Credential.User, c.Credential.Last4)
	}
}

// Shopify names the wider scope alone, where that implies the other: nothing that
// a flow needs is lost by it.
func TestShopifyNamesTheWiderScope(t *testing.T) {
	t.Parallel()
	w := entry(t, "shopify", handoff, nil)
	c := w.connected()
	w.connects.Uses = reads{}
	_, err := w.connects.Connections.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		c.Bindings = 1
		return nil
	})
	must(t, err)
	w.provider.Scopes = []string{"write_products", "read_orders"}
	_, err = w.connects.Complete(t.Context(), w.consent(c))
	must(t, err)
	if got := w.get(c.ID); slices.Contains(got.GrantedScopes, "read_products") || !got.ScopesReported {
		t.Errorf("granted %q, reported %t", got.GrantedScopes, got.ScopesReported)
	}
	w.provider.Scopes = []string{"read_orders"}
	if _, err = w.connects.Complete(t.Context(), w.consent(c)); !fault.Has(err, fault.CodeConnectionInUse) {
		t.Errorf("a grant without products: %v", err)
	}
}

// reads is an active flow that reads products.
type reads struct{}

func (reads) Uses(context.Context, string, string, string, int) ([]connection.Use, string, error) {
	return []connection.Use{{Tenant: "acme", Flow: "shop", Slot: "shop", Active: true, Scopes: []string{"read_products"}}}, "", nil
}
