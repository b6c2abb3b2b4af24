package connect

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// Preview says what Authorize would ask the provider for and whether it would.
// Nothing is started; a request that is not valid is refused as it would be.
func (s *Service) Preview(ctx context.Context, caller auth.Caller, ask Ask) (api.Handoff, error) {
	c, target, refused := s.asked(ctx, caller, ask)
	if refused != nil && fault.From(refused).Kind != fault.Conflict {
		return api.Handoff{}, refused
	}
	impact, err := connection.Impact(ctx, s.Uses, c, refused)
	if err != nil || refused != nil && !fault.Has(refused, fault.CodeConnectionInUse) {
		return api.Handoff{Impact: impact}, err
	}
	return api.Handoff{Impact: impact, Scopes: &api.ScopeRequest{
		Requested: without(target.Scopes, nil), Added: without(target.Scopes, c.RequestedScopes), Removed: without(c.RequestedScopes, target.Scopes),
	}}, nil
}

// want puts into the record what the connection asks for from then on. Scopes are
// added to those it has of its own, unless the caller says how exact they are:
// then they take their place.
func want(c *connection.Connection, ask Ask) {
	if ask.Exact != nil {
		c.OwnScopes, c.ExactScopes = merge(nil, ask.Scopes), *ask.Exact
		return
	}
	c.OwnScopes = merge(c.OwnScopes, ask.Scopes)
}

// keepAsked refuses a request that leaves out what active flows need and the
// connection has. A credential that is dead keeps nothing.
func (s *Service) keepAsked(ctx context.Context, c connection.Connection, target method.Target) error {
	if !c.Usable(s.Now()) {
		return nil
	}
	return connection.KeepScopes(ctx, s.Uses, c, target.Scheme, func(had []string) []string {
		return target.Scheme.Lacks(target.Scopes, false, had)
	})
}

// keepGranted refuses a grant that lacks what active flows need and the present
// one has. A credential that is dead keeps nothing.
func (s *Service) keepGranted(ctx context.Context, before, after connection.Connection, target method.Target, now time.Time) error {
	if !before.Usable(now) {
		return nil
	}
	return connection.KeepScopes(ctx, s.Uses, before, target.Scheme, func(had []string) []string {
		return after.Lacks(target.Scheme, had)
	})
}

// granted returns the scopes that came with the credential, and whether the
// system said so: in the token answer, else to the verification.
func (e established) granted(target method.Target) (scopes []string, reported bool) {
	switch {
	case e.Token.Scopes != nil:
		return e.Token.Scopes, true
	case e.Probe.Scopes != nil:
		return e.Probe.Scopes, true
	default:
		return target.Scopes, false
	}
}

// checkScopes validates the scopes of a request.
func checkScopes(target method.Target, ask Ask) error {
	for i, scope := range ask.Scopes {
		if !declared(target, scope) {
			return wrong(fmt.Sprintf("/scopes/%d", i), "Is not a scope of this connector.")
		}
	}
	if ask.Exact != nil && *ask.Exact && len(ask.Scopes) == 0 {
		return wrong("/scopes", "Must say what is asked for where exact is true.")
	}
	return nil
}

// declared reports whether the connector or the template knows the scope; a
// connector without a list leaves it to the template.
func declared(target method.Target, scope string) bool {
	if target.Scheme.OAuth == nil {
		return false
	}
	if len(target.Scheme.OAuth.Scopes) == 0 || slices.Contains(target.Scopes, scope) {
		return true
	}
	for _, known := range target.Scheme.OAuth.Scopes {
		if known.Name == scope {
			return true
		}
	}
	return false
}

// without returns those of a that are not in b, never nil.
func without(a, b []string) []string {
	left := []string{}
	for _, scope := range a {
		if !slices.Contains(b, scope) {
			left = append(left, scope)
		}
	}
	return left
}

func merge(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
