// Command connection-delete serves DELETE /v1/connections/{connectionId}.
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
	app.Serve(e, routes.ConnectionDelete, handle(credentials.New(e).Connect()))
}

func handle(connects *connect.Service) web.Func[api.ConnectionEnd, api.Deletion] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionEnd) (api.Deletion, error) {
		if in.DryRun {
			impact, err := connects.TryDisconnect(ctx, caller, in.ConnectionID, in.IfMatch)
			return api.Deletion{ConnectionID: in.ConnectionID, Impact: impact}, err
		}
		revocation, err := connects.Disconnect(ctx, caller, in.ConnectionID, in.IfMatch)
		if err != nil {
			return api.Deletion{}, err
		}
		return api.Deletion{ConnectionID: in.ConnectionID, Revocation: string(revocation)}, nil
	}
}
