package e2e_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/routes"
)

// told is the body of a webhook.
type told struct {
	ID, Type, Tenant, Resource string
	Data                       map[string]string
}

// testWebhooks connects an account and lets it lack permissions: the tenant's own
// server is told of both, signed, gets again what it did not take, and nobody
// else is told.
func testWebhooks(t *testing.T, e *environment) {
	ann, server := onboard(t, e, "hooked"), newReceiver(t, e)
	refused(t, ann, routes.WebhookEndpointCreate, api.WebhookEndpointCreate{URL: "http://hooks.example.com/"}, fault.CodeEgressDenied)
	end := call(t, ann, routes.WebhookEndpointCreate, api.WebhookEndpointCreate{
		IdempotencyKey: "once", URL: server.url, Events: []string{"connection.connected", "connection.status"},
	})
	ref := api.WebhookEndpointRef{WebhookEndpointID: end.ID}
	if shown := call(t, ann, routes.WebhookEndpointGet, ref); shown.Secret != "" || end.Secret == "" {
		t.Error("the secret is to be shown once, when the endpoint is made")
	}
	template := crmTemplate(t, e, "hooked", "api_key")
	id := call(t, ann, routes.ConnectionCreate, api.ConnectionCreate{
		TemplateID: template.ID, Name: "Hooked", Credential: fields{"apiKey": secretOf(e.crm.newKey(t))},
	}).ID
	connected := told{Type: "connection.connected", Tenant: "hooked", Resource: id, Data: map[string]string{"connector": "demo-crm"}}
	lacking := connected
	lacking.Type, lacking.Data = "connection.status", map[string]string{"connector": "demo-crm", "status": "degraded", "previous": "active", "reason": "permissions"}
	server.wait(t, 2) // Connected, and active by that.
	report(t, ann, id, "permission_error")
	if c := call(t, ann, routes.ConnectionGet, api.ConnectionRef{ConnectionID: id}); c.Status != "degraded" || c.Reason != "permissions" {
		t.Errorf("after calls that lack permissions: got status %s (%s)", c.Status, c.Reason)
	}
	all := server.wait(t, 3)
	all[slices.IndexFunc(all, func(h hook) bool { return strings.Contains(h.body, `"connection.connected"`) })].says(t, []string{end.Secret}, connected)
	all[2].says(t, []string{end.Secret}, lacking)
	t.Run("rotation", func(t *testing.T) { testWebhookRotation(t, ann, server, end) })
	t.Run("retry", func(t *testing.T) { testWebhookRetry(t, ann, server, ref, id) })
}

// report tells of calls that went the same way, and lets the status be derived.
func report(t *testing.T, a *actor, id, outcome string) {
	t.Helper()
	for range 3 {
		calls := []api.Call{{At: time.Now().UTC(), Outcome: outcome}, {At: time.Now().UTC(), Outcome: outcome}}
		call(t, a, routes.ConnectionCalls, api.CallReport{ConnectionID: id, Calls: calls})
	}
	call(t, a, routes.HealthRefresh, api.HealthRefresh{ConnectionIDs: []string{id}})
}

// testWebhookRotation verifies what is sent after a rotation with the new secret
// and with the one before.
func testWebhookRotation(t *testing.T, ann *actor, server *receiver, end api.WebhookEndpoint) {
	fresh := call(t, ann, routes.WebhookEndpointRotate, api.WebhookEndpointChange{WebhookEndpointID: end.ID, IfMatch: end.ETag()})
	if fresh.Secret == "" || fresh.Secret == end.Secret || fresh.PreviousSecretUntil == nil {
		t.Error("the rotation shows no new secret, or not until when the old one signs")
	}
	tested := call(t, ann, routes.WebhookEndpointTest, api.WebhookEndpointRef{WebhookEndpointID: end.ID})
	if tested.Outcome != "delivered" || tested.StatusCode != http.StatusNoContent {
		t.Errorf("test: got %+v", tested)
	}
	all := server.hooks()
	last := all[len(all)-1]
	last.says(t, []string{fresh.Secret, end.Secret}, told{Type: "webhook.test", Tenant: "hooked", Resource: end.ID, Data: map[string]string{}})
	if id := last.header.Get("webhook-id"); id != tested.EventID {
		t.Errorf("the test was sent as %s, and is said to be %s", id, tested.EventID)
	}
	if last.verify("whsec_"+strings.Repeat("QUFB", 10)+"QUE=") == nil {
		t.Error("a secret that is another's verifies")
	}
}

// testWebhookRetry lets the server fail once: what it did not take is planned
// again, and taken as the same event.
func testWebhookRetry(t *testing.T, ann *actor, server *receiver, ref api.WebhookEndpointRef, id string) {
	before := len(server.hooks())
	server.answers(http.StatusInternalServerError)
	report(t, ann, id, "ok")
	server.wait(t, before+1)
	list := func() []api.Delivery {
		return call(t, ann, routes.DeliveryList, api.DeliveryList{WebhookEndpointID: ref.WebhookEndpointID}).Items
	}
	eventually(t, "the failure is on record", func() bool { return list()[0].Outcome == "server_error" })
	d := list()[0]
	if d.State != "pending" || d.StatusCode != http.StatusInternalServerError || d.NextAttemptAt == nil || time.Until(*d.NextAttemptAt) < 20*time.Second {
		t.Fatalf("after a failure: got %+v, want it planned again", d)
	}
	server.answers(http.StatusNoContent)
	ann.e.overdue(t, due.Delivery, due.Item{Tenant: ann.tenant, Kind: "delivery", ID: ref.WebhookEndpointID + "/" + d.EventID})
	all := server.wait(t, before+2)
	if first, second := all[before], all[before+1]; first.body != second.body || first.header.Get("webhook-id") != second.header.Get("webhook-id") {
		t.Error("the second attempt is another event")
	}
	eventually(t, "the delivery is on record", func() bool { return list()[0].State == "delivered" })
	var states []string
	for _, d := range list() {
		states = append(states, d.Type+" "+d.State+" "+strings.Repeat("+", d.Attempts))
	}
	slices.Sort(states)
	want := []string{"connection.connected delivered +", "connection.status delivered +", "connection.status delivered +", "connection.status delivered ++"}
	if diff := cmp.Diff(want, states); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
}

// wait returns what came in once there are so many.
func (r *receiver) wait(t *testing.T, n int) []hook {
	t.Helper()
	eventually(t, "the webhooks have come", func() bool { return len(r.hooks()) >= n })
	return r.hooks()
}

// says verifies a webhook with each of the secrets and compares what it says.
func (h hook) says(t *testing.T, secrets []string, want told) {
	t.Helper()
	for i, secret := range slices.All(secrets) {
		if err := h.verify(secret); err != nil {
			t.Errorf("%s with secret %d: %v", want.Type, i, err)
		}
	}
	var got told
	if err := json.Unmarshal([]byte(h.body), &got); err != nil {
		t.Fatal(err)
	}
	if got.ID == "" || got.ID != h.header.Get("webhook-id") {
		t.Errorf("got event %q in the webhook %q", got.ID, h.header.Get("webhook-id"))
	}
	got.ID = ""
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("webhook (-want +got):\n%s", diff)
	}
}
