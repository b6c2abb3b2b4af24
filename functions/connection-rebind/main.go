// Command connection-rebind serves POST /v1/connections/{connectionId}/rebind.
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
	app.Serve(e, routes.ConnectionRebind, handle(tables.New(e).Bindings()))
}

func handle(flows *flow.Service) web.Func[api.Rebind, api.Rebound] {
	return func(ctx context.Context, caller auth.Caller, in api.Rebind) (api.Rebound, error) {
		moved, err := flows.Rebind(ctx, caller, flow.Move{From: in.ConnectionID, To: in.To, Flows: in.Flows, DryRun: in.DryRun})
		if err != nil {
			return api.Rebound{}, err
		}
		return moved.API(caller), nil
	}
}
