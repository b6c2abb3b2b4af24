package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// claimTime is how long a poll, or the verification of what it brought, may
// take: several times what its calls may, so that one that is still going is
// not taken for dead. The intervals are those of RFC 8628 3.5: one that the
// system wants is longer for good, one for a problem is doubled up to a bound.
const (
	claimTime    = 2 * time.Minute
	slowerBy     = 5 * time.Second
	troubleLimit = time.Minute
)

var errClaimed = errors.New("someone else is polling")

// polling is one poll of a device's handoff, by the holder of its claim. Every
// step is written before the next is taken, and may be repeated by the next
// holder after a crash.
type polling struct {
	*Service
	handoff    Handoff
	connection connection.Connection
	target     method.Target
	caller     auth.Caller
}

// poll asks the system once whether the person is done, and settles it if so.
// It returns when to ask again: zero when this handoff needs no more of it, or
// when someone else is at it.
func (s *Service) poll(ctx context.Context, requestID string, ref connection.Ref) (time.Time, error) {
	c, err := s.Connections.Get(ctx, ref.Tenant, ref.ID)
	if errors.Is(err, connection.ErrNotFound) {
		return time.Time{}, nil
	}
	if err != nil || c.Due.Device.IsZero() { // The index may be late.
		return time.Time{}, err
	}
	if c.Handoff == nil {
		return time.Time{}, s.forgetDevice(ctx, c, "")
	}
	h, err := s.claim(ctx, c)
	switch {
	case errors.Is(err, errClaimed):
		return h.Poll.NextAt, nil
	case errors.Is(err, ErrNotFound), errors.Is(err, errUsed):
		return time.Time{}, s.forgetDevice(ctx, c, c.Handoff.ID)
	case err != nil:
		return time.Time{}, err
	}
	p := &polling{Service: s, handoff: h, caller: h.caller(requestID, "")}
	return p.run(ctx)
}

// claim takes the handoff of the connection for one poll. It is errClaimed, with
// when to come back, while another holds it or it is too early.
func (s *Service) claim(ctx context.Context, c connection.Connection) (Handoff, error) {
	var seen Handoff
	h, err := s.Handoffs.Update(ctx, c.Handoff.ID, func(h *Handoff) error {
		now := s.Now().UTC()
		seen = *h
		switch {
		case h.Step != StepPolled || h.Tenant != c.Tenant || h.ConnectionID != c.ID:
			return errUsed
		case now.Before(h.Poll.Until):
			seen.Poll.NextAt = time.Time{}
			return errClaimed
		case now.Before(h.Poll.NextAt):
			return errClaimed
		}
		h.Poll.Claim++
		h.Poll.Until = now.Add(claimTime)
		return nil
	})
	if err != nil {
		return seen, err
	}
	return h, nil
}

// run does what the handoff needs next.
func (p *polling) run(ctx context.Context) (time.Time, error) {
	c, _, err := p.subject(ctx, p.handoff)
	if errors.Is(err, errUsed) || errors.Is(err, errInvalid) {
		return time.Time{}, p.leave(ctx)
	}
	if fault.Has(err, fault.CodeForbidden) || fault.Has(err, fault.CodeTemplateIncomplete) {
		return time.Time{}, p.end(ctx, connection.ReasonHandoffDenied, fault.From(err).Code)
	}
	if err != nil {
		return time.Time{}, err
	}
	over := !p.Now().Before(p.handoff.ExpiresAt)
	if over && len(p.handoff.Poll.Answer) == 0 {
		return time.Time{}, p.end(ctx, connection.ReasonHandoffExpired, fault.CodeHandoffExpired)
	}
	p.connection = c
	if p.target, err = p.Templates.ResolveGrant(ctx, c); err != nil {
		return p.wait(ctx, p.backoff(0), err)
	}
	p.target.Scopes = p.handoff.Requested
	if len(p.handoff.Poll.Answer) > 0 {
		answer, err := p.openAnswer(ctx, p.handoff)
		if err != nil {
			return p.wait(ctx, p.backoff(0), err)
		}
		return p.settle(ctx, answer)
	}
	return p.ask(ctx)
}

