package walktest_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
)

// enter goes from authorize through the provider's page, and lets the job see it.
func (w *world) enter(c connection.Connection) {
	w.t.Helper()
	started, err := w.connects.Authorize(w.t.Context(), ann(), connect.Ask{ConnectionID: c.ID})
	must(w.t, err)
	w.poll(started.Handoff.Poll.Interval)
	must(w.t, w.provider.Enter(started.UserCode.Reveal()))
	w.poll(started.Handoff.Poll.Interval)
}

func (w *world) poll(after time.Duration) {
	w.t.Helper()
	w.advance(after)
	due, _, failed, err := w.connects.PollDevices(w.t.Context(), "req-2")
	must(w.t, err)
	if due != 1 || failed != 0 {
		w.t.Fatalf("%d handoffs were due, %d failed", due, failed)
	}
}

func walkDevice(t *testing.T, w *world) {
	c, err := w.create(t.Context(), nil)
	must(t, err)
	w.enter(c)
	c = w.get(c.ID)
	w.wantEstablished(t, c)
	first := w.wantToken(t, c.ID)
	second := w.renewed(t, c.ID, first)
	w.renewed(t, c.ID, second) // With the token of the first refresh.
	w.end(t, c.ID)
}
