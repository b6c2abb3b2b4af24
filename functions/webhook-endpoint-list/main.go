// Command webhook-endpoint-list serves GET /v1/webhook-endpoints.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
	"github.com/tenonhq/tenon/shared/webhook"
)

func main() {
	e := app.New()
	app.Serve(e, routes.WebhookEndpointList, handle(tables.New(e).WebhookEndpoints()))
}

func handle(endpoints *webhook.Service) web.Func[api.None, api.WebhookEndpoints] {
	return func(ctx context.Context, caller auth.Caller, _ api.None) (api.WebhookEndpoints, error) {
		found, err := endpoints.List(ctx, caller)
		out := api.WebhookEndpoints{Items: make([]api.WebhookEndpoint, len(found))}
		for i, e := range found {
			out.Items[i] = e.API()
		}
		return out, err
	}
}
