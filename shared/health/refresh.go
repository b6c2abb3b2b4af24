package health

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
)

// What Refresh does at once.
const (
	refreshLimit  = 500
	refreshAtOnce = 8
	refreshSpread = 5 * time.Minute // Over what time the checks are made.
)

// Refreshment says which connections are looked at, and how.
type Refreshment struct {
	Connections []string // None: all that were reported of since.
	Probe       bool     // Check them soon, too.
}

// Refreshed says what came of it.
type Refreshed struct {
	Derived int  // Connections whose reports were looked at.
	Changed int  // Those whose health is another than before.
	Probing int  // Those that are checked soon.
	More    bool // There are more: ask again.
}

// Refresh derives now what would be derived within a minute or two, of the named
// connections or of all of the tenant.
func (s *Service) Refresh(ctx context.Context, caller auth.Caller, wanted Refreshment) (Refreshed, error) {
	if err := s.Audit.Check(ctx, caller, audit.HealthRefresh, ""); err != nil {
		return Refreshed{}, err
	}
	ids, out := wanted.Connections, Refreshed{}
	if len(ids) == 0 {
		found, err := s.Histories.Changed(ctx, caller.Tenant, refreshLimit+1)
		if err != nil {
			return Refreshed{}, err
		}
		out.More = len(found) > refreshLimit
		ids = found[:min(len(found), refreshLimit)]
	}
	for _, id := range wanted.Connections {
		if c, err := s.Store.Get(ctx, caller.Tenant, id); err != nil || c.Lifecycle == connection.Deleting {
			if err == nil {
				err = connection.ErrNotFound
			}
			return Refreshed{}, s.Audit.Refuse(ctx, caller, audit.HealthRefresh, id, err)
		}
	}
	var mu sync.Mutex
	err := atOnce(ids, refreshAtOnce, func(id string) error {
		derived, changed, probing, err := s.refreshOne(ctx, caller.Tenant, id, wanted.Probe)
		mu.Lock()
		defer mu.Unlock()
		for _, count := range []struct {
			n  *int
			is bool
		}{{&out.Derived, derived}, {&out.Changed, changed}, {&out.Probing, probing}} {
			if count.is {
				*count.n++
			}
		}
		return err
	})
	return out, err
}

func (s *Service) refreshOne(ctx context.Context, tenant, id string, probe bool) (derived, changed, probing bool, err error) {
	h, err := s.Histories.Get(ctx, tenant, id)
	if err != nil {
		return false, false, false, err
	}
	if derived = !h.DeriveAt.IsZero(); derived {
		if changed, err = s.derive(ctx, h); err != nil {
			return false, false, false, err
		}
	}
	if !probe {
		return derived, changed, false, nil
	}
	_, err = s.Store.Update(ctx, tenant, id, func(c *connection.Connection) error {
		if probing = c.Lifecycle == connection.Ready && c.Credential != nil; !probing {
			return errUnchanged
		}
		c.Due.Health = s.Now().UTC().Add(due.Soon + rand.N(refreshSpread))
		return nil
	})
	if errors.Is(err, errUnchanged) || errors.Is(err, connection.ErrNotFound) {
		return derived, changed, false, nil
	}
	return derived, changed, probing, err
}

// atOnce does the work on all ids, n at a time, and returns what failed.
func atOnce(ids []string, n int, work func(string) error) error {
	queue, errs := make(chan string, len(ids)), make([]error, n)
	for _, id := range ids {
		queue <- id
	}
	close(queue)
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() {
			for id := range queue {
				errs[i] = errors.Join(errs[i], work(id))
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
