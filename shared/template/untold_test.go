package template_test

import (
	"testing"
	"time"
)

// A refusal that the bus did not take is told by the next one that is noted, as
// the same event; nothing more is written once it is out.
func TestRefusedClientIsToldWhenTheBusIsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.make("org", define("crm"))
	c := w.minted(made, 1, 0)
	w.bus.Err = errBusy
	w.Heard(t.Context(), c, 1, clientRefused)
	noted := w.stored(made)
	if noted.Untold == "" || noted.RefusedAt.IsZero() {
		t.Fatalf("noted %+v, want the refusal and its event", noted.Client)
	}
	w.bus.Err = nil
	for range 3 {
		w.now = w.now.Add(time.Hour)
		w.Heard(t.Context(), c, 1, clientRefused)
	}
	told := w.bus.Events()
	if len(told) != 1 || told[0].ID != noted.Untold || !told[0].At.Equal(noted.RefusedAt) {
		t.Errorf("told %+v, want %s once", told, noted.Untold)
	}
	if left := w.stored(made); left.Untold != "" {
		t.Errorf("still untold: %s", left.Untold)
	}
}
