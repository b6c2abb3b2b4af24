package e2e_test

import (
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/client"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

func flowScenarios() []scenario {
	return []scenario{
		{"register a flow and its bindings", registerFlow},
		{"a binding accepts only a connection of the same connector", acceptConnector},
		{"switch one binding", switchOne},
		{"or all bindings from one connection to another in one call", switchAll},
		{"a connection used by an active flow cannot be deleted: 409 with the list of flows", protectUsed},
		{"Test credentials of a template serve test runs and take effect at once", testRuns},
		{"the provider account is pinned, shown with the flows it affects", pinnedAccount},
		{"granted vs requested vs required scopes, and expanding scopes leads to re-consent", expandScopes},
	}
}

// keyed makes a connection to the CRM with a key of its own.
func keyed(t *testing.T, a *actor, template, name string) string {
	t.Helper()
	return call(t, a, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: template, Name: name, Credential: fields{"apiKey": secretOf(a.e.crm.newKey(t))},
	}).ID
}

// steps registers an active flow with one connection in each slot.
func steps(t *testing.T, a *actor, id string, connections ...string) api.Flow {
	t.Helper()
	in := api.FlowPut{FlowID: id, Name: id}
	for i, c := range connections {
		in.Bindings = append(in.Bindings, api.BindingPut{Slot: fmt.Sprintf("step-%d", i), Connector: "demo-crm", ConnectionID: c})
	}
	return call(t, a, routes.FlowPut, in)
}

func registerFlow(t *testing.T, e *environment) {
	ann := onboard(t, e, "flow-register")
	template := crmTemplate(t, e, "flow-register", "api_key").ID
	from, to := keyed(t, ann, template, "from"), keyed(t, ann, template, "to")
	sync := api.FlowPut{FlowID: "contacts", Name: "Contacts", Kind: "sync", Bindings: []api.BindingPut{
		{Slot: "source", Connector: "demo-crm", Template: "flow-register", ConnectionID: from},
		{Slot: "destination", Connector: "demo-crm", ConnectionID: to},
	}}
	missing := sync
	missing.Bindings = sync.Bindings[:1]
	refused(t, ann, routes.FlowPut, missing, fault.CodeValidationFailed)
	made := call(t, ann, routes.FlowPut, sync)
	if made.Ready == nil || !*made.Ready || made.State != "active" {
		t.Errorf("got %+v, want it active and ready", made)
	}
	refused(t, ann, routes.FlowPut, sync, fault.CodePreconditionRequired)
	for slot, id := range map[string]string{"source": from, "destination": to} {
		leased := call(t, ann, routes.BindingLease, api.BindingLeaseRequest{FlowID: "contacts", Slot: slot, Purpose: "sync"})
		if leased.ConnectionID != id || asks(t, e.crm.base+"/api/key/me", leased.Headers) != http.StatusOK {
			t.Errorf("%s: got a lease of %s that the CRM does not accept, want one of %s", slot, leased.ConnectionID, id)
		}
	}
	call(t, ann, routes.FlowUpdate, api.FlowUpdate{FlowID: "contacts", IfMatch: made.ETag(), State: new("paused")})
	refused(t, ann, routes.BindingLease, api.BindingLeaseRequest{FlowID: "contacts", Slot: "source", Purpose: "sync"}, "flow_paused")
}

func acceptConnector(t *testing.T, e *environment) {
	ann, org := onboard(t, e, "flow-accept"), e.actor(t, auth.Organization)
	key := keyed(t, ann, crmTemplate(t, e, "flow-accept", "api_key").ID, "key")
	rest := call(t, org, routes.TemplateCreate, api.TemplateCreate{
		Connector: "custom-rest", AuthScheme: "api_key_header", Name: "rest", StableKey: "flow-accept-rest",
		Inputs: map[string]string{"baseUrl": e.crm.base, "verifyPath": "api/key/me", "headerName": "X-Api-Key"},
	})
	other := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{TemplateID: rest.ID, Name: "other"}).ID
	steps(t, ann, "accept", key)
	before := call(t, ann, routes.FlowGet, api.FlowRef{FlowID: "accept"})
	refused(t, ann, routes.BindingPut, api.BindingChange{FlowID: "accept", Slot: "step-0", ConnectionID: other}, fault.CodeBindingRefused)
	if diff := cmp.Diff(before, call(t, ann, routes.FlowGet, api.FlowRef{FlowID: "accept"})); diff != "" {
		t.Errorf("a refused binding changed the flow (-before +after):\n%s", diff)
	}
	found := call(t, ann, routes.BindingCandidates, api.CandidateList{FlowID: "accept", Slot: "step-0"})
	if len(found.Items) != 1 || found.Items[0].ConnectionID != key || !found.Items[0].Fits {
		t.Errorf("candidates: got %+v, want %s alone", found.Items, key)
	}
}

