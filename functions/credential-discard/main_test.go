package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestCredentialDiscard(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Staged()
	h := webtest.New(t, routes.CredentialDiscard, handle(w.Connect()))
	w.Foreign(h, "credential-discard")

	discard := functionstest.Event("credential-discard")
	h.Replay(discard).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "status": "active", "revision": 4,
		"credential": {"version": 1, "state": "current", "last4": "0001"}
	}`).WantHeader("etag", `"4"`)
	c := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	if diff := cmp.Diff(map[string][]string{c.Credential.At.Version: {"AWSCURRENT"}}, w.Secrets.Labels(c.SecretName)); diff != "" || c.Pending != nil {
		t.Errorf("pending %v, versions of the secret (-want +got):\n%s", c.Pending, diff)
	}
	if w.StripeLease() != functionstest.StripeKey {
		t.Error("another key than the current one is leased")
	}
	w.Unchanged(func() {
		h.Replay(discard).WantProblem(412, fault.CodePreconditionFailed)
		h.WithHeader("if-match", "*").Replay(discard).WantProblem(409, fault.CodeConflict)
		h.WithHeader("if-match", "").Replay(discard).WantProblem(428, fault.CodePreconditionRequired)
		h.Scoped("connections:read connections:lease").Replay(discard).WantProblem(403, fault.CodeForbidden)
	})
}
