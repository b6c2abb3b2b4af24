package lease

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/method"
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
			c.Refresh.Intent = &connection.Intent{Epoch: c.Refresh.Epoch, At: now, Fingerprint: fingerprint(c)}
		}
		return nil
	})
}

// uncertain reports whether an earlier attempt with the refresh token in use was
// never answered: the provider may have rotated the token, and its answer is
// lost. The intent of that attempt stays until the provider accepts the token
// or refuses it for good.
func uncertain(c *connection.Connection) bool {
	return c.Refresh.Intent != nil && c.Refresh.Intent.Epoch < c.Refresh.Epoch
}

// fingerprint names the refresh token in use without holding anything of it.
func fingerprint(c *connection.Connection) string {
	if len(c.Refresh.Token) > 0 {
		return fmt.Sprintf("epoch:%d", c.Refresh.TokenEpoch)
	}
	return "version:" + c.Credential.At.Version
}

// prepare gathers everything that could fail before the provider is contacted.
func (r *Refresher) prepare(ctx context.Context, c connection.Connection) (method.TokenRequest, error) {
	if err := r.Sealer.Ready(ctx, c.Tenant); err != nil {
		return method.TokenRequest{}, err
	}
	target, err := r.Templates.Resolve(ctx, c)
	if err != nil {
		return method.TokenRequest{}, err
	}
	m, _ := method.For(c.SchemeType)
	switch m := m.(type) {
	case method.Refresher:
		token, err := r.refreshToken(ctx, c)
		if err != nil {
			return method.TokenRequest{}, err
		}
		return m.Refresh(target, token)
	case method.ClientCredentials:
		material, err := Material(ctx, r.Secrets, c)
		if err != nil {
			return method.TokenRequest{}, err
		}
		return m.Grant(target, material.Fields)
	}
	return method.TokenRequest{}, fault.New(fault.Conflict, fault.CodeSchemeMismatch, "The auth scheme cannot refresh.")
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
	stored, err := secrets.Get(ctx, c.Credential.At)
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

// release gives the lease back when nothing was sent.
func (r *Refresher) release(ctx context.Context, c connection.Connection) error {
	_, err := r.Store.Update(ctx, c.Tenant, c.ID, fenced(c.Refresh.Epoch, func(c *connection.Connection) error {
		c.Refresh.Owner = ""
		if !uncertain(c) {
			c.Refresh.Intent = nil
		}
		return nil
	}))
	return ignoreFenced(err)
}

// unanswered ends an attempt whose answer is unknown. Unless it is certain that
// nothing was sent, the intent stays on record: the provider may have carried
// the request out.
func (r *Refresher) unanswered(ctx context.Context, c connection.Connection, cause error) (connection.Connection, error) {
	_, err := r.Store.Update(ctx, c.Tenant, c.ID, fenced(c.Refresh.Epoch, func(c *connection.Connection) error {
		c.Refresh.Owner = ""
		if errors.Is(cause, method.ErrNotSent) && !uncertain(c) {
			c.Refresh.Intent = nil
		}
		r.failed(c, cause)
		return nil
	}))
	return c, errors.Join(cause, ignoreFenced(err))
}

// failed notes an attempt that brought no token, and when the next may be made:
// after the pause, or when the provider said.
func (r *Refresher) failed(c *connection.Connection, cause error) {
	now := r.Now().UTC()
	c.Refresh.FailedCount++
	if c.Lifecycle == connection.Ready {
		c.Due.Refresh = now.Add(max(pause(c.Refresh.FailedCount), fault.From(cause).RetryAfter))
	}
}

// save writes the answer ahead. From here on the answer cannot be lost.
func (r *Refresher) save(ctx context.Context, c connection.Connection, answer method.Answer) (connection.Connection, error) {
	encoded, err := answer.Encode()
	if err != nil {
		return c, err
	}
	sealed, err := r.Sealer.Seal(ctx, answerPlace(c), encoded)
	if err != nil {
		return c, err
	}
	err = r.Store.SaveAnswer(ctx, c.Tenant, c.ID, c.Refresh.Epoch, sealed)
	if errors.Is(err, connection.ErrFenced) {
		slog.WarnContext(ctx, "late refresh answer fenced off", "connection", c.ID, "epoch", c.Refresh.Epoch)
		return c, errLost
	}
	if err != nil {
		return c, err
	}
	c.Refresh.Answer = sealed
	return c, nil
}

func answerPlace(c connection.Connection) vault.Place {
	return vault.Place{Tenant: c.Tenant, Resource: c.ID, Purpose: vault.PurposeAnswer, Version: c.Refresh.Epoch}
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
