package killswitch

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

const (
	// fresh is for how long what was read is taken for true: a switch refuses no
	// later than that, and a process reads no oftener.
	fresh = 5 * time.Second
	// stands is for how long it is while it cannot be read again.
	stands = time.Minute
)

// errUnknown refuses while nobody knows what is cut off.
var errUnknown = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy. Try again in a moment.").
	WithRemedy("retry").Retry(fresh)

// Gate is the connection.Gate of one process. It is safe for concurrent use.
type Gate struct {
	Store ActiveStore
	Now   func() time.Time

	mu     sync.Mutex
	active []Active
	readAt time.Time // Of what is known; zero while nothing is.
	tried  time.Time
}

// Pass implements connection.Gate. When the list cannot be read, what was known
// stands for a minute; then everything is refused until it can.
func (g *Gate) Pass(ctx context.Context, tenant, connector string) error {
	active, err := g.known(ctx)
	if err != nil {
		return errUnknown.Because(err)
	}
	for _, a := range active {
		if a.Covers(tenant, connector) {
			return connection.ErrKillSwitch
		}
	}
	return nil
}

// known returns the switches that are active. Whoever comes while another reads
// waits for that.
func (g *Gate) known(ctx context.Context) ([]Active, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.Now()
	lasting := !g.readAt.IsZero() && now.Sub(g.readAt) < stands
	if lasting && now.Sub(g.tried) < fresh {
		return g.active, nil
	}
	g.tried = now
	active, err := g.Store.Active(ctx)
	switch {
	case err == nil:
		g.active, g.readAt = active, now
	case lasting:
		slog.WarnContext(ctx, "read kill switches", "error", err)
	default:
		return nil, err
	}
	return g.active, nil
}
