package delivery

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
)

// List returns what was and is sent to an endpoint of the caller's tenant, the
// newest event first, beginning after the event that start names.
func (s *Service) List(ctx context.Context, caller auth.Caller, endpointID, start string, limit int) ([]Delivery, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.WebhookEndpointRead, endpointID); err != nil {
		return nil, "", err
	}
	if _, err := s.Endpoints.Get(ctx, caller.Tenant, endpointID); err != nil {
		return nil, "", err
	}
	return s.Store.List(ctx, caller.Tenant, endpointID, start, limit)
}

// API returns what the API shows of a delivery.
func (d Delivery) API() api.Delivery {
	return api.Delivery{
		EventID: d.Event.ID, Type: d.Event.Type, Resource: d.Event.Resource, State: string(d.State), Attempts: d.Attempts,
		StatusCode: d.Status, Outcome: d.Outcome, DurationMs: d.Took.Milliseconds(), CreatedAt: d.CreatedAt,
		AttemptedAt: given(d.LastAt), NextAttemptAt: given(d.Due),
	}
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
