// Command dependent-list serves GET /v1/connections/{connectionId}/dependents.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.DependentList, handle(l.Reader(), l.Cursors))
}

func handle(connections *connection.Service, cursors page.Cursors) web.Func[api.DependentList, api.Dependents] {
	return func(ctx context.Context, caller auth.Caller, in api.DependentList) (api.Dependents, error) {
		list := page.List{Route: "dependent-list", Filters: []string{in.ConnectionID}}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]connection.Use, string, error) {
			return connections.Dependents(ctx, caller, in.ConnectionID, start, in.Limit)
		}, func(u connection.Use) api.FlowUse { return u.API(caller.Tenant) })
		return api.Dependents{Items: items, NextCursor: next}, err
	}
}
