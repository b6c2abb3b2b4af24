package flow

import (
	"context"
	"strings"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
)

// Candidate is a connection of the connector that a binding asks for.
type Candidate struct {
	Connection connection.Connection
	Shared     bool     // It is the organization's.
	Refusal    *Refusal // Why the binding does not accept it; nil if it does.
}

// unshared is how many connections of the organization are read at a time.
const unshared = 100

// Candidates returns the tenant's own connections of the connector that a binding
// asks for, then those that the organization shares. start and the returned
// cursor are "<owner>/<id>". A page may be short before the end of the tenant's
// own; of the organization's none is, and no cursor names one that is not shared,
// so that nothing tells how many these are.
func (s *Service) Candidates(ctx context.Context, caller auth.Caller, id, slot, start string, limit int) ([]Candidate, string, error) {
	if err := s.Audit.Check(ctx, caller, audit.FlowRead, id); err != nil {
		return nil, "", err
	}
	f, b, err := s.Bound(ctx, caller.Tenant, id, slot)
	if err != nil {
		return nil, "", err
	}
	owner, after, ok := strings.Cut(start, "/")
	if !ok {
		owner = f.Tenant
	}
	var all []Candidate
	finder := s.finder()
	if owner == f.Tenant {
		found, next, err := s.Connections.List(ctx, owner, connection.Filter{Connector: b.Connector}, after, limit)
		if err != nil {
			return nil, "", err
		}
		if all, err = finder.candidates(ctx, f, b, found); err != nil {
			return nil, "", err
		}
		switch {
		case next != "":
			return all, owner + "/" + next, nil
		case owner == auth.Organization:
			return all, "", nil
		case len(all) >= limit:
			return all, auth.Organization + "/", nil
		}
		after = ""
	}
	return finder.shared(ctx, f, b, all, after, limit)
}

// shared adds what the organization shares, until there are as many as are wanted.
func (f finder) shared(ctx context.Context, of Flow, b Binding, all []Candidate, after string, limit int) ([]Candidate, string, error) {
	for {
		found, next, err := f.Connections.List(ctx, auth.Organization, connection.Filter{Connector: b.Connector}, after, unshared)
		if err != nil {
			return nil, "", err
		}
		more, err := f.candidates(ctx, of, b, found)
		if err != nil {
			return nil, "", err
		}
		if all = append(all, more...); len(all) > limit {
			return all[:limit], auth.Organization + "/" + all[limit-1].Connection.ID, nil
		}
		if next == "" {
			return all, "", nil
		}
		after = next
	}
}

// candidates returns those of the connections that flows of the tenant may know of.
func (f finder) candidates(ctx context.Context, of Flow, b Binding, found []connection.Connection) ([]Candidate, error) {
	var all []Candidate
	for _, c := range found {
		read, visible, err := f.complete(ctx, of.Tenant, c)
		if err != nil {
			return nil, err
		}
		if visible {
			all = append(all, Candidate{Connection: c, Shared: c.Tenant != of.Tenant, Refusal: b.refusal(read, of.State == Active, f.Now())})
		}
	}
	return all, nil
}
