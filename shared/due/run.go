package due

import (
	"context"
	"errors"
	"slices"
	"time"
)

// run is one sweep of one lane.
type run struct {
	*Sweeper
	Lane
	owner       string
	now         time.Time
	progress    Progress
	room, depth int
	found, sent int
}

// errTaken says that another sweep runs.
var errTaken = errors.New("another sweep runs")

func (r *run) sweep(ctx context.Context) error {
	var err error
	r.progress, err = r.Memory.Update(ctx, r.Index, func(p *Progress) error {
		if r.now.Before(p.Until) {
			return errTaken
		}
		p.Owner, p.Until, p.SweptAt = r.owner, r.now.Add(dead), r.now
		return nil
	})
	if err == nil {
		err = r.work(ctx)
		r.measure(ctx)
		if !errors.Is(err, errTaken) {
			err = errors.Join(err, r.save(ctx, true))
		}
	}
	if errors.Is(err, errTaken) {
		return nil
	}
	return err
}

// work sends what fits. What was left behind comes first. Entries that the queue
// did not take are where the next sweep begins.
func (r *run) work(ctx context.Context) error {
	depth, err := r.Queue.Depth(ctx)
	if err != nil {
		return err
	}
	r.depth, r.room = depth, r.Capacity-depth
	if err := r.left(ctx, depth); err != nil {
		return err
	}
	until := r.now.Add(ahead)
	for r.room > 0 && !done(r.progress.Reached, until) {
		items, reached, err := r.read(ctx, r.progress.Reached, until)
		if err != nil {
			return err
		}
		unsent, err := r.send(ctx, items)
		if err != nil {
			return err
		}
		for _, m := range unsent {
			putBack(&reached, r.progress.Reached, m.Item)
		}
		r.progress.Reached = reached
		if len(unsent) > 0 {
			return nil
		}
		if err := r.save(ctx, false); err != nil {
			return err
		}
	}
	return nil
}

// putBack moves a shard back to before an entry. One it was moved back to
// already is left behind: else an entry that is never taken would stop its shard.
func putBack(reached *[Shards]time.Time, from [Shards]time.Time, item Item) {
	shard, before := Shard(item.ID), item.At.Add(-1)
	if before.After(from[shard]) {
		reached[shard] = earlier(reached[shard], before)
	}
}

// read returns what comes next in every shard, and how far that goes.
func (r *run) read(ctx context.Context, from [Shards]time.Time, until time.Time) ([]Item, [Shards]time.Time, error) {
	reached := from
	var items []Item
	for shard := range Shards {
		if !from[shard].Before(until) {
			continue
		}
		found, up, err := r.page(ctx, shard, from[shard], until, min(pageSize, r.room/Shards))
		if err != nil {
			return nil, from, err
		}
		reached[shard] = up
		items = append(items, found...)
	}
	return items, reached, nil
}

// page returns the next entries of a shard and up to when they are all there
// are: about so many, for entries of one time are never parted. The next page
// begins after it.
func (r *run) page(ctx context.Context, shard int, from, until time.Time, most int) ([]Item, time.Time, error) {
	for limit := max(2, most); ; limit *= 2 {
		found, err := r.Source.Due(ctx, r.Index, shard, from, until, limit)
		if err != nil || len(found) < limit {
			return found, until, err
		}
		last := found[limit-1].At
		whole := slices.IndexFunc(found, func(i Item) bool { return i.At.Equal(last) })
		if whole > 0 {
			return found[:whole], found[whole-1].At, nil
		}
	}
}

func done(reached [Shards]time.Time, until time.Time) bool {
	for _, at := range reached {
		if at.Before(until) {
			return false
		}
	}
	return true
}

// save stores how far the run has come, and, at its end, that it is over. A run
// that took too long and was overtaken stores nothing and ends.
func (r *run) save(ctx context.Context, over bool) error {
	_, err := r.Memory.Update(ctx, r.Index, func(p *Progress) error {
		if p.Owner != r.owner || !p.SweptAt.Equal(r.now) {
			return errTaken
		}
		p.Reached, p.LooseAt, p.Seen, p.Loose, p.Booked = r.progress.Reached, r.progress.LooseAt, r.progress.Seen, r.progress.Loose, r.progress.Booked
		if over {
			p.Until = time.Time{}
		}
		return nil
	})
	return err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
