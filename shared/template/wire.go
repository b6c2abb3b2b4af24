package template

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// API returns what the API shows of the template to everyone who may use it.
func (s *Service) API(ctx context.Context, t Template) api.Template {
	out := api.Template{
		ID: t.ID, Connector: t.Connector, Name: t.Name, StableKey: t.StableKey, AuthScheme: t.Scheme, Owner: t.Owner,
		Embedded: t.Embedded, Scopes: t.Scopes, Inputs: t.Inputs, ClientID: t.ClientID,
		Revision: t.Revision, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
	whose, who := t.Parties()
	out.Credentials, out.SuppliedBy = string(whose), string(who)
	if t.Secret != nil {
		out.ClientSecret = &api.SecretState{Set: true, Last4: t.Secret.Last4, SetAt: t.Secret.SetAt, SetBy: t.Secret.SetBy, ExpiresAt: known(t.Secret.ExpiresAt)}
	}
	if connector, err := s.Catalog.Find(ctx, t.Connector); err == nil {
		if scheme, ok := connector.Scheme(t.Scheme); ok {
			out.Missing, out.Fields = t.Missing(scheme), fields(t, connector.InputsFor(scheme))
			if scheme.Type == "oauth2_authorization_code" {
				out.RedirectURI = s.RedirectURI(t.ID)
			}
		}
	}
	out.Incident = incident(&t.Client)
	return out
}

// Detailed is API with what concerns the owner alone: the test credential, the
// clients, and how many connections each of them still speaks for.
func (s *Service) Detailed(ctx context.Context, caller auth.Caller, t Template) (api.Template, error) {
	out := s.API(ctx, t)
	if caller.Tenant != t.Owner {
		return out, nil
	}
	var err error
	if out.TestCredential, err = s.testCredential(ctx, t); err != nil || t.ClientID == "" {
		return out, err
	}
	uses, err := s.Store.Uses(ctx, t.Owner, t.ID)
	if err != nil {
		return api.Template{}, err
	}
	connections := map[*Client]int{}
	for key, n := range uses {
		if key != 0 {
			connections[t.minter(key)] += n
		}
	}
	for i, c := range t.clients() {
		shown := api.TemplateClient{Role: []string{"primary", "secondary"}[i], ClientID: c.ClientID, Connections: connections[c], RefusedAt: known(c.RefusedAt)}
		if c.Secret != nil {
			shown.Last4, shown.SetAt, shown.SetBy, shown.ExpiresAt = c.Secret.Last4, known(c.Secret.SetAt), c.Secret.SetBy, known(c.Secret.ExpiresAt)
		}
		out.Clients = append(out.Clients, shown)
	}
	out.Incident = incident(t.clients()...)
	return out, nil
}

// incident is what is wrong with the first client that is refused, if any.
func incident(clients ...*Client) *api.Incident {
	for _, c := range clients {
		if !c.RefusedAt.IsZero() {
			return &api.Incident{Code: codeClientRefused, Since: c.RefusedAt, Remedy: "contact_admin"}
		}
	}
	return nil
}

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// DefineFrom reads the request for a new template. A
// template may be used by every tenant unless the request says otherwise.
func DefineFrom(in api.TemplateCreate) Define {
	return Define{
		Key: in.IdempotencyKey, Fingerprint: in.Fingerprint(), Connector: in.Connector, Name: in.Name, StableKey: in.StableKey, Scheme: in.AuthScheme,
		Embedded: in.Embedded == nil || *in.Embedded, Scopes: in.Scopes, Inputs: in.Inputs,
		Credentials: (*Party)(in.Credentials), SuppliedBy: (*Party)(in.SuppliedBy),
		ClientID: in.ClientID, ClientSecret: in.ClientSecret, SecretEndsAt: in.ClientSecretExpiresAt,
	}
}

// ChangeFrom reads the request to change a template.
func ChangeFrom(in api.TemplateUpdate) Change {
	return Change{
		Name: in.Name, Embedded: in.Embedded, Scopes: in.Scopes, Inputs: in.Inputs, ClientID: in.ClientID, ClientSecret: in.ClientSecret,
		Credentials: (*Party)(in.Credentials), SuppliedBy: (*Party)(in.SuppliedBy),
		SecretEndsAt: in.ClientSecretExpiresAt, KeepPrevious: in.KeepPrevious, DropPrevious: in.DropPrevious, Force: in.Force,
	}
}
