// Command webhook-endpoint-update serves PATCH /v1/webhook-endpoints/{webhookEndpointId}.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/webhooks"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
	"github.com/tenonhq/tenon/shared/webhook"
)

func main() {
	e := app.New()
	app.Serve(e, routes.WebhookEndpointUpdate, handle(webhooks.New(e).Endpoints()))
}

func handle(endpoints *webhook.Service) web.Func[api.WebhookEndpointUpdate, api.WebhookEndpoint] {
	return func(ctx context.Context, caller auth.Caller, in api.WebhookEndpointUpdate) (api.WebhookEndpoint, error) {
		e, err := endpoints.Update(ctx, caller, in.WebhookEndpointID, in.IfMatch, webhook.ChangeFrom(in))
		if err != nil {
			return api.WebhookEndpoint{}, err
		}
		return e.API(), nil
	}
}
