// Command flow-get serves GET /v1/flows/{flowId}.
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
	app.Serve(e, routes.FlowGet, handle(tables.New(e).Bindings()))
}

func handle(flows *flow.Service) web.Func[api.FlowRef, api.Flow] {
	return func(ctx context.Context, caller auth.Caller, in api.FlowRef) (api.Flow, error) {
		f, err := flows.Get(ctx, caller, in.FlowID)
		if err != nil {
			return api.Flow{}, err
		}
		return flows.Detailed(ctx, f)
	}
}
