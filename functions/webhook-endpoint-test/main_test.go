package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestWebhookEndpointTest(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	secret := w.Webhook()
	h := webtest.New(t, routes.WebhookEndpointTest, handle(w.Webhooks()))
	try := functionstest.Event("webhook-endpoint-test")
	w.Foreign(h, "webhook-endpoint-test")
	w.Unchanged(func() {
		h.Scoped(auth.SettingsRead).Replay(try).WantProblem(403, fault.CodeForbidden)
		h.Replay(try).Want(200, `{"outcome": "delivered", "statusCode": 200}`)
		w.Receiver.SetAnswer(500, nil, nil)
		answer := h.Replay(try).Want(200, `{"outcome": "server_error", "statusCode": 500}`)
		if strings.Contains(answer.Body, "canary") {
			t.Errorf("the answer holds what the endpoint answered: %s", answer.Body)
		}
	})
	got := w.Receiver.Requests()
	if len(got) != 2 || got[0].URL != functionstest.WebhookURL || got[0].VerifySignature(secret) != nil {
		t.Fatalf("got %d requests, want two that are signed", len(got))
	}
	want := `"type":"webhook.test","tenant":"acme","resource":"` + functionstest.WebhookEndpoint + `","at":"2026-11-20T09:00:00Z","data":{}}`
	if body := string(got[0].Body); !strings.HasSuffix(body, want) || !strings.Contains(body, got[0].Header.Get("webhook-id")) {
		t.Errorf("sent %s", body)
	}
	if got, want := w.LastAudited(functionstest.Acme), "webhook_endpoint.test "+functionstest.WebhookEndpoint+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
}
