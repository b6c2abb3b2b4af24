package chaos_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/routes"
)

// TestAUD03DeletionKilled kills the deletion of OAuth connections at every call.
// Nobody repeats the request: the job finishes what was begun.
func TestAUD03DeletionKilled(t *testing.T) {
	t.Parallel()
	r := newRun(t, number(t, "CHAOS_SEED", 1))
	d := &deletions{r, r.e.newLanes(t, routes.ConnectionDelete.Name)}
	rehearsal := d.newStrike(t, string(none), nil, 0, false)
	d.strike(t, rehearsal)
	if o := rehearsal.answer(); o.status != http.StatusOK {
		t.Fatalf("a deletion that nothing disturbs: %d %v", o.status, o.err)
	}
	for at := range rehearsal.calls {
		for _, after := range []bool{false, true} {
			r.strikes = append(r.strikes, d.newStrike(t, kill, rehearsal.calls, at, after))
		}
	}
	each(t, "struck", strikers, r.strikes, func(s *strike) { d.strike(t, s) })
	t.Run("AUD-03 the job finishes what was begun", d.finished)
	t.Run("AUD-03 the provider cannot be told", d.unreachable)
	r.e.tidy(t)
	r.e.invariants.summary(t)
}

type deletions struct {
	*run
	lanes *lanes
}

// newStrike makes a connection whose newest refresh token is in its record.
func (d *deletions) newStrike(t *testing.T, how string, calls []call, at int, after bool) *strike {
	t.Helper()
	s := &strike{how: how, operation: routes.ConnectionDelete.Name, provider: strict, kind: kind{cold: true}, at: at, after: after}
	if calls != nil {
		s.name = calls[at].name
	}
	s.connection = newConnection(t, d.e, d.ann, d.templates[strict], how+" "+strconv.Itoa(at))
	d.e.custody.expire(t, s.connection)
	if o := ask(t.Context(), d.ann, s.connection); o.status != http.StatusOK {
		t.Fatalf("a refresh that nothing disturbs: %d %v", o.status, o.err)
	}
	return s
}

func (d *deletions) strike(t *testing.T, s *strike) {
	d.lanes.strike(t, s, func() {
		s.lane.cool(t)
		s.land(t, func(ctx context.Context) outcome {
			change := api.ConnectionEnd{ConnectionID: s.connection}
			_, err := client.Call(ctx, d.ann.through(s.lane).client, routes.ConnectionDelete, change)
			return outcomeOf(err)
		})
	})
}

// finished does once what is due. A deletion that had not begun left a connection
// that works.
func (d *deletions) finished(t *testing.T) {
	begun := 0
	for _, s := range d.strikes {
		if !s.reached {
			t.Errorf("%s: the call was not made", s)
		}
		c, _, err := d.e.custody.of(t.Context(), s.connection)
		if err == nil && c.Lifecycle != connection.Deleting {
			d.goesOn(t, s)
			must(t, d.ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: s.connection})
			continue
		}
		if o := ask(t.Context(), d.ann, s.connection); o.code != fault.CodeNotFound {
			t.Errorf("%s: a lease of what is being deleted: %d %v", s, o.status, o.err)
		}
		if !errors.Is(err, connection.ErrNotFound) {
			begun++
			d.e.custody.backdate(t, s.connection, "reconcileDue")
		}
	}
	t.Logf("%d of %d deletions were begun and not finished", begun, len(d.strikes))
	d.e.sweep(t)
	for _, s := range d.strikes {
		_, _, err := d.e.custody.of(t.Context(), s.connection)
		if !errors.Is(err, connection.ErrNotFound) {
			t.Errorf("%s: the record is left: %v", s, err)
		}
		d.e.gone(t, s.connection, strict, "", s)
		records := d.entries(t, s, "connection.delete", "allowed")
		d.e.invariants.check(t, i6, records >= 1, "%s: no record of the deletion", s)
	}
}

// unreachable deletes while the provider does not answer to revocations: the
// receipt and, after the last try, the record of the job say that it could not
// be told.
func (d *deletions) unreachable(t *testing.T) {
	s := d.newStrike(t, string(none), nil, 0, false)
	rule := map[string]any{"match": map[string]string{"path": "^/token/revocation$"}, "times": -1, "action": map[string]string{"drop": "before"}}
	d.e.lab.control(t, http.MethodPost, "/_fault/rules", rule, nil)
	receipt := must(t, d.ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: s.connection})
	if receipt.Revocation != string(method.RevokePending) {
		t.Errorf("the receipt says %q while the provider cannot be told", receipt.Revocation)
	}
	for range 6 {
		if _, _, err := d.e.custody.of(t.Context(), s.connection); errors.Is(err, connection.ErrNotFound) {
			break
		}
		d.e.custody.backdate(t, s.connection, "reconcileDue")
		d.e.sweep(t)
	}
	d.e.lab.control(t, http.MethodDelete, "/_fault/rules", nil, nil)
	if _, _, err := d.e.custody.of(t.Context(), s.connection); !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("after the last try the record is left: %v", err)
	}
	d.e.gone(t, s.connection, strict, receipt.Revocation, s)
}
