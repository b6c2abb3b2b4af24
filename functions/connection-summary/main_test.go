package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestConnectionSummary(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Pending(functionstest.Acme, functionstest.Added, functionstest.Salesforce)
	h := webtest.New(t, routes.ConnectionSummary, handle(w.Reader()))
	summary := functionstest.Event("connection-summary")
	h.Replay(summary).Want(200, `{
		"total": 4, "byStatus": {"active": 2, "pending": 2},
		"byConnector": {"stripe": {"active": 1}, "salesforce": {"active": 1, "pending": 2}}
	}`)
	answer := h.As(functionstest.Globex).Replay(summary)
	if want := `{"total":0,"byStatus":{},"byConnector":{}}`; answer.Body != want {
		t.Errorf("got %s for another tenant, want %s", answer.Body, want)
	}
}
