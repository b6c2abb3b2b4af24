package dynamo_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/console"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/health"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/offboarding"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/webhook"
)

// fate is what becomes of the items of a kind when their tenant is removed.
type fate string

const (
	removed fate = "removed"
	expires fate = "expires" // By its time to live: it opens nothing without the tenant's key.
	stays   fate = "stays"
	other   fate = "other" // Of the organization or of all tenants.
)

// fates names every kind of item in the table, by the part of the partition key
// that is not the tenant.
var fates = map[string]fate{
	"connection": removed, "connection-use": removed, "flow": removed, "template": removed, "template-use": removed, "stable-key": removed,
	"webhook-endpoint": removed, "idempotency": removed,
	"tenant":     stays, // The receipt, and the external id, so that none is given twice; not the settings.
	"tenants":    stays, // The same in the list.
	"audit":      stays,
	"audit-seal": stays, audit.HeadKind: stays, audit.InspectionKind: stays,
	"signing-key": stays, // Retired, without the key: what it signed names it.
	"delivery":    expires, "told": expires, "reminder": expires, "history": expires, "handoff": expires, "session": expires, "browser": expires,
	"connector": other, "egress": other, "outage": other, "sweep": other, due.KillSwitch: other,
}

// A kind of item is listed before it is stored: whoever adds one says what becomes
// of it when its tenant is removed.
func TestEveryKindHasAFate(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found, kind := map[string]bool{}, regexp.MustCompile(`PK: [^,}]*?(?:"#?([a-z-]+)#?"|(audit\.\w+|due\.\w+))`)
	names := map[string]string{"audit.HeadKind": audit.HeadKind, "audit.InspectionKind": audit.InspectionKind, "due.KillSwitch": due.KillSwitch}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range kind.FindAllStringSubmatch(string(text), -1) {
			found[m[1]+names[m[2]]] = true
		}
	}
	want := map[string]bool{}
	for name := range fates {
		want[name] = true
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("kinds (-listed +stored):\n%s", diff)
	}
}

// After the removal of a tenant that had an item of every kind, nothing is left of
// it but what is kept on purpose and what expires.
func TestRemovalLeavesWhatItSays(t *testing.T) {
	t.Parallel()
	table := dynamotest.New(t)
	clock := time.Now().UTC()
	w := walker(table, func() time.Time { return clock })
	onboard(t, w)
	furnish(t, table, clock)
	before := kinds(t, table)
	for name, f := range fates {
		if f != other && before[name] == 0 {
			t.Errorf("nothing of kind %s was made", name)
		}
	}
	service := offboarding.Service{Property: w.Property, Store: w.Store, Audit: w.Audit, Now: w.Now}
	if _, err := service.Remove(t.Context(), auth.Job("test", auth.Organization, "run"), "acme"); err != nil {
		t.Fatal(err)
	}
	planned := func() []due.Item {
		found, err := (dynamo.Sweeps{Table: table}).Due(t.Context(), due.Tenancy, due.Shard("tenant"), time.Time{}, clock.Add(time.Hour), 10)
		created(t, err)
		return found
	}
	if diff := cmp.Diff([]due.Item{{Tenant: "acme", Kind: due.Tenant, ID: "tenant", At: clock.Add(tenant.Settled)}}, planned()); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
	for range 3 {
		clock = clock.Add(time.Hour)
		if err := w.Due(t.Context(), "run", due.Item{Tenant: "acme", Kind: due.Tenant, ID: "tenant", At: clock}); err != nil {
			t.Fatal(err)
		}
	}
	if r, err := w.Store.Get(t.Context(), "acme"); err != nil || r.State != tenant.Removed {
		t.Fatalf("tenant %+v, %v", r, err)
	}
	if found := planned(); len(found) > 0 {
		t.Errorf("due of a tenant that is removed: %v", found)
	}
	for name := range kinds(t, table) {
		if fates[name] == removed {
			t.Errorf("an item of kind %s is left", name)
		}
	}
	c, err := w.Connections.Get(t.Context(), auth.Organization, "con_org")
	if err != nil || c.Bindings != 0 {
		t.Errorf("%d bindings of the organization's connection, %v", c.Bindings, err)
	}
	if s, err := w.Store.GetSettings(t.Context(), "acme"); err != nil || s.Revision != 0 {
		t.Errorf("settings %+v, %v", s, err)
	}
}

