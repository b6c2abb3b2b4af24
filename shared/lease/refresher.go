package lease

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/vault"
)

// Refresher gets new access tokens by a protocol that survives a crash between
// any two steps. The provider takes part in it and cannot be rolled back: once
// it has rotated a refresh token, the answer is the only copy of the new one.
//
//	acquire   one caller wins the fenced lease; the epoch is counted and the
//	          intent is on record before anything is sent
//	prepare   data key, refresh token and client secret are at hand; a failure
//	          here gives the lease back and the provider was never contacted
//	send      one POST, never repeated
//	save      the raw answer is sealed and written, under the condition that the
//	          epoch is still ours, before anyone parses it: the commit point
//	settle    parse, classify, install; the lease is free again
//	promote   a rotated refresh token moves to the secret store, at most once in
//	          ten minutes for a secret; what has to wait is on the reconciler's
//	          index
//
// Whoever finds a saved answer settles it; whoever finds an intent without one,
// after its lease ran out, knows that an answer may have been lost.
type Refresher struct {
	Store     connection.Store
	Templates Resolver
	Sealer    *vault.Sealer
	Secrets   vault.Secrets
	HTTP      method.Doer
	Events    notify.Publisher
	Audit     *audit.Log
	IDs       id.Maker
	Now       func() time.Time
	Sleep     func(context.Context, time.Duration) error
}

// Resolver finds what a method needs to know about a connection.
type Resolver interface {
	Resolve(ctx context.Context, c connection.Connection) (method.Target, error)
}

// The times of the protocol.
const (
	leaseTime    = 45 * time.Second // Longer than every step after acquire together.
	startBudget  = 30 * time.Second // A refresh is not begun with less time left.
	waitTime     = 20 * time.Second // How long a caller waits for another's refresh.
	pollTime     = 100 * time.Millisecond
	firstPause   = 5 * time.Second // After a failed attempt; doubles, at most longestPause.
	longestPause = 5 * time.Minute
)

// Refresh returns the connection once enough is satisfied, refreshing it if no
// one else does. The error is a fault that says what the caller can do.
func (r *Refresher) Refresh(ctx context.Context, tenant, connectionID string, enough func(*connection.Connection) bool) (connection.Connection, error) {
	giveUp := r.Now().Add(waitTime)
	for {
		c, err := r.Store.Get(ctx, tenant, connectionID)
		if err != nil {
			return c, err
		}
		if err := leasable(&c); err != nil {
			return c, err
		}
		if enough(&c) {
			return c, nil
		}
		if r.Now().After(giveUp) {
			return c, busy(time.Second)
		}
		if c.Refresh.Owner == "" || r.Now().After(c.Refresh.Until) {
			c, err = r.attempt(ctx, c)
			if errors.Is(err, errLost) {
				continue
			}
			if err == nil {
				err = leasable(&c) // It may have been paused meanwhile.
			}
			return c, err
		}
		if err := r.Sleep(ctx, pollTime+rand.N(pollTime)); err != nil {
			return c, err
		}
	}
}

// errLost says that the record is not what it was when it was read: look again.
var errLost = errors.New("another caller refreshes")

// attempt runs the protocol once from whatever state it finds. Once the lease is
// won it goes on without its caller: one that hangs up must not lose an answer.
func (r *Refresher) attempt(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	if len(c.Refresh.Answer) > 0 {
		if c, err := r.settle(ctx, c); err != nil {
			return c, err
		}
		return c, errLost // What was found may be an old answer.
	}
	if err := r.ready(ctx, &c); err != nil {
		return c, err
	}
	c, err := r.acquire(ctx, c)
	if err != nil {
		return c, err
	}
	ctx = context.WithoutCancel(ctx)
	r.promote(ctx, c) // What stands in the record may be a newer epoch than ours: c stays.
	request, err := r.prepare(ctx, c)
	if err == nil && r.Now().After(c.Refresh.Until.Add(-startBudget)) {
		err = errLost // The lease may not outlast the request: it is not sent.
	}
	if err != nil {
		return c, errors.Join(err, r.release(ctx, c))
	}
	answer, err := request.Send(ctx, r.HTTP)
	if err != nil {
		return r.unanswered(ctx, c, err)
	}
	c, err = r.save(ctx, c, answer)
	if err != nil {
		return c, err
	}
	return r.settle(ctx, c)
}

// ready refuses an attempt that should not be begun.
func (r *Refresher) ready(ctx context.Context, c *connection.Connection) error {
	if !c.Credential.Refreshable {
		return fault.New(fault.Conflict, fault.CodeReauthRequired, "The credential has expired and cannot be refreshed.").WithRemedy("reconnect")
	}
	switch c.Health.Reason {
	case connection.ReasonReauthRequired, connection.ReasonLostAnswer:
		return method.Definitive
	}
	if pause := c.Due.Refresh.Sub(r.Now()); c.Refresh.FailedCount > 0 && pause > 0 {
		return busy(pause)
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < startBudget {
		return busy(time.Second)
	}
	if c.Refresh.Intent == nil {
		return nil
	}
	return r.late(ctx, c)
}

// late puts off the repetition of a request that was never answered while the
// access token still serves, where a second use of the old refresh token would
// end the grant: there is one try, and nothing to lose once the token is dead.
func (r *Refresher) late(ctx context.Context, c *connection.Connection) error {
	target, err := r.Templates.Resolve(ctx, *c)
	if err != nil {
		return err
	}
	if target.Scheme.OAuth.Refresh.Reuse == "revokes_family" && c.Fresh(r.Now(), leastUseful) {
		return busy(c.Credential.ExpiresAt.Add(-leastUseful).Sub(r.Now()))
	}
	return nil
}

// pause is how long to leave a provider alone after failed attempts.
func pause(failed int) time.Duration {
	return min(firstPause<<min(failed-1, 10), longestPause)
}

func busy(after time.Duration) error {
	return fault.New(fault.Unavailable, fault.CodeRetryLater, "The credential is not fresh yet. Try again shortly.").
		WithRemedy("retry").Retry(max(after, time.Second))
}
