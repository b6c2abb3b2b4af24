package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/routes"
)

// Acme's token is due, and a first look at the dates of its key; Globex's token is
// due an hour later.
func TestJobDueSweep(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization)
	s, queues := w.Sweeper()
	run := sweep(s)
	want := map[due.Index][]due.Item{}
	for _, place := range []struct {
		index     due.Index
		id        string
		connector string
	}{
		{due.Refresh, functionstest.SalesforceConnection, "salesforce"},
		{due.Expiry, functionstest.StripeConnection, "stripe"},
	} {
		c := w.Connection(functionstest.Acme, place.id)
		at := map[due.Index]time.Time{due.Refresh: c.Due.Refresh, due.Expiry: c.Due.Expiry}[place.index]
		want[place.index] = append(want[place.index], due.Item{Tenant: functionstest.Acme, Kind: due.Connection, ID: place.id, Connector: place.connector, At: at})
	}
	w.Unchanged(func() {
		if got, want := w.Run(routes.JobDueSweep, run), (api.Sweep{Due: 2, Done: 2}); got != want {
			t.Errorf("got %+v, want %+v", got, want)
		}
	})
	for index, q := range queues {
		if diff := cmp.Diff(want[index], q.Take(100)); diff != "" {
			t.Errorf("%s: messages (-want +got):\n%s", index, diff)
		}
	}
}

// The schedule may fire twice: what is on its way is not sent again.
func TestEVT01SweepThatRunsTwice(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	s, queues := w.Sweeper()
	run := sweep(s)
	w.Run(routes.JobDueSweep, run)
	if got := w.Run(routes.JobDueSweep, run); got != (api.Sweep{}) {
		t.Errorf("got %+v by a second run, want nothing sent", got)
	}
	if got := len(queues[due.Refresh].Sent()); got != 1 {
		t.Errorf("%d messages for one token, want 1", got)
	}
}
