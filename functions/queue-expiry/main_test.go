package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

// Acme is reminded of its refresh token once; Globex, whose ends on the same day,
// wants no reminders.
func TestQueueExpiry(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization)
	run := work(w.Expiry())
	before := len(w.Bus.Events())
	if back := w.Consume(routes.QueueExpiry, run); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	told := w.Bus.Events()[before:]
	if len(told) != 1 {
		t.Fatalf("got events %+v, want one", told)
	}
	want := notify.Event{
		ID: told[0].ID, Type: notify.ExpirationDue, Tenant: functionstest.Acme, Resource: functionstest.SalesforceConnection, At: w.Now(),
		Detail: map[string]string{
			"kind": "refresh_token", "connector": "salesforce", "lapsesAt": "2026-12-20T08:00:00Z", "daysBefore": "14", "renewal": "person",
		},
	}
	if diff := cmp.Diff(want, told[0]); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	w.Spent(routes.QueueExpiry, run)
	w.At(w.Now().AddDate(0, 0, 1))
	if back := w.Deliver(routes.QueueExpiry, run, `{"tenant":"acme","kind":"connection","id":"`+functionstest.SalesforceConnection+`","at":"2026-12-11T09:00:00Z"}`,
		`{"tenant":"globex","kind":"connection","id":"`+functionstest.Added+`","at":"2026-12-11T09:00:00Z"}`); back != 0 {
		t.Errorf("%d messages come back a day later, want none", back)
	}
	if again := w.Bus.Events()[before:]; len(again) != 1 {
		t.Errorf("events a day later: got %+v, want none anew", again[1:])
	}
}
