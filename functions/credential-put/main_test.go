package main

import (
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestCredentialPut(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.CredentialPut, handle(w.Connect()))
	w.Foreign(h, "credential-put")

	h.Replay(functionstest.Event("credential-put")).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "status": "active", "connected": true, "revision": 3,
		"credential": {"version": 2, "state": "current", "last4": "0003", "setAt": "2026-11-20T09:00:00Z", "setBy": "acme/ann"}
	}`).WantHeader("etag", `"3"`)
	at := w.Connection(functionstest.Acme, functionstest.StripeConnection).Credential.At
	want := map[string][]string{at.Version: {"AWSCURRENT"}} // The old version is retired.
	if diff := cmp.Diff(want, w.Secrets.Labels(at.Secret)); diff != "" {
		t.Errorf("versions of the secret (-want +got):\n%s", diff)
	}
	lease, err := w.Lease().Lease(t.Context(), functionstest.Person(functionstest.Acme), lease.Request{
		ConnectionID: functionstest.StripeConnection, Purpose: "test",
	})
	if err != nil || lease.Credential.Headers["Authorization"].Reveal() != "Bearer rk_test_fake_acme_0003" {
		t.Errorf("got lease with another key, %v, want the new key", err)
	}
}

func TestCredentialPutWrongKey(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Provider.Refuse("api.stripe.com")
	h := webtest.New(t, routes.CredentialPut, handle(w.Connect()))
	w.Unchanged(func() {
		h.Replay(functionstest.Event("credential-put")).WantProblem(422, fault.CodeVerificationFailed)
		w.Provider.Calls()
	})
}

// A lease goes on handing out the current key while another is pending.
func TestCredentialPutStaged(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.CredentialPut, handle(w.Connect()))
	w.Foreign(h, "credential-put.staged")

	staged := functionstest.Event("credential-put.staged")
	h.Replay(staged).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "status": "active", "connected": true, "revision": 3,
		"credential": {"version": 1, "state": "current", "last4": "0001", "setAt": "2026-11-20T08:00:00Z", "setBy": "acme/ann"},
		"pendingCredential": {"version": 2, "state": "pending", "last4": "0003", "setAt": "2026-11-20T09:00:00Z", "setBy": "acme/ann", "outcome": "ok"}
	}`).WantHeader("etag", `"3"`)
	if w.StripeLease() != functionstest.StripeKey {
		t.Error("the pending key is leased")
	}
	w.Unchanged(func() {
		h.Replay(staged).WantProblem(412, fault.CodePreconditionFailed)
		h.Scoped("connections:read connections:lease").Replay(staged).WantProblem(403, fault.CodeForbidden)
		h.WithHeader("if-match", `"3"`).Replay(functionstest.Event("credential-put")).WantProblem(409, fault.CodeConflict)
	})
}

// ISO-12: what a credential is, and since when, is not the caller's to say.
func TestCredentialPutNamesNothingElse(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.CredentialPut, handle(w.Connect()))
	w.Unchanged(func() {
		for member, value := range map[string]string{"state": `"current"`, "version": "7", "pendingCredential": "{}", "setBy": `"bo"`, "at": "{}"} {
			body := `{"mode": "staged", "credential": {"apiKey": "rk_test_fake_acme_0003"}, "` + member + `": ` + value + `}`
			h.WithBody(body).Replay(functionstest.Event("credential-put")).WantProblem(400, fault.CodeValidationFailed).WantPointer("/" + member)
		}
		h.WithBody(`{"mode": "now", "credential": {"apiKey": "rk_test_fake_acme_0003"}}`).Replay(functionstest.Event("credential-put")).
			WantProblem(400, fault.CodeValidationFailed).WantPointer("/mode")
	})
}

// A key pair is generated only where the auth scheme has one, and never beside a
// credential that is given.
func TestCredentialPutGenerate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.CredentialPut, handle(w.Connect()))
	put := functionstest.Event("credential-put")
	w.Unchanged(func() {
		h.WithBody(`{"generate": true}`).Replay(put).WantProblem(422, fault.CodeSchemeMismatch)
		h.WithBody(`{"generate": true, "credential": {"apiKey": "rk_test_fake_acme_0003"}}`).Replay(put).
			WantProblem(400, fault.CodeValidationFailed).WantPointer("/generate")
		h.WithBody(`{}`).Replay(put).WantProblem(400, fault.CodeValidationFailed)
	})
	w.Certified()
	answer := h.WithBody(`{"generate": true}`).WithHeader("if-match", "*").With(func(e *events.APIGatewayV2HTTPRequest) {
		e.PathParameters = map[string]string{"connectionId": functionstest.CertificateConnection}
	}).Replay(put)
	if answer.StatusCode != 200 {
		t.Fatalf("got %d: %s", answer.StatusCode, answer.Body)
	}
	c := w.Connection(functionstest.Acme, functionstest.CertificateConnection)
	if c.Pending == nil || !strings.Contains(answer.Body, "BEGIN CERTIFICATE") || strings.Contains(answer.Body, "PRIVATE KEY") {
		t.Error("the answer lacks the certificate, or shows its key")
	}
}
