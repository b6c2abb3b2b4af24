// Command connector-get serves GET /v1/connectors/{connectorId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectorGet, handle(tables.New(e).Catalog()))
}

func handle(c catalog.Catalog) web.Func[api.ConnectorRef, api.Connector] {
	return func(_ context.Context, _ auth.Caller, in api.ConnectorRef) (api.Connector, error) {
		connector, err := c.Load(in.ConnectorID)
		if err != nil {
			return api.Connector{}, err
		}
		return connector.API(), nil
	}
}
