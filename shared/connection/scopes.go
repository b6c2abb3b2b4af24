package connection

import (
	"context"
	"slices"
	"strings"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
)

// NextScopes returns the scopes that the next request asks for: those of the
// template and the connection's own, or these alone, and always those that the
// connector cannot work without.
func (c *Connection) NextScopes(scheme catalog.Scheme, template []string) []string {
	if scheme.OAuth == nil {
		return nil
	}
	if c.ExactScopes {
		template = nil
	}
	all := slices.Concat(template, c.OwnScopes, scheme.RequiredScopes())
	slices.Sort(all)
	return slices.Compact(all)
}

// Grant records what the system granted. What it did not say is taken to be what
// was asked for (RFC 6749 5.1), and is then given as that.
func (c *Connection) Grant(granted []string, reported bool, scheme catalog.Scheme) {
	c.GrantedScopes, c.ScopesReported = granted, reported
	c.MissingScopes = c.Lacks(scheme, scheme.RequiredScopes())
}

// Lacks returns those of the wanted scopes that the credential was not granted.
// Where nothing was asked for and nothing was said, as of most keys, nothing is
// known to be lacking.
func (c *Connection) Lacks(scheme catalog.Scheme, wanted []string) []string {
	switch {
	case c.Credential == nil:
		return scheme.Lacks(nil, false, wanted)
	case len(c.RequestedScopes) == 0 && !c.ScopesReported:
		return nil
	}
	return scheme.Lacks(c.GrantedScopes, c.Credential.Refreshable, wanted)
}

// UsesOf returns all uses of a connection; no Uses is none.
func UsesOf(ctx context.Context, uses Uses, c Connection) ([]Use, error) {
	if uses == nil {
		return nil, nil
	}
	var all []Use
	for start := ""; ; {
		found, next, err := uses.Uses(ctx, c.Tenant, c.ID, start, mostFlows)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
		if next == "" {
			return all, nil
		}
		start = next
	}
}

// KeepScopes is the fault connection_in_use, with the flows, where a change would
// take a scope away that a binding of an active flow needs and the credential has.
// Lost returns those of the scopes given that would not be granted any more.
func KeepScopes(ctx context.Context, uses Uses, c Connection, scheme catalog.Scheme, lost func([]string) []string) error {
	if c.Bindings == 0 || c.Credential == nil {
		return nil
	}
	all, err := UsesOf(ctx, uses, c)
	if err != nil {
		return err
	}
	var flows, scopes []string
	for _, u := range all {
		lacking := c.Lacks(scheme, u.Scopes)
		had := slices.DeleteFunc(slices.Clone(u.Scopes), func(scope string) bool { return slices.Contains(lacking, scope) })
		taken := lost(had)
		if !u.Active || len(taken) == 0 {
			continue
		}
		scopes = append(scopes, taken...)
		if name := u.name(c.Tenant); !slices.Contains(flows, name) && len(flows) < mostFlows {
			flows = append(flows, name)
		}
	}
	if len(flows) == 0 {
		return nil
	}
	slices.Sort(scopes)
	detail := "Active flows need scopes that the connection would lose: " + strings.Join(slices.Compact(scopes), ", ") + "."
	refused := fault.New(fault.Conflict, fault.CodeConnectionInUse, detail).WithRemedy("grant_permissions")
	refused.Flows = flows
	return refused
}
