package health

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/outage"
)

// putOff plans the check that cause refused: after the time it names where the
// turn of the connection comes then, else at any time within the hour.
func (s *Service) putOff(ctx context.Context, v visit, cause error) error {
	after := fault.From(cause).RetryAfter
	if errors.Is(cause, outage.ErrStopped) && v.pass.RecoveredAt().IsZero() {
		after += rand.N(putOffTime)
	}
	return s.plan(ctx, v, after)
}

// hurry makes sure that the connection is checked within the hour.
func (s *Service) hurry(ctx context.Context, c connection.Connection) error {
	if c.Lifecycle != connection.Ready || c.Credential == nil || c.Due.Health.Before(s.Now().Add(putOffTime)) {
		return nil
	}
	return s.plan(ctx, visit{Connection: c}, rand.N(putOffTime))
}

// plan sets when the next check is made.
func (s *Service) plan(ctx context.Context, v visit, after time.Duration) error {
	_, err := s.Store.Update(ctx, v.Tenant, v.ID, func(c *connection.Connection) error {
		if c.Lifecycle == connection.Ready {
			c.Due.Health = s.Now().UTC().Add(after)
		}
		return nil
	})
	return err
}

// unplan leaves a connection alone until an account is chosen, which plans anew.
func (s *Service) unplan(ctx context.Context, c connection.Connection) error {
	_, err := s.Store.Update(ctx, c.Tenant, c.ID, func(c *connection.Connection) error {
		if c.AccountRequired {
			c.Due.Health = time.Time{}
		}
		return nil
	})
	if errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	return err
}
