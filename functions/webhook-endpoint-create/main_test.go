package main

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestWebhookEndpointCreate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.WebhookEndpointCreate, handle(w.Webhooks()))
	create := functionstest.Event("webhook-endpoint-create")
	var made api.WebhookEndpoint
	h.Replay(create).Want(201, `{
		"url": "https://hooks.acme.com/tenon", "description": "Operations", "events": ["connection.deleted", "connection.status"],
		"enabled": true, "revision": 1, "createdAt": "2026-11-20T09:00:00Z", "createdBy": "acme/ann"
	}`).WantHeader("etag", `"1"`).Decode(&made)
	if len(made.Secret) != len("whsec_")+44 || !strings.HasPrefix(made.Secret, "whsec_") {
		t.Errorf("got a secret of %d characters", len(made.Secret))
	}
	if got, want := w.LastAudited(functionstest.Acme), "webhook_endpoint.create "+made.ID+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	w.Unchanged(func() {
		h.Replay(create).Want(201, `{"id": "`+made.ID+`", "secret": "`+made.Secret+`"}`)
		h.WithBody(`{"url":"https://other.acme.com"}`).Replay(create).WantProblem(409, fault.CodeIdempotencyMismatch)
		fresh := h.WithHeader("idempotency-key", "")
		for _, address := range []string{
			"http://hooks.acme.com/", "https://127.0.0.1/", "https://169.254.169.254/latest", "https://localhost/", "https://hooks.acme.com:8443/",
			"https://ann:pw@hooks.acme.com/", "https://dynamodb.eu-west-1.amazonaws.com/", "ftp://hooks.acme.com/", "hooks.acme.com", "https://10.0.0.1.nip.io/",
		} {
			fresh.WithBody(`{"url":"`+address+`"}`).Replay(create).WantProblem(422, fault.CodeEgressDenied)
		}
		fresh.WithBody(`{"url":"https://hooks.acme.com/","events":["connection.status","connection.renamed"]}`).Replay(create).
			WantProblem(400, fault.CodeValidationFailed).WantPointer("/events/1")
		fresh.WithBody(`{"url":"https://hooks.acme.com/","events":["provider.outage"]}`).Replay(create).WantProblem(400, fault.CodeValidationFailed)
		fresh.As("unknown").Replay(create).WantProblem(409, fault.CodeTenantUnknown)
		fresh.Scoped(auth.SettingsRead).Replay(create).WantProblem(403, fault.CodeForbidden)
	})
	fresh := h.WithHeader("idempotency-key", "")
	for range 9 {
		fresh.Replay(create).Want(201, "")
	}
	fresh.Replay(create).WantProblem(409, fault.CodeLimitExceeded)
	fresh.As(functionstest.Globex).Replay(create).Want(201, "")
	fresh.As(auth.Organization).WithBody(`{"url":"https://hooks.vendor.com/","events":["provider.outage"]}`).Replay(create).Want(201, "")
}
