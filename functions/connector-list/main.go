// Command connector-list serves GET /v1/connectors.
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
	app.Serve(e, routes.ConnectorList, handle(tables.New(e).Catalog()))
}

func handle(c catalog.Catalog) web.Func[api.ConnectorList, api.Connectors] {
	return func(ctx context.Context, _ auth.Caller, in api.ConnectorList) (api.Connectors, error) {
		cards, err := c.Cards(ctx, catalog.Filter{Category: in.Category, AuthScheme: in.AuthScheme, Query: in.Query})
		return api.Connectors{Items: cards}, err
	}
}
