// Command connector-delete serves DELETE /v1/connectors/{connectorId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	t := tables.New(app.New())
	app.Serve(t.Env, routes.ConnectorDelete, handle(t.Retirer()))
}

func handle(connectors *connector.Service) web.Func[api.ConnectorChange, api.None] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectorChange) (api.None, error) {
		return api.None{}, connectors.Delete(ctx, caller, in.ConnectorID, in.IfMatch)
	}
}
