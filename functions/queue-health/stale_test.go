package main

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

// AUD-07: the check of a connection that nobody used for ninety days tells of it,
// and that two weeks later disables it and destroys its key, whatever the system
// says of it.
func TestAUD07UnusedConnectionIsPruned(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.StripeLease()
	settings := tenant.Settings{StaleDays: 90, StaleDisable: true, Revision: 1}
	if _, err := w.Tenancy().PutSettings(t.Context(), functionstest.Person(functionstest.Acme), "*", settings); err != nil {
		t.Fatal(err)
	}
	stale := func() (told int) {
		for _, e := range w.Bus.Events() {
			if e.Type == notify.ConnectionStale && e.Resource == functionstest.StripeConnection {
				told++
			}
		}
		return told
	}
	for _, day := range []struct {
		day, told int
		reason    connection.Reason
	}{{89, 0, ""}, {90, 1, ""}, {103, 1, ""}, {104, 1, connection.ReasonStale}} {
		w.At(functionstest.Now.Add(time.Duration(day.day) * 24 * time.Hour))
		item := due.Item{Tenant: functionstest.Acme, Kind: "connection", ID: functionstest.StripeConnection, At: w.Now()}
		if err := w.Health().Due(t.Context(), "run-1", item); err != nil {
			t.Fatal(err)
		}
		c := w.Connection(functionstest.Acme, functionstest.StripeConnection)
		if s := connection.StatusOf(&c, w.Now()); s.Reason != day.reason || stale() != day.told {
			t.Errorf("day %d: status %+v, told %d; want %q and %d", day.day, s, stale(), day.reason, day.told)
		}
	}
	c := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	if c.Credential != nil || len(c.Lease) > 0 || c.Cutoff.Revocation != "not_supported" {
		t.Errorf("credential %v, cutoff %+v", c.Credential, c.Cutoff)
	}
}
