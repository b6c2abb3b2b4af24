package template

import "github.com/tenonhq/tenon/shared/api"

// API returns what the API shows of the template.
func (s *Service) API(t Template) api.Template {
	out := api.Template{
		ID: t.ID, Connector: t.Connector, Name: t.Name, StableKey: t.StableKey, AuthScheme: t.Scheme, Owner: t.Owner,
		Embedded: t.Embedded, Scopes: t.Scopes, Inputs: t.Inputs, ClientID: t.ClientID,
		Revision: t.Revision, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
	}
	if t.Secret != nil {
		out.ClientSecret = &api.SecretState{Set: true, Last4: t.Secret.Last4, SetAt: t.Secret.SetAt, SetBy: t.Secret.SetBy}
	}
	if connector, err := s.Catalog.Load(t.Connector); err == nil {
		if scheme, ok := connector.Scheme(t.Scheme); ok && scheme.Type == "oauth2_authorization_code" {
			out.RedirectURI = s.RedirectURI(t.ID)
		}
	}
	return out
}

// DefineFrom reads the request for a new template. A
// template may be used by every tenant unless the request says otherwise.
func DefineFrom(in api.TemplateCreate) Define {
	return Define{
		Key: in.IdempotencyKey, Fingerprint: in.Fingerprint(), Connector: in.Connector, Name: in.Name, StableKey: in.StableKey, Scheme: in.AuthScheme,
		Embedded: in.Embedded == nil || *in.Embedded, Scopes: in.Scopes, Inputs: in.Inputs,
		ClientID: in.ClientID, ClientSecret: in.ClientSecret,
	}
}

// ChangeFrom reads the request to change a template.
func ChangeFrom(in api.TemplateUpdate) Change {
	return Change{
		Name: in.Name, Embedded: in.Embedded, Scopes: in.Scopes, Inputs: in.Inputs,
		ClientID: in.ClientID, ClientSecret: in.ClientSecret,
	}
}
