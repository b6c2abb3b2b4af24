package due_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/metric"
)

// swept runs a sweep and returns what it measured.
func (r *rig) swept(t *testing.T) (got struct {
	SweepFound, SweepSent, QueueDepth, BacklogAge float64
	Index                                         string
}) {
	t.Helper()
	out := new(bytes.Buffer)
	e := &metric.Emitter{Out: out, Now: r.time}
	if _, _, _, err := r.Sweep(metric.With(t.Context(), e), "run-1"); err != nil {
		t.Fatal(err)
	}
	e.Flush()
	if err := json.Unmarshal(out.Bytes(), &got); err != nil || got.Index != "refresh-due" {
		t.Fatalf("wrote %q, %v", out, err)
	}
	return got
}

// A sweep says what it sent; one that finds the queue full says how much waits
// there and how old what it left may be.
func TestSweepIsMeasured(t *testing.T) {
	t.Parallel()
	r := newRig(100)
	r.fill("acme", 300, start)
	if got := r.swept(t); got.SweepSent == 0 || got.SweepSent == 300 || got.BacklogAge == 0 || got.SweepFound < got.SweepSent || got.QueueDepth != 0 {
		t.Errorf("first: %+v", got)
	}
	r.pass(20 * time.Minute)
	if got := r.swept(t); got.QueueDepth == 0 || got.BacklogAge < float64((20*time.Minute).Milliseconds()) {
		t.Errorf("of a full queue: %+v", got)
	}
	r = newRig(100)
	r.plan("acme", "con_1", start)
	if got := r.swept(t); got.SweepFound != 1 || got.SweepSent != 1 || got.BacklogAge != 0 {
		t.Errorf("of what fits: %+v", got)
	}
}
