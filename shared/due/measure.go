package due

import (
	"context"

	"github.com/tenonhq/tenon/shared/metric"
)

// measure says how much a run found and sent, how much waits in the queue, and
// how old the oldest entry may be that it left behind.
func (r *run) measure(ctx context.Context) {
	of := metric.Index(string(r.Index))
	metric.Count(ctx, metric.SweepFound, r.found, of)
	metric.Count(ctx, metric.SweepSent, r.sent, of)
	metric.Gauge(ctx, metric.QueueDepth, r.depth, of)
	oldest := r.now
	for _, reached := range r.progress.Reached {
		if !reached.IsZero() {
			oldest = earlier(oldest, reached)
		}
	}
	metric.Duration(ctx, metric.BacklogAge, r.now.Sub(oldest), of)
}
