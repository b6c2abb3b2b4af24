// Command webhook-endpoint-get serves GET /v1/webhook-endpoints/{webhookEndpointId}.
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
	app.Serve(e, routes.WebhookEndpointGet, handle(tables.New(e).WebhookEndpoints()))
}

func handle(endpoints *webhook.Service) web.Func[api.WebhookEndpointRef, api.WebhookEndpoint] {
	return func(ctx context.Context, caller auth.Caller, in api.WebhookEndpointRef) (api.WebhookEndpoint, error) {
		e, err := endpoints.Get(ctx, caller, in.WebhookEndpointID)
		if err != nil {
			return api.WebhookEndpoint{}, err
		}
		return e.API(), nil
	}
}
