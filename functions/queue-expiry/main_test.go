package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestQueueExpiry(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization) // Globex wants no reminders.
	run := work(w.Expiry(w.Mailer))
	if back := w.Consume(routes.QueueExpiry, run); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	want := []notify.Mail{{
		To:      []string{"ann@acme.example"},
		Subject: `The connection "Salesforce of acme" needs attention before 20 December 2026`,
	}}
	text := cmpopts.IgnoreFields(notify.Mail{}, "Text")
	if diff := cmp.Diff(want, w.Mailer.Mails(), text); diff != "" {
		t.Errorf("mails (-want +got):\n%s", diff)
	}
	published := w.Bus.Events()
	if last := published[len(published)-1]; last.Type != notify.ConnectionExpiring || last.Resource != functionstest.SalesforceConnection {
		t.Errorf("got event %+v, want that Acme's connection expires", last)
	}

	w.Spent(routes.QueueExpiry, run)
	w.At(w.Now().AddDate(0, 0, 1))
	if back := w.Deliver(routes.QueueExpiry, run, `{"tenant":"acme","kind":"connection","id":"`+functionstest.SalesforceConnection+`","at":"2026-12-11T09:00:00Z"}`,
		`{"tenant":"globex","kind":"connection","id":"`+functionstest.Added+`","at":"2026-12-11T09:00:00Z"}`); back != 0 {
		t.Errorf("%d messages come back a day later, want none", back)
	}
	if diff := cmp.Diff(want, w.Mailer.Mails(), text); diff != "" {
		t.Errorf("mails a day later (-want +got):\n%s", diff)
	}
}
