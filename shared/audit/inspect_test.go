package audit_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/notify"
)

// The whole chain is verified once a week, in parts, and the event is an anchor
// of the chain outside of the table.
func TestInspection(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	for range 230 { // More seals than one message verifies.
		a.append("acme", 1)
		a.after(20 * time.Minute)
	}
	if got := a.bus.Events(); len(got) != 0 {
		t.Fatalf("told %v before a week was over", got)
	}
	a.now = a.now.Add(7 * 24 * time.Hour)
	a.after(0)
	if i, err := a.store.Inspection(t.Context(), "acme"); err != nil || i.Next < 200 || len(a.bus.Events()) != 0 {
		t.Errorf("after one message: got %+v, %v, %d events; want it to go on", i, err, len(a.bus.Events()))
	}
	a.after(2 * time.Minute)
	a.after(2 * time.Minute)
	told := a.bus.Events()
	if len(told) != 1 || told[0].Type != notify.AuditVerified || told[0].Detail["seals"] != "230" || told[0].Detail["entries"] != "230" ||
		told[0].Detail["head"] != a.head("acme").Hash || told[0].Resource != "audit" {
		t.Fatalf("told %+v, want that 230 seals are verified up to %s", told, a.head("acme").Hash)
	}
	a.after(7 * 24 * time.Hour)
	a.after(2 * time.Minute)
	if again := a.bus.Events(); len(again) != 2 || again[1].ID == again[0].ID {
		t.Errorf("a week later: told %+v, want another event", again)
	}
}

// A chain that is broken in many places is told of in a few events, and never
// that it was verified.
func TestInspectionOfAShambles(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	for range 15 {
		a.append("acme", 1)
		a.after(time.Hour)
	}
	a.store.Tamper("acme", func(entries map[string]audit.Entry, _ map[int64]audit.Seal) { clear(entries) })
	a.after(8 * 24 * time.Hour)
	for _, kind := range a.bus.Types() {
		if kind != notify.AuditBroken {
			t.Errorf("told %s", kind)
		}
	}
	if got := len(a.bus.Events()); got != 10 {
		t.Errorf("told of %d breaks, want ten", got)
	}
}
