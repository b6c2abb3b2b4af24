package connect

import (
	"context"
	"errors"
	"net/url"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// keepAnswer keeps the provider's answer, sealed, until whoever knows the end user has
// confirmed who came back. Nothing is asked of the provider. An answer that is
// lost between being taken and being kept is never redeemed.
func (s *Service) keepAnswer(ctx context.Context, caller auth.Caller, h Handoff, c connection.Connection, query url.Values) (Completed, error) {
	out := Completed{Handoff: h, Connection: c}
	if err := connection.Pass(ctx, s.Gate, &c); err != nil {
		return out, errors.Join(err, s.Audit.Deny(ctx, caller, audit.ConnectionConnect, c.ID, string(fault.From(err).Code)))
	}
	target, err := s.Templates.ResolveGrant(ctx, c)
	if err != nil {
		return out, err
	}
	if err := s.checkSignature(ctx, caller, c, target, query); err != nil {
		return out, err
	}
	sealed, err := s.Sealer.Seal(ctx, answerPlace(h), secret.FromString(query.Encode()))
	if err != nil {
		return out, err
	}
	out.Handoff, err = s.Handoffs.Update(ctx, h.ID, func(h *Handoff) error {
		if h.Step != StepUsed {
			return errUsed
		}
		h.Step, h.Held = StepHeld, sealed
		return nil
	})
	out.Held = err == nil
	return out, err
}

// Redeem exchanges the code that a deferred handoff holds, once: of many at a
// time one does, and the others are told that it was used. The caller has
// checked that the end user is the one it was begun for. From there on it does
// what Complete does.
func (s *Service) Redeem(ctx context.Context, handoffID, requestID, sourceIP string) (Completed, error) {
	h, held, err := s.release(ctx, handoffID)
	if err != nil {
		return Completed{Handoff: h}, err
	}
	caller := h.caller(requestID, sourceIP)
	c, target, err := s.subject(ctx, h)
	if err != nil {
		return Completed{Handoff: h}, err
	}
	plain, err := s.Sealer.Open(ctx, answerPlace(h), held)
	if err != nil {
		return Completed{Handoff: h}, err
	}
	query, err := url.ParseQuery(plain.Reveal())
	if err != nil {
		return Completed{Handoff: h}, fault.New(fault.Unavailable, fault.CodeKeyIntegrity, "The handoff cannot be read.")
	}
	code, _ := answered(target, query)
	if err := s.Audit.Check(ctx, caller, audit.ConnectionConnect, c.ID); err != nil {
		return Completed{Handoff: h}, err
	}
	connected, err := s.exchange(ctx, caller, h, c, code, query)
	return Completed{Handoff: h, Connection: connected}, err
}

// release takes what the handoff holds out of it.
func (s *Service) release(ctx context.Context, handoffID string) (h Handoff, held []byte, err error) {
	expired := false
	h, err = s.Handoffs.Update(ctx, handoffID, func(h *Handoff) error {
		switch h.Step {
		case StepHeld:
		case StepUsed:
			return errUsed
		default:
			return errEarly
		}
		expired = s.Now().After(h.ExpiresAt)
		held, h.Step, h.Held = h.Held, StepUsed, nil
		return nil
	})
	if err == nil && expired {
		err = errExpired
	}
	return h, held, err
}

// Destroy ends a deferred handoff: what it holds, or would come to hold, is never
// redeemed. It may be repeated.
func (s *Service) Destroy(ctx context.Context, handoffID string) error {
	_, err := s.Handoffs.Update(ctx, handoffID, func(h *Handoff) error {
		h.Step, h.Held, h.Verifier = StepUsed, nil, nil
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
