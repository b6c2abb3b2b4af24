package main

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
)

const revocation = "POST acme.my.salesforce.com/services/oauth2/revoke"

// The provider is down while Acme's connection is disconnected, and back by the
// time of the event.
func TestQueueReconcile(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	secret := w.Connection(functionstest.Acme, functionstest.SalesforceConnection).SecretName
	w.Provider.Refuse("acme.my.salesforce.com")
	w.Disconnect(functionstest.Acme, functionstest.SalesforceConnection)
	if !slices.Contains(w.Secrets.Names(), secret) {
		t.Fatal("the token is gone before the provider was told")
	}
	w.Provider.Refuse("")
	w.Provider.Calls()
	run := work(w.Reconciler())
	if back := w.Consume(routes.QueueReconcile, run); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	if diff := cmp.Diff([]string{revocation}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
	if c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection); c.ID != "" || slices.Contains(w.Secrets.Names(), secret) {
		t.Errorf("got record %q and secrets %q, want neither", c.ID, w.Secrets.Names())
	}
	published := w.Bus.Events()
	if last := published[len(published)-1]; last.Type != notify.ConnectionDeleted || last.Detail["revocation"] != "revoked" {
		t.Errorf("got event %+v, want the deletion", last)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.delete "+functionstest.SalesforceConnection+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	w.Spent(routes.QueueReconcile, run)
}

func TestQueueReconcileRefused(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Provider.Refuse("acme.my.salesforce.com")
	w.Disconnect(functionstest.Acme, functionstest.SalesforceConnection)
	run := work(w.Reconciler())
	if back := w.Consume(routes.QueueReconcile, run); back != 0 {
		t.Errorf("%d messages come back, want none: the record says when it is tried again", back)
	}
	w.Spent(routes.QueueReconcile, run)
}

// The grace of the key that was superseded is over by the time of the event.
func TestQueueReconcileEndsTheGrace(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Staged()
	p := connect.Promotion{ConnectionID: functionstest.StripeConnection, IfMatch: "*", Grace: 5 * time.Minute}
	if _, err := w.Connect().Promote(t.Context(), functionstest.Person(functionstest.Acme), p); err != nil {
		t.Fatal(err)
	}
	run := work(w.Reconciler())
	w.At(w.Now().Add(5 * time.Minute))
	graced := `{"tenant":"acme","kind":"connection","id":"` + functionstest.StripeConnection + `","at":"2026-11-20T09:05:00Z"}`
	if back := w.Deliver(routes.QueueReconcile, run, graced, graced); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	c := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	if diff := cmp.Diff(map[string][]string{c.Credential.At.Version: {"AWSCURRENT"}}, w.Secrets.Labels(c.SecretName)); diff != "" || c.Previous != nil {
		t.Errorf("previous %v, versions of the secret (-want +got):\n%s", c.Previous, diff)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.credential.discard "+functionstest.StripeConnection+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	if w.StripeLease() != functionstest.NextStripeKey {
		t.Error("another key than the current one is leased")
	}
	w.Unchanged(func() {
		if back := w.Deliver(routes.QueueReconcile, run, graced); back != 0 {
			t.Errorf("%d messages come back by a second run, want none", back)
		}
	})
}

// A refresh token that was rotated soon after the last one waits in the record
// until the event, for half a day at most.
func TestQueueReconcilePromotes(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	before := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	version, promoted := before.Credential.At.Version, before.Credential.PromotedAt
	w.At(promoted.Add(time.Hour))
	_, err := w.Refresher().Refresh(t.Context(), functionstest.Acme, functionstest.SalesforceConnection, func(c *connection.Connection) bool { return c.LeaseCount > before.LeaseCount })
	if err != nil {
		t.Fatal(err)
	}
	if c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection); c.Credential.At.Version != version || len(c.Refresh.Token) == 0 {
		t.Fatal("no token waits in the record")
	}
	w.Provider.Calls()
	at := promoted.Add(12 * time.Hour)
	w.At(at)
	due := `{"tenant":"acme","kind":"connection","id":"` + functionstest.SalesforceConnection + `","at":"` + at.Format(time.RFC3339) + `"}`
	if back := w.Deliver(routes.QueueReconcile, work(w.Reconciler()), due); back != 0 {
		t.Errorf("%d messages come back, want none", back)
	}
	c := w.Connection(functionstest.Acme, functionstest.SalesforceConnection)
	if labels := w.Secrets.Labels(c.SecretName)[c.Credential.At.Version]; c.Credential.At.Version == version || !slices.Equal(labels, []string{"AWSCURRENT"}) || len(c.Refresh.Token) > 0 {
		t.Errorf("got labels %v of the version on record, want that of the new token, current", labels)
	}
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("calls to the provider: %q", calls)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.refresh "+functionstest.SalesforceConnection+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
}
