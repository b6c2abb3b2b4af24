package connect_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
)

// A session takes away what nobody used. A connection that was cut off and begun
// again has no credential either, and the active flow that names it would be left
// with a connection that is not there.
func TestWithdrawLeavesWhatActiveFlowsName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	w.bind(c, needs("flw_1", true))
	if err := w.Withdraw(t.Context(), w.caller, c.ID); err != nil {
		t.Fatal(err)
	}
	if got := w.get(c.ID); got.Lifecycle != connection.Pending {
		t.Errorf("lifecycle %s", got.Lifecycle)
	}
	w.bind(c)
	if err := w.Withdraw(t.Context(), w.caller, c.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Connections.Get(t.Context(), c.Tenant, c.ID); err == nil {
		t.Error("it is there, and nobody uses it")
	}
}
