package delivery

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/webhook"
)

// errNoAnswer is why an attempt failed that has an outcome and no error.
var errNoAnswer = errors.New("not taken")

// post sends an event to its endpoint and notes what that says of the endpoint.
// Whether the endpoint is to be disabled is settled before the attempt is
// recorded: who finds the attempt unfinished goes on from there.
func (s *Service) post(ctx context.Context, requestID string, d Delivery) (result, error) {
	e, err := s.Endpoints.Get(ctx, d.Tenant, d.Target)
	if errors.Is(err, webhook.ErrNotFound) {
		return result{state: Dropped, outcome: Unwanted}, nil
	}
	if err != nil {
		return result{}, err
	}
	if !e.Wants(d.Event.Type) {
		return result{state: Dropped, outcome: Unwanted}, s.announce(ctx, requestID, e)
	}
	sent := s.Sender.Send(ctx, e, d.Event)
	r := result{state: Pending, outcome: string(sent.Outcome), status: sent.Status, took: sent.Took, wait: sent.Wait, err: sent.Err}
	if r.err == nil {
		r.err = errNoAnswer
	}
	switch sent.Outcome {
	case webhook.Delivered:
		s.took(ctx, e)
		return result{state: Delivered, outcome: r.outcome, status: r.status, took: r.took}, nil
	case webhook.Unsigned:
		return r, nil // Ours, and nothing that the endpoint did.
	case webhook.WasGone:
		r.state = Failed
	}
	return r, s.failed(ctx, requestID, e, d, r.state == Failed)
}

// took notes that the endpoint works, where it did not before. What it took is
// on record whether that can be noted or not: it is not to be sent again.
func (s *Service) took(ctx context.Context, e webhook.Endpoint) {
	if e.FailingAt.IsZero() {
		return
	}
	if err := s.note(ctx, e, func(e *webhook.Endpoint) error { e.Took(); return nil }); err != nil {
		slog.WarnContext(ctx, "note that endpoint works", "endpoint", e.ID, "error", err)
	}
}

// failed notes that an attempt at the endpoint failed, where that says more than
// is known, and tells of it when the endpoint is disabled for that. An attempt
// that was made at another address, or before the endpoint was enabled again,
// says nothing.
func (s *Service) failed(ctx context.Context, requestID string, e webhook.Endpoint, d Delivery, gone bool) error {
	notice := s.NewID()
	var standing webhook.Endpoint
	err := s.note(ctx, e, func(now *webhook.Endpoint) error {
		if now.Revision != e.Revision {
			return errIdle
		}
		failing := now.FailingAt
		now.Failed(d.LastAt, gone, notice)
		if standing = *now; now.Enabled && now.FailingAt.Equal(failing) {
			return errIdle
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.announce(ctx, requestID, standing)
}

// note changes the endpoint if it is still there.
func (s *Service) note(ctx context.Context, e webhook.Endpoint, change func(*webhook.Endpoint) error) error {
	_, err := s.Endpoints.Update(ctx, e.Tenant, e.ID, change)
	if errors.Is(err, errIdle) || errors.Is(err, webhook.ErrNotFound) {
		return nil
	}
	return err
}

// announce records and publishes that the endpoint was disabled, unless that was
// done. The event has the same id whoever publishes it.
func (s *Service) announce(ctx context.Context, requestID string, e webhook.Endpoint) error {
	if e.Untold == "" {
		return nil
	}
	caller := auth.Job("queue-delivery", e.Tenant, requestID)
	if err := s.Audit.CheckFor(ctx, caller, audit.WebhookEndpointDisable, e.ID, e.Reason, nil); err != nil {
		return err
	}
	if err := s.Events.Publish(ctx, e.Notice()); err != nil {
		return fmt.Errorf("tell that %s was disabled: %w", e.ID, err)
	}
	return s.note(ctx, e, func(now *webhook.Endpoint) error {
		if now.Untold != e.Untold {
			return errIdle
		}
		now.Untold = ""
		return nil
	})
}
