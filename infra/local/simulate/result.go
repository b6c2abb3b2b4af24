package simulate

import (
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// Result is what one simulation counted.
type Result struct {
	Connections int
	Duration    time.Duration // Of virtual time.
	Took        time.Duration
	Late        int64 // Tokens that had expired when their refresh began.
	Expired     int   // Tokens that are over at the end.
	Forgotten   int   // Entries that were due a quarter of an hour before the end.
	Demoted     int   // Connections that are not active at the end.
	Reused      int64 // Refresh tokens that were sent after they had been replaced.
	Dead        int64 // Messages that ended in a dead-letter queue.
	Idle        int   // Keys of which nobody reports calls.
	EarlyReads  int64 // Reads of those while nothing of them was due.

	lanes   []laneResult
	total   ledger
	state   state
	reports int64
	meters  *meters
	busiest map[due.Index]int
	events  map[string]int
}

// laneResult is what one kind of work asked for.
type laneResult struct {
	name string
	ledger
	environments int // That were used…
	concurrency  int // …of so many that there may be at once; zero is no limit.
}

func (e *engine) result() *Result {
	r := &Result{
		Connections: len(e.world.table.rows), Duration: e.now.Sub(begin), meters: e.world.meters, busiest: map[due.Index]int{},
		Reused: e.world.systems.reused.Load(), state: e.world.state(e.now), events: e.world.happened(),
	}
	r.Expired, r.Forgotten, r.Demoted = r.state.expired, r.state.forgotten, r.state.demoted
	r.Idle, r.EarlyReads = r.state.idle, r.state.early
	add := func(name string, concurrency int, environments ...*environment) {
		x := laneResult{name: name, concurrency: concurrency}
		for _, one := range environments {
			x.add(&one.ledger)
			if one.items > 0 {
				x.environments++
			}
		}
		r.lanes = append(r.lanes, x)
		r.total.add(&x.ledger)
		r.Late, r.Dead = r.Late+x.late, r.Dead+x.dead
	}
	for _, l := range e.lanes {
		if len(l.environments) > 0 {
			add(string(l.index), l.consumer.Queue.Concurrency, l.environments...)
		}
	}
	add("reports", 0, e.reporter...)
	r.reports = r.lanes[len(r.lanes)-1].items
	r.lanes = append(r.lanes, laneResult{name: "sweep", ledger: e.sweeps.ledger})
	r.total.add(&e.sweeps.ledger)
	for name, x := range e.world.table.indexes {
		r.busiest[name] = x.busiest()
	}
	return r
}

// Items is how many due items a lane worked on.
func (r *Result) Items(name due.Index) int64 {
	if l := r.lane(name); l != nil {
		return l.items
	}
	return 0
}

// Lag is how long after its time the work on an item of a lane began, at most,
// for a share of them.
func (r *Result) Lag(name due.Index, share float64) time.Duration {
	if l := r.lane(name); l != nil {
		return l.lag.quantile(share)
	}
	return 0
}

// CallsPerItem is how many calls to DynamoDB, Secrets Manager and the provider
// there were for each item of a lane, without what depends on which environment
// it met: the data key, the promise of a seal, the kill switches.
func (r *Result) CallsPerItem(name due.Index) float64 {
	l := r.lane(name)
	if l == nil || l.items == 0 {
		return 0
	}
	n := l.requests(getItem, putItem, updateItem, transactItems, appendAudit, getSecret, putSecret, moveLabel, describeSecret, tokenRequest, probeRequest)
	return float64(n-l.keyReads()) / float64(l.items)
}

// keyReads are the reads of the item of a tenant: each uses its key once, as
// does each call about the value of a secret.
func (l *laneResult) keyReads() int64 { return l.calls[keyUse] - l.requests(getSecret, putSecret) }

func (r *Result) lane(name due.Index) *laneResult {
	for i := range r.lanes {
		if r.lanes[i].name == string(name) {
			return &r.lanes[i]
		}
	}
	return nil
}
