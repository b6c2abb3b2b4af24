package lease_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// sweep refreshes what is due, eight connections at once.
func sweep(ctx context.Context, r *lease.Refresher) (found, done, failed int, err error) {
	return connectiontest.Sweep(ctx, r.Store, connection.RefreshDue, r.Now(), 8, r.Due)
}

func TestSweepRefreshesWhatIsDue(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		swept := func(want int) {
			t.Helper()
			due, done, failed, err := sweep(t.Context(), r.Refresher)
			if due != want || done != want || failed != 0 || err != nil {
				t.Errorf("Sweep: got %d due, %d done, %d failed, %v; want %d, %d, 0", due, done, failed, err, want, want)
			}
		}
		swept(0)
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		if left := time.Until(r.record(t).Credential.ExpiresAt); left < 5*time.Minute {
			t.Errorf("due with %s left, want more than 5 min", left)
		}
		swept(1)
		swept(0)
		r.wantRequests(t, 1)
	})
}

// The index may be late: the record decides.
func TestSweepOfAnOutdatedIndexEntry(t *testing.T) {
	for name, change := range map[string]func(*connection.Connection){
		"refreshed meanwhile": func(c *connection.Connection) { c.Due.Refresh = time.Now().Add(time.Minute) },
		"never due again":     func(c *connection.Connection) { c.Due.Refresh = time.Time{} },
		"paused":              func(c *connection.Connection) { c.Lifecycle = connection.Disabled },
		"being deleted":       func(c *connection.Connection) { c.Lifecycle = connection.Deleting },
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				late := lateIndex{store{r.memory, r.faults}, connection.Ref{Tenant: tenant, ID: con}}
				r.Refresher.Store = late
				r.change(t, change)
				if due, done, failed, err := sweep(t.Context(), r.Refresher); due != 1 || done != 1 || failed != 0 || err != nil {
					t.Errorf("Sweep: got %d due, %d done, %d failed, %v; want 1, 1, 0", due, done, failed, err)
				}
				r.wantRequests(t, 0)
			})
		})
	}
}

// lateIndex always has one entry.
type lateIndex struct {
	store
	ref connection.Ref
}

func (l lateIndex) Due(context.Context, connection.Index, time.Time, int) ([]connection.Ref, error) {
	return []connection.Ref{l.ref}, nil
}

func TestManualRefreshWaitsForNoExpiry(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		before := r.record(t).LeaseCount
		c, err := r.Refresher.Refresh(t.Context(), tenant, con, func(c *connection.Connection) bool { return c.LeaseCount > before })
		if err != nil || c.LeaseCount <= before {
			t.Errorf("Refresh: got count %d, %v; want more than %d", c.LeaseCount, err, before)
		}
		r.wantRequests(t, 1)
	})
}

// What cannot be refreshed now is not the first in every run from then on: those
// whose turn it is would wait for ever behind it.
func TestOUT08WhatCannotBeRefreshedIsPutOff(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(*testing.T, *rig)
		wait time.Duration // At least.
	}{
		"the material is of another connection": {func(t *testing.T, r *rig) {
			at := r.write(t, vault.Material{Tenant: tenant, Resource: "con_2", RefreshToken: secret.FromString("theirs")})
			r.change(t, func(c *connection.Connection) { c.Credential.At = at })
		}, time.Minute},
		"a lost answer is asked for late": {func(t *testing.T, r *rig) {
			victim := r.start()
			victim.on["before save 1"] = victim.crash
			_, _, _, _ = sweep(t.Context(), victim.Refresher)
			time.Sleep(46 * time.Second)
		}, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				time.Sleep(time.Until(r.record(t).Due.Refresh))
				c.harm(t, r)
				if due, _, failed, err := sweep(t.Context(), r.Refresher); due != 1 || failed != 1 || err != nil {
					t.Fatalf("Sweep: got %d due, %d failed, %v; want 1, 1", due, failed, err)
				}
				if wait := time.Until(r.record(t).Due.Refresh); wait < c.wait || wait > 5*time.Minute {
					t.Errorf("due again in %s, want at least %s and 5 min at most", wait, c.wait)
				}
				if due, _, _, err := sweep(t.Context(), r.Refresher); due != 0 || err != nil {
					t.Errorf("Sweep: got %d due, %v; want 0", due, err)
				}
			})
		})
	}
}
