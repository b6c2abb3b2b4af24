package main

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ConnectionList, handle(w.Reader(), w.Incidents(), w.Cursors))
	for event, want := range map[string]string{
		"connection-list": `{"items": [
			{"id": "con_01M7VZGC000000000000000001", "connector": "stripe", "status": "active"},
			{"id": "con_01M7VZGC000000000000000002", "connector": "salesforce", "status": "active"},
			{"id": "con_01M7VZGC000000000000000003", "connector": "salesforce", "status": "pending"}
		]}`,
		"connection-list.filtered": `{"items": [{"id": "con_01M7VZGC000000000000000001", "environment": "production"}]}`,
	} {
		h.Replay(functionstest.Event(event)).Want(200, want)
		h.As(functionstest.Globex).Replay(functionstest.Event(event)).Want(200, `{"items": []}`)
	}
}

func TestConnectionListCursor(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	query := func(h webtest.Harness, query string) webtest.Answer {
		return h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = query }).Replay(functionstest.Event("connection-list"))
	}
	h := webtest.New(t, routes.ConnectionList, handle(w.Reader(), w.Incidents(), w.Cursors))
	var first api.Connections
	query(h, "limit=2").Want(200, "").Decode(&first)
	query(h, "limit=2&cursor="+first.NextCursor).Want(200, `{"items": [{"id": "con_01M7VZGC000000000000000003"}]}`)
	query(h, "limit=2&status=active&cursor="+first.NextCursor).WantProblem(400, fault.CodeInvalidCursor)
	query(h.As(functionstest.Globex), "limit=2&cursor="+first.NextCursor).WantProblem(400, fault.CodeInvalidCursor)
}
