// Command connector-get serves GET /v1/connectors/{connectorId}.
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
	e := app.New()
	app.Serve(e, routes.ConnectorGet, handle(tables.New(e).Connector()))
}

func handle(connectors connector.Reader) web.Func[api.ConnectorRef, api.Connector] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectorRef) (api.Connector, error) {
		return connectors.Get(ctx, caller, in.ConnectorID)
	}
}
