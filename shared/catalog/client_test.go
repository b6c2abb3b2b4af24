package catalog_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
)

func TestNamesClient(t *testing.T) {
	t.Parallel()
	oauth := func(auth string) *catalog.OAuth { return &catalog.OAuth{ClientAuth: auth} }
	for _, tt := range []struct {
		name   string
		scheme catalog.Scheme
		want   bool
	}{
		{"no OAuth", catalog.Scheme{Type: "api_key"}, false},
		{"client credentials", catalog.Scheme{OAuth: oauth("client_secret_basic")}, true},
		{"public client", catalog.Scheme{OAuth: oauth("none")}, true},
		{"public client that authorizes", catalog.Scheme{OAuth: &catalog.OAuth{ClientAuth: "none", AuthorizeURL: "https://x"}, Assertion: &catalog.Assertion{Issuer: "x"}}, true},
		{"key of the client", catalog.Scheme{OAuth: oauth("private_key_jwt"), Assertion: &catalog.Assertion{}}, true},
		{"client of an input", catalog.Scheme{OAuth: oauth("private_key_jwt"), Assertion: &catalog.Assertion{}, Inputs: []catalog.Input{{Name: "clientId"}}}, false},
		{"assertion of the client", catalog.Scheme{Type: "oauth2_jwt_bearer", OAuth: oauth("none"), Assertion: &catalog.Assertion{}}, true},
		{"assertion that names the client", catalog.Scheme{OAuth: oauth("none"), Assertion: &catalog.Assertion{Issuer: "x", Subject: "u-{clientId}"}}, true},
		{"assertion of another", catalog.Scheme{Type: "oauth2_jwt_bearer", OAuth: oauth("none"), Assertion: &catalog.Assertion{Issuer: "{account}"}}, false},
		{"service account", catalog.Scheme{Type: "service_account_key", OAuth: oauth("none"), Assertion: &catalog.Assertion{}}, false},
		{"service account, undescribed", catalog.Scheme{Type: "service_account_key", OAuth: oauth("none")}, false},
	} {
		if got := tt.scheme.NamesClient(); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
