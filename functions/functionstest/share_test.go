package functionstest_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/secret"
)

// uses are all that can be asked about one connection.
func uses(t *testing.T, w *functionstest.World, by auth.Caller, id string) map[string]error {
	t.Helper()
	ctx, reader, changer, connects := t.Context(), w.Reader(), w.Connections(), w.Connect()
	name, key := "taken", map[string]secret.Bytes{"apiKey": secret.FromString(functionstest.NextStripeKey)}
	asked := map[string]error{}
	note := func(route string, err error) {
		asked[route] = err
		w.At(w.Now().Add(time.Second))
	}
	_, err := reader.Get(ctx, by, id)
	note("connection-get", err)
	_, _, err = reader.Dependents(ctx, by, id, "", 10)
	note("dependent-list", err)
	_, _, err = reader.TryDisable(ctx, by, id, "")
	note("connection-disable, tried", err)
	_, err = connects.TryDisconnect(ctx, by, id, "")
	note("connection-delete, tried", err)
	_, err = changer.Update(ctx, by, id, "*", connection.Change{Name: &name})
	note("connection-update", err)
	_, err = connects.PutCredential(ctx, by, id, "*", key)
	note("credential-put", err)
	_, err = connects.StageCredential(ctx, by, id, "*", key)
	note("credential-put, staged", err)
	_, err = connects.Promote(ctx, by, connect.Promotion{ConnectionID: id, IfMatch: "*"})
	note("credential-promote", err)
	_, err = connects.StageCredential(ctx, by, id, "*", key)
	note("credential-put, staged again", err)
	_, err = connects.Discard(ctx, by, id, "*", 0)
	note("credential-discard", err)
	_, err = w.Health().Verify(ctx, by, id)
	note("connection-verify", err)
	_, err = w.Lease().Lease(ctx, by, lease.Request{ConnectionID: id, Purpose: "steal"})
	note("connection-lease", err)
	_, err = w.Reporter().Report(ctx, by, id, []health.Call{{At: w.Now(), Outcome: catalog.AuthError}})
	note("connection-calls", err)
	_, err = connects.Put(ctx, by, api.CredentialPut{ConnectionID: id, IfMatch: "*", Credential: key})
	note("credential-put, over HTTP", err)
	_, err = changer.Disable(ctx, by, id, "*")
	note("connection-disable", err)
	_, err = changer.Enable(ctx, by, id, "*")
	note("connection-enable", err)
	_, err = connects.Disconnect(ctx, by, id, "")
	note("connection-delete", err)
	return asked
}

// ISO-01: a connection of the organization that a tenant's flow leases is not there
// for the tenant: it reads, changes, uses and reports nothing of it. The
// organization does all of that, but for deleting what flows use.
func TestISO01SharedConnectionIsTheOrganizations(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Share()
	w.Orders(functionstest.Acme, flow.Active, flow.Binding{Owner: auth.Organization, ConnectionID: functionstest.SharedConnection})
	acting := functionstest.Person(functionstest.Acme)
	acting.Home = auth.Organization
	for name, by := range map[string]auth.Caller{"the tenant": functionstest.Person(functionstest.Acme), "the organization on its behalf": acting} {
		w.Unchanged(func() {
			for route, err := range uses(t, w, by, functionstest.SharedConnection) {
				if !fault.Has(err, fault.CodeNotFound) {
					t.Errorf("%s by %s: %v, want not_found", route, name, err)
				}
			}
			_, err := w.Connect().Authorize(t.Context(), by, connect.Ask{ConnectionID: functionstest.SharedConnection})
			if !fault.Has(err, fault.CodeNotFound) {
				t.Errorf("connection-authorize by %s: %v, want not_found", name, err)
			}
		})
		found, _, err := w.Reader().List(t.Context(), by, connection.Filter{}, "", "", 100)
		if err != nil || len(found) != 3 {
			t.Errorf("%s lists %d connections, %v; want the three of the tenant", name, len(found), err)
		}
		for _, c := range found {
			if c.Tenant != functionstest.Acme {
				t.Errorf("%s lists %s of %s", name, c.ID, c.Tenant)
			}
		}
		summary, err := w.Reader().Summary(t.Context(), by)
		if total := summary.API().Total; err != nil || total != 3 {
			t.Errorf("%s counts %d connections, %v", name, total, err)
		}
	}
	for route, err := range uses(t, w, functionstest.Person(auth.Organization), functionstest.SharedConnection) {
		want := fault.Code("")
		if route == "connection-delete" {
			want = fault.CodeConnectionInUse
		}
		if want == "" && err != nil || want != "" && !fault.Has(err, want) {
			t.Errorf("%s by the organization: %v", route, err)
		}
	}
}
