// Package scope says how it stands with the scopes of a connection: those there
// are, those that were asked for, those that the system granted and those that
// bindings of flows need, and what would change with the next request. It depends
// on packages api, audit, auth, catalog, connection, method and template.
package scope

import (
	"cmp"
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/template"
)

// Service reads the scopes of connections.
type Service struct {
	Connections connection.Store
	Templates   *template.Service
	Uses        connection.Uses // Nil is none.
	Audit       *audit.Log
}

// mostFlows is how many flows are named for one scope.
const mostFlows = 100

// Of returns the scopes of a connection of the caller's tenant.
func (s *Service) Of(ctx context.Context, caller auth.Caller, connectionID string) (api.ConnectionScopes, error) {
	if err := s.Audit.Check(ctx, caller, audit.ConnectionRead, connectionID); err != nil {
		return api.ConnectionScopes{}, err
	}
	c, err := s.Connections.Get(ctx, caller.Tenant, connectionID)
	if err != nil {
		return api.ConnectionScopes{}, err
	}
	target, err := s.Templates.Address(ctx, c)
	if err != nil {
		return api.ConnectionScopes{}, err
	}
	uses, err := connection.UsesOf(ctx, s.Uses, c)
	if err != nil {
		return api.ConnectionScopes{}, err
	}
	return compare(c, target, uses), nil
}

// compare sets the four sets beside one another. A connection that has no
// credential was granted nothing.
func compare(c connection.Connection, target method.Target, uses []connection.Use) api.ConnectionScopes {
	out := api.ConnectionScopes{
		Applies: target.Scheme.OAuth != nil, Available: available(target), Requested: set(c.RequestedScopes), Granted: []string{},
		Required: required(c, uses), ConnectorRequired: set(target.Scheme.RequiredScopes()),
		TemplateScopes: set(target.TemplateScopes), OwnScopes: set(c.OwnScopes), Exact: c.ExactScopes,
	}
	if c.Credential != nil {
		out.Granted, out.GrantedReported = set(c.GrantedScopes), c.ScopesReported
	}
	least := slices.Clone(out.ConnectorRequired)
	for _, r := range out.Required {
		least = append(least, r.Scope)
	}
	out.Least = set(least)
	out.Missing = set(c.Lacks(target.Scheme, out.Least))
	out.Unused = minus(out.Granted, out.Least)
	out.Drift, out.Dropped = minus(set(target.Scopes), out.Requested), minus(out.Requested, target.Scopes)
	m, _ := method.For(target.Scheme.Type)
	_, grants := m.(method.Granter) // The next token is asked for without a person.
	out.Reconsent = out.Applies && !grants && len(out.Drift)+len(out.Missing) > 0
	return out
}

// available returns what may be asked for.
func available(target method.Target) []api.Scope {
	out := []api.Scope{}
	if target.Scheme.OAuth == nil {
		return out
	}
	for _, scope := range target.Scheme.OAuth.Scopes {
		out = append(out, scope.API())
	}
	for _, name := range target.TemplateScopes {
		if !slices.ContainsFunc(target.Scheme.OAuth.Scopes, func(s catalog.Scope) bool { return s.Name == name }) {
			out = append(out, api.Scope{Name: name})
		}
	}
	return out
}

// required returns what bindings need, in order of scope.
func required(c connection.Connection, uses []connection.Use) []api.RequiredScope {
	flows := map[string][]api.FlowUse{}
	for _, u := range uses {
		for _, scope := range set(u.Scopes) {
			use := u.API(c.Tenant)
			use.Scopes = nil
			flows[scope] = append(flows[scope], use)
		}
	}
	out := []api.RequiredScope{}
	for scope, found := range flows {
		out = append(out, api.RequiredScope{Scope: scope, Flows: found[:min(len(found), mostFlows)]})
	}
	slices.SortFunc(out, func(a, b api.RequiredScope) int { return cmp.Compare(a.Scope, b.Scope) })
	return out
}

// set returns the scopes in order, each once, never nil.
func set(scopes []string) []string {
	sorted := append([]string{}, scopes...)
	slices.Sort(sorted)
	return slices.Compact(sorted)
}

// minus returns those of a that are not in b, never nil.
func minus(a, b []string) []string {
	return slices.DeleteFunc(set(a), func(scope string) bool { return slices.Contains(b, scope) })
}
