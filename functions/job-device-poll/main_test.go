package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestJobDevicePoll(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	started := w.AskDevice()
	w.Provider.Calls()
	run := sweep(w.Devices())
	if got, want := w.Run(routes.JobDevicePoll, run), (api.Sweep{Due: 1, Done: 1}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if diff := cmp.Diff([]string{"POST acme.example.com/token", "GET acme.example.com/api/me"}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
	c := w.Connection(functionstest.Acme, started.Handoff.ConnectionID)
	if got := connection.StatusOf(&c, w.Now()).Name; got != connection.StatusActive || c.Account.ID != "00D-acme" {
		t.Errorf("got status %s and account %q", got, c.Account.ID)
	}
	if got, want := w.LastAudited(functionstest.Acme), "connection.connect "+c.ID+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
	w.Unchanged(func() {
		if got := w.Run(routes.JobDevicePoll, run); got != (api.Sweep{}) {
			t.Errorf("got %+v by a second run, want nothing due", got)
		}
	})
}

// The handoffs of browsers are none of the job's.
func TestJobDevicePollLeavesBrowsers(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Sent()
	w.Unchanged(func() {
		if got := w.Run(routes.JobDevicePoll, sweep(w.Devices())); got != (api.Sweep{}) {
			t.Errorf("got %+v, want nothing due", got)
		}
	})
}
