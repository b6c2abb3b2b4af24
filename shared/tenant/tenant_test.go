package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/tenant/tenanttest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

var errBusy = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")

// world is the service over fakes that note what is done, and of which one
// call can be the last before the process dies.
type world struct {
	*tenant.Service
	t     *testing.T
	store *tenanttest.Memory
	keys  *vaulttest.Keys

	mu    sync.Mutex
	done  []string
	last  string
	after bool
	dead  bool
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, store: tenanttest.NewMemory(), keys: new(vaulttest.Keys)}
	w.Service = &tenant.Service{
		Store: store{w.store, w}, Keys: keys{w.keys, w}, Audit: &audit.Log{Store: audittest.NewMemory()},
		Now: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) },
	}
	return w
}

func (w *world) run(op string, call func() error) error {
	w.mu.Lock()
	w.dead = w.dead || op == w.last && !w.after
	dead := w.dead
	if !dead {
		w.done = append(w.done, op)
	}
	w.dead = w.dead || op == w.last
	w.mu.Unlock()
	if dead {
		return errBusy
	}
	err := call()
	if err == nil && op == w.last && w.after {
		return errBusy
	}
	return err
}

type store struct {
	tenant.Store
	w *world
}

func (s store) Create(ctx context.Context, t tenant.Tenant) error {
	return s.w.run("create "+t.ID, func() error { return s.Store.Create(ctx, t) })
}

func (s store) Activate(ctx context.Context, id string, key vault.WrappedKey) (t tenant.Tenant, err error) {
	err = s.w.run("activate "+id, func() (err error) {
		t, err = s.Store.Activate(ctx, id, key)
		return err
	})
	return t, err
}

type keys struct {
	tenant.Keys
	w *world
}

func (k keys) CreateTenantKey(ctx context.Context, name string) (arn string, err error) {
	err = k.w.run("key "+name, func() (err error) {
		arn, err = k.Keys.CreateTenantKey(ctx, name)
		return err
	})
	return arn, err
}

func (k keys) NewDataKey(ctx context.Context, arn string, binding map[string]string) (plain secret.Bytes, wrapped []byte, err error) {
	err = k.w.run("data key "+binding["tenon:tenant"], func() (err error) {
		plain, wrapped, err = k.Keys.NewDataKey(ctx, arn, binding)
		return err
	})
	return plain, wrapped, err
}

func caller(name string) auth.Caller {
	return auth.Caller{Tenant: name, Home: name, Subject: "ann", Scopes: auth.Scopes()}
}

// usable checks that something can be sealed for the tenant and opened again.
func (w *world) usable(id string) {
	w.t.Helper()
	sealer := vault.Sealer{Keys: w.keys, DataKeys: w.store}
	place := vault.Place{Tenant: id, Resource: "con_1", Purpose: vault.PurposeLease}
	sealed, err := sealer.Seal(w.t.Context(), place, secret.FromString("value"))
	must(w.t, err)
	opened, err := sealer.Open(w.t.Context(), place, sealed)
	if err != nil || opened.Reveal() != "value" {
		w.t.Errorf("open: %v", err)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if err == nil || fault.From(err).Code != code {
		t.Errorf("got error %v, want %s", err, code)
	}
}

// The organization's own key comes first: its templates need it before any
// tenant can connect.
func TestCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made, err := w.Create(t.Context(), caller("org"), "acme", "Acme", false)
	must(t, err)
	want := []string{"create org", "key org", "data key org", "activate org", "create acme", "key acme", "data key acme", "activate acme"}
	if diff := cmp.Diff(want, w.done); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if made.ID != "acme" || made.Name != "Acme" || made.State != tenant.Ready || made.Key.KeyARN == "" {
		t.Errorf("made %+v", made)
	}
	w.usable("org")
	w.usable("acme")
	_, err = w.Create(t.Context(), caller("org"), "acme", "Again", false)
	refused(t, err, fault.CodeTenantExists)
	again, err := w.Get(t.Context(), caller("org"), "acme")
	must(t, err)
	if diff := cmp.Diff(made, again); diff != "" {
		t.Errorf("record (-before +after):\n%s", diff)
	}
}

