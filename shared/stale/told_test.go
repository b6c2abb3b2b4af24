package stale_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/tenant"
)

// AUD-07: what is told again, by a run after one that died, is the same event.
func TestAUD07ToldAgainIsTheSameEvent(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{StaleDays: 90})
	r.on(90)
	_, err := r.store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error { c.StaleAt = time.Time{}; return nil })
	if err != nil {
		t.Fatal(err)
	}
	r.on(91)
	if told := r.bus.Events(); len(told) != 2 || told[0].ID != told[1].ID {
		t.Errorf("got %+v, want one event twice", told)
	}
}
