package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestQueueDelivery(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	secret := w.Webhook()
	w.At(time.Date(2026, 11, 20, 9, 31, 5, 0, time.UTC))
	w.Undelivered(notify.Event{
		ID: functionstest.NotifiedEvent, Type: notify.ConnectionConnected, Tenant: functionstest.Acme, Resource: functionstest.StripeConnection,
		At: w.Now(), Detail: map[string]string{"connector": "stripe"},
	})
	w.Receiver.SetAnswer(503, nil, nil)
	if failed := w.Consume(routes.QueueDelivery, work(w.Deliveries(w.Mailer))); failed != 0 {
		t.Errorf("%d messages come back", failed)
	}
	d := w.Delivered(functionstest.Acme)[0]
	if d.State != delivery.Pending || d.Status != 503 || !d.Due.Equal(w.Now().Add(time.Minute)) {
		t.Errorf("got %+v, want it due in a minute", d)
	}
	w.Unchanged(func() { w.Consume(routes.QueueDelivery, work(w.Deliveries(w.Mailer))) })
	w.Receiver.SetAnswer(200, nil, nil)
	w.At(d.Due)
	item := due.Item{Tenant: functionstest.Acme, Kind: "delivery", ID: d.ID(), At: d.Due}
	if err := w.Deliveries(w.Mailer).Due(t.Context(), "", item); err != nil {
		t.Fatal(err)
	}
	got := w.Receiver.Requests()
	if d := w.Delivered(functionstest.Acme)[0]; d.State != delivery.Delivered || d.Attempts != 2 || len(got) != 2 {
		t.Errorf("got %+v after %d requests", d, len(got))
	}
	for _, r := range got {
		if r.VerifySignature(secret) != nil || r.Header.Get("webhook-id") != functionstest.NotifiedEvent {
			t.Errorf("got header %v", r.Header)
		}
	}
}
