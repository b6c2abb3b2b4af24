// Command connection-disable serves POST /v1/connections/{connectionId}/disable.
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
	app.Serve(e, routes.ConnectionDisable, handle(changes.New(e).Connections()))
}

func handle(connections *connection.Service) web.Func[api.ConnectionEnd, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionEnd) (api.Connection, error) {
		if in.DryRun {
			c, impact, err := connections.TryDisable(ctx, caller, in.ConnectionID, in.IfMatch)
			if err != nil {
				return api.Connection{}, err
			}
			out := c.API(connections.Now())
			out.Impact = impact
			return out, nil
		}
		c, err := connections.Disable(ctx, caller, in.ConnectionID, in.IfMatch)
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(connections.Now()), nil
	}
}
