// Command connection-create serves POST /v1/connections.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectionCreate, handle(verifying.New(e).Connect()))
}

func handle(connects *connect.Service) web.Func[api.ConnectionCreate, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionCreate) (api.Connection, error) {
		c, err := connects.Create(ctx, caller, connect.NewFrom(in))
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(connects.Now()), nil
	}
}
