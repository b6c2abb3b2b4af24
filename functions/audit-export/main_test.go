package main

import (
	"encoding/csv"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestAuditExport(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	h := webtest.New(t, routes.AuditExport, handle(w.Audit, w.Cursors))
	event := functionstest.Event("audit-export")
	answer := h.Replay(event).File(200, "text/csv; charset=utf-8")
	rows, err := csv.NewReader(strings.NewReader(answer.Body)).ReadAll()
	if err != nil || len(rows) < 3 || rows[0][0] != "id" || rows[1][0] >= rows[2][0] {
		t.Fatalf("got %d rows, %v: %s", len(rows), err, answer.Body)
	}
	for _, row := range rows[1:] {
		if row[3] != "connection.create" || row[2] != "acme/ann" {
			t.Errorf("got row %v", row)
		}
	}
	if got := answer.Headers["content-disposition"]; got != "attachment; filename=audit.csv" || answer.Headers["x-content-type-options"] != "nosniff" {
		t.Errorf("got headers %v", answer.Headers)
	}
	if answer.Headers["tenon-next-cursor"] != "" || answer.Headers["link"] != "" {
		t.Errorf("the last part leads on: %v", answer.Headers)
	}
	if got := w.LastAudited(functionstest.Acme); !strings.HasPrefix(got, "audit.export") {
		t.Errorf("audited last: %s", got)
	}
	if body := h.As(functionstest.Globex).Replay(event).File(200, "text/csv; charset=utf-8").Body; strings.Contains(body, "con_") {
		t.Errorf("another tenant is told %s", body)
	}
	for _, query := range []string{"format=xlsx", "since=yesterday", "since=0001-01-01T00:00:00Z", "outcome=maybe", "limit=3"} {
		with(h, query).Replay(event).WantProblem(400, fault.CodeValidationFailed)
	}
	with(h, "cursor=forged").Replay(event).WantProblem(400, fault.CodeInvalidCursor)
}

// A part leads to the next, for the same filters and tenant only.
func TestAuditExportInParts(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	const many = 9000
	for range many {
		if err := w.Audit.CheckFor(t.Context(), functionstest.Person(functionstest.Acme), audit.SettingsPut, "", "because", nil); err != nil {
			t.Fatal(err)
		}
	}
	h := with(webtest.New(t, routes.AuditExport, handle(w.Audit, w.Cursors)), "action=settings.put&format=ndjson")
	event := functionstest.Event("audit-export")
	first := h.Replay(event).File(200, "application/x-ndjson")
	cursor := first.Headers["tenon-next-cursor"]
	link := first.Headers["link"]
	if cursor == "" || !strings.HasPrefix(link, "</v1/audit/export?action=settings.put&") || !strings.HasSuffix(link, `>; rel="next"`) {
		t.Fatalf("got cursor %q, link %q", cursor, link)
	}
	lines := strings.Count(first.Body, "\n")
	_, query, _ := strings.Cut(strings.TrimSuffix(link, `>; rel="next"`), "?")
	for query != "" {
		next := with(h, query).Replay(event).File(200, "application/x-ndjson")
		lines += strings.Count(next.Body, "\n")
		_, query, _ = strings.Cut(strings.TrimSuffix(next.Headers["link"], `>; rel="next"`), "?")
	}
	if lines != many+1 { // And that of the seed.
		t.Errorf("got %d entries, want %d", lines, many+1)
	}
	with(h, "action=settings.put&format=ndjson&cursor="+cursor).As(functionstest.Globex).Replay(event).WantProblem(400, fault.CodeInvalidCursor)
	with(h, "action=settings.put&format=csv&cursor="+cursor).Replay(event).WantProblem(400, fault.CodeInvalidCursor)
	with(h, "cursor="+cursor).Replay(event).WantProblem(400, fault.CodeInvalidCursor)
}

func with(h webtest.Harness, query string) webtest.Harness {
	return h.With(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = query })
}
