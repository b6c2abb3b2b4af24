package inheritance

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// reapplyPause is until it is tried again to make anew what could not be.
const reapplyPause = time.Hour

// Reapply makes anew what a lease of a connection hands out whose own inputs were
// changed, on behalf of a job. Nothing is done when that is not due.
func (w *Walker) Reapply(ctx context.Context, caller auth.Caller, connectionID string) error {
	r := run{Walker: w, requestID: caller.RequestID, own: true}
	err := r.take(ctx, connection.Ref{Tenant: caller.Tenant, ID: connectionID})
	if err == nil {
		return nil
	}
	_, late := w.Connections.Update(ctx, caller.Tenant, connectionID, func(c *connection.Connection) error {
		if !c.ReapplyAt.IsZero() {
			c.ReapplyAt = w.Now().UTC().Add(reapplyPause)
		}
		c.PlanReconcile()
		return nil
	})
	if late != nil {
		return errors.Join(err, late)
	}
	return due.Planned(err)
}

// behind reports whether the connection has something to take over.
func (r *run) behind(c *connection.Connection, revision int) bool {
	if r.own {
		return !c.ReapplyAt.IsZero()
	}
	return c.TemplateRevision < revision
}
