package expiry

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/template"
)

// templatesPerRead is how many templates are read at once. A tenant has few.
const templatesPerRead = 100

// clients returns the client secrets with a known end. The ledger has a template
// by the first of its ends, so all up to the day are read, however many pages
// that makes: they are few.
func (l listing) clients(ctx context.Context) ([]row, error) {
	var rows []row
	for after := (Place{}); ; {
		places, err := l.Store.Places(ctx, l.tenant, Clients, after, l.until, templatesPerRead)
		if err != nil {
			return nil, err
		}
		for _, p := range places {
			t, err := l.Templates.Get(ctx, l.tenant, p.ID)
			if errors.Is(err, template.ErrNotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			for _, d := range templateDates(t) {
				rows = l.add(rows, p, d)
			}
		}
		if len(places) < templatesPerRead {
			return rows, nil
		}
		after = places[len(places)-1]
	}
}

// sunsets returns the dated changes of systems to which the tenant has a
// connection. No connection is read: the templates say what is in use.
func (l listing) sunsets(ctx context.Context) ([]row, error) {
	connectors, err := l.Catalog.All(ctx, catalog.Filter{})
	if err != nil {
		return nil, err
	}
	connectors = slices.DeleteFunc(connectors, func(c catalog.Connector) bool { return len(c.Sunsets) == 0 })
	used, err := l.used(ctx, connectors)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, c := range connectors {
		for i, s := range c.Sunsets {
			concerned := slices.ContainsFunc(used[c.ID], func(scheme string) bool { return concerns(s, scheme) })
			at, err := time.Parse(time.DateOnly, s.Date)
			if !concerned || err != nil {
				continue
			}
			d := Date{Kind: Sunset, Tenant: l.tenant, Resource: c.ID, Name: c.Name, Connector: c.ID, At: at}
			rows = l.add(rows, Place{ID: c.ID + "/" + strconv.Itoa(i)}, d)
		}
	}
	return rows, nil
}

// used returns the auth schemes by connector, of those given, that the tenant
// has a connection of.
func (l listing) used(ctx context.Context, connectors []catalog.Connector) (map[string][]string, error) {
	used := map[string][]string{}
	owners := []string{l.tenant}
	if l.tenant != auth.Organization {
		owners = append(owners, auth.Organization)
	}
	for _, owner := range owners {
		for start := ""; ; {
			found, next, err := l.Templates.List(ctx, owner, start, templatesPerRead)
			if err != nil {
				return nil, err
			}
			for _, t := range found {
				if err := l.use(ctx, t, connectors, used); err != nil {
					return nil, err
				}
			}
			if next == "" {
				break
			}
			start = next
		}
	}
	return used, nil
}

func (l listing) use(ctx context.Context, t template.Template, connectors []catalog.Connector, used map[string][]string) error {
	dated := slices.ContainsFunc(connectors, func(c catalog.Connector) bool { return c.ID == t.Connector })
	if !dated || slices.Contains(used[t.Connector], t.Scheme) {
		return nil
	}
	ok, err := l.Store.Uses(ctx, t.Owner, t.ID, l.tenant)
	if ok {
		used[t.Connector] = append(used[t.Connector], t.Scheme)
	}
	return err
}

// add appends a date that is known already, if it is on this page or a later one.
func (l listing) add(rows []row, p Place, d Date) []row {
	p.At = d.At
	if !l.listed(p) {
		return rows
	}
	return append(rows, row{p, func(context.Context) (Date, error) { return d, nil }})
}
