package main

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestJobPendingExpiry(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.At(functionstest.Now.Add(5 * time.Minute))
	w.Pending(functionstest.Globex, functionstest.Added, functionstest.Organization) // Ends at 09:20.
	run := sweep(w.Expiry(), w.Announcer())
	if got, want := w.Run(routes.JobPendingExpiry, run), (api.Sweep{Due: 1, Done: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, test := range []struct {
		tenant, id string
		reason     connection.Reason
	}{
		{functionstest.Acme, functionstest.PendingConnection, connection.ReasonHandoffExpired},
		{functionstest.Globex, functionstest.Added, connection.ReasonNoCredential},
	} {
		c := w.Connection(test.tenant, test.id)
		if got := connection.StatusOf(&c, w.Now()).Reason; got != test.reason {
			t.Errorf("%s: got reason %q, want %q", test.tenant, got, test.reason)
		}
	}
	published := w.Bus.Events()
	if last := published[len(published)-1]; last.Type != notify.ConnectionStatus || last.Resource != functionstest.PendingConnection {
		t.Errorf("got event %+v, want the new status of Acme's connection", last)
	}
	w.Unchanged(func() {
		if got := w.Run(routes.JobPendingExpiry, run); got != (api.Sweep{}) {
			t.Errorf("got %+v by a second run, want nothing due", got)
		}
	})
}

// TestJobTellsOfAddresses: of those it finds first nobody is told, of those that
// take their place the organization is, once.
func TestJobTellsOfAddresses(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	run := func(addresses ...string) {
		t.Helper()
		w.Run(routes.JobPendingExpiry, sweep(w.Expiry(), w.Announcer(addresses...)))
	}
	run("198.51.100.7")
	before := len(w.Bus.Events())
	run("198.51.100.8")
	run("198.51.100.8")
	got := w.Bus.Events()[before:]
	if len(got) != 1 || got[0].Type != notify.EgressChanged || got[0].Tenant != "org" || got[0].Detail["added"] != "198.51.100.8" || got[0].Detail["removed"] != "198.51.100.7" {
		t.Errorf("told of %+v", got)
	}
}

// TestJobEndsHandoffsAllTheSame: a bus that is down keeps no handoff from being
// ended, and the run fails.
func TestJobEndsHandoffsAllTheSame(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	if err := w.Announcer("198.51.100.7").Announce(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.At(functionstest.Now.Add(time.Hour))
	down := w.Announcer("198.51.100.8")
	down.Events = &notifytest.Bus{Err: errors.New("the bus is down")}
	_, done, _, err := sweep(w.Expiry(), down)(t.Context(), "run-2")
	if done != 1 || err == nil {
		t.Errorf("%d handoffs are ended, error %v; want one, and that nobody could be told", done, err)
	}
}
