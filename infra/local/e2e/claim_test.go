package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testClaims says who one is in every place but the token.
func testClaims(t *testing.T, victim, thief property) {
	own := thief.send(t, http.MethodGet, "/v1/connections", "", nil)
	for name, header := range map[string]map[string]string{
		"X-Tenant-Id": {"X-Tenant-Id": victim.tenant}, "cookie": {"Cookie": "tenant=" + victim.tenant}, "Tenant": {"Tenant": victim.tenant},
	} {
		if got := thief.send(t, http.MethodGet, "/v1/connections", "", header); got.status != http.StatusOK || got.body != own.body {
			t.Errorf("with %s: got %d %s, want the thief's own list", name, got.status, got.body)
		}
	}
	for name, try := range map[string]struct {
		method, path, body string
		header             map[string]string
		want               int
	}{
		"acting header":      {"GET", "/v1/connections", "", map[string]string{"Tenon-Tenant": victim.tenant}, 403},
		"query":              {"GET", "/v1/connections?tenantId=" + victim.tenant, "", nil, 400},
		"member":             {"POST", "/v1/connections", `{"tenantId":"` + victim.tenant + `","templateId":"` + thief.template + `","name":"x"}`, nil, 400},
		"member of settings": {"PUT", "/v1/settings", `{"tenant":"` + victim.tenant + `","reminders":{"enabled":true}}`, map[string]string{"If-Match": "*"}, 400},
	} {
		if got := thief.send(t, try.method, try.path, try.body, try.header); got.status != try.want {
			t.Errorf("%s: got %d %s, want %d", name, got.status, got.body, try.want)
		}
	}
	for _, tenant := range []string{"a#b", "../" + victim.tenant, "*", "UPPER", "[" + victim.tenant + "]", strings.Repeat("a", 100)} {
		if got := thief.e.actor(t, tenant).send(t, http.MethodGet, "/v1/connections", "", nil); got.status != http.StatusForbidden {
			t.Errorf("a token of tenant %.20q: got %d %s, want 403", tenant, got.status, got.body)
		}
	}
	unknown := thief.e.actor(t, "never-onboarded")
	refused(t, unknown, routes.ConnectionGet, api.ConnectionRef{ConnectionID: victim.connection}, fault.CodeNotFound)
}

// testCursors moves a cursor to where it does not belong.
func testCursors(t *testing.T, victim, thief property) {
	one := api.Page{Limit: 1}
	cursor := call(t, victim.actor, routes.ConnectionList, api.ConnectionList{Page: one}).NextCursor
	if cursor == "" {
		t.Fatal("the victim's list has one page only")
	}
	call(t, victim.actor, routes.ConnectionList, api.ConnectionList{Page: api.Page{Limit: 1, Cursor: cursor}})
	flip := "A"
	if cursor[10] == 'A' {
		flip = "B"
	}
	for name, try := range map[string]struct {
		a  *actor
		in api.ConnectionList
	}{
		"another tenant": {thief.actor, api.ConnectionList{Page: api.Page{Limit: 1, Cursor: cursor}}},
		"another filter": {victim.actor, api.ConnectionList{Page: api.Page{Limit: 1, Cursor: cursor}, Connector: "demo-crm"}},
		"changed":        {victim.actor, api.ConnectionList{Page: api.Page{Limit: 1, Cursor: cursor[:10] + flip + cursor[11:]}}},
		"cut":            {victim.actor, api.ConnectionList{Page: api.Page{Limit: 1, Cursor: cursor[:len(cursor)-4]}}},
	} {
		t.Log("cursor: " + name)
		if p := refused(t, try.a, routes.ConnectionList, try.in, fault.CodeInvalidCursor); p.Status != http.StatusBadRequest {
			t.Errorf("%s: got %d, want 400", name, p.Status)
		}
	}
	audit := api.AuditList{Page: api.Page{Limit: 1, Cursor: cursor}}
	refused(t, victim.actor, routes.AuditList, audit, fault.CodeInvalidCursor)
}

// testCiphertext copies the victim's sealed credential into the thief's record,
// as somebody with access to the table could.
func testCiphertext(t *testing.T, victim, thief property) {
	db := dynamodb.NewFromConfig(victim.e.aws)
	table, stolen := sealed(t, db, victim)
	_, own := sealed(t, db, thief)
	put := func(item map[string]types.AttributeValue) {
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	forged := map[string]types.AttributeValue{}
	for name, value := range own {
		forged[name] = value
		if _, binary := value.(*types.AttributeValueMemberB); binary {
			forged[name] = stolen[name]
		}
	}
	put(forged)
	refused(t, thief.actor, routes.ConnectionLease, api.LeaseRequest{ConnectionID: thief.static, Purpose: "stolen"}, fault.CodeKeyIntegrity)
	put(own)
	lease(t, thief.actor, thief.static, thief.e.crm.base+"/api/key/me")
}

// sealed returns the item of a static connection with its sealed credential,
// and the table it is in.
func sealed(t *testing.T, db *dynamodb.Client, p property) (string, map[string]types.AttributeValue) {
	t.Helper()
	for _, a := range p.e.attributes(t) {
		if !strings.HasSuffix(a.sk, p.static) || !strings.HasPrefix(a.pk, p.tenant) {
			continue
		}
		key := map[string]types.AttributeValue{"pk": &types.AttributeValueMemberS{Value: a.pk}, "sk": &types.AttributeValueMemberS{Value: a.sk}}
		got, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &a.table, Key: key})
		if err != nil {
			t.Fatal(err)
		}
		for _, value := range got.Item {
			if _, binary := value.(*types.AttributeValueMemberB); binary {
				return a.table, got.Item
			}
		}
	}
	t.Fatalf("the item of %s was not found", p.static)
	return "", nil
}
