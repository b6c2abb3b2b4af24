// Command flow-list serves GET /v1/flows.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.FlowList, handle(l.Bindings(), l.Cursors))
}

func handle(flows *flow.Service, cursors page.Cursors) web.Func[api.FlowList, api.Flows] {
	return func(ctx context.Context, caller auth.Caller, in api.FlowList) (api.Flows, error) {
		list := page.List{Route: "flow-list", Filters: []string{in.Connector, in.State}}
		filter := flow.Filter{Connector: in.Connector, State: flow.State(in.State)}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]flow.Flow, string, error) {
			return flows.List(ctx, caller, filter, start, in.Limit)
		}, flow.Flow.API)
		return api.Flows{Items: items, NextCursor: next}, err
	}
}
