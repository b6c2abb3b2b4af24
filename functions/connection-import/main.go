// Command connection-import serves POST /v1/connections/import.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/verifying"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectionImport, handle(verifying.New(e).Refreshing()))
}

func handle(connects *connect.Service) web.Func[api.ConnectionImport, api.ImportResults] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectionImport) (api.ImportResults, error) {
		results, err := connects.Import(ctx, caller, connect.ImportsFrom(in))
		return connect.ImportResults(results), err
	}
}
