package connect

import (
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// ImportsFrom reads the request to import connections.
func ImportsFrom(in api.ConnectionImport) []Import {
	items := make([]Import, len(in.Items))
	for i, item := range in.Items {
		items[i] = Import{TemplateKey: item.TemplateKey, New: New{
			Key: item.ExternalID, Fingerprint: item.Fingerprint(), TemplateID: item.TemplateID, Name: item.Name, Environment: item.Environment,
			Labels: item.Labels, Inputs: item.Inputs, Credential: item.Credential, EndsAt: stated(item.CredentialExpiresAt),
		}}
		if a := item.Account; a != nil {
			items[i].Pinned = connection.Account{ID: a.ID, Name: a.Name}
		}
		if t := item.Token; t != nil {
			items[i].Grant = &Grant{
				AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresAt: stated(t.ExpiresAt),
				Scopes: t.Scopes, TokenType: t.TokenType, Captured: t.Captured,
			}
		}
	}
	return items
}

// ImportResults returns what the API shows of the results.
func ImportResults(results []Imported) api.ImportResults {
	out := api.ImportResults{Results: make([]api.ImportResult, len(results))}
	for i, r := range results {
		out.Results[i] = api.ImportResult{ExternalID: r.Key, Status: string(r.Status), ConnectionID: r.Connection.ID}
		if r.Problem != nil {
			f := fault.From(r.Problem)
			p := &api.ImportProblem{Code: string(f.Code), Detail: f.Detail, Remedy: f.Remedy}
			for _, field := range f.Fields {
				p.Errors = append(p.Errors, api.ImportField{Pointer: field.Pointer, Detail: field.Detail})
			}
			out.Results[i].Problem = p
		}
	}
	return out
}
