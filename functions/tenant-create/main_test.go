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

func TestTenantCreate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.TenantCreate, handle(w.Onboarding()))
	create := functionstest.Event("tenant-create") // Sent by the organization.
	w.Unchanged(func() {
		h.As(functionstest.Globex).Replay(create).WantProblem(403, fault.CodeForbidden)
	})

	var created api.Tenant
	h.Replay(create).Want(201, `{"id": "initech", "name": "Initech", "state": "ready", "createdAt": "2026-11-20T09:00:00Z"}`).Decode(&created)
	if !strings.HasPrefix(created.KeyARN, "arn:aws:kms:") {
		t.Errorf("got key %q, want the ARN of its own key", created.KeyARN)
	}
	w.Unchanged(func() { h.Replay(create).Want(201, `{"id": "initech", "keyArn": "`+created.KeyARN+`"}`) })
	w.Unchanged(func() {
		h.WithBody(`{"id":"initech","name":"Another"}`).Replay(create).WantProblem(409, fault.CodeTenantExists)
		h.WithHeader("idempotency-key", "").Replay(create).WantProblem(409, fault.CodeTenantExists)
	})
}