// kinds counts the items that name acme, by kind. Those that expire must say when.
func kinds(t *testing.T, table dynamo.Table) map[string]int {
	t.Helper()
	all, err := table.DB.(*dynamodb.Client).Scan(t.Context(), &dynamodb.ScanInput{TableName: &table.Name})
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, item := range all.Items {
		pk, sk := item["pk"].(*types.AttributeValueMemberS).Value, item["sk"].(*types.AttributeValueMemberS).Value
		parts := strings.Split(pk, "#")
		name := parts[0]
		if len(parts) > 1 && fates[name] != expires {
			name = parts[1]
		}
		if fates[name] != expires && parts[0] != "acme" && sk != "acme" && !strings.HasPrefix(sk, "acme/") {
			continue
		}
		if _, ok := item["ttl"]; fates[name] == expires && !ok {
			t.Errorf("%s %s never expires", pk, sk)
		}
		counts[name]++
	}
	return counts
}

func onboard(t *testing.T, w *offboarding.Walker) {
	t.Helper()
	created(t, w.Store.Create(t.Context(), tenant.Tenant{ID: "acme", State: tenant.Provisioning}))
	_, err := w.Store.Activate(t.Context(), "acme", vault.WrappedKey{KeyARN: "arn:acme", Version: 1, Blob: []byte("wrapped")})
	created(t, err)
	created(t, w.Store.PutSettings(t.Context(), "acme", tenant.Settings{Revision: 1}))
	_, err = w.Store.ClaimExternalID(t.Context(), "acme", "ext")
	created(t, err)
}

// furnish stores an item of every kind for acme.
func furnish(t *testing.T, table dynamo.Table, now time.Time) {
	t.Helper()
	ctx, templates, connections := t.Context(), dynamo.Templates{Table: table}, dynamo.Connections{Table: table}
	for _, owner := range []string{"acme", auth.Organization} {
		created(t, templates.Create(ctx, template.Template{Owner: owner, ID: "tpl_" + owner, StableKey: "stripe"}))
		created(t, connections.Create(ctx, connection.Connection{Tenant: "acme", ID: "con_" + owner, TemplateOwner: owner, TemplateID: "tpl_" + owner, Lifecycle: connection.Ready}))
	}
	shared := connection.Connection{Tenant: auth.Organization, ID: "con_org", TemplateOwner: auth.Organization, TemplateID: "tpl_" + auth.Organization, Lifecycle: connection.Ready}
	created(t, connections.Create(ctx, shared))
	_, err := (dynamo.Flows{Table: table}).Update(ctx, "acme", "orders", func(f *flow.Flow) ([]connection.Connection, error) {
		own, _ := connections.Get(ctx, "acme", "con_acme")
		lent, err := connections.Get(ctx, auth.Organization, "con_org")
		f.State, f.Bindings = flow.Active, []flow.Binding{{Slot: "a", Owner: "acme", ConnectionID: own.ID}, {Slot: "b", Owner: auth.Organization, ConnectionID: lent.ID}}
		return []connection.Connection{own, lent}, err
	})
	created(t, err)
	created(t, dynamo.WebhookEndpoints{Table: table}.Create(ctx, webhook.Endpoint{Tenant: "acme", ID: "whe_1"}))
	created(t, dynamo.SigningKeys{Table: table}.Create(ctx, signing.Key{Tenant: "acme", ID: "sgk_1", ARN: "arn:sgk"}))
	_, _, err = dynamo.Idempotency{Table: table}.Reserve(ctx, idempotency.Record{Tenant: "acme", Key: "connection-import#1", Expires: now.AddDate(10, 0, 0)}, now)
	created(t, err)
	_, err = dynamo.Deliveries{Table: table}.Create(ctx, delivery.Delivery{Tenant: "acme", Target: "whe_1", CreatedAt: now, Event: notify.Event{ID: "evt_1"}})
	created(t, err)
	_, err = dynamo.Deliveries{Table: table}.Once(ctx, "acme", "thing", "evt_1", now, now.Add(time.Hour))
	created(t, err)
	_, _, err = dynamo.Ledger{Table: table}.Claim(ctx, expiry.Marker{Tenant: "acme", Resource: "con_acme", Date: now, Event: notify.Event{ID: "evt_1", At: now}})
	created(t, err)
	_, err = dynamo.Histories{Table: table}.Update(ctx, "acme", "con_acme", func(h *health.History) error { h.CalledAt = now; return nil })
	created(t, err)
	created(t, dynamo.Handoffs{Table: table}.Create(ctx, connect.Handoff{ID: "hnd_1", Tenant: "acme", ExpiresAt: now.Add(time.Minute)}))
	created(t, dynamo.Sessions{Table: table}.Create(ctx, session.Session{ID: "cse_1", Tenant: "acme", ExpiresAt: now.Add(time.Minute)}))
	created(t, dynamo.SignIns{Table: table}.Put(ctx, console.SignIn{Hash: "hash", ExpiresAt: now.Add(time.Minute)}))
	log := dynamo.Audit{Table: table}
	created(t, log.Append(ctx, audit.Entry{Tenant: "acme", ID: "aud_1", At: now}))
	created(t, log.Enrol(ctx, "acme", now))
	head, err := log.Head(ctx, "acme")
	created(t, err)
	created(t, log.Advance(ctx, head, &audit.Seal{Tenant: "acme", Seq: 1}))
	created(t, log.PutInspection(ctx, audit.Inspection{Tenant: "acme"}))
}

