package connect_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

func (w *world) count(tenant string) int {
	w.t.Helper()
	found, _, err := w.Connections.List(w.t.Context(), tenant, connection.Filter{}, "", 100)
	must(w.t, err)
	return len(found)
}

// API-02.
func TestIdempotencyKeyOfCreate(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	first, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	again, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	if again.ID != first.ID || len(w.provider.asked("me")) != 1 {
		t.Errorf("the repetition made %s beside %s", again.ID, first.ID)
	}
	other := request(made.ID)
	other.Fingerprint = "f-2"
	_, err = w.Create(t.Context(), w.caller, other)
	refused(t, err, fault.CodeIdempotencyMismatch)
	elsewhere, err := w.Create(t.Context(), caller("globex", "gil"), request(made.ID))
	must(t, err)
	if elsewhere.ID == first.ID || w.count("acme") != 1 || w.count("globex") != 1 {
		t.Errorf("acme has %d and globex %d connections", w.count("acme"), w.count("globex"))
	}
}

// A request that was refused may be corrected and sent with the same key.
func TestIdempotencyKeyOfARefusedCreate(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	wrong := request(made.ID)
	wrong.Credential = map[string]secret.Bytes{"apiKey": secret.FromString(badKey)}
	_, err := w.Create(t.Context(), w.caller, wrong)
	refused(t, err, fault.CodeVerificationFailed)
	c, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	w.serves(c.ID, goodKey)
}

func TestIdempotencyKeyAtTheSameTime(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	release := make(chan struct{})
	entered := make(chan struct{})
	w.provider.before = func(string) {
		close(entered)
		<-release
	}
	var first connection.Connection
	var group sync.WaitGroup
	group.Go(func() {
		var err error
		if first, err = w.Create(t.Context(), w.caller, request(made.ID)); err != nil {
			t.Error(err)
		}
	})
	<-entered
	for range 5 {
		_, err := w.Create(t.Context(), w.caller, request(made.ID))
		refused(t, err, fault.CodeIdempotencyPending)
		if fault.From(err).RetryAfter <= 0 {
			t.Error("no word of when to come back")
		}
	}
	close(release)
	group.Wait()
	again, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	if again.ID != first.ID || w.count("acme") != 1 {
		t.Errorf("%d connections", w.count("acme"))
	}
}

// The reservation of a run that died ends by itself, not before.
func TestIdempotencyKeyOfADeadRun(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	w.power.cut("connections.create", true, true)
	if _, err := w.Create(t.Context(), w.caller, request(made.ID)); !errors.Is(err, errPower) {
		t.Fatal(err)
	}
	w.power.on()
	_, err := w.Create(t.Context(), w.caller, request(made.ID))
	refused(t, err, fault.CodeIdempotencyPending)
	w.clock.advance(time.Minute)
	c, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	if w.status(c.ID) != "active" || w.count("acme") != 1 {
		t.Errorf("status %s, %d connections", w.status(c.ID), w.count("acme"))
	}
}

// A run that was thought dead finishes after all, just before the one that took
// its reservation over stores the same connection: the first one's stays.
func TestIdempotencyKeyOfASlowRun(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	var first connection.Connection
	w.once("connections.create", func() {
		w.clock.advance(2 * time.Minute)
		w.once("connections.create", func() {})
		var err error
		first, err = w.Create(t.Context(), w.caller, request(made.ID))
		must(t, err)
	})
	second, err := w.Create(t.Context(), w.caller, request(made.ID))
	must(t, err)
	if first.ID != second.ID || w.status(first.ID) != "active" || w.count("acme") != 1 {
		t.Errorf("got %s and %s, status %s, %d connections", first.ID, second.ID, w.status(first.ID), w.count("acme"))
	}
	w.whole()
}

// Without a key every request is its own.
func TestCreateWithoutAKey(t *testing.T) {
	t.Parallel()
	w, made := keyed(t)
	for range 2 {
		_, err := w.Create(t.Context(), w.caller, connect.New{TemplateID: made.ID, Name: "CRM"})
		must(t, err)
	}
	if w.count("acme") != 2 {
		t.Errorf("%d connections", w.count("acme"))
	}
}
