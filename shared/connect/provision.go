package connect

import (
	"context"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// provisioningTime is how long a creation with a credential may take, however
// often it is repeated: many times what a run may, so that a run that is still
// going is not taken for dead.
const provisioningTime = 10 * time.Minute

// errProvisioning keeps a credential from a connection that goes with its own if
// that is refused.
var errProvisioning = fault.New(fault.Conflict, fault.CodeConnectionPending, "The connection is being created. Try again shortly.").
	WithRemedy("retry").Retry(time.Minute)

var errRemoving = fault.New(fault.Unavailable, fault.CodeRetryLater, "What an earlier try left is being removed. Try again shortly.").
	WithRemedy("retry").Retry(time.Minute)

// unattended reports whether the creation needs no person at the provider: it
// ends with a credential, or leaves nothing.
func unattended(scheme catalog.Scheme, n New) bool {
	if len(n.Credential) > 0 || n.Grant != nil {
		return true
	}
	required := func(in catalog.Input) bool { return !in.Optional }
	m, _ := method.For(scheme.Type)
	_, generator := m.(method.Generator) // It may be asked to make one.
	return !attended(scheme) && !generator && !slices.ContainsFunc(scheme.Fields, required)
}

// unfinished takes over the record that an earlier run of the same request left
// before it died: ErrNotFound when there is none, ErrExists when nothing is
// missing in it.
func (s *Service) unfinished(ctx context.Context, caller auth.Caller, connectionID string, n New) (connection.Connection, error) {
	if n.Key == "" {
		return connection.Connection{}, connection.ErrNotFound
	}
	return s.Connections.Update(ctx, caller.Tenant, connectionID, func(c *connection.Connection) error {
		switch {
		case c.Lifecycle == connection.Deleting && !c.Provisioning.IsZero():
			return errRemoving
		case c.Credential != nil || c.Lifecycle != connection.Pending:
			return connection.ErrExists
		case !c.Provisioning.IsZero():
			s.provision(c)
		}
		return nil
	})
}

// provision gives the creation its time.
func (s *Service) provision(c *connection.Connection) {
	c.Provisioning = s.Now().UTC().Add(provisioningTime)
	c.PlanReconcile()
}

// Abandon removes a connection whose creation was cut short before it had a
// credential, as Disconnect does. One that holds an imported grant is kept, for
// the jobs to find out whether it is good. Nothing is done when it was finished
// or taken over meanwhile.
func (s *Service) Abandon(ctx context.Context, caller auth.Caller, connectionID string) error {
	if adopted, err := s.adopt(ctx, caller, connectionID); adopted || err != nil {
		return err
	}
	_, err := s.disconnectIf(ctx, caller, connectionID, s.abandoned)
	return err
}

// abandoned is ErrNotFound unless the time of the creation is over.
func (s *Service) abandoned(c *connection.Connection) error {
	if c.Credential != nil || c.Lifecycle == connection.Deleting || c.Provisioning.IsZero() || c.Provisioning.After(s.Now()) {
		return connection.ErrNotFound
	}
	return nil
}
