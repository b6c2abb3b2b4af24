package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
)

// Every kind of record with dates comes by this queue.
func TestQueueExpiryTakesEveryKind(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	for _, kind := range []string{"connection", "template", "signing-key"} {
		body := `{"tenant":"acme","kind":"` + kind + `","id":"gone","at":"2026-12-11T09:00:00Z"}`
		if back := w.Deliver(routes.QueueExpiry, work(w.Expiry()), body); back != 0 {
			t.Errorf("the message of a %s comes back", kind)
		}
	}
}
