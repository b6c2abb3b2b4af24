// Command connection-enable serves POST /v1/connections/{connectionId}/enable.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/changes"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectionEnable, handle(changes.New(e).Connections()))
}

func handle(connections *connection.Service) web.Func[api.ConnectionChange, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionChange) (api.Connection, error) {
		c, err := connections.Enable(ctx, caller, in.ConnectionID, in.IfMatch)
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(connections.Now()), nil
	}
}
