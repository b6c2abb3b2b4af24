package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestTemplateCreate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateCreate, handle(w.Templates()))
	for _, tenant := range []string{functionstest.Acme, functionstest.Globex} {
		var created api.Template
		h.As(tenant).Replay(functionstest.Event("template-create")).Want(201, `{
			"connector": "sendgrid", "name": "SendGrid in the EU", "stableKey": "sendgrid", "authScheme": "api_key", "owner": "`+tenant+`",
			"embedded": true, "inputs": {"region": "api.eu.sendgrid.com"}, "revision": 1, "createdAt": "2026-11-20T09:00:00Z"
		}`).WantHeader("etag", `"1"`).Decode(&created)
		for _, other := range []string{functionstest.Acme, functionstest.Globex} {
			if _, err := w.Templater().Get(t.Context(), functionstest.Person(other), created.ID); (err == nil) != (other == tenant) {
				t.Errorf("template of %s read by %s: got %v", tenant, other, err)
			}
		}
	}
}

func TestTemplateCreateWithClientSecret(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TemplateCreate, handle(w.Templates()))
	secrets := len(w.Secrets.Names())
	create := functionstest.Event("template-create.client-secret")
	var created api.Template
	answer := h.Replay(create).Want(201, `{
		"connector": "shopify", "stableKey": "shopify-eu", "authScheme": "oauth2_authorization_code", "owner": "acme", "embedded": false,
		"scopes": ["read_orders", "read_products"], "clientId": "fake-client-of-acme",
		"clientSecret": {"set": true, "last4": "0002", "setAt": "2026-11-20T09:00:00Z", "setBy": "acme/ann"}
	}`)
	answer.Decode(&created)
	if strings.Contains(answer.Body, "fake-client-secret") {
		t.Errorf("the answer holds the secret: %s", answer.Body)
	}
	if want := "https://api.tenon.example/v1/oauth/callback/" + created.ID; created.RedirectURI != want {
		t.Errorf("got redirect URI %q, want %q", created.RedirectURI, want)
	}
	if got := len(w.Secrets.Names()); got != secrets+1 {
		t.Errorf("got %d secrets, want %d", got, secrets+1)
	}
	w.Unchanged(func() { // Another request of this name leaves no secret behind.
		h.WithHeader("idempotency-key", "").Replay(create).WantProblem(409, fault.CodeStableKeyTaken)
	})
}
