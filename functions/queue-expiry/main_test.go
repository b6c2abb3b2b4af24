package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestJobExpiryReminder(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization) // Globex wants no reminders.
	run := sweep(w.Expiry(w.Mailer))
	if got, want := w.Run(routes.JobExpiryReminder, run), (api.Sweep{Due: 2, Done: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
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

	w.Unchanged(func() {
		if got := w.Run(routes.JobExpiryReminder, run); got != (api.Sweep{}) {
			t.Errorf("got %+v by a second run, want nothing due", got)
		}
	})
	w.At(w.Now().AddDate(0, 0, 1))
	if _, _, _, err := run(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, w.Mailer.Mails(), text); diff != "" {
		t.Errorf("mails a day later (-want +got):\n%s", diff)
	}
}
