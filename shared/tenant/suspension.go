package tenant

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tenonhq/tenon/shared/due"
)

// Suspension is that a tenant's key cannot be used.
type Suspension struct {
	Since  time.Time
	Reason string
	Told   bool // The event is published.
}

// ReasonKey is the one reason of suspensions: KMS says that the key is disabled,
// pending deletion or gone.
const ReasonKey = "key_unavailable"

var errSettled = errors.New("nothing to suspend")

// Suspend notes that a tenant's key cannot be used, for whoever found out. It
// suspends one that is ready and leaves any other as it is. It is no part of what
// the caller was about to do, so that a failure is logged and nothing else: the
// next one who finds out tries again. The list of tenants shows it once the tenant
// has been looked after, within two minutes.
func (s *Service) Suspend(ctx context.Context, id string) {
	_, err := s.Store.Mark(ctx, id, func(t *Tenant) error {
		if t.State != Ready {
			return errSettled
		}
		now := s.Now().UTC()
		t.State, t.Suspension, t.Due = Suspended, &Suspension{Since: now, Reason: ReasonKey}, now.Add(due.Soon)
		return nil
	})
	if err != nil && !errors.Is(err, errSettled) {
		slog.WarnContext(ctx, "suspend tenant", "tenant", id, "error", err)
	}
}
