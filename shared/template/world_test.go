package template_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/template/templatetest"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// world is the service over fakes. Before a write of the store the hook may
// fail it, or do what someone else does at that moment; after may lose its
// answer.
type world struct {
	*template.Service
	t       *testing.T
	store   *templatetest.Memory
	secrets *vaulttest.Secrets
	bus     *notifytest.Bus
	before  func(op string) error
	after   func(op string) error

	mu  sync.Mutex
	now time.Time
}

const (
	firstSecret  = "client-secret-0001"
	secondSecret = "client-secret-0002"
)

var errBusy = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")

func newWorld(t *testing.T) *world {
	kms := new(vaulttest.Keys)
	none := func(string) error { return nil }
	w := &world{
		t: t, store: templatetest.NewMemory(), secrets: &vaulttest.Secrets{Keys: kms}, bus: new(notifytest.Bus), before: none, after: none,
		now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
	}
	w.Service = &template.Service{
		Store: hooked{w.store, w}, Catalog: catalog.Catalog{Local: true}, Secrets: hookedSecrets{w.secrets, w},
		Keys:        vaulttest.NewDataKeys(t, kms, "acme", "acme-2", "globex", auth.Organization),
		Idempotency: &idempotency.Keys{Store: idempotencytest.NewMemory(), Now: w.clock},
		Audit:       &audit.Log{Store: audittest.NewMemory()}, HTTP: doer(unreachable), Events: w.bus,
		PublicURL: "https://tenon.example.com", Stage: "test", Now: w.clock,
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(time.Second)
	return w.now
}

type hooked struct {
	template.Store
	w *world
}

func (h hooked) run(op string, call func() error) error {
	if err := h.w.before(op); err != nil {
		return err
	}
	if err := call(); err != nil {
		return err
	}
	return h.w.after(op)
}

func (h hooked) Create(ctx context.Context, t template.Template) error {
	return h.run("create", func() error { return h.Store.Create(ctx, t) })
}

func (h hooked) Update(ctx context.Context, owner, id string, change func(*template.Template) error) (t template.Template, err error) {
	err = h.run("update", func() (err error) {
		t, err = h.Store.Update(ctx, owner, id, change)
		return err
	})
	return t, err
}

func (h hooked) InUse(ctx context.Context, owner, id string) (used bool, err error) {
	err = h.run("inUse", func() (err error) {
		used, err = h.Store.InUse(ctx, owner, id)
		return err
	})
	return used, err
}

func (h hooked) Delete(ctx context.Context, t template.Template) error {
	return h.run("delete", func() error { return h.Store.Delete(ctx, t) })
}

type hookedSecrets struct {
	vault.Secrets
	w *world
}

func (h hookedSecrets) Delete(ctx context.Context, name string) error {
	return hooked{w: h.w}.run("secrets.delete", func() error { return h.Secrets.Delete(ctx, name) })
}

// doer is a method.Doer.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func unreachable(*http.Request) (*http.Response, error) { return nil, errors.New("no route to host") }

func answers(status int, body any) doer {
	encoded, err := json.Marshal(body)
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(encoded)))}, err
	}
}

func caller(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes(), RequestID: "req-1"}
}

// define is a template with an OAuth client.
func define(stableKey string) template.Define {
	return template.Define{
		Connector: "demo-crm", Name: "CRM", StableKey: stableKey, Scheme: "oauth2_authorization_code", Embedded: true,
		Inputs: map[string]string{"baseUrl": "https://crm.example.com/dev"}, Scopes: []string{"crm.read"},
		ClientID: "client-1", ClientSecret: secret.FromString(firstSecret),
	}
}

func (w *world) make(owner string, d template.Define) template.Template {
	w.t.Helper()
	made, err := w.Create(w.t.Context(), caller(owner), d)
	must(w.t, err)
	return made
}

// stored returns the record, hidden or not.
func (w *world) stored(t template.Template) template.Template {
	w.t.Helper()
	found, err := w.store.Get(w.t.Context(), t.Owner, t.ID)
	must(w.t, err)
	return found
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
	if err != nil && strings.Contains(err.Error(), "client-secret") {
		t.Errorf("the error holds a secret: %v", err)
	}
}

func pointer[T any](v T) *T { return &v }
