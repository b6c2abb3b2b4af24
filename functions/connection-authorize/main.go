// Command connection-authorize serves POST /v1/connections/{connectionId}/authorize.
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
	app.Serve(e, routes.ConnectionAuthorize, handle(credentials.New(e).Connect()))
}

func handle(connects *connect.Service) web.Func[api.Authorize, api.Handoff] {
	return func(ctx context.Context, caller auth.Caller, in api.Authorize) (api.Handoff, error) {
		if in.DryRun {
			return connects.Preview(ctx, caller, connect.AskFrom(in))
		}
		started, err := connects.Authorize(ctx, caller, connect.AskFrom(in))
		if err != nil {
			return api.Handoff{}, err
		}
		return started.API(), nil
	}
}
