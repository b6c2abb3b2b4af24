// Command flow-delete serves DELETE /v1/flows/{flowId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.FlowDelete, handle(tables.New(e).Bindings()))
}

func handle(flows *flow.Service) web.Func[api.FlowChange, api.None] {
	return func(ctx context.Context, caller auth.Caller, in api.FlowChange) (api.None, error) {
		return api.None{}, flows.Delete(ctx, caller, in.FlowID, in.IfMatch)
	}
}
