// Command webhook-endpoint-create serves POST /v1/webhook-endpoints.
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
	app.Serve(e, routes.WebhookEndpointCreate, handle(webhooks.New(e).Endpoints()))
}

func handle(endpoints *webhook.Service) web.Func[api.WebhookEndpointCreate, api.WebhookEndpoint] {
	return func(ctx context.Context, caller auth.Caller, in api.WebhookEndpointCreate) (api.WebhookEndpoint, error) {
		e, plain, err := endpoints.Create(ctx, caller, webhook.NewFrom(in))
		if err != nil {
			return api.WebhookEndpoint{}, err
		}
		return e.APIWith(plain), nil
	}
}
