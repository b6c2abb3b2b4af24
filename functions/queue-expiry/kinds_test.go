package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
)

// TestQueueExpiryOfTemplate takes what the sweep sends about a template: its
// owner is reminded of the end of the client secret.
func TestQueueExpiryOfTemplate(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	ends := w.Now().AddDate(0, 0, 10)
	change := template.Change{SecretEndsAt: &ends}
	if _, err := w.Templates().Update(t.Context(), functionstest.Person(functionstest.Acme), functionstest.Salesforce, `"1"`, change); err != nil {
		t.Fatal(err)
	}
	w.At(w.Now().Add(2 * time.Minute))
	before := len(w.Bus.Events())
	due := `{"tenant":"acme","kind":"template","id":"` + functionstest.Salesforce + `","at":"` + w.Now().Format(time.RFC3339) + `"}`
	if back := w.Deliver(routes.QueueExpiry, work(w.Expiry()), due, due); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	told := w.Bus.Events()[before:]
	if len(told) != 1 || told[0].Type != notify.ExpirationDue || told[0].Resource != functionstest.Salesforce || told[0].Detail["kind"] != "client_secret" {
		t.Errorf("got events %+v, want one of the client secret", told)
	}
}
