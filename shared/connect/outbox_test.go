package connect_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
)

// told returns the events of a connection of one type, which all have one id
// each time they were told of the same.
func (w *world) told(id, eventType string) (events []notify.Event) {
	w.t.Helper()
	seen := map[string]bool{}
	for _, e := range w.bus.Events() {
		if e.Resource == id && e.Type == eventType && !seen[e.ID] {
			events = append(events, e)
			seen[e.ID] = true
		}
	}
	return events
}

// Whichever write of a disconnection is the last of its process: when the
// connection is gone, its deletion was told, as one event.
func TestDeletionIsToldBeforeItIsDone(t *testing.T) {
	t.Parallel()
	probe := newWorld(t)
	c := probe.connected(probe.demo("oauth2_authorization_code"))
	n := probe.power.count()
	_, err := probe.Disconnect(t.Context(), probe.caller, c.ID, "")
	must(t, err)
	for _, s := range strikes(probe.power.writes[n:]) {
		w := newWorld(t)
		made := w.demo("oauth2_authorization_code")
		c := w.connected(made)
		w.power.cutAt(s.op, s.nth, s.after, s.dies)
		_, _ = w.Disconnect(t.Context(), w.caller, c.ID, "") // What fails last is logged.
		w.power.on()
		if found := w.all(); len(found) == 1 && found[0].Lifecycle != connection.Deleting {
			continue // It never began.
		}
		for range 3 {
			w.clock.advance(5 * time.Minute)
			w.reconcile()
		}
		w.nothing(made)
		if told := w.told(c.ID, notify.ConnectionDeleted); len(told) != 1 || told[0].Detail["revocation"] != "revoked" && told[0].Detail["revocation"] != "failed" {
			t.Errorf("%+v: told %+v, want one deletion", s, told)
		}
	}
}

// A deletion is done for who asked, though the bus is down, and stays on record
// until it is told.
func TestDeletionWaitsForTheBus(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.connected(made)
	w.bus.Err = errPower
	receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	if receipt != method.Revoked || len(w.secretsOf("acme")) != 0 || w.get(c.ID).Lifecycle != connection.Deleting {
		t.Fatalf("receipt %s, secrets %v, %s", receipt, w.secretsOf("acme"), w.get(c.ID).Lifecycle)
	}
	untold := w.get(c.ID).Outbox
	for range 20 {
		w.clock.advance(3 * time.Minute)
		w.reconcile()
	}
	w.bus.Err = nil
	w.clock.advance(3 * time.Minute)
	w.reconcile()
	w.nothing(made)
	if told := w.told(c.ID, notify.ConnectionDeleted); len(told) != 1 || told[0].ID != untold[0].ID || len(untold) != 1 || len(w.provider.asked("revoke")) != 1 {
		t.Errorf("told %+v of %+v; the system was told %d times", told, untold, len(w.provider.asked("revoke")))
	}
}

// While the provider cannot be told, the connection is told to be disabled, once.
func TestPendingDeletionIsTold(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	before := len(w.told(c.ID, notify.ConnectionStatus))
	w.provider.status["revoke"] = 503
	receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	w.clock.advance(2 * time.Minute)
	w.reconcile()
	told := w.told(c.ID, notify.ConnectionStatus)[before:]
	if receipt != method.RevokePending || len(told) != 1 || told[0].Detail["reason"] != "deleting" || told[0].Detail["previous"] != "active" || len(w.get(c.ID).Outbox) != 0 {
		t.Fatalf("receipt %s, told %+v, untold %v", receipt, told, w.get(c.ID).Outbox)
	}
	delete(w.provider.status, "revoke")
	w.clock.advance(10 * time.Minute)
	w.reconcile()
	if again := w.told(c.ID, notify.ConnectionStatus)[before:]; len(again) != 1 || len(w.told(c.ID, notify.ConnectionDeleted)) != 1 {
		t.Errorf("told %+v and %+v", again, w.told(c.ID, notify.ConnectionDeleted))
	}
}

// Whichever write of a replacement or a promotion is the last of its process, a
// credential that became the current one is told to be connected or promoted.
func TestCredentialIsToldAfterACrash(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		begin func(*testing.T) (*world, connection.Connection)
		run   func(*world, string) error
		event string
	}{
		"replace": {replaceable, func(w *world, id string) error { _, err := w.put(id, "*", nextKey); return err }, notify.ConnectionConnected},
		"promote": {staged, func(w *world, id string) error { _, err := w.promote(id, 2, grace); return err }, notify.ConnectionPromoted},
	} {
		probe, c := x.begin(t)
		n := probe.power.count()
		must(t, x.run(probe, c.ID))
		for _, s := range strikes(probe.power.writes[n:]) {
			w, c := x.begin(t)
			before := len(w.told(c.ID, x.event))
			w.strike(s, func() error { return x.run(w, c.ID) })
			current := w.get(c.ID).Credential.Version != c.Credential.Version
			w.drain(c.ID)
			if told := w.told(c.ID, x.event)[before:]; current != (len(told) == 1) {
				t.Errorf("%s %+v: replaced %t, told %+v", name, s, current, told)
			}
		}
	}
}
