package main

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// leaving is a world whose Acme has something of everything, and is being removed.
func leaving(t *testing.T) *functionstest.World {
	t.Helper()
	return leave(t, functionstest.New(t))
}

func leave(t *testing.T, w *functionstest.World) *functionstest.World {
	t.Helper()
	w.Signing(functionstest.Acme, functionstest.SigningKey)
	w.Webhook()
	if _, err := w.Offboarding().Remove(t.Context(), functionstest.Person(auth.Organization), functionstest.Acme); err != nil {
		t.Fatal(err)
	}
	return w
}

// finish sweeps until the removal is done: each time its message comes, and that
// of the kill switch.
func finish(t *testing.T, w *functionstest.World, walker *offboarding.Walker) {
	t.Helper()
	for range 30 {
		w.At(w.Now().Add(2 * time.Minute))
		if back := w.Deliver(routes.QueueTenancy, work(walker), message(t, due.Item{Tenant: functionstest.Acme, Kind: due.Tenant, ID: "tenant", At: w.Now()})); back != 0 {
			t.Errorf("%d messages come back", back)
		}
		if w.Tenant(functionstest.Acme).State == tenant.Removed {
			return
		}
		for _, x := range switches(t, w) {
			if err := w.Reconciler().Due(t.Context(), "run", due.Item{Tenant: auth.Organization, Kind: due.KillSwitch, ID: x.ID, At: w.Now()}); err != nil {
				t.Error(err)
			}
		}
	}
	t.Fatalf("the removal does not end: %+v", w.Tenant(functionstest.Acme).Offboarding)
}

