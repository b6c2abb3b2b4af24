package health

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// History is what runtimes reported of the calls with one connection. It is a
// record of its own, so that reports, of which there may be many, and what else
// happens to the connection do not get in each other's way.
type History struct {
	Tenant     string
	Connection string
	Connector  string
	Credential int    // Version of the credential that the calls were made with; zero where they count for nothing.
	Ring       string // Outcomes, newest first, as in connection.Health; at most connection.RingLength.
	Reported   int64  // How many calls the ring was told of, ever.
	CalledAt   time.Time
	// FailingSince is when the first of the system's own failures was reported
	// that the connection does not know of.
	FailingSince time.Time
	DeriveAt     time.Time // When the connection's health is derived; zero while nothing changed.
	Version      int64     // Counts every write; optimistic locking.
}

// Histories keeps the histories of all connections. All reads of one are
// consistent.
type Histories interface {
	// Get returns the history, that of a connection nobody reported of with nothing
	// but its names.
	Get(ctx context.Context, tenant, connectionID string) (History, error)
	// Update works as connection.Store.Update does, and makes the history if there
	// is none.
	Update(ctx context.Context, tenant, connectionID string, change func(*History) error) (History, error)
	// Changed returns the ids of the tenant's connections whose health is to be
	// derived, at most limit.
	Changed(ctx context.Context, tenant string, limit int) ([]string, error)
}

// calledPause is how often it is noted that calls go on succeeding.
const calledPause = time.Minute

// errKnown says that a report holds nothing new.
var errKnown = errors.New("nothing new")

// report adds calls that were made with the credential that c has now. What
// differs from what is known of the connection is derived soon.
func (h *History) report(c *connection.Connection, outcomes []catalog.Outcome, now time.Time) error {
	if version := credential(c); h.Credential != version {
		h.Credential, h.Ring, h.FailingSince = version, "", time.Time{}
	}
	h.Connector, h.Reported = c.Connector, max(h.Reported, c.Health.Folded) // It may have been forgotten meanwhile.
	well := !slices.ContainsFunc(outcomes, func(o catalog.Outcome) bool { return o != catalog.OK })
	if well && h.DeriveAt.IsZero() && c.Health.Settled() {
		if now.Sub(h.CalledAt) < calledPause {
			return errKnown
		}
		h.CalledAt = now
		return nil
	}
	if h.Reported <= c.Health.Folded {
		h.FailingSince = time.Time{}
	}
	ring := connection.Letters(outcomes...)
	if connection.Theirs(ring) >= 0 && h.FailingSince.IsZero() {
		h.FailingSince = now
	}
	h.Ring = (ring + h.Ring)[:min(len(ring)+len(h.Ring), connection.RingLength)]
	h.Reported += int64(len(outcomes))
	h.CalledAt = now
	if h.DeriveAt.IsZero() {
		h.DeriveAt = now.Add(due.Soon)
	}
	return nil
}

// news returns what the connection does not know yet, newest first. Calls with
// another credential than it has now are none.
func (h *History) news(c *connection.Connection) string {
	if h.Credential != credential(c) {
		return ""
	}
	return h.Ring[:min(max(h.Reported-c.Health.Folded, 0), int64(len(h.Ring)))]
}

// fold tells the connection what it does not know yet, and reports whether that
// changed how it does.
func (h *History) fold(c *connection.Connection, now, recovered time.Time) (changed bool) {
	news, before := h.news(c), c.Health
	c.Health.Fold(news)
	if since := h.FailingSince; connection.Theirs(news) >= 0 && !since.IsZero() && (c.Health.FailingSince.IsZero() || since.Before(c.Health.FailingSince)) {
		c.Health.FailingSince = since
	}
	c.Health.Judge(now, recovered)
	if c.Health == before {
		return false
	}
	c.Health.Folded, c.Health.CalledAt = h.Reported, h.CalledAt
	return true
}

// settle ends a derivation of what was seen. What was reported meanwhile is
// derived next. dropped says that what was reported counts for nothing.
func (h *History) settle(seen int64, dropped bool, now time.Time) {
	if h.Version != seen {
		h.DeriveAt = now.Add(due.Soon)
		return
	}
	h.DeriveAt = time.Time{}
	if dropped {
		h.Ring, h.Credential, h.FailingSince = "", 0, time.Time{}
	}
}

func credential(c *connection.Connection) int {
	if c.Credential == nil {
		return 0
	}
	return c.Credential.Version
}
