package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// testJobs runs every job as its schedule does. The sweep refreshes a token
// before it expires, so that whoever leases next need not wait for it.
func testJobs(t *testing.T, e *environment) {
	ann := onboard(t, e, "jobs")
	template := crmTemplate(t, e, "jobs", "oauth2_authorization_code")
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: template.ID, Name: "CRM"}).ID
	connect(t, ann, id)
	old := lease(t, ann, id, e.crm.base+"/api/contacts")
	for _, job := range routes.Jobs() {
		t.Logf("%s: %+v", job.Name, e.run(t, job))
	}
	eventually(t, "the sweep has refreshed the token", func() bool {
		e.run(t, routes.JobDueSweep.Route)
		e.drain(t)
		newer := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id}).Credential.ExpiresAt
		return newer.After(*old.ExpiresAt)
	})
	if tokenLife(old) < 0 {
		t.Error("the sweep came after the token had expired")
	}
	if got := lease(t, ann, id, e.crm.base+"/api/contacts"); got.Refreshed || got.AccessToken == old.AccessToken {
		t.Errorf("lease after the sweep: refreshed %v; want the token the sweep got", got.Refreshed)
	}
}

// run invokes a job with the event of its schedule.
func (e *environment) run(t *testing.T, job *routes.Route) api.Sweep {
	t.Helper()
	tick := `{"time":"` + time.Now().UTC().Format(time.RFC3339) + `"}`
	var done api.Sweep
	e.exchange(t, http.MethodPost, e.base+"/dev/functions/"+job.Name+"/invocations", []byte(tick), &done)
	return done
}
