package audit_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
)

// A reason is what a caller typed; no cell of the table begins a formula.
func TestCSVIsInertAndWhole(t *testing.T) {
	t.Parallel()
	for reason, want := range map[string]string{
		"=HYPERLINK(\"https://evil.example\")": "'=HYPERLINK(\"https://evil.example\")",
		"+1":                                   "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t'=1", "\r=1": "''=1", "\n=1": "'\n'=1",
		"＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠1": "'＠1", "'=1": "'=1", "": "",
		"a,b \"c\"\nd=1": "a,b \"c\"\nd=1",
	} {
		at := time.Date(2026, 11, 20, 10, 0, 0, 120, time.UTC)
		e := audit.Entry{ID: "aud_1", At: at, Actor: "=cmd", Action: "connection.lease", Resource: "con_1", Outcome: "allowed", Reason: reason,
			Facts: map[string]string{"b": "2", "a": "1"}}
		f := audit.FormatOf("csv")
		text, err := f.Entry(e)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(append(f.Begin(), text...))).ReadAll()
		if err != nil || len(rows) != 2 {
			t.Fatalf("%q: %d rows, %v", reason, len(rows), err)
		}
		want = strings.ReplaceAll(want, "\r\n", "\n")
		row := []string{"aud_1", "2026-11-20T10:00:00.00000012Z", "'=cmd", "connection.lease", "con_1", "allowed", want, "", "", `{"a":"1","b":"2"}`}
		if diff := cmp.Diff(row, rows[1]); diff != "" {
			t.Errorf("%q (-want +got):\n%s", reason, diff)
		}
	}
}

// exporting follows the pages to the end.
func (a *archive) exporting(f audit.Format, q audit.Query) (text string, pages int) {
	a.t.Helper()
	by := auth.Caller{Tenant: "acme", Home: "acme", Subject: "eve", Scopes: []string{auth.AuditRead}}
	for pages < 20 {
		page, err := a.log.Export(a.t.Context(), by, f, q)
		if err != nil {
			a.t.Fatal(err)
		}
		if len(page.Text) > 900<<10 {
			a.t.Errorf("a page has %d bytes", len(page.Text))
		}
		text, pages = text+string(page.Text), pages+1
		if page.Next == "" {
			return text, pages
		}
		q.After = page.Next
	}
	a.t.Fatal("the export has no end")
	return "", 0
}

func TestExportHoldsEveryEntryOnce(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "ndjson"} {
		a := newArchive(t)
		a.append("acme", 9000)
		a.append("globex", 3)
		text, pages := a.exporting(audit.FormatOf(format), audit.Query{Action: audit.ConnectionLease})
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if format == "csv" {
			if !strings.HasPrefix(lines[0], "id,at,") || strings.Count(text, "id,at,") != 1 {
				t.Errorf("got header %q, want one", lines[0])
			}
			lines = lines[1:]
		}
		if len(lines) != 9000 || pages < 2 {
			t.Fatalf("%s: got %d lines on %d pages", format, len(lines), pages)
		}
		for i, e := range a.entries("acme")[:9000] {
			if !strings.Contains(lines[i], e.ID) {
				t.Fatalf("%s: line %d is not of %s: %s", format, i, e.ID, lines[i])
			}
		}
		if format == "ndjson" {
			var first api.AuditEntry
			if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || first.Actor != "acme/ann" {
				t.Errorf("got %+v, %v", first, err)
			}
		}
		exports, _, err := a.store.List(t.Context(), "acme", audit.Query{Action: audit.Export, Limit: 99, Reads: 20_000})
		if err != nil || len(exports) != pages || exports[0].Actor != "acme/eve" || exports[0].Facts["format"] != format {
			t.Errorf("%d exports are recorded, %v; want %d", len(exports), err, pages)
		}
	}
}

func TestExportIsForReadersOfTheAudit(t *testing.T) {
	t.Parallel()
	a := newArchive(t)
	by := auth.Caller{Tenant: "acme", Home: "acme", Subject: "eve", Scopes: []string{auth.ConnectionsRead}}
	if _, err := a.log.Export(t.Context(), by, audit.FormatOf("csv"), audit.Query{}); !fault.Has(err, fault.CodeForbidden) {
		t.Errorf("got %v", err)
	}
	a.log.Store = broken{a.store}
	by.Scopes = []string{auth.AuditRead}
	if _, err := a.log.Export(t.Context(), by, audit.FormatOf("csv"), audit.Query{}); !fault.Has(err, fault.CodeRetryLater) {
		t.Errorf("an export that cannot be recorded: %v", err)
	}
}
