// Command oauth-start serves GET /v1/oauth/start/{handoffId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.OAuthStart, handle(tables.New(e).Opener()))
}

func handle(connects *connect.Service) web.Func[api.OAuthStart, api.Browser] {
	return func(ctx context.Context, _ auth.Caller, in api.OAuthStart) (api.Browser, error) {
		opened, err := connects.Open(ctx, in.HandoffID, in.Query.Get("ticket"))
		if err != nil {
			return api.Browser{}, err
		}
		return connect.StartPage(opened), nil
	}
}
