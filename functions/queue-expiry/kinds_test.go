package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
)

// The ends of client secrets are told of as those of connections are, and a
// signing key that is gone is no failure.
func TestQueueExpiryOfOtherRecords(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	run := work(w.Expiry())
	at := w.Now().Add(time.Hour)
	_, err := w.Expiry().Templates.Update(t.Context(), functionstest.Acme, functionstest.Salesforce, func(x *template.Template) error {
		x.Client.Secret.ExpiresAt, x.ExpiryDue = at.AddDate(0, 0, 10), at
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	before := len(w.Bus.Events())
	w.At(at)
	if back := w.Deliver(routes.QueueExpiry, run, `{"tenant":"acme","kind":"template","id":"`+functionstest.Salesforce+`","at":"2026-11-20T09:00:00Z"}`,
		`{"tenant":"acme","kind":"signing-key","id":"`+functionstest.SigningKey+`","at":"2026-11-20T09:00:00Z"}`); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	told := w.Bus.Events()[before:]
	if len(told) != 1 || told[0].Type != notify.ExpirationDue || told[0].Detail["kind"] != "client_secret" {
		t.Errorf("got events %+v, want one of the client secret", told)
	}
}
