package client_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/secret"
)

// Secrets reach the server, wherever in a request they stand.
func TestCallRevealsSecretsToTheServerOnly(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, answer(200, "application/json", `{}`))
	key := secret.FromString("k\"1")
	for _, test := range []struct {
		name string
		call func() error
		want any
	}{
		{"a member", func() error {
			_, err := client.Call(t.Context(), c, routes.TemplateCreate, api.TemplateCreate{Connector: "shopify", Name: "Shop", ClientSecret: key})
			return err
		}, map[string]any{"connector": "shopify", "name": "Shop", "clientSecret": "k\"1"}},
		{"an absent member", func() error {
			_, err := client.Call(t.Context(), c, routes.TemplateCreate, api.TemplateCreate{Connector: "shopify", Name: "Shop"})
			return err
		}, map[string]any{"connector": "shopify", "name": "Shop"}},
		{"a pointer", func() error {
			_, err := client.Call(t.Context(), c, routes.TemplateUpdate, api.TemplateUpdate{TemplateID: "tpl_1", ClientSecret: &key})
			return err
		}, map[string]any{"clientSecret": "k\"1"}},
		{"a map", func() error {
			_, err := client.Call(t.Context(), c, routes.CredentialPut, api.CredentialPut{ConnectionID: "con_1", Credential: map[string]secret.Bytes{"apiKey": key}})
			return err
		}, map[string]any{"credential": map[string]any{"apiKey": "k\"1"}}},
	} {
		if err := test.call(); err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if diff := cmp.Diff(test.want, seen.Body); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	c := client.New("http://127.0.0.1:1/\x7f", nil, nil)
	in := api.CredentialPut{ConnectionID: "con_1", Credential: map[string]secret.Bytes{"apiKey": secret.FromString("canary")}}
	_, err := client.Call(t.Context(), c, routes.CredentialPut, in)
	if err == nil || strings.Contains(fmt.Sprintf("%+v", err), "canary") {
		t.Errorf("got %v", err)
	}
}
