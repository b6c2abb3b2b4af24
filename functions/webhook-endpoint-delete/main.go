// Command webhook-endpoint-delete serves DELETE /v1/webhook-endpoints/{webhookEndpointId}.
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
	app.Serve(e, routes.WebhookEndpointDelete, handle(tables.New(e).WebhookEndpoints()))
}

func handle(endpoints *webhook.Service) web.Func[api.WebhookEndpointChange, api.None] {
	return func(ctx context.Context, caller auth.Caller, in api.WebhookEndpointChange) (api.None, error) {
		return api.None{}, endpoints.Delete(ctx, caller, in.WebhookEndpointID, in.IfMatch)
	}
}
