package lease

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
)

// Due refreshes one connection ahead of its expiry. The index may be late, so
// the record decides. Unlike a lease it waits for its turn at a provider that is
// called at a pace.
func (r *Refresher) Due(ctx context.Context, _ string, item due.Item) error {
	patient := *r
	patient.waits = true
	c, err := patient.Refresh(ctx, item.Tenant, item.ID, func(c *connection.Connection) bool {
		return c.Due.Refresh.IsZero() || c.Due.Refresh.After(r.Now())
	})
	if err == nil || fault.Has(err, fault.CodeNotFound) || fault.Has(err, fault.CodeConnectionDisabled) || connection.CutOff(err) {
		return nil
	}
	if c.ID == "" {
		return err // It could not be read: nothing is planned.
	}
	if late := r.putBack(ctx, c, err); late != nil {
		return errors.Join(err, late)
	}
	return due.Planned(err)
}
