package lease

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// sweepLimit bounds one run; what is left is due in the next.
const sweepLimit = 200

// Sweep refreshes what is due, ahead of its expiry, until the time of the run
// is used up.
func (r *Refresher) Sweep(ctx context.Context) (due, done, failed int, err error) {
	refs, err := r.Store.Due(ctx, connection.RefreshDue, r.Now(), sweepLimit)
	if err != nil {
		return 0, 0, 0, err
	}
	for _, ref := range refs {
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < time.Minute {
			break
		}
		if err := r.sweep(ctx, ref); err != nil {
			failed++
			slog.WarnContext(ctx, "refresh", "connection", ref.ID, "error", err)
			continue
		}
		done++
	}
	return len(refs), done, failed, nil
}

// sweep refreshes one connection; the index may be late, so the record decides.
func (r *Refresher) sweep(ctx context.Context, ref connection.Ref) error {
	c, err := r.Refresh(ctx, ref.Tenant, ref.ID, func(c *connection.Connection) bool {
		return c.Due.Refresh.IsZero() || c.Due.Refresh.After(r.Now())
	})
	if fault.Has(err, fault.CodeNotFound) || fault.Has(err, fault.CodeConnectionDisabled) {
		return nil
	}
	if err != nil {
		return errors.Join(err, r.putBack(ctx, c, err))
	}
	return nil
}
