package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestCredentialPromote(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Staged()
	h := webtest.New(t, routes.CredentialPromote, handle(w.Connect()))
	w.Foreign(h, "credential-promote")

	promote := functionstest.Event("credential-promote")
	h.Replay(promote).Want(200, `{
		"id": "con_01M7VZGC000000000000000001", "status": "active", "connected": true, "revision": 4,
		"credential": {"version": 2, "state": "current", "last4": "0002", "setAt": "2026-11-20T09:00:00Z", "setBy": "acme/ann"},
		"previousCredential": {"version": 1, "state": "previous", "last4": "0001", "setAt": "2026-11-20T08:00:00Z", "destroyedAt": "2026-11-20T10:00:00Z"}
	}`).WantHeader("etag", `"4"`)
	c := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	want := map[string][]string{c.Credential.At.Version: {"AWSCURRENT"}, c.Previous.At.Version: {"AWSPREVIOUS"}}
	if diff := cmp.Diff(want, w.Secrets.Labels(c.SecretName)); diff != "" {
		t.Errorf("versions of the secret (-want +got):\n%s", diff)
	}
	if w.StripeLease() != functionstest.NextStripeKey {
		t.Error("another key than the promoted one is leased")
	}
	published := w.Bus.Events()
	if last := published[len(published)-1]; last.Type != notify.ConnectionPromoted || last.Detail["version"] != "2" {
		t.Errorf("got event %+v, want the promotion", last)
	}
	h.WithHeader("if-match", `"4"`).WithBody(`{"version": 1}`).Replay(promote).Want(200, `{
		"credential": {"version": 1, "state": "current", "last4": "0001"},
		"previousCredential": {"version": 2, "state": "previous", "destroyedAt": "2026-11-21T09:00:00Z"}
	}`)
	if w.StripeLease() != functionstest.StripeKey {
		t.Error("another key than the one rolled back to is leased")
	}
}

func TestCredentialPromoteRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Staged()
	h := webtest.New(t, routes.CredentialPromote, handle(w.Connect()))
	promote := functionstest.Event("credential-promote")
	w.Unchanged(func() {
		h.Scoped("connections:read connections:lease").Replay(promote).WantProblem(403, fault.CodeForbidden)
		h.WithHeader("if-match", `"2"`).Replay(promote).WantProblem(412, fault.CodePreconditionFailed)
		h.WithHeader("if-match", "").Replay(promote).WantProblem(428, fault.CodePreconditionRequired)
		h.WithBody(`{"version": 7}`).Replay(promote).WantProblem(409, fault.CodeConflict)
		for member, body := range map[string]string{"graceSeconds": `{"graceSeconds": 604801}`, "version": `{"version": 0}`, "state": `{"state": "current"}`} {
			h.WithBody(body).Replay(promote).WantProblem(400, fault.CodeValidationFailed).WantPointer("/" + member)
		}
		w.Provider.Refuse("api.stripe.com")
		h.Replay(promote).WantProblem(422, fault.CodeVerificationFailed)
		w.Provider.Calls()
	})
}
