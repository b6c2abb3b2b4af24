package inheritance_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// What a connection's own inputs say is where it is at once. A token that may not go
// along is leased no more, and a person is told, until the inputs are what they were.
func TestOwnInputsChange(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	made := r.define("person", map[string]string{"host": "api.desk.com"})
	c := r.connect(made, "acme", 1, map[string]string{"realm": "first"})
	connections := connection.Service{Store: r.memory, Audit: r.audit, Events: r.bus, Inputs: r.service, Now: func() time.Time { return r.now }}
	change := func(inputs map[string]string) {
		t.Helper()
		_, err := connections.Update(t.Context(), person("acme"), c.ID, "*", connection.Change{Inputs: inputs})
		must(t, err)
	}
	change(map[string]string{"realm": "first", "version": "v2"})
	if got := r.get(c); got.BaseURL != "https://api.desk.com/v2" || !got.Due.Refresh.Equal(r.now.Add(due.Soon)) {
		t.Errorf("at %s, refreshed %s from now", got.BaseURL, got.Due.Refresh.Sub(r.now))
	}
	change(map[string]string{"realm": "second"})
	if got := r.status(c); got != "degraded inputs_changed" {
		t.Errorf("of another realm: %s", got)
	}
	if _, err := r.lend(c); err == nil {
		t.Error("the token of another realm is leased")
	}
	change(map[string]string{"realm": "first"})
	if got := r.status(c); got != "active " {
		t.Errorf("of its own realm: %s", got)
	}
}
