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

// Candidates returns the tenant's own connections of the connector that a binding
// asks for, then those that the organization shares. start and the returned
// cursor are "<owner>/<id>". A page may be short before the end.
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
	for {
		found, next, err := s.Connections.List(ctx, owner, connection.Filter{Connector: b.Connector}, after, limit-len(all))
		if err != nil {
			return nil, "", err
		}
		for _, c := range found {
			read, visible, err := finder.complete(ctx, f.Tenant, c)
			if err != nil {
				return nil, "", err
			}
			if visible {
				all = append(all, Candidate{Connection: c, Shared: owner != f.Tenant, Refusal: b.refusal(read, f.State == Active, s.Now())})
			}
		}
		switch {
		case next != "":
			return all, owner + "/" + next, nil
		case owner == auth.Organization:
			return all, "", nil
		case len(all) >= limit:
			return all, auth.Organization + "/", nil
		}
		owner, after = auth.Organization, ""
	}
}
