package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// AUD-06: from the answer on, no lease is given of what the switch covers.
func TestKillSwitchCreate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.KillSwitchCreate, handle(w.KillSwitches()))
	create := functionstest.Event("kill-switch-create")
	w.Unchanged(func() {
		h.As(functionstest.Acme).Replay(create).WantProblem(403, fault.CodeForbidden)
	})
	if got := w.LastAudited(functionstest.Acme); got != "killswitch.create salesforce denied" {
		t.Errorf("audited %q", got)
	}
	h.As(auth.Organization).Replay(create).Want(202, `{
		"scope": "connector", "connector": "salesforce", "reason": "tokens leaked", "state": "cutting",
		"progress": {"total": 0, "disabled": 0, "done": false, "startedBy": "org/bo", "startedAt": "2026-11-20T09:00:00Z"}
	}`)
	if got := w.LastAudited(auth.Organization); got != "killswitch.create salesforce allowed" {
		t.Errorf("audited %q", got)
	}
	leased := func(id string) error {
		_, err := w.Lease().Lease(t.Context(), functionstest.Person(functionstest.Acme), lease.Request{ConnectionID: id, Purpose: "test"})
		return err
	}
	if err := leased(functionstest.SalesforceConnection); !fault.Has(err, fault.CodeKillSwitch) {
		t.Errorf("lease under the switch: %v", err)
	}
	if err := leased(functionstest.StripeConnection); err != nil {
		t.Errorf("lease of another connector: %v", err)
	}
	ann := functionstest.Person(functionstest.Acme)
	if _, err := w.Connections().Disable(t.Context(), ann, functionstest.SalesforceConnection, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Connections().Enable(t.Context(), ann, functionstest.SalesforceConnection, ""); !fault.Has(err, fault.CodeKillSwitch) {
		t.Errorf("enabled under the switch: %v", err)
	}
	if c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection); c.Lifecycle != connection.Disabled {
		t.Errorf("lifecycle %s", c.Lifecycle)
	}
}
