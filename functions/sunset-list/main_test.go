package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

// The organization sees whose connections a date hits, a tenant only its own.
func TestSunsetList(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.SunsetList, handle(w.Sunsets(), w.Cursors))
	list := functionstest.Event("sunset-list")
	hit := `"id":"` + functionstest.SalesforceConnection + `"`
	for caller, want := range map[string]bool{auth.Organization: true, functionstest.Acme: true, functionstest.Globex: false} {
		answer := h.As(caller).Replay(list).Want(200, "")
		if got := strings.Contains(answer.Body, hit); got != want {
			t.Errorf("%s sees the connection of Acme: got %v, want %v", caller, got, want)
		}
		if strings.Contains(answer.Body, functionstest.StripeConnection) || strings.Contains(answer.Body, functionstest.PendingConnection) {
			t.Errorf("%s sees a connection that no date hits", caller)
		}
		if !strings.Contains(answer.Body, `"connectorName":"HubSpot"`) {
			t.Errorf("%s does not see a date that hits nothing yet", caller)
		}
	}
}

// Every tenant is looked at once, whatever the page.
func TestSunsetListPages(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.SunsetList, handle(w.Sunsets(), w.Cursors)).As(auth.Organization)
	hits, cursor, pages := 0, "", 0
	for {
		answer := h.With(func(e *events.APIGatewayV2HTTPRequest) {
			e.RawQueryString = url.Values{"limit": {"1"}, "cursor": {cursor}}.Encode()
		}).Replay(functionstest.Event("sunset-list")).Want(200, "")
		hits += strings.Count(answer.Body, functionstest.SalesforceConnection)
		pages++
		var page api.Sunsets
		answer.Decode(&page)
		if cursor = page.NextCursor; cursor == "" || pages > 9 {
			break
		}
	}
	if hits != 1 || pages < 2 {
		t.Errorf("the connection stands on %d of %d pages, want it on one", hits, pages)
	}
}
