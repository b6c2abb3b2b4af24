package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// longestCut is how long a lease may succeed after a kill switch was started.
const longestCut = 6 * time.Second

// testKillSwitch cuts a tenant off: no lease after seconds, no credential after
// the walk, and the provider has forgotten the token. Once it is lifted the
// account may be connected again, and nothing comes back by itself.
func testKillSwitch(t *testing.T, e *environment) {
	ann, org := onboard(t, e, "severed"), e.actor(t, auth.Organization)
	contacts := e.crm.base + "/api/contacts"
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: crmTemplate(t, e, "severed", "oauth2_authorization_code").ID, Name: "CRM"}).ID
	connect(t, ann, id)
	key := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: crmTemplate(t, e, "severed-key", "api_key").ID, Name: "key", Credential: fields{"apiKey": secretOf(e.crm.newKey(t))},
	}).ID
	leased := lease(t, ann, id, contacts)
	lease(t, ann, key, e.crm.base+"/api/key/me")
	made := call(t, org, routes.KillSwitchCreate, api.KillSwitchCreate{Scope: "tenant", Tenant: "severed", Reason: "drill", Confirm: "severed"})
	for _, of := range []string{id, key} {
		cutOff(t, ann, of)
	}
	walk := due.Item{Tenant: auth.Organization, Kind: due.KillSwitch, ID: made.ID}
	got := carriedOut(t, org, walk, "done")
	want := api.KillSwitchProgress{Total: 2, Disabled: 2, Revoked: 1, Irrevocable: 1, Done: true, StartedAt: made.Progress.StartedAt, StartedBy: "org/ann"}
	if diff := cmp.Diff(want, api.KillSwitchProgress{
		Total: got.Progress.Total, Disabled: got.Progress.Disabled, Revoked: got.Progress.Revoked, Irrevocable: got.Progress.Irrevocable,
		PendingRevocation: got.Progress.PendingRevocation, Failed: got.Progress.Failed, Done: got.Progress.Done,
		StartedAt: got.Progress.StartedAt, StartedBy: got.Progress.StartedBy,
	}); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	if got := asks(t, contacts, leased.Headers); got != http.StatusUnauthorized {
		t.Errorf("the CRM answered %d to the token that was leased before, want 401", got)
	}
	wantStatus(t, ann, id, "disabled", "kill_switch")
	refused(t, ann, routes.ConnectionEnable, api.ConnectionChange{ConnectionID: id}, fault.CodeKillSwitch)
	if lifted := call(t, org, routes.KillSwitchLift, api.KillSwitchRef{KillSwitchID: made.ID}); lifted.LiftedAt == nil {
		t.Errorf("lifted: got %+v", lifted)
	}
	carriedOut(t, org, walk, "lifted")
	eventually(t, "the gates have opened", func() bool {
		_, err := client.Call(t.Context(), ann.client, routes.ConnectionLease, api.LeaseRequest{ConnectionID: id, Purpose: "lifted"})
		return problemOf(t, err).Code != fault.CodeKillSwitch
	})
	connect(t, ann, id)
	lease(t, ann, id, contacts)
	e.noDeadLetters(t)
}

// cutOff leases until that is refused, which must be soon.
func cutOff(t *testing.T, a *actor, connectionID string) {
	t.Helper()
	for begun := time.Now(); ; wait(t, 200*time.Millisecond) {
		_, err := client.Call(t.Context(), a.client, routes.ConnectionLease, api.LeaseRequest{ConnectionID: connectionID, Purpose: "drill"})
		if err != nil {
			if p := problemOf(t, err); p.Code != fault.CodeKillSwitch || p.Status != http.StatusConflict {
				t.Errorf("got %v, want the kill switch", p)
			}
			return
		}
		if time.Since(begun) > longestCut {
			t.Fatalf("%s is leased %s after the kill switch", connectionID, time.Since(begun))
		}
	}
}

// carriedOut brings the walk forward until the switch is in the state.
func carriedOut(t *testing.T, org *actor, walk due.Item, state string) api.KillSwitch {
	t.Helper()
	var got api.KillSwitch
	org.e.overdue(t, due.Reconcile, walk)
	eventually(t, "the kill switch is "+state, func() bool {
		got = call(t, org, routes.KillSwitchGet, api.KillSwitchRef{KillSwitchID: walk.ID})
		return got.State == state
	})
	return got
}
