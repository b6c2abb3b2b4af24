package connectiontest

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// Sweep does the work on what is due in an index, as the sweep, its queue and
// the consumers do together: at most 200 entries, so many at once.
func Sweep(ctx context.Context, s connection.Store, index connection.Index, now time.Time, atOnce int, work func(context.Context, string, due.Item) error) (found, done, failed int, err error) {
	refs, err := s.Due(ctx, index, now, 200)
	if err != nil {
		return 0, 0, 0, err
	}
	entries := make(chan connection.Ref, len(refs))
	for _, ref := range refs {
		entries <- ref
	}
	close(entries)
	var well, ill atomic.Int64
	var group sync.WaitGroup
	for range min(atOnce, len(refs)) {
		group.Go(func() {
			for ref := range entries {
				if err := work(ctx, "run-1", due.Item{Tenant: ref.Tenant, Kind: "connection", ID: ref.ID, At: now}); err != nil {
					ill.Add(1)
				} else {
					well.Add(1)
				}
			}
		})
	}
	group.Wait()
	return len(refs), int(well.Load()), int(ill.Load()), nil
}
