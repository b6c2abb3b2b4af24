// Command flow-update serves PATCH /v1/flows/{flowId}.
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
	app.Serve(e, routes.FlowUpdate, handle(tables.New(e).Bindings()))
}

func handle(flows *flow.Service) web.Func[api.FlowUpdate, api.Flow] {
	return func(ctx context.Context, caller auth.Caller, in api.FlowUpdate) (api.Flow, error) {
		f, err := flows.Update(ctx, caller, in.FlowID, in.IfMatch, flow.ChangeFrom(in))
		if err != nil {
			return api.Flow{}, err
		}
		return flows.Detailed(ctx, f)
	}
}
