package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// settle verifies what the answer brought and makes it current, as a callback
// does. What may pass is tried again; tokens that are refused are revoked.
//
// There is no id_token to check: the device grant has no nonce that could bind
// one to this handoff (OpenID Connect does not define it), and the account is
// what the verification request says.
func (p *polling) settle(ctx context.Context, answer method.Answer) (time.Time, error) {
	token, err := answer.Parse(p.target.Scheme.RefreshPolicy())
	p.Templates.Heard(ctx, p.connection, answer.ClientKey, err)
	if err != nil {
		return time.Time{}, p.end(ctx, connection.ReasonVerificationFailed, fault.From(err).Code)
	}
	err = p.Audit.Check(ctx, p.caller, audit.ConnectionConnect, p.handoff.ConnectionID)
	if err == nil {
		candidate := established{
			Token: token, MintedBy: answer.ClientKey, AllowAccountChange: p.handoff.AllowAccountChange, Handoff: p.handoff.ID, By: &p.handoff, Wanted: p.handoff.Account,
		}
		_, err = p.activate(ctx, p.caller, p.connection, p.target, candidate, "", nil)
	}
	switch {
	case err == nil:
		return time.Time{}, p.finish(ctx)
	case passing(err) && p.Now().Before(p.handoff.ExpiresAt.Add(settleTime)):
		return p.wait(ctx, p.backoff(fault.From(err).RetryAfter), err)
	}
	return time.Time{}, errors.Join(p.reject(ctx, token, err))
}

// reject ends a handoff whose tokens cannot be used. They are revoked first: the
// answer stands until that was tried. Whoever lost the claim meanwhile leaves
// them to who has it.
func (p *polling) reject(ctx context.Context, token method.Token, refused error) error {
	if err := p.own(ctx); err != nil {
		return lost(err)
	}
	if p.serves(ctx, p.connection, token) {
		return p.finish(ctx) // The write that made them current had got through.
	}
	if !fault.Has(refused, fault.CodeConnectionInUse) { // As in exchange.
		p.drop(ctx, p.target, token)
	}
	return p.end(ctx, connection.ReasonVerificationFailed, fault.From(refused).Code)
}

// leave ends a handoff that the connection does not want any more.
func (p *polling) leave(ctx context.Context) error {
	c, err := p.Connections.Get(ctx, p.handoff.Tenant, p.handoff.ConnectionID)
	if errors.Is(err, connection.ErrNotFound) {
		return p.finish(ctx)
	}
	if err != nil {
		return err
	}
	p.relinquish(ctx, c, &connection.Handoff{ID: p.handoff.ID})
	return p.forgetDevice(ctx, c, p.handoff.ID)
}

// end ends the handoff with a reason that a pending connection shows. What is
// connected stays as it is.
func (p *polling) end(ctx context.Context, reason connection.Reason, code fault.Code) error {
	if err := p.own(ctx); err != nil {
		return lost(err)
	}
	if err := p.Audit.Deny(ctx, p.caller, audit.ConnectionConnect, p.handoff.ConnectionID, string(code)); err != nil {
		return err
	}
	_, err := connection.Transition(ctx, p.Connections, p.Events, p.Now, p.handoff.Tenant, p.handoff.ConnectionID, func(c *connection.Connection) error {
		if c.Handoff == nil || c.Handoff.ID != p.handoff.ID {
			return nil // Another one was begun.
		}
		if reason == connection.ReasonHandoffExpired {
			c.ExpireHandoff()
			return nil
		}
		c.Handoff, c.Due.Device = nil, time.Time{}
		if c.Lifecycle == connection.Pending {
			c.Health.Reason = reason
		}
		return nil
	})
	if err != nil && !errors.Is(err, connection.ErrNotFound) {
		return err
	}
	return p.finish(ctx)
}

// own renews the claim, and is errUsed when another has it.
func (p *polling) own(ctx context.Context) error {
	_, err := p.Handoffs.Update(ctx, p.handoff.ID, func(h *Handoff) error {
		if h.Step != StepPolled || h.Poll.Claim != p.handoff.Poll.Claim {
			return errUsed
		}
		h.Poll.Until = p.Now().UTC().Add(claimTime)
		return nil
	})
	return err
}

// finish uses the handoff up. The connection names it no more, so that nobody
// asks for it even if this fails.
func (p *polling) finish(ctx context.Context) error {
	_, err := p.Handoffs.Update(ctx, p.handoff.ID, (*Handoff).close)
	if err != nil && !errors.Is(err, errUsed) && !errors.Is(err, ErrNotFound) {
		slog.WarnContext(ctx, "end handoff", "connection", p.handoff.ConnectionID, "handoff", p.handoff.ID, "error", err)
	}
	return nil
}

// forgetDevice takes a connection out of the index whose handoff of this id is
// over; the empty id is for one that has no handoff.
func (s *Service) forgetDevice(ctx context.Context, c connection.Connection, handoffID string) error {
	_, err := connection.Transition(ctx, s.Connections, s.Events, s.Now, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.Handoff != nil && c.Handoff.ID != handoffID {
			return nil
		}
		c.Handoff, c.Due.Device = nil, time.Time{}
		return nil
	})
	return lost(err)
}

// lost is nil for the errors of who came too late.
func lost(err error) error {
	if errors.Is(err, errUsed) || errors.Is(err, ErrNotFound) || errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	return err
}

// passing reports whether what kept tokens from being verified and stored may be
// over the next time.
func passing(err error) bool {
	f := fault.From(err)
	switch f.Kind {
	case fault.Internal, fault.RateLimited, fault.UpstreamTimeout, fault.Unavailable:
		return true
	default:
		return f.Code == fault.CodeProviderUnavailable
	}
}
