package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestWebhookEndpointGet(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	secret := w.Webhook()
	h := webtest.New(t, routes.WebhookEndpointGet, handle(w.WebhookEndpoints()))
	w.Foreign(h, "webhook-endpoint-get")
	answer := h.Replay(functionstest.Event("webhook-endpoint-get")).
		Want(200, `{"id": "`+functionstest.WebhookEndpoint+`", "url": "`+functionstest.WebhookURL+`", "revision": 1}`).WantHeader("etag", `"1"`)
	if strings.Contains(answer.Body, "secret") || strings.Contains(answer.Body, secret) {
		t.Errorf("the answer holds the secret: %s", answer.Body)
	}
}
