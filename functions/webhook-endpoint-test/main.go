// Command webhook-endpoint-test serves POST /v1/webhook-endpoints/{webhookEndpointId}/test.
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
	app.Serve(e, routes.WebhookEndpointTest, handle(webhooks.New(e).Endpoints()))
}

func handle(endpoints *webhook.Service) web.Func[api.WebhookEndpointRef, api.WebhookTested] {
	return func(ctx context.Context, caller auth.Caller, in api.WebhookEndpointRef) (api.WebhookTested, error) {
		event, result, err := endpoints.Test(ctx, caller, in.WebhookEndpointID)
		if err != nil {
			return api.WebhookTested{}, err
		}
		return result.API(event.ID), nil
	}
}
