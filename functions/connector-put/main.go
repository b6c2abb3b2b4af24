// Command connector-put serves PUT /v1/connectors/{connectorId}.
package main

import (
	"context"
	"encoding/json"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/definitions"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connector"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	e := app.New()
	app.Serve(e, routes.ConnectorPut, handle(definitions.New(e)))
}

func handle(connectors *connector.Service) web.Func[api.ConnectorPut, api.Connector] {
	return func(ctx context.Context, caller auth.Caller, in api.ConnectorPut) (api.Connector, error) {
		definition, err := json.Marshal(in.Definition)
		if err != nil {
			return api.Connector{}, err
		}
		r, err := connectors.Put(ctx, caller, in.ConnectorID, in.IfMatch, definition)
		if err != nil {
			return api.Connector{}, err
		}
		return r.API()
	}
}
