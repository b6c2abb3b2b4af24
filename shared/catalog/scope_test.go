package catalog_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
)

// A system may name a wider scope, or the same one by another name; whether a
// refresh token was granted shows by itself.
func TestLacks(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		connector, granted, wanted string
		refreshable                bool
		want                       string
	}{
		"as granted":              {"shopify", "read_products", "read_products", false, ""},
		"not granted":             {"shopify", "read_products", "write_products read_orders", false, "read_orders write_products"},
		"implied by writing":      {"shopify", "write_products", "read_products", false, ""},
		"implies no writing":      {"shopify", "read_products", "write_products", false, "write_products"},
		"by another name":         {"google-workspace", "openid https://www.googleapis.com/auth/userinfo.email", "email openid", false, ""},
		"with a refresh token":    {"microsoft-365", "User.Read", "User.Read offline_access", true, ""},
		"without a refresh token": {"microsoft-365", "User.Read", "User.Read offline_access", false, "offline_access"},
		"of a key":                {"sendgrid", "mail.send", "mail.send stats.read", false, "stats.read"},
		"nothing":                 {"shopify", "", "read_orders read_orders", true, "read_orders"},
	} {
		c, err := catalog.Catalog{}.Load(test.connector)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(c.Schemes[0].Lacks(strings.Fields(test.granted), test.refreshable, strings.Fields(test.wanted)), " "); got != test.want {
			t.Errorf("%s: lacks %q, want %q", name, got, test.want)
		}
	}
}
