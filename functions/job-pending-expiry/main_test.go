package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestJobPendingExpiry(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.At(functionstest.Now.Add(5 * time.Minute))
	w.Pending(functionstest.Globex, functionstest.Added, functionstest.Organization) // Ends at 09:20.
	run := sweep(w.Expiry())
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
