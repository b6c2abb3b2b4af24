package template_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/template"
)

// What a scheme needs of the template's client is missing while it is not there.
func TestMissing(t *testing.T) {
	t.Parallel()
	oauth := func(clientAuth string, fields ...catalog.Input) catalog.Scheme {
		return catalog.Scheme{Type: "oauth2_authorization_code", OAuth: &catalog.OAuth{ClientAuth: clientAuth, AuthorizeURL: "https://x"}, Fields: fields}
	}
	consumer := catalog.Scheme{Type: "oauth1", OAuth1: &catalog.OAuth1{}}
	own := consumer
	own.Fields = []catalog.Input{{Name: "consumerKey"}}
	for _, tt := range []struct {
		name     string
		scheme   catalog.Scheme
		clientID string
		secret   bool
		want     string
	}{
		{"a key", catalog.Scheme{Type: "api_key"}, "", false, ""},
		{"no client", oauth("client_secret_basic"), "", false, "clientId clientSecret"},
		{"no secret", oauth("client_secret_post"), "client-1", false, "clientSecret"},
		{"complete", oauth("client_secret_post"), "client-1", true, ""},
		{"public client", oauth("none"), "", false, "clientId"},
		{"client that signs", oauth("private_key_jwt"), "client-1", false, ""},
		{"connections bring their own", oauth("client_secret_post", catalog.Input{Name: "clientId"}), "", false, ""},
		{"an optional client of its own without a secret", oauth("client_secret_post", catalog.Input{Name: "clientId"}), "client-1", false, "clientSecret"},
		{"consumer", consumer, "", false, "clientId clientSecret"},
		{"consumer without a secret", consumer, "key", false, "clientSecret"},
		{"connections bring their own consumer", own, "", false, ""},
		{"a secret of no consumer", own, "", true, "clientId"},
	} {
		made := template.Template{Client: template.Client{ClientID: tt.clientID}}
		if tt.secret {
			made.Secret = &template.ClientSecret{}
		}
		if got := made.Missing(tt.scheme); !slices.Equal(got, strings.Fields(tt.want)) {
			t.Errorf("%s: got %v, want %q", tt.name, got, tt.want)
		}
	}
}
