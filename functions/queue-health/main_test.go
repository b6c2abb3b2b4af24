package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestQueueHealth(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.At(functionstest.Now.Add(3 * time.Hour)) // Globex's first check is not due a day after Acme's connections were made.
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization)
	w.Provider.Refuse("api.stripe.com")
	w.Provider.Calls()
	run := work(w.Health())
	if back := w.Consume(routes.QueueHealth, run); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.verify "+functionstest.StripeConnection+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	if back := w.Deliver(routes.QueueHealth, run,
		`{"tenant":"acme","kind":"connection","id":"`+functionstest.SalesforceConnection+`","at":"2026-11-21T09:00:00Z"}`,
		`{"tenant":"globex","kind":"connection","id":"`+functionstest.Added+`","at":"2026-11-21T09:00:00Z"}`); back != 0 {
		t.Errorf("%d messages come back, want none, also of what is not due", back)
	}
	now := w.Now()
	for _, test := range []struct {
		tenant, id, status string
		checked            time.Time
	}{
		{functionstest.Acme, functionstest.StripeConnection, connection.StatusDegraded, now},
		{functionstest.Acme, functionstest.SalesforceConnection, connection.StatusActive, now},
		{functionstest.Globex, functionstest.Added, connection.StatusActive, functionstest.Now.Add(3 * time.Hour)},
	} {
		c := w.Connection(test.tenant, test.id)
		if status := connection.StatusOf(&c, now); status.Name != test.status || !c.Health.CheckedAt.Equal(test.checked) {
			t.Errorf("%s of %s: got %s, checked at %v, want %s, %v", test.id, test.tenant, status.Name, c.Health.CheckedAt, test.status, test.checked)
		}
	}
	if diff := cmp.Diff([]string{
		"GET api.stripe.com/v1/account", "GET acme.my.salesforce.com/services/oauth2/userinfo", "POST login.salesforce.com/services/oauth2/token",
	}, w.Provider.Calls(), cmpopts.SortSlices(strings.Compare)); diff != "" {
		t.Errorf("calls to providers (-want +got):\n%s", diff)
	}
	w.Spent(routes.QueueHealth, run)
}
