// Package simulate runs the work of a whole deployment for a day in virtual
// time: the real sweep sends what is due, the real consumers hand it to the real
// services, and everything around them is in memory and counts what AWS would be
// asked for. It says what a connection costs, how late work is done, and which
// quota is full first.
//
// It may import the domain, the composition of sweeps and consumers, the route
// table, and package dynamo for the true size of a record.
//
// What is simplified: work takes no time but for the latencies named here; one
// call never fails by itself; functions are never cold; leases are not run but
// counted by a formula.
package simulate

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"time"
)

// Config says what to simulate.
type Config struct {
	Connections int
	Duration    time.Duration // Of virtual time.
	Limit       time.Duration // Of real time, after which the simulation ends early; zero is none.
	Out         io.Writer     // Receives progress; nil is none.
}

// begin is when every simulation begins.
var begin = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// Run simulates one size and returns what was counted.
func Run(ctx context.Context, cfg Config) (*Result, error) {
	started := time.Now()
	w, err := newWorld(ctx, cfg.Connections, cfg.Duration)
	if err != nil {
		return nil, err
	}
	runtime.GC() // What built the world is not part of it.
	e := newEngine(w, progress{out: cfg.Out, began: started})
	e.enough = func() bool { return cfg.Limit > 0 && time.Since(started) > cfg.Limit }
	if err := e.run(ctx, cfg.Duration); err != nil {
		return nil, err
	}
	r := e.result()
	r.Took = time.Since(started)
	return r, nil
}

// Print runs the sizes one after the other and writes their tables. cfg is of
// each but for its Connections. The bill of one that ended early is extrapolated,
// as its table says.
func Print(ctx context.Context, cfg Config, sizes ...int) error {
	out := cfg.Out
	_, _ = fmt.Fprint(out, workload())
	var results []*Result
	for _, n := range sizes {
		cfg.Connections = n
		r, err := Run(ctx, cfg)
		if err != nil {
			return fmt.Errorf("simulate %d connections: %w", n, err)
		}
		results = append(results, r)
		_, _ = fmt.Fprint(out, r.table())
	}
	_, err := fmt.Fprint(out, compare(results), costs(results))
	return err
}

// progress tells every few seconds how far the simulation is.
type progress struct {
	out   io.Writer
	began time.Time
	last  time.Time
}

const progressPause = 5 * time.Second

func (p *progress) tell(connections int, into time.Duration, items int64) {
	if p.out == nil || time.Since(p.last) < progressPause {
		return
	}
	p.last = time.Now()
	_, _ = fmt.Fprintf(p.out, "%6.0f s  %d connections, simulated %s, %d items worked on\n", time.Since(p.began).Seconds(), connections, into, items)
}
