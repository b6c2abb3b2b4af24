package client_test

import (
	"net/http"
	"testing"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

func TestRawReturnsTheJSONAsItCame(t *testing.T) {
	t.Parallel()
	const body = `{"id":"con_1",  "new":true}`
	var seen recorded
	c := serve(t, &seen, answer(200, "application/json", body))
	got, err := client.Raw(t.Context(), c, routes.ConnectionGet.Route, api.ConnectionRef{ConnectionID: "con_1"})
	if err != nil || string(got) != body || seen.Path != "/v1/connections/con_1" {
		t.Errorf("got %s, %v of %s", got, err, seen.Path)
	}
	seen = recorded{}
	if _, err := client.Raw(t.Context(), c, routes.ConnectionGet.Route, api.FlowRef{FlowID: "f"}); err == nil || seen.Path != "" {
		t.Errorf("a request of another route: got %v, sent %q", err, seen.Path)
	}
}

func TestExportAuditReturnsAPart(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Tenon-Next-Cursor", "c2")
		answer(200, "text/csv; charset=utf-8", "id,at\n")(w, r)
	})
	got, err := client.ExportAudit(t.Context(), c, api.AuditExport{Format: "csv", Cursor: "c1"})
	if err != nil || got.Text != "id,at\n" || got.Next != "c2" || seen.Path != "/v1/audit/export?cursor=c1&format=csv" || seen.Authorization != "Bearer jwt" {
		t.Errorf("got %+v, %v of %+v", got, err, seen)
	}
	c = serve(t, &seen, answer(403, "application/problem+json", `{"code":"forbidden","detail":"No."}`))
	if _, err := client.ExportAudit(t.Context(), c, api.AuditExport{}); !client.Has(err, fault.Code("forbidden")) {
		t.Errorf("got %v, want the problem", err)
	}
}
