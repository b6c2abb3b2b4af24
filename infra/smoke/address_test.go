package smoke_test

import (
	"testing"

	"github.com/tenonhq/tenon/infra/smoke"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	const cloud = "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com"
	for _, c := range []struct {
		url, system string
		ok          bool
	}{
		{"https://tenon.example.com", "", true},
		{"https://tenon.example.com/", "", true},
		{"http://127.0.0.1:8787", "", true},
		{"http://localhost:8787", "", true},
		{cloud, "https://login.example.com/.well-known/openid-configuration", true},
		{cloud, "", false},
		{"http://tenon.example.com", "", false},
		{"tenon.example.com", "", false},
		{"https://tenon.example.com/v1", "", false},
		{"https://me:pw@tenon.example.com", "", false},
		{"https://tenon.example.com?a=b", "", false},
		{"", "", false},
		{"ftp://127.0.0.1", "", false},
	} {
		if err := (smoke.Config{URL: c.url, System: c.system}).Validate(); (err == nil) != c.ok {
			t.Errorf("%q with the system %q: got %v, want it taken %v", c.url, c.system, err, c.ok)
		}
	}
}
