package lease

import (
	"context"
	"errors"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// lookBack bounds for how many earlier attempts an answer is looked for.
const lookBack = 3

// find looks for the answer of an earlier attempt that seemed lost in the secret
// store. It returns errLost when it put one where it belongs.
func (r *Refresher) find(ctx context.Context, c connection.Connection) error {
	if !uncertain(&c) || c.Credential.At.Secret == "" {
		return nil
	}
	first := max(c.Refresh.Intent.Epoch, c.Refresh.Epoch-lookBack)
	for epoch := c.Refresh.Epoch - 1; epoch >= first; epoch-- {
		at := vault.Locator{Secret: c.Credential.At.Secret, Version: answerVersion(c.ID, epoch)}
		material, err := read(ctx, r.Secrets, c, at)
		if fault.Has(err, fault.CodeCredentialUnavailable) {
			continue // There is none, or none can be read: then nothing will be sent either.
		}
		if err != nil {
			return errors.Join(err, r.release(ctx, c, err))
		}
		_, err = r.Store.Update(ctx, c.Tenant, c.ID, fenced(c.Refresh.Epoch, func(c *connection.Connection) error {
			c.Refresh.Owner, c.Refresh.Answer, c.Refresh.AnswerEpoch = "", material.Answer, epoch
			return nil
		}))
		if err = ignoreFenced(err); err != nil {
			return err
		}
		return errLost
	}
	return nil
}

// Unsettled returns the token of a saved answer that nobody has settled yet, or
// none.
func Unsettled(ctx context.Context, s *vault.Sealer, c connection.Connection, target method.Target) (method.Token, error) {
	if len(c.Refresh.Answer) == 0 {
		return method.Token{}, nil
	}
	answer, err := unseal(ctx, s, c, c.Refresh.AnswerEpoch, c.Refresh.Answer)
	if err != nil {
		return method.Token{}, err
	}
	token, refused := answer.Parse(target.Scheme.OAuth.Refresh)
	if refused != nil {
		return method.Token{}, nil
	}
	return token, nil
}

// reread looks whether an answer that could not be understood now can be, for
// instance by a newer version of the service. It returns errLost when it put it
// where it belongs.
func (r *Refresher) reread(ctx context.Context, c connection.Connection) error {
	u := c.Refresh.Unread
	if u == nil || r.Now().After(u.Until) {
		return nil
	}
	answer, err := unseal(ctx, r.Sealer, c, u.Epoch, u.Sealed)
	if err != nil {
		return err
	}
	target, err := r.Templates.Address(ctx, c)
	if err != nil {
		return err
	}
	if _, err := answer.Parse(target.Scheme.OAuth.Refresh); err != nil {
		return nil //nolint:nilerr // As unreadable as before.
	}
	_, err = r.Store.Update(ctx, c.Tenant, c.ID, func(stored *connection.Connection) error {
		if stored.Version != c.Version {
			return errLost
		}
		stored.Refresh.Answer, stored.Refresh.AnswerEpoch, stored.Refresh.Unread = u.Sealed, u.Epoch, nil
		return nil
	})
	if err != nil {
		return err
	}
	return errLost
}

// unseal reads a sealed answer.
func unseal(ctx context.Context, s *vault.Sealer, c connection.Connection, epoch int, sealed []byte) (method.Answer, error) {
	opened, err := s.Open(ctx, answerPlace(c, epoch), sealed)
	if err != nil {
		return method.Answer{}, err
	}
	return method.DecodeAnswer(opened)
}
