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

func TestExpirationList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.ExpirationList, handle(w.Expirations(), w.Cursors))
	for event, want := range map[string]string{
		"expiration-list": `{"items": [
			{
				"kind": "refresh_token", "resourceId": "con_01M7VZGC000000000000000002", "name": "Salesforce of acme", "connector": "salesforce",
				"environment": "production", "date": "2026-12-20T08:00:00Z", "daysLeft": 29, "renewal": "person", "remedy": "reconnect",
				"nextReminderAt": "2026-12-06T08:00:00Z"
			},
			{
				"kind": "rotation", "resourceId": "con_01M7VZGC000000000000000001", "name": "Stripe of the sales team", "connector": "stripe",
				"date": "2027-02-18T08:00:00Z", "daysLeft": 89, "renewal": "person", "remedy": "replace_credential"
			}
		]}`,
		"expiration-list.filtered": `{"items": [{"kind": "refresh_token", "resourceId": "con_01M7VZGC000000000000000002"}]}`,
	} {
		w.Unchanged(func() {
			h.Replay(functionstest.Event(event)).Want(200, want)
			h.As(functionstest.Globex).Replay(functionstest.Event(event)).Want(200, `{"items": []}`)
		})
	}
}

// A template's client secret and the certificate of a signing key stand in the
// list of their owner, and of nobody else.
func TestExpirationListOfAnOwner(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Signing(functionstest.Globex, functionstest.SigningKey)
	h := webtest.New(t, routes.ExpirationList, handle(w.Expirations(), w.Cursors))
	all := h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "withinDays=3650&kind=signing_key" })
	all.As(functionstest.Globex).Replay(functionstest.Event("expiration-list")).Want(200, `{"items": [
		{"kind": "signing_key", "resourceId": "`+functionstest.SigningKey+`", "name": "ES256", "remedy": "replace_signing_key", "daysLeft": 728}
	]}`)
	all.Replay(functionstest.Event("expiration-list")).Want(200, `{"items": []}`)
}

func TestExpirationListCursor(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	query := func(h webtest.Harness, query string) webtest.Answer {
		return h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = query }).Replay(functionstest.Event("expiration-list"))
	}
	h := webtest.New(t, routes.ExpirationList, handle(w.Expirations(), w.Cursors))
	var first api.Expirations
	query(h, "limit=1").Want(200, "").Decode(&first)
	query(h, "limit=1&cursor="+first.NextCursor).Want(200, `{"items": [{"kind": "rotation"}]}`)
	query(h, "limit=1&withinDays=91&cursor="+first.NextCursor).WantProblem(400, fault.CodeInvalidCursor)
	query(h.As(functionstest.Globex), "limit=1&cursor="+first.NextCursor).WantProblem(400, fault.CodeInvalidCursor)
	for _, wrong := range []string{"withinDays=0", "withinDays=3651", "kind=credentials", "limit=101"} {
		query(h, wrong).WantProblem(400, fault.CodeValidationFailed)
	}
}
