package simulate

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/app/sweeps"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/routes"
)

// engine advances a world second by second.
type engine struct {
	world    *world
	lanes    []*lane
	sweeper  *due.Sweeper
	sweeps   *sweepLedger
	now      time.Time
	reporter []*environment // One for each processor.
	quiet    bool           // Nobody reports calls.
	progress progress
	each     func(now time.Time) // Runs at the beginning of every second; nil is nothing.
	enough   func() bool         // Says that a minute was the last; nil never does.
}

func newEngine(w *world, p progress) *engine {
	e := &engine{world: w, sweeps: new(sweepLedger), now: begin, progress: p}
	clock := func() time.Time { return e.now }
	e.sweeper = &due.Sweeper{
		Source: source{w.table, e.sweeps}, Pace: w.pace, Now: clock,
		Memory: memory{new(sync.Mutex), map[due.Index]due.Progress{}, e.sweeps},
	}
	for _, x := range sweeps.Lanes() {
		l := newLane(w, x, e.sweeps)
		e.lanes = append(e.lanes, l)
		e.sweeper.Lanes = append(e.sweeper.Lanes, due.Lane{Index: x.Index, Queue: l.queue, Capacity: x.Capacity})
	}
	for range runtime.GOMAXPROCS(0) {
		e.reporter = append(e.reporter, &environment{world: w, meters: w.meters, at: begin, memory: gigabytes(routes.ConnectionCalls.Route)})
	}
	return e
}

func (e *engine) run(ctx context.Context, d time.Duration) error {
	for e.now.Before(begin.Add(d)) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if e.each != nil {
			e.each(e.now)
		}
		if e.now.Sub(begin)%routes.JobDueSweep.Schedule.Every == 0 {
			if err := e.sweep(ctx); err != nil {
				return err
			}
			if e.enough != nil && e.enough() {
				return nil
			}
			e.progress.tell(len(e.world.table.rows), e.now.Sub(begin), e.items())
		}
		e.second(ctx)
		e.now = e.now.Add(time.Second)
	}
	return nil
}

// sweep runs the job of the minute.
func (e *engine) sweep(ctx context.Context) error {
	for _, l := range e.lanes {
		l.queue.begin(e.now)
	}
	before := e.sweeps.elapsed
	_, _, failed, err := e.sweeper.Sweep(ctx, e.now.Format(time.RFC3339))
	if err != nil || failed > 0 {
		return fmt.Errorf("sweep: %d were not sent: %w", failed, err)
	}
	e.sweeps.count(func(l *ledger) {
		l.calls[invoke]++
		l.gbSeconds += gigabytes(routes.JobDueSweep.Route) * (l.elapsed - before).Seconds()
	})
	return nil
}

// second does the work of one second: the environments side by side.
func (e *engine) second(ctx context.Context) {
	type job struct {
		*environment
		*lane
	}
	var jobs []job
	until := e.now.Add(time.Second)
	for _, l := range e.lanes {
		if len(l.environments) == 0 {
			continue
		}
		l.gather(e.now)
		for _, x := range l.plan(until) {
			jobs = append(jobs, job{x, l})
		}
	}
	next := make(chan job, len(jobs))
	for _, j := range jobs {
		next <- j
	}
	close(next)
	var group sync.WaitGroup
	for i, r := range e.reporter {
		group.Go(func() {
			for j := range next {
				j.environment.run(ctx, j.lane)
			}
			e.report(ctx, r, i)
		})
	}
	group.Wait()
	for _, j := range jobs {
		j.lane.learn([]*environment{j.environment})
	}
}

// stride brings the seconds of a reportPause in such an order that the reports of
// few connections are spread over all of it.
const stride = 7919

// report lets the runtimes whose turn it is tell of their calls.
func (e *engine) report(ctx context.Context, r *environment, worker int) {
	if e.quiet {
		return
	}
	turns := int(reportPause / time.Second)
	var s *health.Service
	for place := int(e.now.Sub(begin)/time.Second) * stride % turns; place < len(e.world.table.rows); place += turns {
		if !reports(place) || (place/turns)%len(e.reporter) != worker {
			continue
		}
		if s == nil {
			s = r.health()
		}
		r.at, r.started = e.now, e.now
		if err := r.report(ctx, s, place); err != nil {
			r.failures++
		}
		r.items++
		r.calls[invoke]++
		r.gbSeconds += r.memory * r.at.Sub(r.started).Seconds()
	}
}

// items is how many were worked on.
func (e *engine) items() (n int64) {
	for _, l := range e.lanes {
		for _, x := range l.environments {
			n += x.items
		}
	}
	return n
}
