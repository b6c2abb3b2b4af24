package lease

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// settle turns a saved answer into the new state. It may be run by anyone and
// again: the epoch decides, and the provider is not asked. Whoever found the
// answer knows nothing of the order that led to it.
func (r *Refresher) settle(ctx context.Context, c connection.Connection, o order) (connection.Connection, error) {
	answer, err := unseal(ctx, r.Sealer, c, c.Refresh.AnswerEpoch, c.Refresh.Answer)
	if err != nil {
		return c, err
	}
	target := o.target
	if target.Provider == "" || !maps.Equal(o.account, c.Captured) {
		if target, err = r.Templates.Address(ctx, c); err != nil {
			return c, err
		}
	}
	if c.Moved(target.Hosts) {
		return c, connection.ErrMoved // The token is that of another host; it stays saved.
	}
	o.pass.Provider = target.Provider
	target.ClientKey = answer.ClientKey // The client that was used, whichever it would be by now.
	token, refused := answer.Parse(target.Scheme.RefreshPolicy())
	if refused != nil || target.ClientNoted {
		r.Templates.Heard(ctx, c, answer.ClientKey, refused)
	}
	if refused != nil {
		return r.refuse(ctx, c, refusal{answer, target.Scheme.RefreshPolicy(), o.pass, refused})
	}
	m, _ := method.For(c.SchemeType)
	leasable, err := m.Apply(target, nil, token)
	if err != nil {
		return c, err
	}
	if _, ok := m.(method.Refresher); !ok {
		token.RefreshToken = secret.Bytes{} // A grant that needs none keeps none.
	}
	if err := r.Audit.Check(ctx, auth.Job("refresh", c.Tenant, ""), audit.ConnectionRefresh, c.ID); err != nil {
		return c, err // The answer is saved: the next caller settles it.
	}
	seen := c
	c, err = connection.Transition(ctx, r.Store, r.Events, r.Now, c.Tenant, c.ID, unsettled(c.Refresh.Epoch, func(c *connection.Connection) error {
		if !maps.Equal(seen.Captured, c.Captured) || !maps.Equal(seen.Inputs, c.Inputs) {
			return errAccount
		}
		return r.install(ctx, c, target, token, leasable)
	}))
	switch {
	case errors.Is(err, connection.ErrFenced):
		return c, errLost
	case errors.Is(err, errAccount):
		return r.resettle(ctx, seen, o)
	case errors.Is(err, errOutdated):
		return r.settle(ctx, seen, order{pass: o.pass}) // By what the template says now.
	case err != nil:
		return c, err
	}
	r.Outages.Answered(ctx, o.pass)
	return r.promote(ctx, c), nil
}

// errAccount says that another account was chosen, or another address given, since
// the target was found.
var errAccount = errors.New("another account or address was chosen")

// resettle is settle for the account that was chosen, or the address that was given,
// meanwhile: the token is that of all accounts, what is made of it is not.
func (r *Refresher) resettle(ctx context.Context, seen connection.Connection, o order) (connection.Connection, error) {
	c, err := r.Store.Get(ctx, seen.Tenant, seen.ID)
	if err != nil {
		return seen, err
	}
	if c.Refresh.Epoch != seen.Refresh.Epoch || len(c.Refresh.Answer) == 0 {
		return c, errLost
	}
	return r.settle(ctx, c, order{pass: o.pass})
}

// errOutdated says that a change of the template was taken over since its values
// were read.
var errOutdated = errors.New("the template was changed")

// install puts a parsed token into the record. Its lifetime counts from when the
// lease was won: an answer may be settled long after it came.
func (r *Refresher) install(ctx context.Context, c *connection.Connection, target method.Target, token method.Token, l vault.Leasable) error {
	if target.TemplateRevision < c.TemplateRevision {
		return errOutdated
	}
	now, asked := r.Now().UTC(), asked(c)
	if !token.RefreshToken.IsZero() {
		sealed, err := r.Sealer.Seal(ctx, tokenPlace(*c, c.Refresh.Epoch), token.RefreshToken)
		if err != nil {
			return err
		}
		c.Refresh.Token, c.Refresh.TokenEpoch = sealed, c.Refresh.Epoch
		planPromotion(c, now)
	}
	if token.RefreshExpires > 0 {
		c.Extend(asked.Add(token.RefreshExpires), now)
	}
	if err := c.Renew(ctx, r.Sealer, l, expiry(asked, token.Lifetime), target.Scheme.RefreshPolicy(), now); err != nil {
		return err
	}
	c.Credential.MintedBy = target.ClientKey
	m, _ := method.For(c.SchemeType)
	_, grants := m.(method.Granter)
	if grants {
		c.RequestedScopes = target.Scopes // Every token is a request of its own.
	}
	switch {
	case token.Scopes != nil:
		c.Grant(token.Scopes, true, target.Scheme)
	case grants:
		c.Grant(target.Scopes, false, target.Scheme)
	}
	c.BaseURL, c.Hosts, c.TemplateRevision = target.BaseURL(), target.Hosts, target.TemplateRevision // Inherited live.
	c.Refresh = connection.Refresh{
		Epoch: c.Refresh.Epoch, Token: c.Refresh.Token, TokenEpoch: c.Refresh.TokenEpoch, PromoteAt: c.Refresh.PromoteAt,
	}
	return nil
}

// asked is when the lease was won under which the answer was asked for.
func asked(c *connection.Connection) time.Time {
	if i := c.Refresh.Intent; i != nil && (c.Refresh.AnswerEpoch != c.Refresh.Epoch || c.Refresh.Until.IsZero()) {
		return i.At // An answer that was found later.
	}
	return c.Refresh.Until.Add(-leaseTime)
}

func expiry(asked time.Time, lifetime time.Duration) time.Time {
	if lifetime == 0 {
		return time.Time{}
	}
	return asked.Add(lifetime)
}
