package connector

import (
	"cmp"
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/tenant"
)

// Sunset is a dated change of how a system authenticates, with the connections
// that it hits.
type Sunset struct {
	Connector   catalog.Connector
	Sunset      catalog.Sunset
	Connections []connection.Connection
}

// Sunsets finds what a dated change hits.
type Sunsets struct {
	Catalog     catalog.Catalog
	Connections connection.Store
	Tenants     tenant.Store
	Audit       *audit.Log
}

// pageOfConnections is how many connections are read at once.
const pageOfConnections = 100

// List returns the dated changes, the next first. To the organization it shows
// the connections of its tenants, some tenants at a time: what a later page
// repeats has further connections. To a tenant it shows its own.
func (s *Sunsets) List(ctx context.Context, caller auth.Caller, start string, limit int) ([]Sunset, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.SunsetRead, ""); err != nil {
		return nil, "", err
	}
	sunsets, err := s.dated(ctx)
	if err != nil {
		return nil, "", err
	}
	tenants, next := []string{caller.Tenant}, ""
	if caller.IsOrganization() && caller.Tenant == auth.Organization {
		found, after, err := s.Tenants.List(ctx, start, limit)
		if err != nil {
			return nil, "", err
		}
		next = after
		if start != "" {
			tenants = nil // The organization's own were on the first page.
		}
		for _, t := range found {
			tenants = append(tenants, t.ID)
		}
	}
	for _, t := range tenants {
		if err := s.hit(ctx, t, sunsets); err != nil {
			return nil, "", err
		}
	}
	if start != "" {
		sunsets = slices.DeleteFunc(sunsets, func(s Sunset) bool { return len(s.Connections) == 0 })
	}
	return sunsets, next, nil
}

// dated lists the changes without connections, by date.
func (s *Sunsets) dated(ctx context.Context) ([]Sunset, error) {
	connectors, err := s.Catalog.All(ctx, catalog.Filter{})
	if err != nil {
		return nil, err
	}
	var sunsets []Sunset
	for _, c := range connectors {
		for _, dated := range c.Sunsets {
			sunsets = append(sunsets, Sunset{Connector: c, Sunset: dated})
		}
	}
	slices.SortStableFunc(sunsets, func(a, b Sunset) int { return cmp.Compare(a.Sunset.Date, b.Sunset.Date) })
	return sunsets, nil
}

// hit adds a tenant's connections to the changes that concern their auth scheme.
func (s *Sunsets) hit(ctx context.Context, tenantID string, sunsets []Sunset) error {
	for start := ""; ; {
		found, next, err := s.Connections.List(ctx, tenantID, connection.Filter{}, start, pageOfConnections)
		if err != nil {
			return err
		}
		for _, c := range found {
			for i := range sunsets {
				if sunsets[i].concerns(c) {
					sunsets[i].Connections = append(sunsets[i].Connections, c)
				}
			}
		}
		if next == "" {
			return nil
		}
		start = next
	}
}

func (s *Sunset) concerns(c connection.Connection) bool {
	if c.Connector != s.Connector.ID || c.Credential == nil || c.Lifecycle == connection.Deleting {
		return false
	}
	return len(s.Sunset.Schemes) == 0 || slices.Contains(s.Sunset.Schemes, c.Scheme)
}
