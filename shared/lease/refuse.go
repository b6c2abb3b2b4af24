package lease

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/outage"
)

// A refusal that is not believed yet is asked about again after holdPause, and
// up to as long again; an answer that cannot be read is kept for keepTime.
const (
	holdPause = 15 * time.Minute
	keepTime  = 24 * time.Hour
)

// errHeld is told where a refusal is not believed.
var errHeld = fault.New(fault.Unavailable, fault.CodeProviderUnavailable,
	"The system refuses many accounts at once at the moment. Nothing needs to be changed.").WithRemedy("retry").Retry(holdPause).Because(outage.ErrStopped)

// refusal is an answer that is no token.
type refusal struct {
	answer method.Answer
	policy catalog.Refresh
	pass   outage.Pass
	cause  error
}

// refuse records an answer that is no token. Only a definitive refusal of this
// credential, at the newest epoch, of a provider that does not refuse all the
// world, makes the connection need a person.
func (r *Refresher) refuse(ctx context.Context, c connection.Connection, x refusal) (connection.Connection, error) {
	definitive := errors.Is(x.cause, method.Definitive)
	held := r.report(ctx, x, definitive)
	reason := connection.ReasonReauthRequired
	if c.Refresh.Intent != nil && c.Refresh.Intent.Epoch < c.Refresh.AnswerEpoch && rotates(x.policy) {
		reason = connection.ReasonLostAnswer
	}
	if definitive && !held {
		if err := r.Audit.Deny(ctx, auth.Job("refresh", c.Tenant, ""), audit.ConnectionRefresh, c.ID, string(reason)); err != nil {
			return c, err // The answer is saved: the next caller settles it.
		}
	}
	stored, err := connection.Transition(ctx, r.Store, r.Events, r.Now, c.Tenant, c.ID, unsettled(c.Refresh.Epoch, func(c *connection.Connection) error {
		r.learn(c, x, definitive && !held)
		r.failed(c, x.policy, x.cause)
		switch {
		case definitive && held:
			if c.Refresh.HeldSince.IsZero() {
				c.Refresh.HeldSince = r.Now().UTC()
			}
			r.postpone(c, holdPause+rand.N(holdPause))
		case definitive:
			c.Health.Reason, c.Due.Refresh, c.Refresh.HeldSince = reason, time.Time{}, time.Time{}
		}
		return nil
	}))
	if errors.Is(err, connection.ErrFenced) {
		return c, errLost // A newer credential or token is there: look again.
	}
	slog.WarnContext(ctx, "refresh refused", "connection", c.ID, "connector", c.Connector, "definitive", definitive, "held", held)
	if held {
		return stored, errors.Join(errHeld, err)
	}
	return stored, errors.Join(x.cause, err)
}

// report tells how the provider does. held is the answer to a definitive
// refusal: it is not to be believed.
func (r *Refresher) report(ctx context.Context, x refusal, definitive bool) (held bool) {
	switch {
	case definitive:
		return r.Outages.Refused(ctx, x.pass)
	case served(x.cause):
		r.Outages.Answered(ctx, x.pass)
	default:
		r.Outages.Failed(ctx, x.pass)
	}
	return false
}

// learn ends an answered attempt. An answer after which the refresh token may
// have been rotated leaves its intent on record, like one that never came; what
// may hold the only copy of a token is kept. A refusal that is not believed
// tells nothing of an answer that was lost before it.
func (r *Refresher) learn(c *connection.Connection, x refusal, believed bool) {
	unknown := x.answer.Unknown() && rotates(x.policy)
	if x.answer.Succeeded() && unknown && !errors.Is(x.cause, method.Definitive) {
		c.Refresh.Unread = &connection.Unread{Sealed: c.Refresh.Answer, Epoch: c.Refresh.AnswerEpoch, Until: r.Now().UTC().Add(keepTime)}
	}
	if believed || !uncertain(c) && !unknown {
		c.Refresh.Intent = nil
	}
	c.Refresh.Owner, c.Refresh.Until, c.Refresh.Answer, c.Refresh.AnswerEpoch = "", time.Time{}, nil, 0
}
