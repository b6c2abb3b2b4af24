package template

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// ConnectionReader reads connections, consistently; connection.Store does.
type ConnectionReader interface {
	Get(ctx context.Context, tenant, id string) (connection.Connection, error)
}

// The effects of a change on a connection.
const (
	effectNone      = "none"
	effectUpdated   = "updated"
	effectReconsent = "reconsent"
)

const (
	impactShown = 100
	// impactRead is how many connections a dry run reads, and of how many, so, it says
	// exactly whether they would change; those beyond are counted as if they all did.
	impactRead   = 1000
	impactAtOnce = 16
)

// DryRun returns the template as Update would leave it, and what that would mean
// for the connections made from it, of whichever tenant. Nothing is stored, saved or
// destroyed. That the change would be refused because of connections is part of the
// answer; any other fault is a fault.
func (s *Service) DryRun(ctx context.Context, caller auth.Caller, templateID, ifMatch string, change Change) (Template, api.Impact, error) {
	if err := s.Audit.CheckFor(ctx, caller, audit.TemplateUpdate, templateID, "", map[string]string{"dryRun": "true"}); err != nil {
		return Template{}, api.Impact{}, err
	}
	before, err := s.own(ctx, caller, templateID)
	if err != nil {
		return Template{}, api.Impact{}, s.Audit.Refuse(ctx, caller, audit.TemplateUpdate, templateID, err)
	}
	if before.Deleting {
		return Template{}, api.Impact{}, ErrNotFound
	}
	if err := connection.MatchRevision(ifMatch, before.Revision); err != nil {
		return Template{}, api.Impact{}, err
	}
	t := before
	t.Scopes = slices.Clone(before.Scopes)
	scheme, err := s.apply(ctx, &t, change)
	if err == nil {
		err = s.checkUsed(ctx, before, t)
	}
	if f := fault.From(err); err != nil && f.Kind == fault.Conflict {
		return before, api.Impact{Code: string(f.Code), Detail: f.Detail}, nil
	}
	if err != nil {
		return Template{}, api.Impact{}, err
	}
	if change.newSecret() {
		t.Secret = &ClientSecret{Last4: change.ClientSecret.Last4(), SetAt: s.Now().UTC(), SetBy: caller.Actor()}
	}
	impact, err := s.impact(ctx, changed{before, t, scheme})
	return t, impact, err
}

// changed is a template before and after a change.
type changed struct {
	before, after Template
	scheme        catalog.Scheme
}

func (s *Service) impact(ctx context.Context, x changed) (api.Impact, error) {
	impact, read := api.Impact{Allowed: true}, 0
	for start := ""; ; {
		refs, next, err := s.Store.UsedBy(ctx, x.after.Owner, x.after.ID, start, impactShown)
		if err != nil {
			return api.Impact{}, err
		}
		if read >= impactRead {
			if x.touches() {
				impact.Total += len(refs)
			}
		} else {
			effects, err := s.effects(ctx, x, refs)
			if err != nil {
				return api.Impact{}, err
			}
			impact.Total += len(effects)
			room := impactShown - len(impact.Connections)
			impact.Connections = append(impact.Connections, effects[:min(room, len(effects))]...)
		}
		if read += len(refs); next == "" {
			return impact, nil
		}
		start = next
	}
}

// touches reports whether connections inherit anything of the change.
func (x changed) touches() bool {
	t := x.after
	t.inherit(x.before, x.scheme, t.UpdatedAt)
	return t.Inheritance != x.before.Inheritance || !slices.Equal(x.before.Scopes, x.after.Scopes) || x.before.ClientID != x.after.ClientID
}

// effects returns those of the connections that would change.
func (s *Service) effects(ctx context.Context, x changed, refs []connection.Ref) ([]api.ConnectionEffect, error) {
	found, errs := make([]api.ConnectionEffect, len(refs)), make([]error, len(refs))
	places := make(chan struct{}, impactAtOnce)
	var group sync.WaitGroup
	for i, ref := range refs {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			found[i], errs[i] = s.effect(ctx, x, ref)
		})
	}
	group.Wait()
	found = slices.DeleteFunc(found, func(e api.ConnectionEffect) bool { return e.Effect == effectNone })
	return found, errors.Join(errs...)
}

func (s *Service) effect(ctx context.Context, x changed, ref connection.Ref) (api.ConnectionEffect, error) {
	e := api.ConnectionEffect{Tenant: ref.Tenant, ConnectionID: ref.ID, Effect: effectNone}
	c, err := s.Connections.Get(ctx, ref.Tenant, ref.ID)
	if errors.Is(err, connection.ErrNotFound) || err == nil && c.Lifecycle == connection.Deleting {
		return e, nil
	}
	if err != nil {
		return e, err
	}
	was, err := s.target(ctx, x.before, c, x.before.minter(c.MintedBy()))
	if err != nil {
		return e, err
	}
	is, err := s.target(ctx, x.after, c, x.after.minter(c.MintedBy()))
	if err != nil {
		return e, err
	}
	consented := c.Credential != nil && issuedAt(x.scheme) != nil
	added := slices.ContainsFunc(is.Scopes, func(scope string) bool {
		return !slices.Contains(was.Scopes, scope) && !slices.Contains(c.GrantedScopes, scope)
	})
	switch {
	case c.Moved(is.Hosts):
		e.Effect, e.Reason = effectReconsent, "address_changed"
	case consented && c.MintedBy() != 0 && was.ClientID != is.ClientID && (c.Credential.Refreshable || x.scheme.OAuth1 != nil):
		e.Effect, e.Reason = effectReconsent, "client_replaced"
	case consented && added:
		e.Effect, e.Reason = effectReconsent, "scopes_added"
	case !maps.Equal(was.Values, is.Values), was.BaseURL() != is.BaseURL(),
		!consented && !slices.Equal(was.Scopes, is.Scopes), x.scheme.OAuth1 != nil && x.after.ClientKey != x.before.ClientKey:
		e.Effect = effectUpdated
	}
	return e, nil
}
