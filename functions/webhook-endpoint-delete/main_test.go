package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestWebhookEndpointDelete(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Webhook()
	h := webtest.New(t, routes.WebhookEndpointDelete, handle(w.WebhookEndpoints()))
	remove := functionstest.Event("webhook-endpoint-delete")
	w.Foreign(h, "webhook-endpoint-delete")
	w.Unchanged(func() { h.WithHeader("if-match", `"2"`).Replay(remove).WantProblem(412, fault.CodePreconditionFailed) })
	if answer := h.Replay(remove); answer.StatusCode != 204 || answer.Body != "" {
		t.Errorf("got status %d with body %q, want 204 without", answer.StatusCode, answer.Body)
	}
	if e := w.Endpoint(functionstest.Acme, functionstest.WebhookEndpoint); e.ID != "" {
		t.Errorf("got %+v", e)
	}
	if got, want := w.LastAudited(functionstest.Acme), "webhook_endpoint.delete "+functionstest.WebhookEndpoint+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	h.Replay(remove).WantProblem(404, fault.CodeNotFound)
}
