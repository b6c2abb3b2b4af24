package e2e_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testAdministration covers what is done around connections.
func testAdministration(t *testing.T, e *environment) {
	ann := onboard(t, e, "admin")
	template := crmTemplate(t, e, "admin", "api_key")
	var ids []string
	for i := range 5 {
		c := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{
			TemplateID: template.ID, Name: fmt.Sprintf("CRM %d", i), Labels: map[string]string{"n": fmt.Sprint(i)},
			Credential: fields{"apiKey": secretOf(e.crm.newKey(t))},
		})
		ids = append(ids, c.ID)
	}
	t.Run("list", func(t *testing.T) { testList(t, ann, ids) })
	t.Run("patch", func(t *testing.T) { testPatch(t, ann, ids[0]) })
	t.Run("settings", func(t *testing.T) { testSettings(t, ann) })
	t.Run("templates", func(t *testing.T) { testTemplates(t, e, ann, template, ids) })
	t.Run("audit", func(t *testing.T) { testAudit(t, ann, ids) })
}

func testList(t *testing.T, ann *actor, want []string) {
	var got []string
	in := api.ConnectionList{Page: api.Page{Limit: 2}}
	for pages := 0; ; pages++ {
		list := call(t, ann, routes.ConnectionList, in)
		for _, c := range list.Items {
			got = append(got, c.ID)
		}
		if in.Cursor = list.NextCursor; in.Cursor == "" || pages > 5 {
			break
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("connections over all pages (-want +got):\n%s", diff)
	}
	for name, filter := range map[string]api.ConnectionList{
		"connector": {Connector: "custom-rest"}, "status": {Status: "degraded"}, "environment": {Environment: "test"},
	} {
		if list := call(t, ann, routes.ConnectionList, filter); len(list.Items) > 0 {
			t.Errorf("%s: got %d connections that do not match", name, len(list.Items))
		}
	}
}

func testPatch(t *testing.T, ann *actor, id string) {
	seen := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id})
	name := "Renamed"
	patch := api.ConnectionUpdate{ConnectionID: id, Name: &name}
	refused(t, ann, routes.ConnectionUpdate, patch, fault.CodePreconditionRequired)
	patch.IfMatch = seen.ETag()
	if got := call(t, ann, routes.ConnectionUpdate, patch); got.Name != name || got.Revision != seen.Revision+1 {
		t.Errorf("patched: got name %q, revision %d", got.Name, got.Revision)
	}
	refused(t, ann, routes.ConnectionUpdate, patch, fault.CodePreconditionFailed)
	for _, member := range []string{"status", "tenantId", "createdBy", "credential", "connector", "revision", "secretName", "lifecycle"} {
		body := fmt.Sprintf(`{"name":"x",%q:"y"}`, member)
		got := ann.send(t, http.MethodPatch, "/v1/connections/"+id, body, map[string]string{"If-Match": "*"})
		if got.status != http.StatusBadRequest {
			t.Errorf("patch of %s: got %d, want 400", member, got.status)
		}
	}
}

func testSettings(t *testing.T, ann *actor) {
	old := call(t, ann, routes.SettingsGet, api.None{})
	put := api.SettingsPut{
		IfMatch: old.ETag(), Reminders: api.Reminders{Enabled: true, DaysBefore: []int{1, 30}},
		Admins: []string{"ann@acme.example"}, ReturnURLs: []string{ann.e.base + "/console/connections"},
	}
	want := api.Settings{
		Reminders: api.Reminders{Enabled: true, DaysBefore: []int{30, 1}}, Admins: put.Admins, ReturnURLs: put.ReturnURLs, Revision: old.Revision + 1,
	}
	if diff := cmp.Diff(want, call(t, ann, routes.SettingsPut, put)); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
	refused(t, ann, routes.SettingsPut, put, fault.CodePreconditionFailed)
	if diff := cmp.Diff(want, call(t, ann, routes.SettingsGet, api.None{})); diff != "" {
		t.Errorf("settings read again (-want +got):\n%s", diff)
	}
}

func testTemplates(t *testing.T, e *environment, ann *actor, template api.Template, ids []string) {
	org := e.actor(t, auth.Organization)
	change := api.TemplateChange{TemplateID: template.ID}
	refused(t, org, routes.TemplateDelete, change, fault.CodeTemplateInUse)
	refused(t, ann, routes.TemplateDelete, change, fault.CodeForbidden)
	name := "Renamed"
	update := api.TemplateUpdate{TemplateID: template.ID, IfMatch: template.ETag(), Name: &name}
	if got := call(t, org, routes.TemplateUpdate, update); got.Name != name {
		t.Errorf("template: got name %q", got.Name)
	}
	for _, id := range ids[1:] {
		receipt := call(t, ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: id})
		if receipt.Revocation != "not_supported" {
			t.Errorf("receipt of a key: got %s, want not_supported", receipt.Revocation)
		}
	}
	refused(t, org, routes.TemplateDelete, change, fault.CodeTemplateInUse)
	if got := call(t, ann, routes.ConnectionList, api.ConnectionList{}); len(got.Items) != 1 {
		t.Errorf("got %d connections, want 1", len(got.Items))
	}
}

// testAudit finds who leased what for which purpose, and the deletions.
func testAudit(t *testing.T, ann *actor, ids []string) {
	lease := call(t, ann, routes.ConnectionLease, api.LeaseRequest{ConnectionID: ids[0], Purpose: "nightly export"})
	leases := call(t, ann, routes.AuditList, api.AuditList{AuditFilter: api.AuditFilter{Action: "connection.lease"}})
	if len(leases.Items) != 1 {
		t.Fatalf("got %d lease records, want 1", len(leases.Items))
	}
	got := leases.Items[0]
	if got.Actor != "admin/ann" || got.Resource != ids[0] || got.Reason != "nightly export" || got.Outcome != "allowed" || got.Facts["lease"] != lease.LeaseID {
		t.Errorf("record: got %+v", got)
	}
	deleted := map[string]bool{}
	for in := (api.AuditList{Page: api.Page{Limit: 1}, AuditFilter: api.AuditFilter{Action: "connection.delete"}}); ; {
		list := call(t, ann, routes.AuditList, in)
		for _, entry := range list.Items {
			deleted[entry.Resource] = true
		}
		if in.Cursor = list.NextCursor; in.Cursor == "" {
			break
		}
	}
	if len(deleted) != 4 || deleted[ids[0]] {
		t.Errorf("deletions on record: got %v, want those of %v", deleted, ids[1:])
	}
}
