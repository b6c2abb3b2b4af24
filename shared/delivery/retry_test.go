package delivery_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/webhook"
)

// An endpoint that takes nothing for a day is attempted eight times for an
// event, then disabled, and its tenant is told by mail.
func TestWHK02EndpointThatFailsForADayIsDisabled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint("acme")
	w.receiver.SetAnswer(503, nil, nil)
	w.tell(connected("evt_1"))
	w.until(start.Add(24*time.Hour - 1))
	if s := w.standing(e); !s.Enabled || !s.FailingAt.Equal(start) || len(w.bus.Events()) > 0 {
		t.Errorf("before a day is over: got %+v", s)
	}
	w.tell(connected("evt_2"))
	w.until(start.Add(72 * time.Hour))
	if s := w.standing(e); s.Enabled || s.Reason != webhook.Failing || !s.DisabledAt.Equal(start.Add(24*time.Hour)) || s.Untold != "" {
		t.Errorf("after a day: got %+v", s)
	}
	var states []string
	for _, d := range w.store.All("acme") {
		states = append(states, d.Event.ID+" "+string(d.State))
		if !d.Due.IsZero() {
			t.Errorf("%s is due again at %v", d.ID(), d.Due)
		}
	}
	if diff := cmp.Diff([]string{"evt_1 failed", "evt_2 dropped"}, states); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	if n := len(w.receiver.Requests()); n != 8 {
		t.Errorf("attempted %d times, want 8", n)
	}
	events := w.bus.Events()
	if len(events) != 1 || events[0].Type != notify.WebhookEndpointDisabled || events[0].Resource != e.ID || events[0].Detail["reason"] != webhook.Failing {
		t.Fatalf("published %+v", events)
	}
	w.tell(events[0])
	mails := w.mailer.Mails()
	if len(mails) != 1 || mails[0].Subject != "The webhook endpoint at hooks.acme.com was disabled" {
		t.Errorf("got mails %+v", mails)
	}
	if len(w.receiver.Requests()) != 8 {
		t.Error("the endpoint was told that it is disabled")
	}
}

func TestAttemptsBackOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	w.receiver.SetAnswer(0, nil, errDown)
	w.tell(connected("evt_1"))
	var at []time.Duration
	for range 8 {
		d := w.store.All("acme")[0]
		at = append(at, d.LastAt.Sub(start))
		if d.Due.IsZero() {
			break
		}
		w.until(d.Due)
	}
	want := []time.Duration{
		0, time.Minute, 6 * time.Minute, 36 * time.Minute, 2*time.Hour + 36*time.Minute, 7*time.Hour + 36*time.Minute, 17*time.Hour + 36*time.Minute, 24 * time.Hour,
	}
	if diff := cmp.Diff(want, at); diff != "" {
		t.Errorf("attempts (-want +got):\n%s", diff)
	}
	for random, want := range map[float64]time.Duration{0: 48 * time.Second, 0.999999999: 72 * time.Second} {
		w := newWorld(t)
		w.Random = func() float64 { return random }
		w.endpoint("acme")
		w.receiver.SetAnswer(500, nil, nil)
		w.tell(connected("evt_1"))
		if got := w.store.All("acme")[0].Due.Sub(start); (got - want).Abs() > time.Second {
			t.Errorf("at %v: got %v, want %v", random, got, want)
		}
	}
}

func TestSuccessForgetsFailures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint("acme")
	w.receiver.SetAnswer(500, nil, nil)
	w.tell(connected("evt_1"))
	w.until(start.Add(20 * time.Hour))
	w.receiver.SetAnswer(200, nil, nil)
	w.tell(connected("evt_2"))
	w.until(start.Add(20*time.Hour + due.Soon))
	w.receiver.SetAnswer(500, nil, nil)
	w.until(start.Add(30 * time.Hour))
	if s := w.standing(e); !s.Enabled || !s.FailingAt.Equal(start.Add(24*time.Hour)) {
		t.Errorf("got %+v, want it enabled and failing since its last attempt", s)
	}
}

func TestEndpointThatIsGoneIsDisabledAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e, other := w.endpoint("acme"), w.endpoint("acme", notify.ConnectionDeleted)
	w.receiver.SetAnswer(410, nil, nil)
	w.tell(connected("evt_1"))
	if s := w.standing(e); s.Enabled || s.Reason != webhook.Gone {
		t.Errorf("got %+v", s)
	}
	if d := w.store.All("acme")[0]; d.State != delivery.Failed || d.Outcome != "gone" || !d.Due.IsZero() {
		t.Errorf("got %+v", d)
	}
	if !w.standing(other).Enabled || len(w.bus.Events()) != 1 {
		t.Errorf("published %+v", w.bus.Events())
	}
}

func TestRetryAfterIsRespected(t *testing.T) {
	t.Parallel()
	for after, want := range map[string]time.Duration{"30": time.Minute, "600": 10 * time.Minute, "86400": time.Hour} {
		w := newWorld(t)
		w.endpoint("acme")
		w.receiver.SetAnswer(429, http.Header{"Retry-After": {after}}, nil)
		w.tell(connected("evt_1"))
		if got := w.store.All("acme")[0].Due.Sub(start); got != want {
			t.Errorf("%s: got %v, want %v", after, got, want)
		}
	}
}

// What was attempted before a person enabled the endpoint again, or gave it
// another URL, says nothing about it.
func TestOldAttemptDoesNotDisable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint("acme")
	w.receiver.SetAnswer(503, nil, nil)
	w.tell(connected("evt_1"))
	w.until(start.Add(23 * time.Hour))
	meanwhile := &sending{w.Sender, func() {
		url := "https://new.acme.com/"
		_, err := w.makes.Update(t.Context(), caller("acme"), e.ID, "*", webhook.Change{URL: &url})
		must(t, err)
	}}
	w.Sender = meanwhile
	w.until(start.Add(25 * time.Hour))
	if s := w.standing(e); !s.Enabled || !s.FailingAt.IsZero() {
		t.Errorf("got %+v", s)
	}
}

func TestTenantsKeyIsNotTheEndpointsFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint("acme")
	_, err := w.endpoints.Update(t.Context(), "acme", e.ID, func(e *webhook.Endpoint) error { e.Secrets[0].Sealed[20] ^= 1; return nil })
	must(t, err)
	w.tell(connected("evt_1"))
	if d := w.store.All("acme")[0]; d.Outcome != "unsigned" || d.State != delivery.Pending {
		t.Errorf("got %+v", d)
	}
	w.until(start.Add(48 * time.Hour))
	if s := w.standing(e); !s.Enabled || len(w.receiver.Requests()) > 0 {
		t.Errorf("got %+v", s)
	}
}

func TestDeletedEndpointGetsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint("acme")
	w.receiver.SetAnswer(503, nil, nil)
	w.tell(connected("evt_1"))
	must(t, w.makes.Delete(t.Context(), caller("acme"), e.ID, ""))
	w.until(start.Add(48 * time.Hour))
	if d := w.store.All("acme")[0]; d.State != delivery.Dropped || d.Outcome != delivery.Unwanted || len(w.receiver.Requests()) != 1 {
		t.Errorf("got %+v", d)
	}
}
