// Command binding-put serves PUT /v1/flows/{flowId}/bindings/{slot}.
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
	app.Serve(e, routes.BindingPut, handle(tables.New(e).Bindings()))
}

func handle(flows *flow.Service) web.Func[api.BindingChange, api.Flow] {
	return func(ctx context.Context, caller auth.Caller, in api.BindingChange) (api.Flow, error) {
		f, err := flows.Bind(ctx, caller, in.FlowID, in.Slot, in.IfMatch, in.ConnectionID)
		if err != nil {
			return api.Flow{}, err
		}
		return flows.Detailed(ctx, f)
	}
}
