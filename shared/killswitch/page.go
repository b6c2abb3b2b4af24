package killswitch

import (
	"context"
	"errors"
	"log/slog"
	"sync"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/metric"
)

const (
	pageSize = 48 // Three rounds of atOnce.
	atOnce   = 16
	// tenantsAPage bounds a page of tenants that have nothing to cut off.
	tenantsAPage = 100
)

// read returns the next connections of the scope, where they end, and whether
// those are the last ones.
func (r *run) read(ctx context.Context) (found []connection.Connection, cursor Cursor, end bool, err error) {
	cursor = r.record.Walk.Cursor
	for range tenantsAPage {
		if cursor.Tenant == "" {
			if cursor.Tenant, err = r.tenantAfter(ctx, cursor.After); err != nil || cursor.Tenant == "" {
				return found, cursor, true, err
			}
		}
		page, next, err := r.Connections.List(ctx, cursor.Tenant, connection.Filter{Connector: r.record.Connector}, cursor.Connection, pageSize-len(found))
		if err != nil {
			return nil, cursor, false, err
		}
		found = append(found, page...)
		if cursor.Connection = next; next == "" {
			cursor = Cursor{After: cursor.Tenant}
		}
		if len(found) >= pageSize {
			break
		}
	}
	return found, cursor, false, nil
}

// tenantAfter returns the next tenant of the scope, empty after the last.
func (r *run) tenantAfter(ctx context.Context, after string) (string, error) {
	if r.record.Scope == ScopeTenant {
		if after == "" {
			return r.record.Tenant, nil
		}
		return "", nil
	}
	page, _, err := r.Tenants.List(ctx, after, 1)
	if err != nil || len(page) == 0 {
		return "", err
	}
	return page[0].ID, nil
}

// deal cuts off or releases connections, so many at once, and returns what became
// of them and how many there was something to do for.
func (r *run) deal(ctx context.Context, found []connection.Connection, active []Active) (sum Counts, changed int) {
	queue := make(chan *connection.Connection, len(found))
	for i := range found {
		queue <- &found[i]
	}
	close(queue)
	var mu sync.Mutex
	var group sync.WaitGroup
	for range min(atOnce, len(found)) {
		group.Go(func() {
			for c := range queue {
				n, did := r.one(ctx, c, active)
				mu.Lock()
				sum = sum.plus(n)
				if did {
					changed++
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return sum, changed
}

func (r *run) one(ctx context.Context, c *connection.Connection, active []Active) (n Counts, did bool) {
	var err error
	switch {
	case c.Lifecycle == connection.Deleting || ctx.Err() != nil:
		return Counts{}, false // It is refused, revoked and gone soon anyway.
	case r.record.Phase == Cutting:
		n, did, err = r.cut(ctx, c)
	default:
		n, did, err = r.restore(ctx, c, active)
	}
	if errors.Is(err, connection.ErrNotFound) {
		return Counts{}, false
	}
	if err != nil {
		slog.WarnContext(ctx, "kill switch", "switch", r.record.ID, "tenant", c.Tenant, "connection", c.ID, "error", err)
		return Counts{Total: 1, Failed: 1}, did
	}
	return n, did
}

// cut takes the credential of a connection away, unless that is done or waits for
// its next try.
func (r *run) cut(ctx context.Context, c *connection.Connection) (n Counts, did bool, err error) {
	var revocation method.Revocation
	x := c.Cutoff
	switch {
	case x == nil || x.Reason != connection.ReasonKillSwitch || !x.Next.IsZero() && !x.Next.After(r.Now()):
		did = true
		caller := auth.Job("queue-reconcile", c.Tenant, r.requestID)
		always := func(*connection.Connection) bool { return true }
		if revocation, err = r.Connects.CutOff(ctx, caller, c.ID, connection.ReasonKillSwitch, always); err != nil {
			return n, did, err
		}
		if x == nil || x.Reason != connection.ReasonKillSwitch { // Else it was stopped before, and is tried again.
			metric.Count(ctx, metric.KillStopped, 1)
		}
	case x.Next.IsZero():
		revocation = method.Revocation(x.Revocation)
	default:
		revocation = method.RevokePending
	}
	n = Counts{Total: 1, Disabled: 1}
	switch revocation {
	case method.Revoked:
		n.Revoked = 1
	case method.NotSupported, method.RevokeFailed:
		n.Irrevocable = 1
	case method.RevokePending:
		n.Pending = 1
	}
	return n, did, nil
}

// restore releases a connection that no active switch covers. One whose credential
// is still being revoked is left for the next pass.
func (r *run) restore(ctx context.Context, c *connection.Connection, active []Active) (n Counts, did bool, err error) {
	if c.Cutoff == nil || c.Cutoff.Reason != connection.ReasonKillSwitch || covered(active, c) {
		return n, false, nil
	}
	if !c.Cutoff.Next.IsZero() {
		return Counts{Pending: 1}, false, nil
	}
	caller := auth.Job("queue-reconcile", c.Tenant, r.requestID)
	if err := r.Audit.CheckFor(ctx, caller, audit.ConnectionEnable, c.ID, "", map[string]string{"killSwitch": r.record.ID}); err != nil {
		return n, true, err
	}
	_, err = connection.Transition(ctx, r.Connections, r.Events, r.Now, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.Lifecycle == connection.Deleting || c.Cutoff == nil {
			return connection.ErrNotFound
		}
		c.Revision++
		return c.Restore()
	})
	if fault.Has(err, fault.CodeConflict) {
		return Counts{Pending: 1}, true, nil
	}
	return n, true, err
}

func covered(active []Active, c *connection.Connection) bool {
	for _, a := range active {
		if a.Covers(c.Tenant, c.Connector) {
			return true
		}
	}
	return false
}

func (n Counts) plus(m Counts) Counts {
	return Counts{
		Total: n.Total + m.Total, Disabled: n.Disabled + m.Disabled, Revoked: n.Revoked + m.Revoked,
		Irrevocable: n.Irrevocable + m.Irrevocable, Pending: n.Pending + m.Pending, Failed: n.Failed + m.Failed,
	}
}
