package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestWebhookEndpointList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	secret := w.Webhook()
	h := webtest.New(t, routes.WebhookEndpointList, handle(w.WebhookEndpoints()))
	list := functionstest.Event("webhook-endpoint-list")
	answer := h.Replay(list).Want(200, `{"items": [{"id": "`+functionstest.WebhookEndpoint+`", "url": "`+functionstest.WebhookURL+`", "events": [], "enabled": true}]}`)
	if strings.Contains(answer.Body, "secret") || strings.Contains(answer.Body, secret) {
		t.Errorf("the answer holds the secret: %s", answer.Body)
	}
	h.As(functionstest.Globex).Replay(list).Want(200, `{"items": []}`)
}
