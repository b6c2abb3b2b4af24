package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestJobHealthSweep(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.At(functionstest.Now.Add(3 * time.Hour)) // Globex's first check is not due a day after Acme's connections were made.
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization)
	w.Provider.Refuse("api.stripe.com")
	w.Provider.Calls()
	run := sweep(w.Health())
	if got, want := w.Run(routes.JobHealthSweep, run), (api.Sweep{Due: 2, Done: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
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
	if got := w.LastAudited(functionstest.Acme); !strings.HasPrefix(got, "connection.verify con_") {
		t.Errorf("got audit %q, want the checks", got)
	}
	w.Unchanged(func() {
		if got := w.Run(routes.JobHealthSweep, run); got != (api.Sweep{}) {
			t.Errorf("got %+v by a second run, want nothing due", got)
		}
	})
}
