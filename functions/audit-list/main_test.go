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

func TestAuditList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.AuditList, handle(w.Audit, w.Cursors))
	list := functionstest.Event("audit-list")
	var page api.Audit
	h.Replay(list).Want(200, `{"items": [
		{"action": "connection.create", "resource": "con_01M7VZGC000000000000000003", "actor": "acme/ann", "outcome": "allowed", "at": "2026-11-20T08:55:00Z"},
		{"action": "connection.connect", "resource": "con_01M7VZGC000000000000000002", "actor": "acme/ann", "outcome": "allowed", "at": "2026-11-20T08:00:00Z"},
		{"action": "connection.authorize", "resource": "con_01M7VZGC000000000000000002", "actor": "acme/ann", "outcome": "allowed", "at": "2026-11-20T08:00:00Z"}
	]}`).Decode(&page)
	h.As(functionstest.Globex).Replay(list).Want(200, `{"items": []}`)

	next := h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "limit=3&cursor=" + page.NextCursor })
	var second api.Audit
	next.Replay(list).Decode(&second)
	if len(second.Items) != 3 || second.Items[0].ID >= page.Items[2].ID {
		t.Errorf("got second page %+v after %+v", second.Items, page.Items)
	}
	next.As(functionstest.Globex).Replay(list).WantProblem(400, fault.CodeInvalidCursor)
}

func TestAuditListFiltered(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.AuditList, handle(w.Audit, w.Cursors))
	filtered := functionstest.Event("audit-list.filtered")
	h.Replay(filtered).Want(200, `{"items": [{"action": "connection.create", "resource": "con_01M7VZGC000000000000000001"}]}`)
	h.As(functionstest.Globex).Replay(filtered).Want(200, `{"items": []}`)
}
