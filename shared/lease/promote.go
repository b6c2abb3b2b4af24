package lease

import (
	"context"
	"errors"
	"hash/fnv"
	"log/slog"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/vault"
)

// promotionPause, and up to as long again, is between two promotions of a
// connection. Each takes three of the fifty writes a second that Secrets Manager
// allows a whole account; the token is as safe in the record meanwhile.
// promotionRetry is when a promotion that failed is tried again by the
// reconciler; a refresh tries it sooner.
const (
	promotionPause = 6 * time.Hour
	promotionRetry = time.Hour
)

// Promote moves a rotated refresh token that is due to the secret store, on
// behalf of a job: no refresh may come for a long time. Nothing is done when
// none is due, or another was faster.
func (r *Refresher) Promote(ctx context.Context, caller auth.Caller, connectionID string) error {
	c, err := r.Store.Get(ctx, caller.Tenant, connectionID)
	if errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	if err != nil || !r.promotable(&c) {
		return err
	}
	if err := r.Audit.Check(ctx, caller, audit.ConnectionRefresh, connectionID); err != nil {
		return err
	}
	_, err = r.moveToSecret(ctx, c)
	if err == nil || errors.Is(err, connection.ErrFenced) || errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	return errors.Join(err, r.putOff(ctx, c))
}

// putOff plans the next try of a promotion that failed, so that those that fail
// for long keep none of the others waiting.
func (r *Refresher) putOff(ctx context.Context, seen connection.Connection) error {
	_, err := r.Store.Update(ctx, seen.Tenant, seen.ID, func(c *connection.Connection) error {
		if !r.promotable(c) {
			return connection.ErrFenced
		}
		c.Refresh.PromoteAt = r.Now().UTC().Add(promotionRetry)
		c.PlanReconcile()
		return nil
	})
	return ignoreFenced(err)
}

// planPromotion sets when the token that was just put into the record may move
// to the secret store. One that waits already is replaced, not put off.
func planPromotion(c *connection.Connection, now time.Time) {
	if c.Refresh.PromoteAt.IsZero() {
		c.Refresh.PromoteAt = now
		if next := c.Credential.PromotedAt.Add(PromotionPause(c.ID)); next.After(now) {
			c.Refresh.PromoteAt = next
		}
	}
	c.PlanReconcile()
}

// PromotionPause is what two promotions of a connection are apart at least: six to
// twelve hours, by its id, so that those of connections made together are not due
// together.
func PromotionPause(connectionID string) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(connectionID)) // Never fails.
	return promotionPause + promotionPause/1000*time.Duration(h.Sum32()%1000)
}

// promotable reports whether a rotated refresh token waits and is due.
func (r *Refresher) promotable(c *connection.Connection) bool {
	return len(c.Refresh.Token) > 0 && c.Lifecycle != connection.Deleting && !c.Refresh.PromoteAt.After(r.Now())
}

// promote moves a rotated refresh token to the secret store. It is not urgent:
// the token is durable in the item. The next refresh tries again, before it
// brings another token, and so does the reconciler: what a crash cut short is
// finished by repeating it. A token for which it is too soon is left to them.
func (r *Refresher) promote(ctx context.Context, c connection.Connection) connection.Connection {
	if !r.promotable(&c) {
		return c
	}
	promoted, err := r.moveToSecret(ctx, c)
	if err != nil {
		slog.WarnContext(ctx, "promote refresh token", "connection", c.ID, "error", err)
		return c
	}
	return promoted
}

// overrule promotes a version over one that no record names: whoever made that
// one current died before it was recorded, or was refused. The record decides,
// so nothing is promoted when it has gone on to another version. The one that it
// names is made current first: it then is the previous one, and not without any
// label if this run dies too.
func (r *Refresher) overrule(ctx context.Context, seen connection.Connection, version string) error {
	c, err := r.Store.Get(ctx, seen.Tenant, seen.ID)
	if err != nil {
		return err
	}
	if c.Credential == nil || c.Credential.At != seen.Credential.At {
		return connection.ErrFenced
	}
	at := c.Credential.At
	err = r.Secrets.Promote(ctx, at.Secret, at.Version, "")
	if fault.Has(err, fault.CodeCredentialUnavailable) {
		return r.Secrets.Promote(ctx, at.Secret, version, "") // It is gone, or this fails like it.
	}
	if err != nil {
		return err
	}
	return r.Secrets.Promote(ctx, at.Secret, version, at.Version)
}

func (r *Refresher) moveToSecret(ctx context.Context, c connection.Connection) (connection.Connection, error) {
	token, err := r.Sealer.Open(ctx, tokenPlace(c, c.Refresh.TokenEpoch), c.Refresh.Token)
	if err != nil {
		return c, err
	}
	// Nothing but the record decides the value and its name: a repeated write
	// must be the same, and one after a refresh that left the token another.
	epoch, issued := c.Refresh.TokenEpoch, c.Credential.RefreshedAt
	material := vault.Material{Tenant: c.Tenant, Resource: c.ID, Epoch: epoch, IssuedAt: issued, RefreshToken: token}
	encoded, err := material.Encode()
	if err != nil {
		return c, err
	}
	at := c.Credential.At
	version, err := r.Secrets.Put(ctx, at.Secret, vault.Token(c.ID, "epoch", strconv.Itoa(epoch), strconv.FormatInt(issued.UnixNano(), 10)), encoded)
	if err != nil {
		return c, err
	}
	promoted, err := r.elect(ctx, c, version, epoch)
	if errors.Is(err, connection.ErrFenced) {
		// The record went on without this version, which may be of another grant.
		err = errors.Join(err, r.Secrets.Retire(ctx, vault.Locator{Secret: at.Secret, Version: version}))
	}
	return promoted, err
}

// elect makes a version that was written the current one: first in the secret
// store, then on the record, which decides.
func (r *Refresher) elect(ctx context.Context, c connection.Connection, version string, epoch int) (connection.Connection, error) {
	at := c.Credential.At
	err := r.Secrets.Promote(ctx, at.Secret, version, at.Version)
	if fault.Has(err, fault.CodeConflict) {
		err = r.overrule(ctx, c, version)
	}
	if err != nil {
		return c, err
	}
	return r.Store.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.Credential == nil || c.Credential.At != at {
			return connection.ErrFenced
		}
		k := *c.Credential
		k.At.Version, k.PromotedAt = version, r.Now().UTC()
		c.Credential, c.Refresh.PromoteAt = &k, time.Time{}
		if c.Refresh.TokenEpoch == epoch {
			c.Refresh.Token, c.Refresh.TokenEpoch = nil, 0
			c.PlanReconcile()
			return nil
		}
		planPromotion(c, k.PromotedAt) // A newer token came meanwhile.
		return nil
	})
}
