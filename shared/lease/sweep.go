package lease

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// sweepLimit bounds one run; what is left is due in the next. sweepers is how
// many connections are refreshed at once: so many that a provider which lets
// every request run out of time is found out within a minute, and few enough
// for the writes that the secret store takes.
const (
	sweepLimit = 200
	sweepers   = 8
)

// Sweep refreshes what is due, ahead of its expiry, until the time of the run
// is used up.
func (r *Refresher) Sweep(ctx context.Context) (due, done, failed int, err error) {
	refs, err := r.Store.Due(ctx, connection.RefreshDue, r.Now(), sweepLimit)
	if err != nil {
		return 0, 0, 0, err
	}
	work := make(chan connection.Ref, len(refs))
	for _, ref := range refs {
		work <- ref
	}
	close(work)
	var well, ill atomic.Int64
	sweeper := func() {
		for ref := range work {
			if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < time.Minute {
				return
			}
			if err := r.sweep(ctx, ref); err != nil {
				ill.Add(1)
				slog.WarnContext(ctx, "refresh", "connection", ref.ID, "error", err)
				continue
			}
			well.Add(1)
		}
	}
	var group sync.WaitGroup
	for range min(cmp.Or(r.Sweepers, sweepers), len(refs)) - 1 {
		group.Go(sweeper)
	}
	sweeper()
	group.Wait()
	return len(refs), int(well.Load()), int(ill.Load()), nil
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
