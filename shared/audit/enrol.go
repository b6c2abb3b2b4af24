package audit

import (
	"context"
	"sync"
	"time"
)

// The clock of the chain. An entry is durable within slowest of the making of
// its id or was refused; a window is sealed when it ended margin ago. Whoever
// enrolled a tenant may append for a period without asking again.
const (
	period  = 5 * time.Minute
	margin  = 5 * time.Minute
	slowest = time.Minute
)

// enrolments remembers until when the entries of tenants are promised a seal.
// The zero value remembers nothing, which costs a write and nothing else.
type enrolments struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// rememberedTenants bounds the memory.
const rememberedTenants = 1000

func (r *enrolments) covers(tenant string, at time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !at.After(r.until[tenant])
}

func (r *enrolments) add(tenant string, until time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.until == nil || len(r.until) >= rememberedTenants {
		r.until = map[string]time.Time{}
	}
	r.until[tenant] = until
}

// enrol sees to it that a seal will cover an entry made at a time. It is asked
// of the store once per tenant and period, not per entry.
func (l *Log) enrol(ctx context.Context, tenant string, at time.Time) error {
	if l.enrolled.covers(tenant, at) {
		return nil
	}
	if err := l.Store.Enrol(ctx, tenant, at); err != nil {
		return err
	}
	l.enrolled.add(tenant, at.Add(period))
	return nil
}

// Enrolment is what Enrol writes for appends from a time on: until when they
// must at least be promised a seal, until when they are if it writes, and when
// the first seal is due. It writes twice the period, so that busy processes
// write the head of a tenant once a period and not once each.
func Enrolment(at time.Time) (least, until, due time.Time) {
	return at.Add(period), at.Add(2 * period), at.Add(period + margin)
}
