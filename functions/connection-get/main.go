// Command connection-get serves GET /v1/connections/{connectionId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	t := tables.New(app.New())
	app.Serve(t.Env, routes.ConnectionGet, handle(t.Reader(), t.Incidents()))
}

func handle(connections *connection.Service, incidents *outage.Incidents) web.Func[api.ConnectionRef, api.Connection] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionRef) (api.Connection, error) {
		c, err := connections.Get(ctx, caller, in.ConnectionID)
		if err != nil {
			return api.Connection{}, err
		}
		out := c.API(connections.Now())
		out.Incident = incidents.Of(ctx, c.Tenant, c.Connector, c.BaseURL)
		return out, nil
	}
}
