package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionLease(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionLease, handle(w.Lease()))
	w.Foreign(h, "connection-lease")

	h.Replay(functionstest.Event("connection-lease")).Want(200, `{
		"connectionId": "con_01M7VZGC000000000000000001", "connector": "stripe", "credentialVersion": 1,
		"baseUrl": "https://api.stripe.com/v1", "headers": {"Authorization": "Bearer rk_test_fake_acme_0001"}, "refreshed": false
	}`).WantHeader("cache-control", "no-store")
	if got, want := w.LastAudited(functionstest.Acme), "connection.lease "+functionstest.StripeConnection+" allowed"; got != want {
		t.Errorf("got audit %q, want %q", got, want)
	}
}

func TestConnectionLeaseMinimumLifetime(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionLease, handle(w.Lease()))
	minimum := functionstest.Event("connection-lease.minimum-lifetime")
	h.Replay(minimum).Want(200, `{
		"accessToken": "fake-access-of-acme-1", "tokenType": "Bearer", "expiresAt": "2026-11-20T10:00:00Z", "refreshed": false,
		"baseUrl": "https://acme.my.salesforce.com", "scopes": ["api", "openid", "refresh_token"]
	}`)
	w.At(functionstest.Now.Add(30 * time.Minute)) // The token is valid for less than the 3,000 seconds asked for.
	w.Foreign(h, "connection-lease.minimum-lifetime")
	h.Replay(minimum).Want(200, `{
		"accessToken": "fake-access-of-acme-2", "headers": {"Authorization": "Bearer fake-access-of-acme-2"},
		"expiresAt": "2026-11-20T11:30:00Z", "refreshed": true
	}`)
}

func TestConnectionLeaseRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionLease, handle(w.Lease()))
	refused := functionstest.Event("connection-lease.refused")
	w.At(functionstest.Now.Add(5 * time.Minute)) // The token is valid for long, and no longer new.
	h.Replay(refused).Want(200, `{"accessToken": "fake-access-of-acme-2", "tokenVersion": 2, "refreshed": true}`)
	h.Replay(refused).Want(200, `{"accessToken": "fake-access-of-acme-2", "tokenVersion": 2, "refreshed": false}`)
}

func TestConnectionLeaseUnrecorded(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.BreakAudit()
	h := webtest.New(t, routes.ConnectionLease, handle(w.Lease()))
	w.Unchanged(func() {
		h.Replay(functionstest.Event("connection-lease")).WantProblem(503, fault.CodeRetryLater)
	})
}
