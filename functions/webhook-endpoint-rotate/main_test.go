package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestWebhookEndpointRotate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	old := w.Webhook()
	h := webtest.New(t, routes.WebhookEndpointRotate, handle(w.Webhooks()))
	rotate := functionstest.Event("webhook-endpoint-rotate")
	w.Foreign(h, "webhook-endpoint-rotate")
	w.Unchanged(func() { h.WithHeader("if-match", `"2"`).Replay(rotate).WantProblem(412, fault.CodePreconditionFailed) })
	var made api.WebhookEndpoint
	h.Replay(rotate).Want(200, `{"id": "`+functionstest.WebhookEndpoint+`", "previousSecretUntil": "2026-11-21T09:00:00Z", "revision": 2}`).Decode(&made)
	if made.Secret == old || len(made.Secret) != len(old) {
		t.Error("the secret is not a new one")
	}
	if got, want := w.LastAudited(functionstest.Acme), "webhook_endpoint.rotate "+functionstest.WebhookEndpoint+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	for range 3 {
		h.Replay(rotate).Want(200, "")
	}
	w.Unchanged(func() { h.Replay(rotate).WantProblem(409, fault.CodeLimitExceeded) })
	w.At(w.Now().AddDate(0, 0, 1))
	h.Replay(rotate).Want(200, "")
	if e := w.Endpoint(functionstest.Acme, functionstest.WebhookEndpoint); len(e.Secrets) != 2 || e.Secrets[0].Version != 6 {
		t.Errorf("got %d secrets, want those that sign", len(e.Secrets))
	}
}
