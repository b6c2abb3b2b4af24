package due

import (
	"context"
	"errors"
	"fmt"
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
	Seen    [Shards]time.Time    // What Reached was then: up to here all was sent by that time.
	Loose   [Shards]time.Time    // Up to when they were looked through; zero is to begin anew.
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
	looseness = 5 * time.Minute  // How often those are looked for; Lane.Capacity is worked off in less.
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
