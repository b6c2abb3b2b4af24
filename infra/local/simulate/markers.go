package simulate

import (
	"context"
	"fmt"
	"sync"

	"github.com/tenonhq/tenon/shared/expiry"
)

// markerStore is what was told of what ends.
type markerStore struct {
	mu      sync.Mutex
	records map[string]expiry.Marker // By step.
}

// markers are the markers as an environment uses them. Nobody lists the ledger.
type markers struct {
	expiry.Store
	*markerStore
	*environment
}

// markerSize is about what a marker takes.
const markerSize = 400

func step(m expiry.Marker) string {
	return fmt.Sprint(m.Tenant, " ", m.Kind, " ", m.Resource, " ", m.Date.Unix(), " ", m.Step)
}

// Claim implements expiry.Store.
func (s markers) Claim(_ context.Context, m expiry.Marker) (stands expiry.Marker, claimed bool, err error) {
	s.spend(writeTime)
	s.write(putItem, 0, markerSize)
	s.markerStore.mu.Lock()
	defer s.markerStore.mu.Unlock()
	if stands, ok := s.records[step(m)]; ok {
		return stands, false, nil
	}
	s.records[step(m)] = m
	return m, true, nil
}

// Told implements expiry.Store.
func (s markers) Told(_ context.Context, m expiry.Marker) error {
	s.spend(writeTime)
	s.write(updateItem, markerSize, markerSize)
	s.markerStore.mu.Lock()
	defer s.markerStore.mu.Unlock()
	m.Told = true
	s.records[step(m)] = m
	return nil
}
