package gateway

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

const (
	initTimeout = 10 * time.Second // Lambda's limit for the init phase
	stopGrace   = 2 * time.Second  // between SIGTERM and SIGKILL
)

// pool runs one function: its processes, one invocation at a time in each,
// and the invocations waiting for one.
type pool struct {
	fn      Function
	arn     string
	env     []string
	api     string // host:port of the Runtime API
	limit   int    // of processes
	backlog int
	idleFor time.Duration
	log     *logger

	mu        sync.Mutex
	processes []*process
	waiting   []*invocation
	closed    bool
}

func newPool(f Function, cfg Config, api string, log *logger) *pool {
	if f.Timeout == 0 {
		f.Timeout = 3 * time.Second
	}
	if f.MemoryMB == 0 {
		f.MemoryMB = 128
	}
	limit := f.Concurrency
	if limit == 0 {
		limit = cfg.Processes
	}
	return &pool{
		fn:    f,
		arn:   fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s%s", cfg.AWS.Region, cfg.Account, cfg.Prefix, f.Name),
		env:   environment(f, cfg),
		api:   api,
		limit: limit, backlog: cfg.Backlog, idleFor: cfg.IdleStop,
		log: log,
	}
}

// invoke runs one event and waits for its result. When ctx ends first, a
// waiting event is dropped; a running one runs on, as in Lambda.
func (p *pool) invoke(ctx context.Context, payload []byte) ([]byte, error) {
	inv := newInvocation(payload)
	if err := p.enqueue(inv); err != nil {
		return nil, fmt.Errorf("invoke %s: %w", p.fn.Name, err)
	}
	select {
	case r := <-inv.done:
		return r.payload, r.err
	case <-ctx.Done():
		p.mu.Lock()
		defer p.mu.Unlock()
		p.waiting = slices.DeleteFunc(p.waiting, func(w *invocation) bool { return w == inv })
		return nil, fmt.Errorf("invoke %s: %w", p.fn.Name, ctx.Err())
	}
}

func (p *pool) enqueue(inv *invocation) error {
	stamp, err := stampOf(p.fn.Binary)
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.closed:
		return ErrClosed
	case len(p.waiting) >= p.backlog:
		return ErrThrottled
	case err != nil && p.live() == 0:
		return err
	case err == nil:
		p.retire(func(proc *process) bool { return proc.binary != stamp })
	}
	p.waiting = append(p.waiting, inv)
	p.dispatch()
	return nil
}

// reload retires every process.
func (p *pool) reload() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.retire(func(*process) bool { return true })
	p.dispatch()
}

// close ends every process and waits until the last one is gone.
func (p *pool) close(ctx context.Context) {
	p.mu.Lock()
	p.closed = true
	for _, inv := range p.waiting {
		inv.done <- result{err: fmt.Errorf("invoke %s: %w", p.fn.Name, ErrClosed)}
	}
	p.waiting = nil
	processes := slices.Clone(p.processes)
	for _, proc := range processes {
		p.stop(proc)
	}
	p.mu.Unlock()
	for _, proc := range processes {
		select {
		case <-proc.exited:
		case <-ctx.Done():
			proc.kill()
			<-proc.exited
		}
	}
}

// dispatch gives waiting invocations to idle processes and starts processes
// for the rest. A process about to ask for work counts as a taker.
func (p *pool) dispatch() {
	if p.closed {
		return
	}
	for _, proc := range p.processes {
		if len(p.waiting) > 0 && proc.state == idle {
			proc.state, proc.current = busy, p.take()
			proc.work <- proc.current
			p.arm(proc, initTimeout)
		}
	}
	for len(p.waiting) > p.takers() && p.live() < p.limit {
		if err := p.start(); err != nil {
			p.take().fail(p.fn.Name, "Runtime.InvalidEntrypoint", "%v", err)
		}
	}
}

func (p *pool) start() error {
	stamp, err := stampOf(p.fn.Binary)
	if err != nil {
		return err
	}
	out := &lineWriter{log: p.log, prefix: p.fn.Name}
	proc, err := startProcess(p.fn, p.env, p.api, out)
	if err != nil {
		return err
	}
	proc.binary = stamp
	p.processes = append(p.processes, proc)
	p.arm(proc, initTimeout)
	go p.reap(proc, out)
	return nil
}

// retire ends the processes that match: at once, or after their invocation.
func (p *pool) retire(match func(*process) bool) {
	for _, proc := range p.processes {
		switch {
		case !match(proc):
		case proc.state == busy || proc.state == finishing:
			proc.stale = true
		default:
			p.stop(proc)
		}
	}
}

func (p *pool) take() *invocation {
	inv := p.waiting[0]
	p.waiting = p.waiting[1:]
	return inv
}

// live counts the processes that hold a place under the limit.
func (p *pool) live() int {
	return p.count(func(proc *process) bool { return proc.state != stopping && !proc.stale })
}

// takers counts the processes that will ask for work without being told to.
func (p *pool) takers() int {
	return p.count(func(proc *process) bool {
		return proc.state == starting || proc.state == finishing && !proc.stale
	})
}

func (p *pool) count(match func(*process) bool) int {
	n := 0
	for _, proc := range p.processes {
		if match(proc) {
			n++
		}
	}
	return n
}
