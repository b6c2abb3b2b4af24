package delivery_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/webhook"
)

func TestEventGoesToWhoWantsIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all, some := w.endpoint("acme"), w.endpoint("acme", notify.ConnectionConnected, notify.ConnectionDeleted)
	w.endpoint("acme", notify.ConnectionDeleted)
	w.endpoint("globex")
	off := w.endpoint("acme")
	_, err := w.makes.Update(t.Context(), caller("acme"), off.ID, "*", webhook.Change{Enabled: new(bool)})
	must(t, err)
	w.tell(connected("evt_1"))
	var got []string
	for _, d := range w.store.All("acme") {
		got = append(got, d.Target+" "+string(d.State))
	}
	want := []string{all.ID + " delivered", some.ID + " delivered"}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	if hosts := w.hosts(); len(hosts) != 2 || len(w.store.All("globex")) > 0 || len(w.mailer.Mails()) > 0 {
		t.Errorf("sent to %q, %d mails", hosts, len(w.mailer.Mails()))
	}
}

func TestOrganizationGetsItsEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	w.endpoint("org")
	w.tell(notify.Event{ID: "evt_1", Type: notify.ProviderOutage, Tenant: "org", Resource: "salesforce", At: start, Detail: map[string]string{"phase": "began", "endpoint": "token"}})
	if diff := cmp.Diff([]string{"https://hooks.org.com/" + canary}, w.hosts()); diff != "" {
		t.Errorf("sent to (-want +got):\n%s", diff)
	}
}

// However often an event comes, and whoever finds it due meanwhile, everybody
// gets it once.
func TestEVT02DoubledEventIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint("acme")
	w.receiver.Hold = func(ctx context.Context) error { // The others come while the first is under way.
		for _, target := range []string{e.ID, delivery.Mail} {
			if err := w.Due(ctx, "other", due.Item{Tenant: "acme", Kind: "delivery", ID: delivery.ID(target, "evt_1")}); err != nil {
				t.Error(err)
			}
		}
		return w.Tell(ctx, "other", envelope(degraded("evt_1", "expired")))
	}
	var group sync.WaitGroup
	for range 16 {
		group.Go(func() {
			if err := w.Tell(t.Context(), "req", envelope(degraded("evt_1", "expired"))); err != nil {
				t.Error(err)
			}
			w.work()
		})
	}
	group.Wait()
	w.until(start.Add(48 * time.Hour))
	if webhooks, mails := len(w.receiver.Requests()), len(w.mailer.Mails()); webhooks != 1 || mails != 1 {
		t.Errorf("got %d webhooks and %d mails, want one of each", webhooks, mails)
	}
}

func TestEVT03PoisonIsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	good := string(envelope(connected("evt_1")))
	for name, body := range map[string]string{
		"no JSON":         "{",
		"an unknown type": strings.Replace(good, "connection.connected", "connection.renamed", 1),
		"no tenant":       strings.Replace(good, `"tenant":"acme"`, `"tenant":""`, 1),
		"no id":           strings.Replace(good, `"id":"evt_1"`, `"id":""`, 1),
		"a number":        strings.Replace(good, `"stripe"`, `7`, 1),
	} {
		if err := w.Tell(t.Context(), "req", []byte(body)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	for _, body := range []string{"{", `{"tenant":"acme"}`} {
		if err := due.Handler(w.Due)(t.Context(), "req", []byte(body)); err == nil {
			t.Errorf("%s: taken", body)
		}
	}
	must(t, w.Due(t.Context(), "req", due.Item{Tenant: "acme", Kind: "delivery", ID: "whe_1/evt_9", At: start}))
	must(t, w.Tell(t.Context(), "req", []byte(strings.Replace(good, "acme", "deleted", 1))))
	if n := len(w.receiver.Requests()); n > 0 {
		t.Errorf("sent %d", n)
	}
}

func TestEVT04PanicIsAFailedAttempt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	inner, first := w.Sender, true
	w.Sender = &sending{inner, func() {
		if first {
			first = false
			panic(canary)
		}
	}}
	w.tell(degraded("evt_1", "expired"))
	if len(w.mailer.Mails()) != 1 || len(w.receiver.Requests()) != 0 {
		t.Errorf("got %d mails, %d webhooks", len(w.mailer.Mails()), len(w.receiver.Requests()))
	}
	w.until(start.Add(time.Hour))
	if n := len(w.receiver.Requests()); n != 1 {
		t.Errorf("got %d webhooks", n)
	}
}

// Events for an endpoint that is failing wait for their turn: none is attempted
// by who fans them out.
func TestFailingEndpointIsLeftToTheQueue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.endpoint("acme")
	w.receiver.SetAnswer(503, nil, nil)
	w.tell(connected("evt_1"))
	for _, id := range []string{"evt_2", "evt_3"} {
		w.tell(connected(id))
	}
	if n := len(w.receiver.Requests()); n != 1 {
		t.Errorf("attempted %d times, want the first event only", n)
	}
	w.receiver.SetAnswer(200, nil, nil)
	w.until(start.Add(due.Soon))
	for _, d := range w.store.All("acme") {
		if d.State != delivery.Delivered {
			t.Errorf("got %+v", d)
		}
	}
	w.tell(connected("evt_4"))
	if n := len(w.receiver.Requests()); n != 5 {
		t.Errorf("attempted %d times, want the last event at once", n)
	}
}

func TestDeliveryLogShowsNoSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	e := w.endpoint("acme")
	w.receiver.SetAnswer(500, nil, nil)
	w.tell(degraded("evt_1", "expired"))
	found, _, err := w.List(t.Context(), caller("acme"), e.ID, "", 10)
	must(t, err)
	if len(found) != 1 {
		t.Fatalf("got %+v", found)
	}
	shown, err := json.Marshal(found[0].API())
	must(t, err)
	stored, err := json.Marshal(w.store.All("acme"))
	must(t, err)
	events, err := json.Marshal(w.bus.Events())
	must(t, err)
	for _, secret := range []string{canary, "whsec", "ann@", "Sales of acme", "hooks.acme.com"} {
		if strings.Contains(string(shown)+string(stored)+string(events), secret) {
			t.Errorf("%q stands in the log: %s %s", secret, shown, stored)
		}
	}
	if _, _, err := w.List(t.Context(), caller("globex"), e.ID, "", 10); !fault.Has(err, fault.CodeNotFound) {
		t.Errorf("another tenant: got %v", err)
	}
	nobody := caller("acme")
	nobody.Scopes = nil
	if _, _, err := w.List(t.Context(), nobody, e.ID, "", 10); !fault.Has(err, fault.CodeForbidden) {
		t.Errorf("without a scope: got %v", err)
	}
}
