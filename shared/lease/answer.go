package lease

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// sinkPause is the time between two tries to keep an answer.
const sinkPause = time.Second

// save writes the answer ahead. From here on the answer cannot be lost. When the
// record cannot be written, the secret store is tried, and then both again for
// as long as the lease lasts.
func (r *Refresher) save(ctx context.Context, c connection.Connection, o order, answer method.Answer) (connection.Connection, error) {
	encoded, err := answer.Encode()
	if err != nil {
		return c, err
	}
	c.Refresh.AnswerEpoch = c.Refresh.Epoch
	if c.Refresh.Answer, err = r.Sealer.Seal(ctx, answerPlace(c, c.Refresh.Epoch), encoded); err != nil {
		return c, err
	}
	for {
		err = r.Store.SaveAnswer(ctx, c.Tenant, c.ID, c.Refresh.Epoch, c.Refresh.Answer)
		switch {
		case err == nil:
			return c, nil
		case errors.Is(err, connection.ErrFenced), errors.Is(err, connection.ErrNotFound):
			slog.WarnContext(ctx, "late refresh answer fenced off", "connection", c.ID, "epoch", c.Refresh.Epoch)
			r.disown(ctx, c, o, answer)
			return c, errLost
		}
		if second := r.saveSecret(ctx, c); second == nil {
			return c, err // It is safe; the next attempt finds it.
		}
		if r.Now().Add(sinkPause).After(c.Refresh.Until) || r.Sleep(ctx, sinkPause) != nil {
			return c, err
		}
	}
}

// saveSecret keeps the sealed answer as a pending version of the connection's
// secret, under an id that the epoch decides. That of a grant that can be asked
// for again has no place there: a credential may be pending.
func (r *Refresher) saveSecret(ctx context.Context, c connection.Connection) error {
	m, _ := method.For(c.SchemeType)
	if _, ok := m.(method.Refresher); !ok || c.Credential.At.Secret == "" {
		return fault.New(fault.Conflict, fault.CodeCredentialUnavailable, "The answer has no place in the secret store.")
	}
	material := vault.Material{
		Tenant: c.Tenant, Resource: c.ID, Epoch: c.Refresh.Epoch, IssuedAt: c.Refresh.Until.Add(-leaseTime), Answer: c.Refresh.Answer,
	}
	encoded, err := material.Encode()
	if err != nil {
		return err
	}
	_, err = r.Secrets.Put(ctx, c.Credential.At.Secret, answerVersion(c.ID, c.Refresh.Epoch), encoded)
	return err
}

// disown ends what an answer brought for a connection that was deleted, or cut
// off, while the request was under way: nobody else knows of the token. What cannot
// be revoked now is left to the next try of the deletion. Of a connection that lives on,
// whoever went ahead holds a token of the same grant, so nothing is revoked.
func (r *Refresher) disown(ctx context.Context, c connection.Connection, o order, answer method.Answer) {
	stored, err := r.Store.Get(ctx, c.Tenant, c.ID)
	if err == nil && !ending(&stored) {
		return
	}
	token, refused := answer.Parse(o.target.Scheme.RefreshPolicy())
	m, _ := method.For(c.SchemeType)
	revoker, ok := m.(method.Revoker)
	if refused != nil || token.RefreshToken.IsZero() || !ok {
		return
	}
	result, err := revoker.Revoke(ctx, r.Reach, o.target, token.RefreshToken, "refresh_token")
	slog.WarnContext(ctx, "revoke token of a deleted connection", "connection", c.ID, "revocation", string(result), "error", err)
	if result == method.Revoked || result == method.NotSupported {
		return
	}
	_, err = r.Store.Update(ctx, c.Tenant, c.ID, func(stored *connection.Connection) error {
		if !ending(stored) {
			return connection.ErrFenced
		}
		sealed, err := r.Sealer.Seal(ctx, tokenPlace(c, c.Refresh.Epoch), token.RefreshToken)
		stored.Refresh.Token, stored.Refresh.TokenEpoch, stored.Deletion.Revocation = sealed, c.Refresh.Epoch, ""
		if stored.Cutoff != nil {
			stored.Cutoff.Revocation, stored.Cutoff.Next = "", r.Now().UTC().Add(time.Minute)
			stored.PlanReconcile()
		}
		return err
	})
	if err != nil {
		slog.WarnContext(ctx, "keep token of a deleted connection", "connection", c.ID, "error", err)
	}
}

// ending reports whether the credential of the connection is being taken away for
// good.
func ending(c *connection.Connection) bool {
	return c.Lifecycle == connection.Deleting || c.Cutoff != nil
}

// answerVersion is the version id of the secret that keeps an epoch's answer.
func answerVersion(connectionID string, epoch int) string {
	return vault.Token(connectionID, "answer", strconv.Itoa(epoch))
}

func answerPlace(c connection.Connection, epoch int) vault.Place {
	return vault.Place{Tenant: c.Tenant, Resource: c.ID, Purpose: vault.PurposeAnswer, Version: epoch}
}
