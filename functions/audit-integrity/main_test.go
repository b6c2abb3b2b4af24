package main

import (
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func seal(t *testing.T, w *functionstest.World) {
	t.Helper()
	w.At(w.Now().Add(time.Hour))
	item := due.Item{Tenant: functionstest.Acme, Kind: audit.HeadKind, ID: functionstest.Acme, At: w.Now()}
	if err := w.AuditSealer().Due(t.Context(), "", item); err != nil {
		t.Fatal(err)
	}
}

func TestAuditIntegrity(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.AuditIntegrity, handle(w.Verifier()))
	event := functionstest.Event("audit-integrity")
	bare := h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = "" })
	bare.Replay(event).Want(200, `{"seals": 0, "entries": 0, "verified": true, "items": []}`)
	h.Replay(event).WantProblem(400, fault.CodeValidationFailed)

	seal(t, w)
	var got api.AuditVerified
	h.Replay(event).Want(200, `{"seals": 1, "from": 1, "to": 1, "verified": true, "sealedUntil": "2026-11-20T09:55:00Z", "items": [{"seq": 1, "prev": ""}]}`).Decode(&got)
	if got.Head == "" || got.Head != got.Items[0].Hash || got.Entries == 0 || got.Entries != got.Items[0].Count {
		t.Errorf("got %+v", got)
	}
	bare.As(functionstest.Globex).Replay(event).Want(200, `{"seals": 0, "items": []}`)

	w.Entries().Tamper(functionstest.Acme, func(entries map[string]audit.Entry, _ map[int64]audit.Seal) {
		delete(entries, got.Items[0].Last)
	})
	h.Replay(event).Want(200, `{"verified": false, "broken": [{"seq": 1, "what": "missing", "entryId": "`+got.Items[0].Last+`"}]}`)
}