// ask makes the request and does what its answer says. What keeps it from being
// made or answered is no reason to end before the time is over.
func (p *polling) ask(ctx context.Context) (time.Time, error) {
	answer, err := p.send(ctx)
	if err != nil {
		return p.wait(ctx, p.backoff(0), nil)
	}
	interval := p.handoff.Poll.Interval
	switch answer.Progress() {
	case method.Waiting:
		return p.wait(ctx, interval, nil)
	case method.TooFast:
		return p.wait(ctx, interval+slowerBy, nil)
	case method.Troubled:
		return p.wait(ctx, p.backoff(answer.RetryAfter), nil)
	case method.Denied:
		return time.Time{}, p.end(ctx, connection.ReasonHandoffDenied, fault.CodeOAuthDenied)
	case method.Lapsed:
		return time.Time{}, p.end(ctx, connection.ReasonHandoffExpired, fault.CodeHandoffExpired)
	case method.Refused:
		_, refusal := answer.Parse(p.target.Scheme.RefreshPolicy())
		p.Templates.Heard(ctx, p.connection, answer.ClientKey, refusal)
		return time.Time{}, p.end(ctx, connection.ReasonVerificationFailed, fault.CodeProviderError)
	default:
		return p.keep(ctx, answer)
	}
}

func (p *polling) send(ctx context.Context) (method.Answer, error) {
	m, ok := deviceAuthorizer(p.target.Scheme.Type)
	if !ok {
		return method.Answer{}, errInvalid
	}
	code, err := p.deviceCode(ctx, p.handoff)
	if err != nil {
		return method.Answer{}, err
	}
	request, err := m.Poll(p.target, code)
	if err != nil {
		return method.Answer{}, err
	}
	answer, err := request.Send(ctx, p.Reach)
	if err != nil {
		slog.WarnContext(ctx, "poll", "connection", p.handoff.ConnectionID, "error", err)
	}
	return answer, err
}

// keep writes the answer ahead: it is the only copy of the tokens. From here on
// a crash loses nothing. The answer counts though the claim was lost meanwhile,
// for the system gives no second one; it is for nobody when the handoff is over.
func (p *polling) keep(ctx context.Context, answer method.Answer) (time.Time, error) {
	sealed, err := p.sealAnswer(ctx, p.handoff, answer)
	if err == nil {
		var h Handoff
		h, err = p.Handoffs.Update(ctx, p.handoff.ID, func(h *Handoff) error {
			if h.Step != StepPolled || len(h.Poll.Answer) > 0 {
				return errUsed
			}
			h.Poll.Answer, h.Poll.Until = sealed, p.Now().UTC().Add(claimTime)
			h.Poll.Claim++
			return nil
		})
		if err == nil {
			p.handoff = h
		}
	}
	if errors.Is(err, errUsed) || errors.Is(err, ErrNotFound) {
		if token, err := answer.Parse(p.target.Scheme.RefreshPolicy()); err == nil {
			p.drop(ctx, p.target, token)
		}
		return time.Time{}, nil
	}
	if err != nil { // It is in this process alone; the most is made of it.
		slog.WarnContext(ctx, "write device answer ahead", "connection", p.handoff.ConnectionID, "error", err)
	}
	return p.settle(ctx, answer)
}

// backoff is the interval after a problem: twice as long, and what the system
// asks for.
func (p *polling) backoff(asked time.Duration) time.Duration {
	interval := p.handoff.Poll.Interval
	return max(interval, min(2*interval, troubleLimit), asked)
}

// wait ends the claim and plans the next poll. An error is passed on.
func (p *polling) wait(ctx context.Context, interval time.Duration, cause error) (time.Time, error) {
	h, err := p.Handoffs.Update(ctx, p.handoff.ID, func(h *Handoff) error {
		if h.Step != StepPolled || h.Poll.Claim != p.handoff.Poll.Claim {
			return errUsed
		}
		h.Poll.Interval, h.Poll.Until, h.Poll.NextAt = interval, time.Time{}, p.Now().UTC().Add(interval)
		if len(h.Poll.Answer) == 0 && h.Poll.NextAt.After(h.ExpiresAt) {
			h.Poll.NextAt = h.ExpiresAt // To end it.
		}
		return nil
	})
	if errors.Is(err, errUsed) || errors.Is(err, ErrNotFound) {
		return time.Time{}, cause
	}
	return h.Poll.NextAt, errors.Join(cause, err)
}
