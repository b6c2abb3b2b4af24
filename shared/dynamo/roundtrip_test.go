package dynamo_test

import (
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connect/connecttest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
)

// A field that is added to a record and not to its item does not come back.
func TestEveryFieldComesBack(t *testing.T) {
	table := withTemplate(t, dynamotest.New(t))
	for _, s := range []connection.Store{dynamo.Connections{Table: table}, connectiontest.NewMemory()} {
		want := filled[connection.Connection]()
		want.Version, want.TemplateOwner, want.TemplateID = 1, "org", "tpl_1"
		created(t, s.Create(t.Context(), want))
		got, err := s.Get(t.Context(), want.Tenant, want.ID)
		same(t, got, err, want)
	}
	for _, s := range []template.Store{dynamo.Templates{Table: table}, templatetest.NewMemory()} {
		want := filled[template.Template]()
		want.Version = 1
		created(t, s.Create(t.Context(), want))
		got, err := s.Get(t.Context(), want.Owner, want.ID)
		same(t, got, err, want)
	}
	for _, s := range []connect.Store{dynamo.Handoffs{Table: table}, connecttest.NewMemory()} {
		want := filled[connect.Handoff]()
		want.Version = 1
		created(t, s.Create(t.Context(), want))
		got, err := s.Get(t.Context(), want.ID)
		same(t, got, err, want)
	}
	for _, s := range []tenant.Store{dynamo.Tenants{Table: table}, tenanttest.NewMemory()} {
		want, wantSettings := filled[tenant.Tenant](), filled[tenant.Settings]()
		want.Version = 1
		created(t, s.Create(t.Context(), want))
		got, err := s.Get(t.Context(), want.ID)
		same(t, got, err, want)
		wantSettings.Revision = 1
		created(t, s.PutSettings(t.Context(), want.ID, wantSettings))
		gotSettings, err := s.GetSettings(t.Context(), want.ID)
		same(t, gotSettings, err, wantSettings)
	}
	for _, s := range []signing.Store{dynamo.SigningKeys{Table: table}, signingtest.NewMemory()} {
		want := filled[signing.Key]()
		want.Version = 1
		created(t, s.Create(t.Context(), want))
		got, err := s.Get(t.Context(), want.Tenant, want.ID)
		same(t, got, err, want)
	}
	for _, s := range []audit.Store{dynamo.Audit{Table: table}, audittest.NewMemory()} {
		want := filled[audit.Entry]()
		created(t, s.Append(t.Context(), want))
		got, _, err := s.List(t.Context(), want.Tenant, audit.Query{Limit: 1})
		same(t, got, err, []audit.Entry{want})
	}
	for _, s := range []idempotency.Store{dynamo.Idempotency{Table: table}, idempotencytest.NewMemory()} {
		want := filled[idempotency.Record]()
		_, _, err := s.Reserve(t.Context(), want, want.Expires.Add(-time.Second))
		created(t, err)
		got, _, err := s.Reserve(t.Context(), idempotency.Record{Tenant: want.Tenant, Key: want.Key}, want.Expires.Add(-time.Second))
		same(t, got, err, want)
	}
}

// made returns a connection made from the template of withTemplate.
func made(id string) connection.Connection {
	return connection.Connection{Tenant: "acme", ID: id, TemplateOwner: "org", TemplateID: "tpl_1"}
}

// withTemplate returns the table with a template in it.
func withTemplate(t *testing.T, table dynamo.Table) dynamo.Table {
	t.Helper()
	created(t, dynamo.Templates{Table: table}.Create(t.Context(), template.Template{Owner: "org", ID: "tpl_1", StableKey: "crm"}))
	return table
}

func created(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("create: %v", err)
	}
}

func same(t *testing.T, got any, err error, want any) {
	t.Helper()
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%T does not come back whole (-want +got):\n%s", want, diff)
	}
}

// filled returns a record in which no field is zero and no two are alike.
func filled[T any]() T {
	var record T
	n := 0
	fill(reflect.ValueOf(&record).Elem(), &n)
	return record
}

func fill(v reflect.Value, n *int) {
	*n++
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, 3, 1, 12, 0, *n, *n, time.UTC)))
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString("value-" + strconv.Itoa(*n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(*n))
	case reflect.Uint8:
		v.SetUint(uint64(*n))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	default:
		panic("fill does not know " + v.Type().String())
	}
}
