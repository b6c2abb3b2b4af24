package expiry_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/metric"
)

// Reminders are counted, and those that the bus did not take: an alarm watches that.
func TestRemindersAreMeasured(t *testing.T) {
	t.Parallel()
	r, out := newRig(t, ladder), new(bytes.Buffer)
	r.connect(t, "con_1", key())
	r.now = lapses.Add(-14 * day)
	e := &metric.Emitter{Namespace: "Tenon/test", Out: out, Now: time.Now}
	for _, err := range []error{errors.New("down"), nil} {
		r.bus.Err = err
		r.now = r.now.Add(time.Hour)
		got := r.Due(metric.With(t.Context(), e), "run-1", due.Item{Tenant: "acme", Kind: due.Connection, ID: "con_1"})
		if (got == nil) != (err == nil) {
			t.Errorf("bus %v: got %v", err, got)
		}
	}
	e.Flush()
	for _, want := range []string{`"Reminders":1,`, `"outcome":"sent"`, `"outcome":"failed"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got %s, want %s", out, want)
		}
	}
}
