package due

import (
	"context"
	"time"
)

// left sends again what still stands in the index though it was passed: its
// message was lost or never sent, or it was planned for a time that had been
// read. While the queue is empty that is all that is due. Else it is what is long
// overdue and was sent before the last look, for the rest may well be in the
// queue.
func (r *run) left(ctx context.Context, depth int) error {
	until := r.progress.Reached
	switch {
	case r.room <= 0:
		return nil
	case depth == 0:
		limit(&until, r.now)
	case r.now.Sub(r.progress.LooseAt) < looseness:
		return nil
	default:
		until = r.progress.Seen
		limit(&until, r.now.Add(-loose))
	}
	items, err := r.behind(ctx, until)
	if err != nil {
		return err
	}
	r.progress.LooseAt, r.progress.Seen = r.now, r.progress.Reached
	_, err = r.send(ctx, items)
	return err
}

// behind goes on in every shard from where the last look ended, so that entries
// which stay keep none of those behind them from being found. It takes half of
// the room, so that they do not keep what comes next waiting either.
func (r *run) behind(ctx context.Context, until [Shards]time.Time) ([]Item, error) {
	var items []Item
	for shard, end := range until {
		from := r.progress.Loose[shard]
		if !from.Before(end) {
			from = time.Time{}
		}
		if end.IsZero() {
			continue
		}
		found, up, err := r.page(ctx, shard, from, end, r.room/2/Shards)
		if err != nil {
			return nil, err
		}
		if !up.Before(end) {
			up = time.Time{}
		}
		r.progress.Loose[shard] = up
		items = append(items, found...)
	}
	return items, nil
}

func limit(times *[Shards]time.Time, most time.Time) {
	for i := range times {
		times[i] = earlier(times[i], most)
	}
}