func TestCreateRepeatedAfterACrash(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"org", "acme"} {
		for _, step := range []string{"create", "key", "data key", "activate"} {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %s after=%t", step, id, after), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					w.last, w.after = step+" "+id, after
					if _, err := w.Create(t.Context(), caller("org"), "acme", "Acme", false); err == nil {
						t.Error("the failure was not reported")
					}
					w.last, w.dead = "", false
					_, err := w.Create(t.Context(), caller("org"), "acme", "Acme", false)
					if step == "activate" && id == "acme" && after {
						refused(t, err, fault.CodeTenantExists)
					} else {
						must(t, err)
					}
					w.usable("org")
					w.usable("acme")
				})
			}
		}
	}
}

// Calls at the same time agree on one key: what one of them sealed, all open.
func TestCreateAtTheSameTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := make([]tenant.Tenant, 16)
	var group sync.WaitGroup
	for i := range made {
		group.Go(func() {
			var err error
			if made[i], err = w.Create(t.Context(), caller("acme"), "acme", "Acme", false); err != nil && !errors.Is(err, tenant.ErrExists) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	stored, err := w.store.Get(t.Context(), "acme")
	must(t, err)
	for _, m := range made {
		if diff := cmp.Diff(stored.Key, m.Key); m.State == tenant.Ready && diff != "" {
			t.Errorf("key (-stored +returned):\n%s", diff)
		}
	}
	w.usable("acme")
}

func TestWhoMayCreate(t *testing.T) {
	t.Parallel()
	acting, plain := caller("acme"), caller("acme")
	acting.Home = auth.Organization
	plain.Scopes = []string{auth.ConnectionsWrite, auth.SettingsWrite}
	for name, test := range map[string]struct {
		by   auth.Caller
		id   string
		want fault.Code
	}{
		"the organization":                     {caller("org"), "acme", ""},
		"the organization for a tenant":        {acting, "globex", ""},
		"a tenant's administrator":             {caller("acme"), "acme", ""},
		"another tenant's administrator":       {caller("acme"), "globex", fault.CodeForbidden},
		"a tenant that wants the organization": {caller("acme"), "org", fault.CodeForbidden},
		"a caller who is no administrator":     {plain, "acme", fault.CodeForbidden},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			_, err := w.Create(t.Context(), test.by, test.id, "Name", false)
			if test.want == "" {
				must(t, err)
				return
			}
			refused(t, err, test.want)
			if len(w.done) > 0 {
				t.Errorf("done: %v", w.done)
			}
		})
	}
}

func TestWhoMayRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range []string{"acme", "globex"} {
		_, err := w.Create(t.Context(), caller("org"), id, id, false)
		must(t, err)
	}
	for _, test := range []struct {
		by, id string
		want   fault.Code
	}{
		{"org", "acme", ""}, {"acme", "acme", ""}, {"acme", "globex", fault.CodeNotFound}, {"acme", "org", fault.CodeNotFound},
		{"acme", "unknown", fault.CodeNotFound}, {"org", "unknown", fault.CodeNotFound},
	} {
		_, err := w.Get(t.Context(), caller(test.by), test.id)
		if (test.want == "") != (err == nil) || err != nil && fault.From(err).Code != test.want {
			t.Errorf("%s reads %s: got %v, want %q", test.by, test.id, err, test.want)
		}
	}
	for by, want := range map[string][]string{"org": {"acme", "globex", "org"}, "acme": {"acme"}, "unknown": nil} {
		found, _, err := w.List(t.Context(), caller(by), "", 10)
		must(t, err)
		var got []string
		for _, f := range found {
			got = append(got, f.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s lists (-want +got):\n%s", by, diff)
		}
	}
}
