// Command connection-update serves PATCH /v1/connections/{connectionId}.
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
	app.Serve(e, routes.ConnectionUpdate, handle(changes.New(e).Connections()))
}

func handle(connections *connection.Service) web.Func[api.ConnectionUpdate, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionUpdate) (api.Connection, error) {
		change := connection.Change{Name: in.Name, Labels: in.Labels, Inputs: in.Inputs}
		c, err := connections.Update(ctx, caller, in.ConnectionID, in.IfMatch, change)
		if err != nil {
			return api.Connection{}, err
		}
		return c.API(connections.Now()), nil
	}
}
