package inheritance_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// What a key is handed out with is made anew by the connection's own inputs, once,
// and is tried again later where it cannot be read.
func TestAKeyIsAppliedToOwnInputs(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("key", map[string]string{"host": "api.desk.com"})
	c := r.connect(made, "acme", 1, nil)
	connections := connection.Service{Store: r.memory, Audit: r.audit, Events: r.bus, Inputs: r.service, Now: func() time.Time { return r.now }}
	_, err := connections.Update(t.Context(), person("acme"), c.ID, "*", connection.Change{Inputs: map[string]string{"workspace": "sales"}})
	must(t, err)
	job := auth.Job("queue-reconcile", "acme", "run-1")
	good := r.walker.Secrets
	r.walker.Secrets = &vaulttest.Secrets{}
	if err := r.walker.Reapply(t.Context(), job, c.ID); err == nil {
		t.Error("made anew without the key")
	}
	if got := r.get(c).Due.Reconcile.Sub(r.now); got != time.Hour {
		t.Errorf("tried again after %s", got)
	}
	r.walker.Secrets = good
	must(t, r.walker.Reapply(t.Context(), job, c.ID))
	r.hands(c, "https://api.desk.com/v1", map[string]string{"X-Key": "key-of-acme", "X-Workspace": "sales"})
	got := r.get(c)
	if !got.ReapplyAt.IsZero() || !got.Due.Reconcile.IsZero() {
		t.Errorf("due again: %s", got.Due.Reconcile)
	}
	must(t, r.walker.Reapply(t.Context(), job, c.ID))
	if again := r.get(c); again.Version != got.Version {
		t.Error("made anew twice")
	}
}