func switchOne(t *testing.T, e *environment) {
	ann := onboard(t, e, "flow-switch")
	template := crmTemplate(t, e, "flow-switch", "api_key").ID
	first, second := keyed(t, ann, template, "first"), keyed(t, ann, template, "second")
	steps(t, ann, "switch", first, first)
	got := call(t, ann, routes.BindingPut, api.BindingChange{FlowID: "switch", Slot: "step-1", ConnectionID: second})
	if a, b := got.Bindings[0].ConnectionID, got.Bindings[1].ConnectionID; a != first || b != second {
		t.Errorf("got %s and %s, want only the second binding to change", a, b)
	}
	if leased := call(t, ann, routes.BindingLease, api.BindingLeaseRequest{FlowID: "switch", Slot: "step-1", Purpose: "run"}); leased.ConnectionID != second {
		t.Errorf("the lease is of %s, want %s", leased.ConnectionID, second)
	}
}

// switchAll moves five hundred bindings while a runtime leases through some of
// them: it never finds one without a usable connection.
func switchAll(t *testing.T, e *environment) {
	ann := onboard(t, e, "flow-rebind")
	template := crmTemplate(t, e, "flow-rebind", "api_key").ID
	from, to := keyed(t, ann, template, "from"), keyed(t, ann, template, "to")
	const flows, each = 25, 20
	for i := range flows {
		steps(t, ann, fmt.Sprintf("flow-%02d", i), slices.Repeat([]string{from}, each)...)
	}
	if got := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: from}).Bindings; got != flows*each {
		t.Fatalf("got %d bindings, want %d", got, flows*each)
	}
	trial := call(t, ann, routes.ConnectionRebind, api.Rebind{ConnectionID: from, To: to, DryRun: true})
	if trial.Impact == nil || !trial.Impact.Allowed || len(trial.Moved) > 0 {
		t.Errorf("trial: got %+v", trial)
	}
	var done atomic.Bool
	leases := make(chan int, 1)
	defer done.Store(true)
	go func() {
		n := 0
		for ; !done.Load(); n++ {
			_, err := client.Call(t.Context(), ann.client, routes.BindingLease, api.BindingLeaseRequest{FlowID: fmt.Sprintf("flow-%02d", n%flows), Slot: "step-7", Purpose: "run"})
			if err != nil {
				t.Errorf("a lease during the switch: %v", err)
			}
		}
		leases <- n
	}()
	moved := 0
	for {
		got := call(t, ann, routes.ConnectionRebind, api.Rebind{ConnectionID: from, To: to})
		moved += len(got.Moved)
		if got.Complete {
			break
		}
	}
	done.Store(true)
	if n := <-leases; n == 0 {
		t.Error("nobody leased during the switch")
	}
	a, b := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: from}).Bindings, call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: to}).Bindings
	if moved != flows || a != 0 || b != flows*each {
		t.Errorf("%d flows were moved, %d and %d bindings are there: want %d, 0 and %d", moved, a, b, flows, flows*each)
	}
	if again := call(t, ann, routes.ConnectionRebind, api.Rebind{ConnectionID: from, To: to}); !again.Complete || len(again.Moved) > 0 {
		t.Errorf("again: got %+v, want nothing to do", again)
	}
}

func protectUsed(t *testing.T, e *environment) {
	ann := onboard(t, e, "flow-protect")
	id := keyed(t, ann, crmTemplate(t, e, "flow-protect", "api_key").ID, "key")
	steps(t, ann, "orders", id)
	steps(t, ann, "refunds", id, id)
	problem := refused(t, ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: id}, fault.CodeConnectionInUse)
	if diff := cmp.Diff([]string{"orders", "refunds"}, problem.Flows); diff != "" || problem.Status != http.StatusConflict {
		t.Errorf("status %d (-want +got):\n%s", problem.Status, diff)
	}
	lease(t, ann, id, e.crm.base+"/api/key/me")
	trial := call(t, ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: id, DryRun: true})
	if trial.Impact == nil || trial.Impact.Allowed || len(trial.Impact.Flows) != 3 {
		t.Errorf("trial: got %+v, want it refused with three uses", trial.Impact)
	}
	if uses := call(t, ann, routes.DependentList, api.DependentList{ConnectionID: id}).Items; len(uses) != 3 {
		t.Errorf("dependents: got %+v, want three", uses)
	}
	call(t, ann, routes.FlowDelete, api.FlowChange{FlowID: "orders"})
	refunds := call(t, ann, routes.FlowGet, api.FlowRef{FlowID: "refunds"})
	call(t, ann, routes.FlowUpdate, api.FlowUpdate{FlowID: "refunds", IfMatch: refunds.ETag(), State: new("paused")})
	call(t, ann, routes.ConnectionDelete, api.ConnectionEnd{ConnectionID: id})
}
