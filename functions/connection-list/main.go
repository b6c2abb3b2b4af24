// Command connection-list serves GET /v1/connections.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/outage"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.ConnectionList, handle(l.Reader(), l.Incidents(), l.Cursors))
}

func handle(connections *connection.Service, incidents *outage.Incidents, cursors page.Cursors) web.Func[api.ConnectionList, api.Connections] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionList) (api.Connections, error) {
		list := page.List{Route: "connection-list", Filters: []string{in.Connector, in.Status, in.Environment}}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]connection.Connection, string, error) {
			return connections.List(ctx, caller, connection.Filter{Connector: in.Connector, Environment: in.Environment}, in.Status, start, in.Limit)
		}, func(c connection.Connection) api.Connection {
			out := c.API(connections.Now())
			out.Incident = incidents.Of(ctx, c.Tenant, c.Connector, c.BaseURL)
			return out
		})
		return api.Connections{Items: items, NextCursor: next}, err
	}
}
