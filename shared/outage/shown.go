package outage

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/api"
)

// shownFor is how old what is shown of providers may be.
const shownFor = 10 * time.Second

// Incidents are what a tenant is shown of providers in trouble. They are read at
// most once in ten seconds by each process, with one query. The zero value but for
// its Store and Now is ready to use, by many at once.
type Incidents struct {
	Store Store
	Now   func() time.Time

	mu     sync.Mutex
	readAt time.Time
	open   map[string]Record
}

// Of returns the incident of the provider behind a connection of the tenant; nil
// when there is none, and when that cannot be read.
func (i *Incidents) Of(ctx context.Context, tenant, connector, baseURL string) *api.ProviderIncident {
	open := i.read(ctx)
	for _, name := range []string{apiPrefix + connector, hostAPI(tenant, baseURL), connector} {
		if r, ok := open[name]; ok && r.concerns(tenant) {
			return &api.ProviderIncident{Provider: r.Name(), Endpoint: r.Endpoint(), Since: r.OpenedAt}
		}
	}
	return nil
}

func (i *Incidents) read(ctx context.Context) map[string]Record {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.Now()
	if !i.readAt.IsZero() && now.Sub(i.readAt) < shownFor {
		return i.open
	}
	all, err := i.Store.List(ctx)
	if err != nil {
		slog.WarnContext(ctx, "read providers", "error", err)
		return i.open
	}
	i.readAt, i.open = now, map[string]Record{}
	for _, r := range all {
		if r.open() {
			i.open[r.Provider] = r
		}
	}
	return i.open
}
