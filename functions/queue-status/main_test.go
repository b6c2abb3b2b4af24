package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestQueueStatus(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Called(functionstest.StripeConnection, catalog.OK, catalog.PermissionError)
	for range 2 { // A message may come twice.
		if got := w.Consume(routes.QueueStatus, work(w.Deriver())); got != 0 {
			t.Errorf("got %d messages back, want none", got)
		}
		c := w.Connection(functionstest.Acme, functionstest.StripeConnection)
		if s := connection.StatusOf(&c, w.Now()); s.Reason != connection.ReasonPermissions || c.Health.Ring != "poo" {
			t.Errorf("got %s (%s) with the calls %q, want what was reported, once", s.Name, s.Reason, c.Health.Ring)
		}
	}
}
