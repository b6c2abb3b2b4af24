package lease

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// settle turns a saved answer into the new state. It may be run by anyone and
// again: the epoch decides, and the provider is not asked.
func (r *Refresher) settle(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	opened, err := r.Sealer.Open(ctx, answerPlace(c), c.Refresh.Answer)
	if err != nil {
		return c, err
	}
	answer, err := method.DecodeAnswer(opened)
	if err != nil {
		return c, err
	}
	target, err := r.Templates.Resolve(ctx, c)
	if err != nil {
		return c, err
	}
	token, refused := answer.Parse(target.Scheme.OAuth.Refresh)
	if refused != nil {
		return r.refuse(ctx, c, answer, refused)
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
	c, err = connection.Transition(ctx, r.Store, r.Events, r.Now, c.Tenant, c.ID, unsettled(c.Refresh.Epoch, func(c *connection.Connection) error {
		return r.install(ctx, c, target, token, leasable)
	}))
	if errors.Is(err, connection.ErrFenced) {
		return c, errLost
	}
	if err != nil {
		return c, err
	}
	return r.promote(ctx, c), nil
}

// install puts a parsed token into the record. Its lifetime counts from when the
// lease was won: an answer may be settled long after it came.
func (r *Refresher) install(ctx context.Context, c *connection.Connection, target method.Target, token method.Token, l vault.Leasable) error {
	now, asked := r.Now().UTC(), c.Refresh.Until.Add(-leaseTime)
	if !token.RefreshToken.IsZero() {
		sealed, err := r.Sealer.Seal(ctx, tokenPlace(*c, c.Refresh.Epoch), token.RefreshToken)
		if err != nil {
			return err
		}
		c.Refresh.Token, c.Refresh.TokenEpoch = sealed, c.Refresh.Epoch
		planPromotion(c, now)
	}
	if err := c.Renew(ctx, r.Sealer, l, expiry(asked, token.Lifetime), target.Scheme.OAuth.Refresh, now); err != nil {
		return err
	}
	if token.RefreshExpires > 0 {
		c.Credential.RefreshExpiresAt = asked.Add(token.RefreshExpires)
	}
	if token.Scopes != nil {
		c.GrantedScopes = token.Scopes
	}
	c.BaseURL = target.BaseURL() // The template's inputs are inherited live.
	c.Refresh.Owner, c.Refresh.Until, c.Refresh.Intent, c.Refresh.Answer = "", time.Time{}, nil, nil
	c.Refresh.FailedCount = 0
	return nil
}

func expiry(asked time.Time, lifetime time.Duration) time.Time {
	if lifetime == 0 {
		return time.Time{}
	}
	return asked.Add(lifetime)
}

// refuse records an answer that is no token. Only a definitive refusal of this
// credential, at the newest epoch, makes the connection need a person. A
// success that cannot be read may have rotated the refresh token: its intent
// stays on record like that of an answer that never came.
func (r *Refresher) refuse(ctx context.Context, c connection.Connection, answer method.Answer, refused error) (connection.Connection, error) {
	definitive := errors.Is(refused, method.Definitive)
	stored, err := connection.Transition(ctx, r.Store, r.Events, r.Now, c.Tenant, c.ID, unsettled(c.Refresh.Epoch, func(c *connection.Connection) error {
		r.failed(c, refused)
		lost := uncertain(c)
		c.Refresh.Owner, c.Refresh.Until, c.Refresh.Answer = "", time.Time{}, nil
		if definitive || !lost && !answer.Succeeded() {
			c.Refresh.Intent = nil
		}
		if !definitive {
			return nil
		}
		c.Health.Reason, c.Due.Refresh = connection.ReasonReauthRequired, time.Time{}
		if lost {
			c.Health.Reason = connection.ReasonLostAnswer
		}
		return nil
	}))
	if errors.Is(err, connection.ErrFenced) {
		return c, errLost // A newer credential or token is there: look again.
	}
	slog.WarnContext(ctx, "refresh refused", "connection", c.ID, "connector", c.Connector, "definitive", definitive)
	return stored, errors.Join(refused, err)
}
