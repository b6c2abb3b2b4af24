// Command delivery-list serves GET /v1/webhook-endpoints/{webhookEndpointId}/deliveries.
package main

import (
	"context"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/lists"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/page"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web"
)

func main() {
	l := lists.New(app.New())
	app.Serve(l.Env, routes.DeliveryList, handle(l.DeliveryLog(), l.Cursors))
}

func handle(log *delivery.Service, cursors page.Cursors) web.Func[api.DeliveryList, api.Deliveries] {
	return func(ctx context.Context, caller auth.Caller, in api.DeliveryList) (api.Deliveries, error) {
		list := page.List{Route: "delivery-list", Filters: []string{in.WebhookEndpointID}}
		items, next, err := page.Turn(ctx, cursors, caller, list, in.Cursor, func(start string) ([]delivery.Delivery, string, error) {
			return log.List(ctx, caller, in.WebhookEndpointID, start, in.Limit)
		}, delivery.Delivery.API)
		return api.Deliveries{Items: items, NextCursor: next}, err
	}
}
