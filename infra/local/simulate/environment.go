package simulate

import (
	"context"
	"encoding/json"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/vault"
)

// environment is one execution environment of a function: it has services, a
// cache of data keys and a clock of its own, and counts what it asks for.
type environment struct {
	ledger
	*meters
	world    *world
	sealer   *vault.Sealer
	log      *audit.Log
	gate     *killswitch.Gate
	consumer func(context.Context, api.Batch) (api.BatchResult, error)
	memory   float64 // GB.
	name     due.Index

	mu      sync.Mutex // The messages of a batch are given at once, and worked on in turn.
	at      time.Time
	started time.Time
	longest time.Duration // Of the messages of the batch.

	busy    time.Time // Until when it works on what it was given.
	planned time.Time // The same, as far as that can be foreseen.
	batches []batch
}

// Now is the virtual time of whatever is worked on.
func (e *environment) Now() time.Time { return e.at }

func (e *environment) spend(d time.Duration) { e.at = e.at.Add(d) }

func (e *environment) sleep(_ context.Context, d time.Duration) error {
	e.spend(d)
	return nil
}

// newEnvironment returns a consumer of a lane, with the real handler around the
// real service.
func newEnvironment(w *world, l *lane, consumer routes.Typed[api.Batch, api.BatchResult]) *environment {
	e := &environment{world: w, meters: w.meters, at: begin, memory: gigabytes(l.consumer), name: l.index, busy: begin, planned: begin}
	work := e.work(l.index)
	e.consumer = app.Consumer(consumer, func(ctx context.Context, requestID string, body []byte) error {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.at = e.started
		err := work(ctx, requestID, body)
		e.longest = max(e.longest, e.at.Sub(e.started))
		if err != nil {
			slog.ErrorContext(ctx, "message", "body", string(body), "error", err)
		}
		return err
	})
	return e
}

func gigabytes(r *routes.Route) float64 {
	if r.Memory == 0 {
		return defaultMB / 1024.0
	}
	return float64(r.Memory) / 1024
}

// run works on the batches one after the other.
func (e *environment) run(ctx context.Context, l *lane) {
	for _, b := range e.batches {
		e.started = b.closed
		if e.busy.After(e.started) {
			e.started = e.busy
		}
		e.longest = 0
		e.give(ctx, l, b)
		e.calls[invoke]++
		e.calls[sqsReceive]++
		e.calls[sqsDelete]++
		e.gbSeconds += e.memory * e.longest.Seconds()
		e.elapsed += e.longest
		e.meters.add(busyMillis, e.started, int(e.longest.Milliseconds()))
		e.busy = e.started.Add(e.longest)
	}
	e.batches = e.batches[:0]
	e.planned = e.busy
}

// give hands one batch to the consumer, and what failed back to the queue.
func (e *environment) give(ctx context.Context, l *lane, b batch) {
	in := api.Batch{Records: make([]api.Message, len(b.messages))}
	for i, m := range b.messages {
		body, err := json.Marshal(m.item)
		if err != nil {
			continue // The consumer refuses an empty body.
		}
		in.Records[i] = api.Message{ID: strconv.Itoa(i), Body: string(body)}
		e.note(m)
	}
	out, err := e.consumer(ctx, in)
	if err != nil {
		return
	}
	failed := map[string]bool{}
	for _, f := range out.Failures {
		failed[f.ID] = true
	}
	for i, m := range b.messages {
		if !failed[in.Records[i].ID] {
			continue
		}
		e.failures++
		if l.queue.again(m, e.started.Add(visibleAfter*l.consumer.Timeout)) {
			e.dead++
		}
	}
	l.queue.done(len(b.messages) - len(failed))
}

// note keeps how late the work on a message begins.
func (e *environment) note(m message) {
	e.items++
	e.lag.note(e.started.Sub(m.item.At))
	if place, ok := placeOf(m.item.ID); ok && e.name == due.Refresh {
		mu := e.world.table.lock(place)
		mu.Lock()
		c := &e.world.table.rows[place].record
		if !c.Due.Refresh.After(e.started) && c.Credential.ExpiresAt.Before(e.started) {
			e.late++
		}
		mu.Unlock()
	}
}
