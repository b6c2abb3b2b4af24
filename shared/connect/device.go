package connect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// The times of a device's handoff. Tokens that are there and could not be
// verified for want of an answer are tried for settleTime after its end.
// Whatever became of the job, the handoff is over when the time of both and
// backstop are.
const (
	deviceTime = 30 * time.Minute // Caps what the system gives the person.
	settleTime = 10 * time.Minute
	backstop   = 5 * time.Minute
)

// Poll is how far the polling of a device's handoff has come.
type Poll struct {
	Interval time.Duration // No two polls are closer.
	NextAt   time.Time     // When the next is made.
	Claim    int           // Counts who began a poll: the newest alone may write of it.
	Until    time.Time     // When the newest claim ends by itself; zero when it has ended.
	Answer   []byte        // Sealed answer that holds the tokens, written ahead of parsing.
}

// deviceAuthorizer returns the method of a scheme type whose handoffs are polled.
func deviceAuthorizer(schemeType string) (method.DeviceAuthorizer, bool) {
	m, _ := method.For(schemeType)
	d, ok := m.(method.DeviceAuthorizer)
	return d, ok
}

// attended reports whether a person connects at the provider.
func attended(scheme catalog.Scheme) bool {
	m, _ := method.For(scheme.Type)
	_, browser := authorizer(scheme)
	_, device := m.(method.DeviceAuthorizer)
	return browser || device
}

// startDevice asks the system for a device code, keeps it sealed and plans the
// first poll. What the person is to enter is handed out and not kept.
func (s *Service) startDevice(ctx context.Context, c connection.Connection, h Handoff, m method.DeviceAuthorizer) (Started, error) {
	target, err := s.Templates.ResolveGrant(ctx, c)
	if err != nil {
		return Started{}, err
	}
	target.Scopes = h.Requested
	request, err := m.Device(target)
	if err != nil {
		return Started{}, err
	}
	answer, err := request.Send(ctx, s.Reach)
	if err != nil {
		return Started{}, err
	}
	grant, err := answer.DeviceGrant(target, s.Templates.Catalog.Local)
	s.Templates.Heard(ctx, c, answer.ClientKey, err)
	if err != nil {
		return Started{}, err
	}
	now := s.Now().UTC()
	h.Step = StepPolled
	if end := now.Add(min(grant.Lifetime, deviceTime)); h.ExpiresAt.IsZero() || end.Before(h.ExpiresAt) {
		h.ExpiresAt = end
	}
	h.Poll = Poll{Interval: grant.Interval, NextAt: now.Add(grant.Interval)}
	if h.Verifier, err = s.sealWalk(ctx, h, walk{Device: grant.DeviceCode.Reveal()}); err != nil {
		return Started{}, err
	}
	superseded, err := s.begin(ctx, h)
	if err != nil {
		return Started{}, err
	}
	s.relinquish(ctx, c, superseded)
	return Started{Handoff: h, UserCode: grant.UserCode, Page: grant.Page, PageComplete: grant.PageComplete}, nil
}

// relinquish ends a device's handoff that is not, or not any more, the
// connection's, whoever is polling for it, and revokes the tokens it may have
// brought. It may fail, as drop may.
func (s *Service) relinquish(ctx context.Context, c connection.Connection, handoff *connection.Handoff) {
	if _, ok := deviceAuthorizer(c.SchemeType); !ok || handoff == nil {
		return
	}
	var left []byte
	h, err := s.Handoffs.Update(ctx, handoff.ID, func(h *Handoff) error {
		left = h.Poll.Answer
		return h.close()
	})
	if err == nil && len(left) > 0 {
		h.Poll.Answer = left
		err = s.disown(ctx, c, h)
	}
	if err != nil && !errors.Is(err, errUsed) && !errors.Is(err, ErrNotFound) {
		slog.WarnContext(ctx, "end handoff", "connection", c.ID, "handoff", handoff.ID, "error", err)
	}
}

// disown revokes what the answer of a handoff brought.
func (s *Service) disown(ctx context.Context, c connection.Connection, h Handoff) error {
	answer, err := s.openAnswer(ctx, h)
	if err != nil {
		return err
	}
	target, err := s.Templates.ResolveGrant(ctx, c)
	if err != nil {
		return err
	}
	token, err := answer.Parse(target.Scheme.RefreshPolicy())
	if err == nil {
		s.drop(ctx, target, token)
	}
	return err
}

// close uses the handoff up, and forgets what is sealed in it.
func (h *Handoff) close() error {
	if h.Step != StepPolled {
		return errUsed
	}
	h.Step, h.Verifier, h.Poll.Answer = StepUsed, nil, nil
	return nil
}

// openAnswer reads the answer that was written ahead.
func (s *Service) openAnswer(ctx context.Context, h Handoff) (method.Answer, error) {
	plain, err := s.Sealer.Open(ctx, answerPlace(h), h.Poll.Answer)
	if err != nil {
		return method.Answer{}, err
	}
	return method.DecodeAnswer(plain)
}

func (s *Service) sealAnswer(ctx context.Context, h Handoff, answer method.Answer) ([]byte, error) {
	encoded, err := answer.Encode()
	if err != nil {
		return nil, err
	}
	return s.Sealer.Seal(ctx, answerPlace(h), encoded)
}

func answerPlace(h Handoff) vault.Place {
	return vault.Place{Tenant: h.Tenant, Resource: h.ID, Purpose: vault.PurposeAnswer}
}

// deviceCode reads the code that is polled with.
func (s *Service) deviceCode(ctx context.Context, h Handoff) (secret.Bytes, error) {
	w, err := s.openVerifier(ctx, h)
	return secret.FromString(w.Device), err
}
