package reconcile

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// tellPause is how long a bus that did not take an event is left alone.
const tellPause = 5 * time.Minute

// tell publishes what whoever wrote it did not, in the order it was written. A
// bus that takes nothing keeps the record from nothing else: the failure is
// planned again. The events of a deletion are published by the deletion.
func (r *run) tell(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	if c.Lifecycle == connection.Deleting || !r.due(c.OutboxAt) {
		return c, nil
	}
	drained, failed := connection.Drain(ctx, r.Store, r.Events, c)
	if failed == nil {
		return drained, nil
	}
	_, err := r.Store.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if r.due(c.OutboxAt) {
			c.OutboxAt = r.Now().UTC().Add(tellPause)
		}
		c.PlanReconcile()
		return nil
	})
	if err != nil && !errors.Is(err, connection.ErrNotFound) {
		return c, errors.Join(failed, err)
	}
	return c, due.Planned(failed)
}
