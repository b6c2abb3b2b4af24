package lease

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// acquire wins the fenced lease or returns errLost. What was seen, a lease that
// is free above all, must still be so.
func (r *Refresher) acquire(ctx context.Context, seen connection.Connection) (connection.Connection, error) {
	owner := r.IDs.New(id.Lease)
	return r.Store.Update(ctx, seen.Tenant, seen.ID, func(c *connection.Connection) error {
		if c.Version != seen.Version {
			return errLost
		}
		now := r.Now().UTC()
		c.Refresh.Epoch++
		c.Refresh.Owner, c.Refresh.Until = owner, now.Add(leaseTime)
		if !uncertain(c) {
			c.Refresh.Intent = &connection.Intent{Epoch: c.Refresh.Epoch, At: now}
		}
		return nil
	})
}

// order is a token request that is ready to be sent.
type order struct {
	target  method.Target
	account map[string]string // What was captured of the account when the target was found.
	pass    outage.Pass
	leave   func() // Gives the place at the provider back.
	request method.Request
}

// prepare gathers everything that could fail before the provider is contacted.
func (r *Refresher) prepare(ctx context.Context, c connection.Connection) (o order, err error) {
	o.leave = func() {}
	if err := r.Sealer.Ready(ctx, c.Tenant); err != nil {
		return o, err
	}
	if o.target, err = r.Templates.Resolve(ctx, c); err != nil {
		return o, err
	}
	o.account = c.Captured
	if o.pass, err = r.Outages.Admit(ctx, o.target.Provider, c.ID); err != nil {
		return o, err
	}
	if o.request, err = r.compose(ctx, c, o.target); err != nil {
		return o, err
	}
	provider := outage.API(o.target.Connector, c.Tenant, c.BaseURL)
	o.leave, err = r.Outages.Enter(ctx, provider, o.target.Connector.Pace, !r.waits) // Last: its turn is now.
	return o, err
}

// compose writes the request from the material.
func (r *Refresher) compose(ctx context.Context, c connection.Connection, target method.Target) (method.Request, error) {
	m, _ := method.For(c.SchemeType)
	switch m := m.(type) {
	case method.Refresher:
		token, err := r.refreshToken(ctx, c)
		if err != nil {
			return nil, err
		}
		return m.Refresh(target, token)
	case method.Granter:
		material, err := Material(ctx, r.Secrets, c)
		if err != nil {
			return nil, err
		}
		return m.Grant(target, material.Fields)
	}
	return nil, fault.New(fault.Conflict, fault.CodeSchemeMismatch, "The auth scheme cannot refresh.")
}

// refreshToken returns the newest refresh token: the one kept in the item if
// there is one, else that of the secret store.
func (r *Refresher) refreshToken(ctx context.Context, c connection.Connection) (secret.Bytes, error) {
	if len(c.Refresh.Token) > 0 {
		return r.Sealer.Open(ctx, tokenPlace(c, c.Refresh.TokenEpoch), c.Refresh.Token)
	}
	material, err := Material(ctx, r.Secrets, c)
	return material.RefreshToken, err
}

// Material reads the long-lived material of the current credential and makes
// sure that it is this connection's.
func Material(ctx context.Context, secrets vault.Secrets, c connection.Connection) (vault.Material, error) {
	if c.Credential == nil || c.Credential.At.Secret == "" {
		return vault.Material{}, nil // A grant of the template's own client has none.
	}
	return read(ctx, secrets, c, c.Credential.At)
}

func read(ctx context.Context, secrets vault.Secrets, c connection.Connection, at vault.Locator) (vault.Material, error) {
	stored, err := secrets.Get(ctx, at)
	if err != nil {
		return vault.Material{}, err
	}
	material, err := vault.DecodeMaterial(stored)
	if err != nil {
		return vault.Material{}, err
	}
	if material.Tenant != c.Tenant || material.Resource != c.ID {
		return vault.Material{}, fault.New(fault.Unavailable, fault.CodeKeyIntegrity, "The stored credential does not belong where it was found.")
	}
	return material, nil
}

// spread is over what time the connections of a provider that is down come back.
const spread = 5 * time.Minute

// release gives the lease back when nothing was sent.
func (r *Refresher) release(ctx context.Context, c connection.Connection, cause error) error {
	_, err := r.Store.Update(ctx, c.Tenant, c.ID, fenced(c.Refresh.Epoch, func(c *connection.Connection) error {
		c.Refresh.Owner = ""
		if !uncertain(c) {
			c.Refresh.Intent = nil
		}
		if !served(cause) { // Not admitted: the provider is known to be down.
			r.postpone(c, fault.From(cause).RetryAfter)
			if !c.Due.Refresh.IsZero() {
				c.Due.Refresh = c.Due.Refresh.Add(rand.N(spread))
			}
		}
		return nil
	}))
	return ignoreFenced(err)
}

// unanswered ends an attempt whose answer is unknown. Unless it is certain that
// nothing was sent, or nothing can be lost by it, the intent stays on record: the
// provider may have carried the request out. Where it takes the old token for a
// grace time, the request is repeated within that.
func (r *Refresher) unanswered(ctx context.Context, c connection.Connection, o order, cause error) (connection.Connection, error) {
	switch {
	case served(cause) && errors.Is(cause, method.ErrNotSent): // We failed: nothing is known of the provider.
	case served(cause):
		r.Outages.Answered(ctx, o.pass)
	case !o.target.HostGiven:
		r.Outages.Failed(ctx, o.pass)
	}
	policy, graceful := o.target.Scheme.RefreshPolicy(), false
	_, err := r.Store.Update(ctx, c.Tenant, c.ID, fenced(c.Refresh.Epoch, func(c *connection.Connection) error {
		c.Refresh.Owner = ""
		if !rotates(policy) || errors.Is(cause, method.ErrNotSent) && !uncertain(c) {
			c.Refresh.Intent = nil
		}
		r.failed(c, policy, cause)
		graceful = c.Refresh.Intent != nil && c.Refresh.FailedCount == 1 && r.withinGrace(c, policy)
		if graceful {
			c.Refresh.NotBefore = time.Time{}
		}
		return nil
	}))
	if err == nil && graceful {
		return c, errLost
	}
	return c, errors.Join(cause, ignoreFenced(err))
}

func (r *Refresher) withinGrace(c *connection.Connection, policy catalog.Refresh) bool {
	grace := time.Duration(policy.GraceSeconds) * time.Second
	return policy.Reuse == reuseGrace && r.Now().Before(c.Refresh.Intent.At.Add(grace))
}

func tokenPlace(c connection.Connection, epoch int) vault.Place {
	return vault.Place{Tenant: c.Tenant, Resource: c.ID, Purpose: vault.PurposeRefresh, Version: epoch}
}

// fenced applies change only while the epoch is the one given.
func fenced(epoch int, change func(*connection.Connection) error) func(*connection.Connection) error {
	return func(c *connection.Connection) error {
		if c.Refresh.Epoch != epoch {
			return connection.ErrFenced
		}
		return change(c)
	}
}

// unsettled is fenced for the answer of the epoch: it is settled once.
func unsettled(epoch int, change func(*connection.Connection) error) func(*connection.Connection) error {
	return fenced(epoch, func(c *connection.Connection) error {
		if len(c.Refresh.Answer) == 0 {
			return connection.ErrFenced
		}
		return change(c)
	})
}

func ignoreFenced(err error) error {
	if errors.Is(err, connection.ErrFenced) {
		return nil
	}
	return err
}
