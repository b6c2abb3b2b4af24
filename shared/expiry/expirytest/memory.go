// Package expirytest holds an in-memory expiry.Store and the contract suite that
// every such store passes. It depends on packages connection, expiry, signing,
// template and their fakes, and on go-cmp.
package expirytest

import (
	"context"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
)

// Memory is an expiry.Store in memory. Its ledger is that of the records in the
// stores it is given, where one may be nil. It is safe for concurrent use.
type Memory struct {
	Connections connection.Store
	Templates   template.Store
	SigningKeys signing.Store

	mu      sync.Mutex
	markers map[step]expiry.Marker
}

// step is what a marker stands for.
type step struct {
	tenant   string
	kind     expiry.Kind
	resource string
	date     int64
	days     int
}

func stepOf(m expiry.Marker) step {
	return step{m.Tenant, m.Kind, m.Resource, m.Date.UnixNano(), m.Step}
}

// Places implements expiry.Store.
func (m *Memory) Places(ctx context.Context, tenant string, part expiry.Part, after expiry.Place, until time.Time, limit int) ([]expiry.Place, error) {
	all, err := m.all(ctx, tenant)
	if err != nil {
		return nil, err
	}
	found := slices.DeleteFunc(all, func(p expiry.Place) bool {
		return p.At.IsZero() || p.Part != part || p.At.After(until) || p.Compare(after) <= 0
	})
	slices.SortFunc(found, expiry.Place.Compare)
	return found[:min(limit, len(found))], nil
}

func (m *Memory) all(ctx context.Context, tenant string) ([]expiry.Place, error) {
	var all []expiry.Place
	if m.Connections != nil {
		found, _, err := m.Connections.List(ctx, tenant, connection.Filter{}, "", math.MaxInt32)
		if err != nil {
			return nil, err
		}
		for _, c := range found {
			all = append(all, expiry.ConnectionPlace(c))
		}
	}
	if m.Templates != nil {
		found, _, err := m.Templates.List(ctx, tenant, "", math.MaxInt32)
		if err != nil {
			return nil, err
		}
		for _, t := range found {
			all = append(all, expiry.TemplatePlace(t))
		}
	}
	if m.SigningKeys != nil {
		found, err := m.SigningKeys.List(ctx, tenant)
		if err != nil {
			return nil, err
		}
		for _, k := range found {
			all = append(all, expiry.SigningKeyPlace(k))
		}
	}
	return all, nil
}

// Uses implements expiry.Store.
func (m *Memory) Uses(ctx context.Context, owner, templateID, tenant string) (bool, error) {
	found, _, err := m.Connections.List(ctx, tenant, connection.Filter{TemplateID: templateID}, "", math.MaxInt32)
	return slices.ContainsFunc(found, func(c connection.Connection) bool { return c.TemplateOwner == owner }), err
}

// Claim implements expiry.Store.
func (m *Memory) Claim(_ context.Context, marker expiry.Marker) (expiry.Marker, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stands, ok := m.markers[stepOf(marker)]; ok {
		return clone(stands), false, nil
	}
	if m.markers == nil {
		m.markers = map[step]expiry.Marker{}
	}
	m.markers[stepOf(marker)] = clone(marker)
	return marker, true, nil
}

// Told implements expiry.Store.
func (m *Memory) Told(_ context.Context, marker expiry.Marker) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if stands, ok := m.markers[stepOf(marker)]; ok && stands.Event.ID == marker.Event.ID {
		stands.Told = true
		m.markers[stepOf(marker)] = stands
	}
	return nil
}

func clone(m expiry.Marker) expiry.Marker {
	m.Event.Detail = maps.Clone(m.Event.Detail)
	return m
}
