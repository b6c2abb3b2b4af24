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
