package lease

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/vault"
)

// Refresher gets new access tokens by a protocol that survives a crash between
// any two steps. The provider takes part in it and cannot be rolled back: once
// it has rotated a refresh token, the answer is the only copy of the new one.
//
//	acquire   one caller wins the fenced lease; the epoch is counted and the
//	          intent is on record before anything is sent
//	prepare   data key, refresh token and client secret are at hand, and the
//	          provider is not known to be down; a failure here gives the lease
//	          back and the provider was never contacted
//	send      one POST, never repeated
//	save      the raw answer is sealed and written, under the condition that the
//	          epoch is still ours, before anyone parses it: the commit point
//	settle    parse, classify, install; the lease is free again
//	promote   a rotated refresh token moves to the secret store, at most once in
//	          six to twelve hours for a secret; what has to wait is on the
//	          reconciler's index
//
// Whoever finds a saved answer settles it; whoever finds an intent without one,
// after its lease ran out, knows that an answer may have been lost, and looks for
// it in the secret store before it acquires.
type Refresher struct {
	Store     connection.Store
	Templates Resolver
	Sealer    *vault.Sealer
	Secrets   vault.Secrets
	Reach     method.Reach
	Outages   *outage.Monitor
	Events    notify.Publisher
	Audit     *audit.Log
	Gate      connection.Gate
	IDs       id.Maker
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error

	waits bool // For its turn at a provider with a pace: nobody waits for the token.
}

// Resolver finds what a method needs to know about a connection: all of it to
// send a request, all but the client's secret to understand an answer.
type Resolver interface {
	Resolve(ctx context.Context, c connection.Connection) (method.Target, error)
	Address(ctx context.Context, c connection.Connection) (method.Target, error)
	// Heard takes note of how the token endpoint answered a client of the
	// template: refused is nil when it accepted it, which needs no telling unless
	// a refusal is noted. It may be told twice.
	Heard(ctx context.Context, c connection.Connection, clientKey int, refused error)
}

// The times of the protocol.
const (
	leaseTime    = 45 * time.Second       // Longer than every step after acquire together.
	startBudget  = 30 * time.Second       // A refresh is not begun with less time left.
	waitTime     = 20 * time.Second       // How long a caller waits for another's refresh.
	pollTime     = 100 * time.Millisecond // Until another's refresh is looked at again; it grows to longestPoll.
	longestPoll  = time.Second
	firstPause   = 5 * time.Second // After a failed attempt; doubles, at most longestPause.
	longestPause = 5 * time.Minute
)

// Refresh returns the connection once enough is satisfied, refreshing it if no
// one else does. The error is a fault that says what the caller can do.
func (r *Refresher) Refresh(ctx context.Context, tenant, connectionID string, enough func(*connection.Connection) bool) (connection.Connection, error) {
	return r.refresh(ctx, tenant, connectionID, enough, true)
}

// Replace returns the connection with another access token than the one that was
// the leaseCount-th and that the provider does not take any more: what is spared
// for its sake need not be.
func (r *Refresher) Replace(ctx context.Context, tenant, connectionID string, leaseCount int) (connection.Connection, error) {
	another := func(c *connection.Connection) bool { return c.LeaseCount > leaseCount }
	return r.refresh(ctx, tenant, connectionID, another, false)
}

func (r *Refresher) refresh(ctx context.Context, tenant, connectionID string, enough func(*connection.Connection) bool, serves bool) (connection.Connection, error) {
	giveUp, poll := r.Now().Add(waitTime), pollTime
	for {
		c, err := r.Store.Get(ctx, tenant, connectionID)
		if err != nil {
			return c, err
		}
		if err := admitted(ctx, r.Gate, &c); err != nil {
			return c, err
		}
		if enough(&c) {
			return c, nil
		}
		if r.Now().After(giveUp) {
			return c, busy(time.Second)
		}
		if !c.Refreshing(r.Now()) {
			c, err = r.attempt(ctx, c, serves)
			if errors.Is(err, errLost) {
				continue
			}
			if err == nil {
				err = admitted(ctx, r.Gate, &c) // It may have been paused meanwhile.
			}
			return c, err
		}
		if err := r.Sleep(ctx, poll+rand.N(poll)); err != nil {
			return c, err
		}
		poll = min(poll*5/4, longestPoll)
	}
}

// errLost says that the record is not what it was when it was read: look again.
var errLost = errors.New("another caller refreshes")

// attempt runs the protocol once from whatever state it finds. Once the lease is
// won it goes on without its caller: one that hangs up must not lose an answer.
// serves says that the access token may still do.
func (r *Refresher) attempt(ctx context.Context, c connection.Connection, serves bool) (_ connection.Connection, err error) {
	if len(c.Refresh.Answer) > 0 {
		if c, err := r.settle(ctx, c, order{}); err != nil {
			return c, err
		}
		return c, errLost // What was found may be an old answer.
	}
	if err := r.reread(ctx, c); err != nil {
		return c, err
	}
	if err := r.ready(ctx, &c, serves); err != nil {
		return c, err
	}
	if err := r.find(ctx, c); err != nil {
		return c, err
	}
	c, err = r.acquire(ctx, c)
	if err != nil {
		return c, err
	}
	ctx = context.WithoutCancel(ctx)
	connector, begun := c.Connector, r.Now()
	defer func() { measure(ctx, connector, r.Now().Sub(begun), err) }()
	r.promote(ctx, c) // What stands in the record may be a newer epoch than ours: c stays.
	o, err := r.prepare(ctx, c)
	defer o.leave()
	if err == nil && r.Now().After(c.Refresh.Until.Add(-startBudget)) {
		err = errLost // The lease may not outlast the request: it is not sent.
	}
	if err != nil {
		return c, errors.Join(err, r.release(ctx, c, err))
	}
	answer, err := o.request.Send(ctx, r.Reach)
	if err != nil {
		return r.unanswered(ctx, c, o, err)
	}
	c, err = r.save(ctx, c, o, answer)
	if err != nil {
		return c, err
	}
	return r.settle(ctx, c, o)
}
