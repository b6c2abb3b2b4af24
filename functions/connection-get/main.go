// Command connection-get serves GET /v1/connections/{connectionId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectionGet, handle(tables.New(e).Reader()))
}

func handle(connections *connection.Service) web.Func[api.ConnectionRef, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionRef) (api.Connection, error) {
		c, err := connections.Get(ctx, caller, in.ConnectionID)
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(connections.Now()), nil
	}
}