// walker removes tenants from the table; what is elsewhere is always done.
func walker(table dynamo.Table, now func() time.Time) *offboarding.Walker {
	p := offboarding.Property{
		Connections: dynamo.Connections{Table: table}, Templates: dynamo.Templates{Table: table},
		Endpoints: dynamo.WebhookEndpoints{Table: table}, SigningKeys: dynamo.SigningKeys{Table: table},
	}
	all, log := elsewhere{p}, &audit.Log{Store: dynamo.Audit{Table: table}}
	return &offboarding.Walker{
		Property: p, Store: dynamo.Tenants{Table: table}, Flows: offboarding.StoredFlows{Store: dynamo.Flows{Table: table}, Audit: log}, Requests: dynamo.Idempotency{Table: table},
		Switches: all, Connects: all, Remover: removesTemplates{p}, Keys: all, Events: all,
		Audit: log, Now: now,
	}
}

// elsewhere are kill switches, keys and the bus, and connections that have nothing
// to revoke.
type elsewhere struct{ offboarding.Property }

func (elsewhere) Create(context.Context, auth.Caller, killswitch.New) (killswitch.Record, error) {
	return killswitch.Record{ID: "ksw_1", Phase: killswitch.Done}, nil
}

func (elsewhere) Lift(context.Context, auth.Caller, string) (killswitch.Record, error) {
	return killswitch.Record{}, nil
}

func (e elsewhere) Remove(ctx context.Context, caller auth.Caller, id string) (method.Revocation, error) {
	_, err := e.Connections.Update(ctx, caller.Tenant, id, func(c *connection.Connection) error {
		c.Lifecycle, c.Deletion.Revocation = connection.Deleting, string(method.NothingToRevoke)
		return nil
	})
	if err != nil {
		return "", err
	}
	return method.NothingToRevoke, e.Connections.Delete(ctx, caller.Tenant, id)
}

func (elsewhere) FindKey(context.Context, string) (string, error) { return "", nil }
func (elsewhere) DisableKey(context.Context, string) error        { return nil }
func (elsewhere) ScheduleKeyDeletion(context.Context, string, int) (time.Time, error) {
	return time.Time{}, nil
}
func (elsewhere) Publish(context.Context, notify.Event) error { return nil }

type removesTemplates struct{ offboarding.Property }

func (e removesTemplates) Delete(ctx context.Context, caller auth.Caller, id, _ string) error {
	t, err := e.Templates.Get(ctx, caller.Tenant, id)
	if err != nil {
		return err
	}
	return e.Templates.Delete(ctx, t)
}
