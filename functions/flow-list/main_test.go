package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestFlowList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Integrated()
	h := webtest.New(t, routes.FlowList, handle(w.Bindings(), w.Cursors))
	for _, event := range []string{"flow-list", "flow-list.filtered"} {
		h.Replay(functionstest.Event(event)).Want(200, `{"items": [{"flowId": "orders-to-stripe", "bindings": [{"slot": "destination"}, {"slot": "source"}]}]}`)
		h.As(functionstest.Globex).Replay(functionstest.Event(event)).Want(200, `{"items": []}`)
	}
	h.With(func(e *events.APIGatewayV2HTTPRequest) {
		e.RawQueryString = "state=paused"
	}).
		Replay(functionstest.Event("flow-list")).Want(200, `{"items": []}`)
}
