// Command connection-calls serves POST /v1/connections/{connectionId}/calls.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	t := tables.New(app.New())
	app.Serve(t.Env, routes.ConnectionCalls, handle(t.Reporter()))
}

func handle(reports *health.Service) web.Func[api.CallReport, api.CallReceipt] {
	return func(ctx context.Context, caller auth.Caller, in api.CallReport) (api.CallReceipt, error) {
		c, err := reports.Report(ctx, caller, in.ConnectionID, health.Calls(in))
		if err != nil {
			return api.CallReceipt{}, err
		}
		return health.Receipt(in, c, reports.Now()), nil
	}
}
