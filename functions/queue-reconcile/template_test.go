package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/template"
)

// A change of a template is taken to its connections within two minutes, by the
// message that the sweep sends. One whose token belongs to the address of before
// needs a person, until the change is taken back.
func TestQueueReconcileTakesTemplatesAlong(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	run := work(w.Reconciler())
	change := func(inputs map[string]string, want string) {
		t.Helper()
		_, err := w.Templates().Update(t.Context(), functionstest.Person(functionstest.Acme), functionstest.Salesforce, "*", template.Change{Inputs: inputs})
		if err != nil {
			t.Fatal(err)
		}
		w.At(w.Now().Add(2 * time.Minute))
		due := `{"tenant":"acme","kind":"template","id":"` + functionstest.Salesforce + `","at":"` + w.Now().Format(time.RFC3339) + `"}`
		if back := w.Deliver(routes.QueueReconcile, run, due, due); back != 0 {
			t.Errorf("%d messages come back, want none", back)
		}
		c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
		if got := connection.StatusOf(&c, w.Now()); got.Name+" "+string(got.Reason) != want {
			t.Errorf("status %s %s, want %s", got.Name, got.Reason, want)
		}
	}
	w.Provider.Calls()
	change(map[string]string{"host": "test.salesforce.com"}, "degraded inputs_changed")
	events := w.Bus.Events()
	if last := events[len(events)-1]; last.Resource != functionstest.SalesforceConnection || last.Detail["reason"] != "inputs_changed" {
		t.Errorf("told %+v", last)
	}
	change(map[string]string{"host": "login.salesforce.com"}, "active ")
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("calls to the provider: %q", calls)
	}
}
