package chaos_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestREF12RefreshInFlight holds a refresh at the provider, on either side of
// the token request, while its connection is deleted, paused or connected anew:
// what the refresh brings undoes nothing.
func TestREF12RefreshInFlight(t *testing.T) {
	t.Parallel()
	r := newRun(t, number(t, "CHAOS_SEED", 1))
	calls := r.rehearse(t)
	for name, meanwhile := range map[string]func(*testing.T, *strike){
		"REF-12 deleted": r.deleted, "REF-12 paused": r.paused, "REF-12 connected anew": r.reconnected,
	} {
		t.Run(name, func(t *testing.T) {
			for _, provider := range []string{strict, graceful} {
				for _, after := range []bool{false, true} {
					k := kind{cold: true}
					at := slices.Index(calls[k], call{name: providerCall, done: true})
					s := newStrike("hold", provider, k, calls, at, after)
					s.connection = newConnection(t, r.e, r.ann, r.templates[provider], "held")
					meanwhile(t, s)
				}
			}
		})
	}
	stats := r.e.lab.stats(t)
	r.e.invariants.check(t, i2, stats.DoubleRefresh+stats.ReuseDetected == 0, "the server: %+v", stats)
	r.e.tidy(t)
	r.e.invariants.summary(t)
}

// hold stops a refresh where the strike says, and lets it go on after something
// else has happened.
func (r *run) hold(t *testing.T, s *strike, meanwhile func()) outcome {
	t.Helper()
	var got outcome
	r.lanes.strike(t, s, func() {
		r.prepare(t, s)
		r.e.provider.watch(s.connection, s.lane.steps)
		s.trap = newTrap(s.at, s.after)
		s.lane.steps.watch(s.trap)
		ended := make(chan outcome, 1)
		go func() { ended <- ask(t.Context(), r.ann.through(s.lane), s.connection) }()
		select {
		case <-s.trap.reached:
			meanwhile()
			s.trap.proceed <- true
			got = <-ended
		case got = <-ended:
			t.Errorf("%s: it was not held: %d %v", s, got.status, got.err)
		}
		s.calls = s.lane.steps.seen()
		r.e.provider.watch(s.connection, nil)
	})
	return got
}

// deleted deletes the connection meanwhile: it stays deleted, its secret too,
// and the provider honours neither the old token nor the new one.
func (r *run) deleted(t *testing.T, s *strike) {
	var receipt api.Deletion
	got := r.hold(t, s, func() {
		receipt = must(t, r.ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: s.connection})
	})
	if got.status != http.StatusNotFound && !slices.Contains(permitted[1:], got.status) {
		t.Errorf("%s: the refresh ended with %d %v", s, got.status, got.err)
	}
	if o := ask(t.Context(), r.ann, s.connection); o.code != fault.CodeNotFound {
		t.Errorf("%s: a lease of what is deleted: %d %v", s, o.status, o.err)
	}
	_, err := client.Call(t.Context(), r.ann.client, routes.ConnectionGet, api.ConnectionRef{ConnectionID: s.connection})
	if outcomeOf(err).code != fault.CodeNotFound {
		t.Errorf("%s: the connection is there again: %v", s, err)
	}
	r.e.gone(t, s.connection, s.provider, receipt.Revocation, s)
}

// paused pauses the connection meanwhile: it stays paused, and works when it is
// resumed.
func (r *run) paused(t *testing.T, s *strike) {
	change := api.ConnectionEnd{ConnectionID: s.connection}
	got := r.hold(t, s, func() { must(t, r.ann, routes.ConnectionDisable, change) })
	for _, o := range []outcome{got, ask(t.Context(), r.ann, s.connection)} {
		if o.code != fault.CodeConnectionDisabled {
			t.Errorf("%s: a lease of what is paused: %d %v", s, o.status, o.err)
		}
	}
	if now := must(t, r.ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: s.connection}); now.Status != "disabled" {
		t.Errorf("%s: the connection is %s", s, now.Status)
	}
	must(t, r.ann, routes.ConnectionEnable, api.ConnectionChange{ConnectionID: s.connection})
	r.goesOn(t, s)
}

// reconnected connects the account anew meanwhile: the new credential counts.
func (r *run) reconnected(t *testing.T, s *strike) {
	got := r.hold(t, s, func() { handOff(t, r.e, r.ann, s.connection) })
	if !slices.Contains(permitted, got.status) {
		t.Errorf("%s: the refresh ended with %d %v", s, got.status, got.err)
	}
	r.goesOn(t, s)
}

// goesOn refreshes a connection twice more.
func (r *run) goesOn(t *testing.T, s *strike) {
	t.Helper()
	for range 2 {
		r.e.custody.expire(t, s.connection)
		got := ask(t.Context(), r.ann, s.connection)
		if got.status != http.StatusOK {
			t.Errorf("%s: a later refresh: %d %v", s, got.status, got.err)
		} else if status := works(t, r, got); status != http.StatusOK {
			t.Errorf("%s: the provider answers %d to the new token", s, status)
		}
	}
	r.e.examine(t, s.connection, s)
}
