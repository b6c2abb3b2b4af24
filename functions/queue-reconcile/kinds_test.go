package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestQueueReconcileWalksKillSwitch takes what the sweep sends about a kill switch:
// its scope is cut off, and the provider has forgotten the token.
func TestQueueReconcileWalksKillSwitch(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Kill()
	w.Provider.Calls()
	w.At(w.Now().Add(2 * time.Minute))
	due := `{"tenant":"org","kind":"kill-switch","id":"` + functionstest.KillSwitch + `","at":"` + w.Now().Format(time.RFC3339) + `"}`
	if back := w.Deliver(routes.QueueReconcile, work(w.Reconciler()), due, due); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	if c.Lifecycle != connection.Disabled || c.Credential != nil {
		t.Errorf("got lifecycle %s and credential %v, want it cut off", c.Lifecycle, c.Credential)
	}
	if calls := w.Provider.Calls(); len(calls) != 1 || calls[0] != revocation {
		t.Errorf("calls to the provider: got %q, want the revocation", calls)
	}
	finished := 0
	for _, kind := range w.Bus.Types() {
		if kind == notify.KillSwitchFinished {
			finished++
		}
	}
	if finished != 1 {
		t.Errorf("the end of the walk was told %d times, want once", finished)
	}
}
