package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
)

func TestQueueNotify(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	secret := w.Webhook()
	settings := tenant.Settings{Notices: true, Admins: []string{"ann@acme.example", "bo@acme.example"}}
	if _, err := w.Tenancy().PutSettings(t.Context(), functionstest.Person(functionstest.Acme), `"1"`, settings); err != nil {
		t.Fatal(err)
	}
	for range 2 { // SQS may bring it twice.
		if failed := w.Consume(routes.QueueNotify, work(w.Deliveries(w.Mailer))); failed != 0 {
			t.Errorf("%d messages come back", failed)
		}
	}
	got := w.Receiver.Requests()
	if len(got) != 1 || got[0].Header.Get("webhook-id") != functionstest.NotifiedEvent || got[0].VerifySignature(secret) != nil {
		t.Fatalf("got %d webhooks, want one that is signed", len(got))
	}
	want := `{"id":"` + functionstest.NotifiedEvent + `","type":"connection.status","tenant":"acme","resource":"` + functionstest.SalesforceConnection +
		`","at":"2026-11-20T09:30:00Z","data":{"connector":"salesforce","previous":"active","reason":"reauth_required","status":"degraded"}}`
	if body := string(got[0].Body); body != want {
		t.Errorf("got  %s\nwant %s", body, want)
	}
	mails := w.Mailer.Mails()
	if len(mails) != 1 || len(mails[0].To) != 2 || mails[0].Subject != `The connection "Salesforce of acme" needs attention` {
		t.Fatalf("got mails %+v", mails)
	}
	for _, d := range w.Delivered(functionstest.Acme) {
		if d.State != delivery.Delivered || d.Attempts != 1 || !d.Due.IsZero() {
			t.Errorf("got %+v", d)
		}
	}
	if n := len(w.Delivered(functionstest.Globex)); n > 0 {
		t.Errorf("globex got %d deliveries", n)
	}
}
