package connect

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
)

// API returns what the API shows of the list.
func (l Listed) API() api.Accounts {
	out := api.Accounts{Items: make([]api.ListedAccount, 0, len(l.Accounts))}
	for _, a := range l.Accounts {
		out.Items = append(out.Items, api.ListedAccount{
			ID: a.ID, Name: a.Name, Kind: a.Kind, Environment: a.Environment, URL: a.URL, Selected: a.ID == l.Selected,
		})
	}
	return out
}

// ChooseAccount makes the choice that a request asks for, or says what would
// become of it.
func (s *Service) ChooseAccount(ctx context.Context, caller auth.Caller, in api.AccountPut) (api.Connection, error) {
	c, err := s.Choose(ctx, caller, Choice{
		ConnectionID: in.ConnectionID, IfMatch: in.IfMatch, AccountID: in.AccountID, AllowAccountChange: in.AllowAccountChange, DryRun: in.DryRun,
	})
	if !in.DryRun || c.ID == "" {
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(s.Now()), nil
	}
	impact, err := s.impact(ctx, c, err)
	if err != nil {
		return api.Connection{}, err
	}
	out := c.API(s.Now())
	out.Impact = impact
	return out, nil
}