func switches(t *testing.T, w *functionstest.World) []killswitch.Record {
	t.Helper()
	found, _, err := w.KillSwitches().List(t.Context(), functionstest.Person(auth.Organization), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func message(t *testing.T, item due.Item) string {
	t.Helper()
	text, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wantGone fails unless nothing of Acme is left but its record and its audit, and
// everything of Globex and of the organization is.
func wantGone(t *testing.T, w *functionstest.World, others []string) {
	t.Helper()
	r := w.Tenant(functionstest.Acme)
	if _, err := r.DataKey(); !fault.Has(err, fault.CodeTenantRemoved) || len(r.Key.Blob) > 0 || !r.Due.IsZero() {
		t.Errorf("data key: %v, due %s", err, r.Due)
	}
	found, _, err := w.Reader().Store.List(t.Context(), functionstest.Acme, connection.Filter{}, "", 100)
	if err != nil || len(found) > 0 {
		t.Errorf("connections %v, %v", found, err)
	}
	templates, _, err := w.Templater().Store.List(t.Context(), functionstest.Acme, "", 100)
	if err != nil || len(templates) > 0 {
		t.Errorf("templates %v, %v", templates, err)
	}
	if e := w.Endpoint(functionstest.Acme, functionstest.WebhookEndpoint); e.ID != "" {
		t.Errorf("webhook endpoint %+v", e)
	}
	settings, err := w.Tenancy().Store.GetSettings(t.Context(), functionstest.Acme)
	if diff := cmp.Diff(tenant.Settings{}, settings); err != nil || diff != "" {
		t.Errorf("settings %v (-want +got):\n%s", err, diff)
	}
	if set, err := w.SigningKeys().KeySet(t.Context(), functionstest.Acme); err != nil || len(set.Keys) > 0 {
		t.Errorf("key set %v, %v", set, err)
	}
	if got := w.Secrets.Names(); !slices.Equal(got, others) {
		t.Errorf("secrets %v, want those of others, %v", got, others)
	}
	ended := 2 // The tenant's and its signing key.
	if r.Key.Shared {
		ended = 1
	}
	if n := w.KeysEnded(); n != ended {
		t.Errorf("%d keys are scheduled for deletion, want %d", n, ended)
	}
}

// others are the secrets that are not Acme's.
func others(w *functionstest.World) []string {
	return slices.DeleteFunc(w.Secrets.Names(), func(name string) bool { return strings.Contains(name, "/"+functionstest.Acme+"/") })
}

// AUD-06: a tenant that is removed leaves nothing that opens: its tokens are revoked
// at the systems, its secrets are gone, its keys are disabled and will be deleted;
// the receipt says so, and others are untouched.
func TestOffboarding(t *testing.T) {
	t.Parallel()
	w := leaving(t)
	left := others(w)
	sealed := w.Connection(functionstest.Acme, functionstest.StripeConnection)
	globex := w.Tenant(functionstest.Globex)
	wrapped, keyARN := w.Tenant(functionstest.Acme).Key.Blob, w.Tenant(functionstest.Acme).Key.KeyARN
	w.Provider.Calls()
	walker := w.Offboarder()
	finish(t, w, walker)
	if diff := cmp.Diff([]string{"POST acme.my.salesforce.com/services/oauth2/revoke"}, w.Provider.Calls()); diff != "" {
		t.Errorf("calls to the provider (-want +got):\n%s", diff)
	}
	wantGone(t, w, left)
	w.Unchanged(func() { finish(t, w, walker) })

	w.EnableKey(functionstest.Acme) // As if the deletion was cancelled.
	if _, err := w.Lease().Sealer.Open(t.Context(), sealed.Place(), sealed.Lease); err == nil {
		t.Error("what was sealed for the tenant opens")
	}
	w.LoseKey(functionstest.Acme)
	if _, err := walker.Suspended.(*tenant.Checker).Keys.Unwrap(t.Context(), keyARN, wrapped, vault.Binding(functionstest.Acme)); err == nil {
		t.Error("a copy of the data key unwraps")
	}
	if diff := cmp.Diff(globex, w.Tenant(functionstest.Globex)); diff != "" {
		t.Errorf("another tenant (-before +after):\n%s", diff)
	}
	wantReceipt(t, w)
}

func wantReceipt(t *testing.T, w *functionstest.World) {
	t.Helper()
	o := w.Tenant(functionstest.Acme).Offboarding
	for _, name := range tenant.StepNames(false) {
		if s := o.Step(name); s == nil || s.At.IsZero() {
			t.Errorf("step %s: %+v", name, s)
		}
	}
	want := map[string]int{"connections": 3, "revoked": 1, "irrevocable": 1}
	if diff := cmp.Diff(want, o.Step(tenant.StepRevoked).Counts); diff != "" || !slices.Equal(o.Irrevocable, []string{functionstest.StripeConnection}) {
		t.Errorf("irrevocable %v, revoked (-want +got):\n%s", o.Irrevocable, diff)
	}
	if o.KeyDeletionAt.IsZero() || o.FinishedAt.IsZero() || !o.Step(tenant.StepKeyDisabled).At.After(o.Step(tenant.StepRevoked).At.Add(-time.Second)) {
		t.Errorf("receipt %+v", o)
	}
	events := w.Bus.Events()
	if last := events[len(events)-1]; last.Type != notify.TenantOffboarded || last.Tenant != auth.Organization || last.Resource != functionstest.Acme || last.Detail["irrevocable"] != "1" {
		t.Errorf("last event %+v", last)
	}
	if active := switches(t, w); len(active) != 1 || active[0].LiftedAt.IsZero() {
		t.Errorf("switches %+v, want the one, lifted", active)
	}
}

// The audit of a removed tenant is sealed to its end, and verifies: nobody is
// woken for it, and the organization reads it.
func TestOffboardedAuditVerifies(t *testing.T) {
	t.Parallel()
	w := leaving(t)
	finish(t, w, w.Offboarder())
	for range 5 {
		w.At(w.Now().Add(8 * 24 * time.Hour))
		for _, kind := range []string{audit.HeadKind, audit.InspectionKind} {
			if err := w.AuditSealer().Due(t.Context(), "run", due.Item{Tenant: functionstest.Acme, Kind: kind, ID: functionstest.Acme, At: w.Now()}); err != nil {
				t.Error(err)
			}
		}
	}
	for _, e := range w.Bus.Events() {
		if e.Type == notify.AuditBroken {
			t.Errorf("event %+v", e)
		}
	}
	org := functionstest.Person(auth.Organization)
	org.Tenant = functionstest.Acme
	found, _, err := w.Audit.List(t.Context(), org, audit.Query{Limit: 100})
	if err != nil || !slices.ContainsFunc(found, func(e audit.Entry) bool { return e.Action == audit.TenantKeyEnd }) {
		t.Errorf("%d entries, %v; want the end of the key among them", len(found), err)
	}
}
