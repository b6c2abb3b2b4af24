package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestQueueRefresh(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.SignIn(functionstest.Globex, functionstest.Added, functionstest.Organization) // An hour after Acme's: not due yet.
	w.Provider.Calls()
	globex := w.Connection(functionstest.Globex, functionstest.Added)
	run := work(w.Refresher())
	if back := w.Consume(routes.QueueRefresh, run); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	if diff := cmp.Diff([]string{"POST login.salesforce.com/services/oauth2/token"}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
	c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	if want := w.Now().Add(2 * time.Hour); !c.Credential.ExpiresAt.Equal(want) || c.Credential.Version != 1 {
		t.Errorf("got version %d until %v, want version 1 until %v", c.Credential.Version, c.Credential.ExpiresAt, want)
	}
	if diff := cmp.Diff(globex, w.Connection(functionstest.Globex, functionstest.Added)); diff != "" {
		t.Errorf("connection that was not due (-before +after):\n%s", diff)
	}
	w.Spent(routes.QueueRefresh, run)
}

func TestQueueRefreshRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Provider.Refuse("login.salesforce.com")
	run := work(w.Refresher())
	if back := w.Consume(routes.QueueRefresh, run); back != 0 {
		t.Errorf("%d messages come back, want none: the record says that nothing is left to try", back)
	}
	c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	if got := connection.StatusOf(&c, w.Now()).Reason; got != connection.ReasonReauthRequired || !c.Due.Refresh.IsZero() {
		t.Errorf("got reason %q, due again at %v, want %q, never", got, c.Due.Refresh, connection.ReasonReauthRequired)
	}
	w.Spent(routes.QueueRefresh, run)
}
