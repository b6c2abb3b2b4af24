package session

import (
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/template"
)

// offer is one thing that the end user may connect.
type offer struct {
	template  template.Template
	connector catalog.Connector
	scheme    catalog.Scheme
	inputs    []catalog.Input // What the template leaves open; none of a connection that exists.
	scopes    []string        // What will be asked for.
}

// most is how many templates a page offers.
const most = 100

// offers returns what the session may connect, in the order in which templates
// are listed.
func (s *Service) offers(ctx context.Context, v Session, caller auth.Caller) ([]offer, error) {
	if v.ConnectionID != "" {
		return s.reoffer(ctx, v, caller)
	}
	templates, err := s.templates(ctx, v, caller)
	if err != nil {
		return nil, err
	}
	var offers []offer
	for _, t := range templates {
		if len(v.Connectors) > 0 && !slices.Contains(v.Connectors, t.Connector) || theirs(t, v.Tenant) {
			continue
		}
		o, ok, err := s.offer(ctx, v, t, connection.Connection{Tenant: v.Tenant, TemplateOwner: t.Owner, TemplateID: t.ID, Connector: t.Connector})
		if err != nil {
			return nil, err
		}
		if ok && len(t.Missing(o.scheme)) == 0 {
			offers = append(offers, o)
		}
	}
	return offers, nil
}

// theirs reports whether the organization brings the account, so that nobody has
// anything to enter.
func theirs(t template.Template, tenantID string) bool {
	return tenantID != auth.Organization && (t.Credentials == template.Organization || t.SuppliedBy == template.Organization)
}

func (s *Service) templates(ctx context.Context, v Session, caller auth.Caller) ([]template.Template, error) {
	if len(v.Templates) == 0 {
		list, next, err := s.Connects.Templates.List(ctx, caller, "", "", most)
		for err == nil && next != "" && len(list) < most {
			var more []template.Template
			more, next, err = s.Connects.Templates.List(ctx, caller, "", next, most-len(list))
			list = append(list, more...)
		}
		return list, err
	}
	var list []template.Template
	for _, templateID := range v.Templates {
		t, err := s.Connects.Templates.Find(ctx, v.Tenant, templateID)
		if missing(err) {
			continue // Deleted since the session was minted.
		}
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

// reoffer is the one offer of a session that reconnects. Who may not bring the
// connection its credential gets none.
func (s *Service) reoffer(ctx context.Context, v Session, caller auth.Caller) ([]offer, error) {
	c, err := s.Connects.Connections.Get(ctx, v.Tenant, v.ConnectionID)
	if err == nil {
		err = s.Connects.Templates.Admit(ctx, caller, c)
	}
	if err != nil {
		return nil, err
	}
	o, ok, err := s.offer(ctx, v, template.Template{Owner: c.TemplateOwner, ID: c.TemplateID, Connector: c.Connector, Scheme: c.Scheme, Name: c.Name}, c)
	o.inputs = nil
	if err != nil || !ok {
		return nil, err
	}
	return []offer{o}, nil
}

// offer describes one; ok is false for what cannot be connected this way. A
// credential that is typed has no second phase: the backend could confirm nothing
// before it is in use.
func (s *Service) offer(ctx context.Context, v Session, t template.Template, c connection.Connection) (o offer, ok bool, err error) {
	target, err := s.Connects.Templates.Address(ctx, c)
	if err != nil {
		return o, false, err
	}
	o = offer{template: t, connector: target.Connector, scheme: target.Scheme, scopes: target.Scopes}
	for _, in := range target.Connector.InputsFor(target.Scheme) {
		if _, fixed := t.Inputs[in.Name]; !fixed {
			o.inputs = append(o.inputs, in)
		}
	}
	return o, v.Completion != Backend || connect.SignsIn(target.Scheme), nil
}
