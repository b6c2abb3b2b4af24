package tenant

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Access is what a request wants of a tenant.
type Access int

// The kinds of access.
const (
	Read   Access = iota // Nothing changes and nothing secret is handed out.
	Change               // Everything else.
	Repair               // A change that needs no key, and helps where there is none.
)

const (
	// fresh is for how long a standing that was read is taken for true: a tenant is
	// refused no later than that, and a process reads it no oftener.
	fresh = 5 * time.Second
	// stands is for how long it is while it cannot be read again.
	stands = time.Minute
	// mostKnown bounds the tenants one process remembers.
	mostKnown = 10_000
)

// The refusals of a Gate.
var (
	ErrRemoved   = fault.New(fault.Conflict, fault.CodeTenantRemoved, "This tenant is removed, or is being removed.").WithRemedy("contact_admin")
	errLeft      = fault.New(fault.Denied, fault.CodeTenantRemoved, "The tenant of the token is removed, or is being removed.").WithRemedy("contact_admin")
	errSuspended = fault.New(fault.Conflict, fault.CodeKeyUnavailable, "The tenant is suspended, because its key cannot be used.").WithRemedy("contact_admin")
	errUnsure    = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy. Try again in a moment.").
			WithRemedy("retry").Retry(fresh)
)

// Gate knows the standing of the tenants that one process serves, and refuses
// those that are removed or suspended. It is also a connection.Gate. It is safe
// for concurrent use.
type Gate struct {
	Store Reader
	Next  connection.Gate // Asked after the standing; may be nil.
	Now   func() time.Time

	mu    sync.Mutex
	known map[string]*standing
}

// Reader reads tenants consistently.
type Reader interface {
	// Get returns ErrUnknown for a tenant that was never created.
	Get(ctx context.Context, id string) (Tenant, error)
}

// standing is what is known of one tenant.
type standing struct {
	mu     sync.Mutex
	state  State     // Empty for a tenant that was never created.
	readAt time.Time // Zero while nothing is known.
	tried  time.Time
}

// Admit refuses a request by the standing of the tenant it comes from and of the
// one it is about. A tenant that was never created is nobody's to refuse here.
// When a standing cannot be read, what was known stands for a minute; then
// everything is refused until it can.
func (g *Gate) Admit(ctx context.Context, caller auth.Caller, access Access) error {
	if !caller.IsOrganization() {
		state, err := g.state(ctx, caller.Home)
		if err != nil {
			return err
		}
		if state.Gone() {
			return errLeft
		}
	}
	state, err := g.state(ctx, caller.Tenant)
	switch {
	case err != nil:
		return err
	case state.Gone() && access != Read:
		return ErrRemoved
	case state == Suspended && access == Change:
		return errSuspended
	}
	return nil
}

// Pass implements connection.Gate. What is under way for a suspended tenant
// passes: it finds out itself what the key says, now.
func (g *Gate) Pass(ctx context.Context, tenantID, connector string) error {
	state, err := g.state(ctx, tenantID)
	if err != nil {
		return err
	}
	if state.Gone() {
		return ErrRemoved
	}
	if g.Next == nil {
		return nil
	}
	return g.Next.Pass(ctx, tenantID, connector)
}

// state returns the state of a tenant. Whoever comes while another reads it waits
// for that.
func (g *Gate) state(ctx context.Context, id string) (State, error) {
	s := g.standing(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := g.Now()
	lasting := !s.readAt.IsZero() && now.Sub(s.readAt) < stands
	if lasting && now.Sub(s.tried) < fresh {
		return s.state, nil
	}
	s.tried = now
	t, err := g.Store.Get(ctx, id)
	switch {
	case err == nil || errors.Is(err, ErrUnknown):
		s.state, s.readAt = t.State, now
	case lasting:
		slog.WarnContext(ctx, "read standing of tenant", "tenant", id, "error", err)
	default:
		return "", errUnsure.Because(err)
	}
	return s.state, nil
}

func (g *Gate) standing(id string) *standing {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known[id] == nil {
		if g.known == nil || len(g.known) >= mostKnown {
			g.known = map[string]*standing{}
		}
		g.known[id] = new(standing)
	}
	return g.known[id]
}
