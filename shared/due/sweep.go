package due

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Source reads the indexes.
type Source interface {
	// Due returns the entries of one shard that are due after a time and not
	// after another, oldest first, at most limit. It is eventually consistent: an
	// entry may be named for a moment after it was dealt with.
	Due(ctx context.Context, index Index, shard int, after, until time.Time, limit int) ([]Item, error)
}

// Queue takes messages to whoever works on them.
type Queue interface {
	// Send sends the items with their delays and returns those that were not
	// taken.
	Send(ctx context.Context, messages []Message) (unsent []Message, err error)
	// Depth returns about how many messages were sent and are not done with.
	Depth(ctx context.Context) (int, error)
}

// Message is an item on its way to a worker.
type Message struct {
	Item  Item
	Delay time.Duration // At most fifteen minutes, in whole seconds.
}

// Progress is how far the sweeps of an index have come.
type Progress struct {
	Index   Index
	Until   time.Time            // While a sweep runs: when it counts as dead.
	Owner   string               // Of the sweep that runs.
	Reached [Shards]time.Time    // Up to when entries were sent, by shard.
	LooseAt time.Time            // When entries that were left behind were last looked for.
	Booked  map[string]time.Time // By connector with a pace: until when its turns are taken.
	SweptAt time.Time            // When the last sweep began.
	Version int64
}

// Memory keeps the progress of each index.
type Memory interface {
	// Update applies change to the newest progress, made if there is none, and
	// stores the result if no one wrote in between, else it starts over. An error
	// of change ends it and nothing is stored.
	Update(ctx context.Context, index Index, change func(*Progress) error) (Progress, error)
}

// Lane is one index and the queue it is worked off through.
type Lane struct {
	Index Index
	Queue Queue
	// Capacity is how many messages may wait at once: what the workers handle in a
	// few minutes. What is more stays in the index.
	Capacity int
}

// Sweeper sends what is due.
type Sweeper struct {
	Source Source
	Memory Memory
	Lanes  []Lane
	// Pace returns the least time between two calls to the system of a connector;
	// zero is no limit.
	Pace func(ctx context.Context, connector string) time.Duration
	Now  func() time.Time
}

const (
	ahead     = time.Minute      // How far ahead of now a sweep reads.
	dead      = 3 * time.Minute  // After which a sweep that did not end counts as dead.
	longest   = 5 * time.Minute  // The longest delay of a message.
	loose     = 15 * time.Minute // How long after its time an entry that still stands there was left behind.
	looseness = 5 * time.Minute  // How often those are looked for.
	pageSize  = 500
)

// Sweep runs every lane and says how many entries it found, sent and could not
// send. A lane that fails keeps none of the others waiting.
func (s *Sweeper) Sweep(ctx context.Context, requestID string) (found, sent, failed int, err error) {
	var group sync.WaitGroup
	type result struct {
		found, sent int
		err         error
	}
	results := make([]result, len(s.Lanes))
	for i, lane := range s.Lanes {
		group.Go(func() {
			r := run{Sweeper: s, Lane: lane, owner: requestID + "/" + string(lane.Index), now: s.Now().UTC()}
			err := r.sweep(ctx)
			if err != nil {
				err = fmt.Errorf("sweep %s: %w", lane.Index, err)
			}
			results[i] = result{r.found, r.sent, err}
		})
	}
	group.Wait()
	for _, r := range results {
		found, sent = found+r.found, sent+r.sent
		err = errors.Join(err, r.err)
	}
	return found, sent, found - sent, err
}

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
	if errors.Is(err, errTaken) {
		return nil
	}
	if err != nil {
		return err
	}
	worked := r.work(ctx)
	r.measure(ctx)
	return errors.Join(worked, r.save(ctx, true))
}

// work sends what fits. Entries left behind come first, and only while the queue
// is short: else they may well be in it.
func (r *run) work(ctx context.Context) error {
	depth, err := r.Queue.Depth(ctx)
	if err != nil {
		return err
	}
	r.depth = depth
	r.room = r.Capacity - depth
	if err := r.left(ctx, depth); err != nil {
		return err
	}
	until := r.now.Add(ahead)
	for r.room > 0 {
		items, reached, err := r.read(ctx, r.progress.Reached, until)
		if err != nil {
			return err
		}
		if err := r.send(ctx, items, &reached); err != nil {
			return err
		}
		if reached == r.progress.Reached {
			return nil // Nothing could be sent, or nothing is left.
		}
		r.progress.Reached = reached
		if done(reached, until) {
			return nil
		}
		if err := r.save(ctx, false); err != nil {
			return err
		}
	}
	return nil
}

// left sends again what is long overdue: its message was lost, or was never
// sent.
func (r *run) left(ctx context.Context, depth int) error {
	before := r.now.Add(-loose)
	switch {
	case depth == 0:
		before = r.now // Nothing of it is on its way.
	case depth > r.Capacity/10 || r.now.Sub(r.progress.LooseAt) < looseness:
		return nil
	}
	r.progress.LooseAt = r.now
	var until [Shards]time.Time
	for i, reached := range r.progress.Reached {
		until[i] = earlier(before, reached)
	}
	var items []Item
	for i := range Shards {
		if until[i].IsZero() {
			continue
		}
		found, err := r.Source.Due(ctx, r.Index, i, time.Time{}, until[i], max(1, r.room/Shards))
		if err != nil {
			return err
		}
		items = append(items, found...)
	}
	return r.send(ctx, items, nil)
}

// read returns what comes next in every shard, and how far that goes.
func (r *run) read(ctx context.Context, from [Shards]time.Time, until time.Time) ([]Item, [Shards]time.Time, error) {
	reached := from
	var items []Item
	for shard := range Shards {
		if !from[shard].Before(until) {
			continue
		}
		found, up, err := r.page(ctx, shard, from[shard], until)
		if err != nil {
			return nil, from, err
		}
		reached[shard] = up
		items = append(items, found...)
	}
	return items, reached, nil
}

// page returns the next entries of a shard and up to when they are all there
// are: entries of one time are never parted, for the next page begins after it.
func (r *run) page(ctx context.Context, shard int, from, until time.Time) ([]Item, time.Time, error) {
	for limit := max(2, min(pageSize, r.room/Shards)); ; limit *= 2 {
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
// that took too long and was overtaken stores nothing.
func (r *run) save(ctx context.Context, over bool) error {
	p, err := r.Memory.Update(ctx, r.Index, func(p *Progress) error {
		if p.Owner != r.owner || !p.SweptAt.Equal(r.now) {
			return errTaken
		}
		p.Reached, p.LooseAt, p.Booked = r.progress.Reached, r.progress.LooseAt, r.progress.Booked
		if over {
			p.Until = time.Time{}
		}
		return nil
	})
	if errors.Is(err, errTaken) {
		return nil
	}
	r.progress.Version = p.Version
	return err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
