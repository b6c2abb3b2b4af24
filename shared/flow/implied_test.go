package flow_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
)

// Shopify leaves out of its answer what a wider scope implies; Microsoft never
// lists what a refresh token proves.
func TestBindingAcceptsWhatIsGrantedInOtherWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		scheme, granted, wanted string
		want                    fault.Code
	}{
		"implied":         {"oauth2_authorization_code", "write_products", "read_products", ""},
		"not implied":     {"oauth2_authorization_code", "read_products", "write_products", fault.CodeBindingRefused},
		"a refresh token": {"oauth2_authorization_code", "read_products", "offline_access", ""},
		"another scheme":  {"gone", "write_products", "read_products", fault.CodeBindingRefused},
	} {
		w := newWorld(t)
		w.connect("acme", "con_1", func(c *connectionRecord) {
			c.Connector, c.Scheme, c.GrantedScopes, c.ScopesReported = "shopify", test.scheme, []string{test.granted}, true
		})
		b := flow.Binding{Slot: "step", Connector: "shopify", Scopes: []string{test.wanted}, ConnectionID: "con_1"}
		_, err := w.Put(t.Context(), ann, "orders", "", flow.Define{Name: "Orders", Bindings: []flow.Binding{b}})
		if (err == nil) != (test.want == "") || err != nil && !fault.Has(err, test.want) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}
