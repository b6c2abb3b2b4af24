// Command account-list serves GET /v1/connections/{connectionId}/accounts.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/credentials"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.AccountList, handle(credentials.New(e).Refreshing()))
}

func handle(connects *connect.Service) web.Func[api.ConnectionRef, api.Accounts] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionRef) (api.Accounts, error) {
		listed, err := connects.Accounts(ctx, caller, in.ConnectionID)
		if err != nil {
			return api.Accounts{}, err
		}
		return listed.API(), nil
	}
}
