// Package deliverytest holds an in-memory delivery.Store and the contract that
// every store of deliveries keeps. It depends on packages delivery, due and
// notify and on go-cmp.
package deliverytest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/due"
)

// Memory is a delivery.Store in memory. The zero value is ready to use, by many
// at once.
type Memory struct {
	mu      sync.Mutex
	records map[place]delivery.Delivery
	told    map[place]once
}

type place struct{ tenant, id string }

type once struct {
	event string
	until time.Time
}

// Create implements delivery.Store.
func (m *Memory) Create(_ context.Context, d delivery.Delivery) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{d.Tenant, d.ID()}
	if _, ok := m.records[at]; ok {
		return false, nil
	}
	if m.records == nil {
		m.records = map[place]delivery.Delivery{}
	}
	d.Version = 1
	m.records[at] = clone(d)
	return true, nil
}

// Update implements delivery.Store.
func (m *Memory) Update(_ context.Context, tenant, id string, change func(*delivery.Delivery) error) (delivery.Delivery, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{tenant, id}
	stands, ok := m.records[at]
	if !ok {
		return delivery.Delivery{}, delivery.ErrNotFound
	}
	d := clone(stands)
	if err := change(&d); err != nil {
		return delivery.Delivery{}, err
	}
	d.Tenant, d.Target, d.Event.ID, d.Version = stands.Tenant, stands.Target, stands.Event.ID, stands.Version+1
	m.records[at] = clone(d)
	return d, nil
}

// List implements delivery.Store.
func (m *Memory) List(_ context.Context, tenant, target, start string, limit int) ([]delivery.Delivery, string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []delivery.Delivery
	for at, d := range m.records {
		if at.tenant == tenant && d.Target == target && (start == "" || d.Event.ID < start) {
			found = append(found, clone(d))
		}
	}
	slices.SortFunc(found, func(a, b delivery.Delivery) int { return cmp.Compare(b.Event.ID, a.Event.ID) })
	if len(found) > limit {
		return found[:limit], found[limit-1].Event.ID, nil
	}
	return found, "", nil
}

// Once implements delivery.Store.
func (m *Memory) Once(_ context.Context, tenant, about, event string, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at := place{tenant, about}
	if stands, ok := m.told[at]; ok && stands.until.After(now) {
		return stands.event == event, nil
	}
	if m.told == nil {
		m.told = map[place]once{}
	}
	m.told[at] = once{event, until}
	return true, nil
}

// All returns every delivery of the tenant, in the order of their ids.
func (m *Memory) All(tenant string) []delivery.Delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []delivery.Delivery
	for at, d := range m.records {
		if at.tenant == tenant {
			found = append(found, clone(d))
		}
	}
	slices.SortFunc(found, func(a, b delivery.Delivery) int { return cmp.Compare(a.ID(), b.ID()) })
	return found
}

// Due returns what the index delivery-due holds up to a time, oldest first.
func (m *Memory) Due(until time.Time) []due.Item {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []due.Item
	for at, d := range m.records {
		if !d.Due.IsZero() && !d.Due.After(until) {
			found = append(found, due.Item{Tenant: at.tenant, Kind: "delivery", ID: at.id, At: d.Due})
		}
	}
	slices.SortFunc(found, func(a, b due.Item) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return found
}

func clone(d delivery.Delivery) delivery.Delivery {
	d.Event.Detail = maps.Clone(d.Event.Detail)
	return d
}
