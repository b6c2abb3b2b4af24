package e2e_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// testRestart stops the environment and starts it again: what was connected
// stays connected, and tokens of before are still good.
func testRestart(t *testing.T, e *environment) {
	ann := onboard(t, e, "restart")
	template := crmTemplate(t, e, "restart", "oauth2_authorization_code")
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "CRM"}).ID
	connect(t, ann, id)
	open := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "open"}).ID
	b := newBrowser(e)
	back := b.consent(t, b.begin(t, authorize(t, ann, api.Authorize{ConnectionID: open})), person{account: "bob"})
	first := lease(t, ann, id, e.crm.base+"/api/contacts")
	before := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id})

	e.stop(t)
	e.start(t)

	after := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id})
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the connection (-before +after):\n%s", diff)
	}
	wait(t, tokenLife(first))
	if second := lease(t, ann, id, e.crm.base+"/api/contacts"); second.AccessToken == first.AccessToken {
		t.Error("an expired token was leased again")
	}
	if end := b.open(t, back, nil); end.status != 200 {
		t.Errorf("a handoff begun before the restart: got %d %s", end.status, text(end.body))
	}
	wantStatus(t, ann, open, "active", "")
	refused(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: "tpl_01JD0000000000000000000000", Name: "x"}, fault.CodeNotFound)
}
