package simulate

import (
	"context"
	"sync"

	"github.com/tenonhq/tenon/shared/health"
)

// historyStore is what was reported of the connections.
type historyStore struct {
	mu      sync.Mutex
	records map[string]health.History // By connection.
}

// histories are the records as an environment uses them. What is due of them is
// not simulated: calls that go well change no status.
type histories struct {
	health.Histories
	*historyStore
	*environment
}

// historySize is about what a history takes.
const historySize = 400

// Get implements health.Histories.
func (h histories) Get(_ context.Context, tenant, id string) (health.History, error) {
	h.spend(readTime)
	h.read(getItem, historySize, true)
	h.historyStore.mu.Lock()
	defer h.historyStore.mu.Unlock()
	r := h.records[id]
	r.Tenant, r.Connection = tenant, id
	return r, nil
}

// Update implements health.Histories.
func (h histories) Update(ctx context.Context, tenant, id string, change func(*health.History) error) (health.History, error) {
	r, _ := h.Get(ctx, tenant, id) // Never fails.
	if err := change(&r); err != nil {
		return health.History{}, err
	}
	h.spend(writeTime)
	h.write(putItem, historySize, historySize)
	h.historyStore.mu.Lock()
	defer h.historyStore.mu.Unlock()
	r.Version++
	h.records[id] = r
	return r, nil
}
