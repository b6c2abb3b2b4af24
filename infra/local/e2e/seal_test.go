package e2e_test

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/routes"
)

// testSeals exports an audit, lets it be sealed, and alters an entry behind the
// service's back: the tenant is shown which.
func testSeals(t *testing.T, e *environment) {
	ann := onboard(t, e, "sealed")
	key := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: crmTemplate(t, e, "sealed", "api_key").ID, Name: "key", Credential: fields{"apiKey": secretOf(e.crm.newKey(t))},
	}).ID
	for range 3 {
		lease(t, ann, key, e.crm.base+"/api/key/me")
	}
	old := e.age(t, "sealed", 20*time.Minute)
	testExport(t, ann, len(old))
	e.overdue(t, due.Seal, due.Item{Tenant: "sealed", Kind: audit.HeadKind, ID: "sealed"})
	var verified api.AuditVerified
	eventually(t, "the audit is sealed", func() bool {
		verified = call(t, ann, routes.AuditIntegrity, api.AuditIntegrity{})
		return verified.Seals == 1
	})
	if !verified.Verified || verified.Entries != len(old) || len(verified.Broken) > 0 || verified.Items[0].Hash != verified.Head {
		t.Errorf("sealed %d entries: got %+v", len(old), verified)
	}
	altered := old[len(old)/2]
	e.set(t, "sealed#audit", altered, map[string]string{"actor": "sealed/mallory"})
	broken := call(t, ann, routes.AuditIntegrity, api.AuditIntegrity{})
	if diff := cmp.Diff([]api.AuditBreak{{Seq: 1, EntryID: altered, What: "altered"}}, broken.Broken); diff != "" || broken.Verified {
		t.Errorf("verified %v, broken (-want +got):\n%s", broken.Verified, diff)
	}
	e.noDeadLetters(t)
}

// age moves the audit of a tenant into the past, as if the time since had gone by,
// and returns the identifiers it has then, in order.
func (e *environment) age(t *testing.T, tenant string, by time.Duration) []string {
	t.Helper()
	db, table := dynamodb.NewFromConfig(e.aws), e.variable(t, environ.Table)
	condition := "pk = :pk"
	found, err := db.Query(t.Context(), &dynamodb.QueryInput{
		TableName: &table, KeyConditionExpression: &condition, ExpressionAttributeValues: map[string]types.AttributeValue{":pk": textValue(tenant + "#audit")},
	})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, entry := range found.Items {
		was := keyText(entry["sk"])
		made, err := id.Time(was)
		if err != nil {
			t.Fatal(err)
		}
		const stampEnd = len("aud_") + 10 // A ULID begins with its time in ten characters.
		now := id.Least(id.Audit, made.Add(-by))[:stampEnd] + was[stampEnd:]
		if _, err := db.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: &table, Key: map[string]types.AttributeValue{"pk": entry["pk"], "sk": entry["sk"]}}); err != nil {
			t.Fatal(err)
		}
		entry["sk"], entry["at"] = textValue(now), textValue(made.Add(-by).UTC().Format(stamp))
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: entry}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, now)
	}
	return ids
}

// testExport reads the audit as both kinds of file; each export adds an entry of
// itself before it reads.
func testExport(t *testing.T, ann *actor, entries int) {
	t.Helper()
	lines := ann.send(t, http.MethodGet, "/v1/audit/export?format=ndjson", "", nil)
	var listed []api.AuditEntry
	for line := range strings.Lines(lines.body) {
		var entry api.AuditEntry
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		listed = append(listed, entry)
	}
	if lines.status != http.StatusOK || !strings.HasPrefix(lines.header.Get("Content-Type"), "application/x-ndjson") || len(listed) != entries+1 {
		t.Errorf("NDJSON: got %d, %s, %d lines; want %d", lines.status, lines.header.Get("Content-Type"), len(listed), entries+1)
	}
	table := ann.send(t, http.MethodGet, "/v1/audit/export?format=csv", "", nil)
	rows, err := csv.NewReader(strings.NewReader(table.body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(table.header.Get("Content-Type"), "text/csv") || len(rows) != entries+3 { // Two exports, and the names of the columns.
		t.Fatalf("CSV: got %s, %d rows; want %d", table.header.Get("Content-Type"), len(rows), entries+3)
	}
	for i, entry := range listed {
		if rows[i+1][0] != entry.ID {
			t.Errorf("row %d is %s, line %d %s", i+1, rows[i+1][0], i, entry.ID)
		}
	}
	last := listed[len(listed)-1]
	if last.Action != string(audit.Export) || last.Actor != "sealed/ann" || last.Outcome != "allowed" {
		t.Errorf("the last entry is %+v, want the export", last)
	}
}
