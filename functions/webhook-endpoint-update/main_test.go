package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestWebhookEndpointUpdate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Webhook()
	h := webtest.New(t, routes.WebhookEndpointUpdate, handle(w.Webhooks()))
	update := functionstest.Event("webhook-endpoint-update")
	w.Foreign(h, "webhook-endpoint-update")
	w.Unchanged(func() {
		h.WithHeader("if-match", "").Replay(update).WantProblem(428, fault.CodePreconditionRequired)
		h.WithHeader("if-match", `"2"`).Replay(update).WantProblem(412, fault.CodePreconditionFailed)
		h.WithBody(`{"url":"https://10.0.0.1/"}`).Replay(update).WantProblem(422, fault.CodeEgressDenied)
		h.WithBody(`{"events":["provider.outage"]}`).Replay(update).WantProblem(400, fault.CodeValidationFailed).WantPointer("/events/0")
		h.Scoped(auth.SettingsRead).Replay(update).WantProblem(403, fault.CodeForbidden)
	})
	h.Replay(update).Want(200, `{"url": "https://hooks.acme.com/tenon/v2", "events": [], "enabled": false, "disabledAt": "2026-11-20T09:00:00Z", "revision": 2}`).
		WantHeader("etag", `"2"`)
	h.WithHeader("if-match", `"2"`).WithBody(`{"events":["connection.status"]}`).Replay(update).
		Want(200, `{"url": "https://hooks.acme.com/tenon/v2", "events": ["connection.status"], "enabled": false, "revision": 3}`)
	h.WithHeader("if-match", `"3"`).WithBody(`{"enabled":true}`).Replay(update).Want(200, `{"events": ["connection.status"], "enabled": true, "revision": 4}`)
	if e := w.Endpoint(functionstest.Acme, functionstest.WebhookEndpoint); !e.DisabledAt.IsZero() {
		t.Errorf("enabled, and disabled at %v", e.DisabledAt)
	}
	if got, want := w.LastAudited(functionstest.Acme), "webhook_endpoint.update "+functionstest.WebhookEndpoint+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
}
