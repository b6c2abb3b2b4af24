// Command connection-summary serves GET /v1/connections/summary.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectionSummary, handle(tables.New(e).Reader()))
}

func handle(connections *connection.Service) web.Func[api.None, api.ConnectionSummary] {
	return func(ctx context.Context, caller auth.Caller, _ api.None) (api.ConnectionSummary, error) {
		counts, err := connections.Summary(ctx, caller)
		return counts.API(), err
	}
}
