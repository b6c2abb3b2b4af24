package gateway

import (
	"context"
	"slices"
	"time"
)

// next is a process asking for work. It returns nil when the process is to
// end, or has gone.
func (p *pool) next(ctx context.Context, proc *process) *invocation {
	p.mu.Lock()
	if proc.current != nil {
		proc.current.fail(p.fn.Name, "Runtime.NoResponse", "Runtime asked for the next event without a response")
		proc.current = nil
	}
	if proc.stale || p.closed {
		p.stop(proc)
	}
	if proc.state == stopping {
		p.mu.Unlock()
		<-ctx.Done()
		return nil
	}
	proc.state = idle
	p.disarm(proc)
	p.dispatch()
	if proc.state == idle && p.idleFor > 0 {
		p.arm(proc, p.idleFor)
	}
	p.mu.Unlock()
	select {
	case inv := <-proc.work:
		return p.begin(proc, inv)
	case <-ctx.Done():
		return nil
	}
}

// begin starts the clock of an invocation, unless its process was stopped
// between assignment and delivery.
func (p *pool) begin(proc *process, inv *invocation) *invocation {
	p.mu.Lock()
	defer p.mu.Unlock()
	if proc.current != inv || proc.state != busy {
		return nil
	}
	inv.begun, inv.deadline = true, time.Now().Add(p.fn.Timeout)
	p.arm(proc, p.fn.Timeout)
	return inv
}

// complete records the answer of a process; false means that the process does
// not hold that invocation.
func (p *pool) complete(proc *process, id string, r result) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if proc.current == nil || proc.current.id != id || !proc.current.begun {
		return false
	}
	proc.current.done <- r
	proc.current = nil
	if proc.state == busy {
		proc.state = finishing
	}
	return true
}

func (p *pool) find(id string) *process {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.processes, func(proc *process) bool { return proc.id == id })
	if i < 0 {
		return nil
	}
	return p.processes[i]
}

// expire acts on the process's timer: the end of the init phase, of an
// invocation, of idleness, or of the grace after SIGTERM.
func (p *pool) expire(proc *process, generation int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if proc.generation != generation {
		return
	}
	switch proc.state {
	case idle:
		p.stop(proc)
		return
	case starting:
		if len(p.waiting) > 0 {
			p.take().fail(p.fn.Name, errorTimeout, "Init timed out after %.2f seconds", initTimeout.Seconds())
		}
	case busy:
		if proc.current.begun {
			p.log.printf(p.fn.Name, "timed out after %v, process killed", p.fn.Timeout)
			proc.current.fail(p.fn.Name, errorTimeout, "Task timed out after %.2f seconds", p.fn.Timeout.Seconds())
			proc.current = nil
		}
	}
	proc.state = stopping
	proc.kill()
	p.dispatch()
}

// reap waits for the end of a process and settles what it left behind: an
// undelivered invocation goes back to the head of the line, a running one
// fails, and a death before the first event fails one waiting invocation, so
// that a function that cannot start is not started for ever.
func (p *pool) reap(proc *process, out *lineWriter) {
	err := proc.cmd.Wait()
	out.flush()
	p.mu.Lock()
	defer p.mu.Unlock()
	defer close(proc.exited)
	p.disarm(proc)
	p.processes = slices.DeleteFunc(p.processes, func(o *process) bool { return o == proc })
	inv := proc.current
	if inv == nil && proc.state == starting && len(p.waiting) > 0 {
		inv = p.take()
		inv.begun = true
	}
	if proc.state != stopping {
		p.log.printf(p.fn.Name, "process ended: %v", proc.cmd.ProcessState)
	}
	switch {
	case inv == nil:
	case !inv.begun && !p.closed:
		p.waiting = slices.Insert(p.waiting, 0, inv)
	case proc.initErr != nil:
		inv.done <- result{err: reportedError(p.fn.Name, proc.initErr)}
	case err == nil:
		inv.fail(p.fn.Name, errorExit, "Runtime exited without providing a reason")
	default:
		inv.fail(p.fn.Name, errorExit, "Runtime exited with error: %v", err)
	}
	p.dispatch()
}

// stop ends a process gently.
func (p *pool) stop(proc *process) {
	if proc.state == stopping {
		return
	}
	proc.state = stopping
	proc.terminate()
	p.arm(proc, stopGrace)
}

// arm replaces the timer of a process.
func (p *pool) arm(proc *process, d time.Duration) {
	p.disarm(proc)
	generation := proc.generation
	proc.timer = time.AfterFunc(d, func() { p.expire(proc, generation) })
}

func (p *pool) disarm(proc *process) {
	proc.generation++
	if proc.timer != nil {
		proc.timer.Stop()
	}
}
