package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestDeliveryList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Webhook()
	for _, event := range []string{"evt_1", "evt_3", "evt_2"} {
		w.Undelivered(notify.Event{ID: event, Type: notify.ConnectionConnected, Tenant: functionstest.Acme, Resource: functionstest.StripeConnection, At: w.Now()})
	}
	h := webtest.New(t, routes.DeliveryList, handle(w.DeliveryLog(), w.Cursors))
	list := functionstest.Event("delivery-list")
	w.Foreign(h, "delivery-list")
	h.Replay(list).Want(200, `{"items": [
		{"eventId": "evt_3", "type": "connection.connected", "resource": "`+functionstest.StripeConnection+`", "state": "pending", "attempts": 0, "nextAttemptAt": "2026-11-20T09:00:00Z"},
		{"eventId": "evt_2"}, {"eventId": "evt_1"}
	]}`)
	page := func(query string) webtest.Answer {
		return h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = query }).Replay(list)
	}
	var first api.Deliveries
	page("limit=2").Want(200, `{"items": [{"eventId": "evt_3"}, {"eventId": "evt_2"}]}`).Decode(&first)
	page("limit=2&cursor="+first.NextCursor).Want(200, `{"items": [{"eventId": "evt_1"}]}`)
	page("cursor="+first.NextCursor+"x").WantProblem(400, fault.CodeInvalidCursor)
}
