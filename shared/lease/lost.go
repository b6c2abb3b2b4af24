package lease

import (
	"context"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/vault"
)

// lookBack bounds for how many earlier attempts an answer is looked for.
const lookBack = 3

// find looks for the answer of an earlier attempt that seemed lost in the secret
// store. It returns errLost when it put one where it belongs. No attempt is
// counted while nobody can say whether there is one: it would be out of sight
// after a few.
func (r *Refresher) find(ctx context.Context, seen connection.Connection) error {
	if seen.Refresh.Intent == nil {
		return nil
	}
	target, err := r.Templates.Address(ctx, seen)
	if err != nil {
		return err
	}
	answer, epoch, err := sunk(ctx, r.Sealer, r.Secrets, seen, target, seen.Refresh.Epoch)
	if err != nil || len(answer) == 0 {
		return err
	}
	_, err = r.Store.Update(ctx, seen.Tenant, seen.ID, func(c *connection.Connection) error {
		if c.Version != seen.Version {
			return errLost
		}
		c.Refresh.Epoch++ // One that tells nothing is not found for ever.
		c.Refresh.Owner, c.Refresh.Answer, c.Refresh.AnswerEpoch = "", answer, epoch
		return nil
	})
	if err != nil {
		return err
	}
	return errLost
}

// sunk returns the sealed answer of an attempt, of epoch last or a little before,
// that stands in the secret store because the record could not be written, and
// its epoch; nothing when there is none. The newest that brought a token goes
// first: an attempt that was overtaken may bring it late, behind a later one's
// failure.
func sunk(ctx context.Context, s *vault.Sealer, secrets vault.Secrets, c connection.Connection, target method.Target, last int) (found []byte, of int, err error) {
	if c.Refresh.Intent == nil || c.Credential == nil || c.Credential.At.Secret == "" {
		return nil, 0, nil
	}
	for epoch := last; epoch >= max(c.Refresh.Intent.Epoch, last+1-lookBack); epoch-- {
		at := vault.Locator{Secret: c.Credential.At.Secret, Version: answerVersion(c.ID, epoch)}
		material, err := read(ctx, secrets, c, at)
		if fault.Has(err, fault.CodeCredentialUnavailable) {
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		answer, err := unseal(ctx, s, c, epoch, material.Answer)
		if err != nil {
			return nil, 0, err
		}
		if _, refused := answer.Parse(target.Scheme.RefreshPolicy()); refused == nil {
			return material.Answer, epoch, nil
		}
		if found == nil {
			found, of = material.Answer, epoch
		}
	}
	if found != nil {
		return found, of, nil
	}
	if len(c.Refresh.Token) > 0 {
		return nil, 0, nil
	}
	_, err = Material(ctx, secrets, c) // Where nothing can be read, one may be there.
	return nil, 0, err
}

// Unsettled returns the token of a saved answer that nobody has settled yet, or
// none. It may stand in the record or, of a connection that is being deleted, in
// the secret store.
func Unsettled(ctx context.Context, s *vault.Sealer, secrets vault.Secrets, c connection.Connection, target method.Target) (method.Token, error) {
	sealed, epoch := c.Refresh.Answer, c.Refresh.AnswerEpoch
	if len(sealed) == 0 {
		var err error
		if sealed, epoch, err = sunk(ctx, s, secrets, c, target, c.Refresh.Epoch-1); err != nil || len(sealed) == 0 {
			return method.Token{}, err
		}
	}
	answer, err := unseal(ctx, s, c, epoch, sealed)
	if err != nil {
		return method.Token{}, err
	}
	token, refused := answer.Parse(target.Scheme.RefreshPolicy())
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
	if _, err := answer.Parse(target.Scheme.RefreshPolicy()); err != nil {
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
