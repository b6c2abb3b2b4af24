package signing_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/signing/signingtest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

var errDown = fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy.")

// world is the service over fakes, of which one call can be the last before the
// process dies.
type world struct {
	*signing.Service
	t     *testing.T
	store *signingtest.Memory
	keys  *signingtest.Keys
	now   time.Time
	last  string
	after bool
	dead  bool
	// meanwhile runs once, before the next signature.
	meanwhile func()
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, store: signingtest.NewMemory(), keys: new(signingtest.Keys), now: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { w.now = w.now.Add(time.Second); return w.now }
	w.Service = &signing.Service{
		Store: store{w.store, w}, Keys: keys{w.keys, w}, Tenants: tenants{},
		Idempotency: &idempotency.Keys{Store: idempotencytest.NewMemory(), IDs: id.Maker{Now: clock}, Now: clock},
		Audit:       &audit.Log{Store: audittest.NewMemory()}, Stage: "test", PublicURL: "https://api.tenon.example", Now: clock,
	}
	return w
}

// run makes a call unless the process is dead, and lets it die before or after
// the one named.
func (w *world) run(op string, call func() error) error {
	if w.dead || op == w.last && !w.after {
		w.dead = true
		return errDown
	}
	if err := call(); err != nil {
		return err
	}
	if op == w.last {
		w.dead = true
		return errDown
	}
	return nil
}

type store struct {
	signing.Store
	w *world
}

func (s store) Create(ctx context.Context, k signing.Key) error {
	return s.w.run("create", func() error { return s.Store.Create(ctx, k) })
}

func (s store) Update(ctx context.Context, tenant, id string, change func(*signing.Key) error) (k signing.Key, err error) {
	err = s.w.run("update", func() (err error) {
		k, err = s.Store.Update(ctx, tenant, id, change)
		return err
	})
	return k, err
}

type keys struct {
	signing.Keys
	w *world
}

func (k keys) CreateSigningKey(ctx context.Context, tenant, id, algorithm string, bits int) (arn string, public []byte, err error) {
	err = k.w.run("key", func() (err error) {
		arn, public, err = k.Keys.CreateSigningKey(ctx, tenant, id, algorithm, bits)
		return err
	})
	return arn, public, err
}

func (k keys) Sign(ctx context.Context, arn, algorithm string, message []byte) (signature []byte, err error) {
	if do := k.w.meanwhile; do != nil {
		k.w.meanwhile = nil
		do()
	}
	err = k.w.run("sign", func() (err error) {
		signature, err = k.Keys.Sign(ctx, arn, algorithm, message)
		return err
	})
	return signature, err
}

// tenants knows acme and globex.
type tenants struct{}

func (tenants) DataKey(_ context.Context, id string) (vault.WrappedKey, error) {
	if id != "acme" && id != "globex" {
		return vault.WrappedKey{}, tenant.ErrUnknown
	}
	return vault.WrappedKey{}, nil
}

func caller(name string) auth.Caller {
	return auth.Caller{Tenant: name, Home: name, Subject: "ann", Scopes: auth.Scopes()}
}

func (w *world) make(tenant, algorithm string) signing.Key {
	w.t.Helper()
	k, err := w.Create(w.t.Context(), caller(tenant), signing.New{Algorithm: algorithm, Size: map[bool]int{true: 2048}[algorithm != signing.ES256]})
	must(w.t, err)
	return k
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

// Wherever the process dies, the same request leads to one key.
func TestCreateRepeatedAfterACrash(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"create", "key", "sign", "update"} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s after=%t", step, after), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.last, w.after = step, after
				n := signing.New{Key: "k-1", Fingerprint: "f", Algorithm: signing.ES256}
				if _, err := w.Create(t.Context(), caller("acme"), n); !fault.Has(err, fault.CodeRetryLater) {
					t.Errorf("got %v", err)
				}
				w.last, w.dead, w.now = "", false, w.now.Add(time.Hour)
				made, err := w.Create(t.Context(), caller("acme"), n)
				must(t, err)
				again, err := w.Create(t.Context(), caller("acme"), n)
				must(t, err)
				if diff := cmp.Diff(made, again); diff != "" {
					t.Errorf("(-made +again):\n%s", diff)
				}
				all, err := w.List(t.Context(), caller("acme"))
				must(t, err)
				if made.State != signing.Active || w.keys.Count() != 1 || len(all) != 1 {
					t.Errorf("got %+v, %d keys, %d records", made, w.keys.Count(), len(all))
				}
			})
		}
	}
}

func TestCreateIsLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var first signing.Key
	for i := range 10 {
		if k := w.make("acme", signing.ES256); i == 0 {
			first = k
		}
	}
	_, err := w.Create(t.Context(), caller("acme"), signing.New{Key: "k-1", Algorithm: signing.ES256})
	refused(t, err, fault.CodeLimitExceeded)
	w.make("globex", signing.ES256)
	must(t, w.Retire(t.Context(), caller("acme"), first.ID))
	_, err = w.Create(t.Context(), caller("acme"), signing.New{Key: "k-1", Algorithm: signing.ES256})
	must(t, err)
	if w.keys.Count() != 12 {
		t.Errorf("got %d keys, want 12", w.keys.Count())
	}
}

func TestCreateRefuses(t *testing.T) {
	t.Parallel()
	reader := caller("acme")
	reader.Scopes = []string{auth.SettingsRead, auth.ConnectionsWrite}
	for name, test := range map[string]struct {
		by   auth.Caller
		n    signing.New
		want fault.Code
	}{
		"a caller who may not":  {reader, signing.New{Algorithm: signing.ES256}, fault.CodeForbidden},
		"an unknown tenant":     {caller("unknown"), signing.New{Algorithm: signing.ES256}, fault.CodeTenantUnknown},
		"a secret's algorithm":  {caller("acme"), signing.New{Algorithm: "HS256"}, fault.CodeValidationFailed},
		"none":                  {caller("acme"), signing.New{Algorithm: "none"}, fault.CodeValidationFailed},
		"a short RSA key":       {caller("acme"), signing.New{Algorithm: signing.RS256, Size: 1024}, fault.CodeValidationFailed},
		"an EC key with a size": {caller("acme"), signing.New{Algorithm: signing.ES256, Size: 256}, fault.CodeValidationFailed},
		"two years":             {caller("acme"), signing.New{Algorithm: signing.ES256, Days: 730}, fault.CodeValidationFailed},
		"less than no time":     {caller("acme"), signing.New{Algorithm: signing.ES256, Days: -1}, fault.CodeValidationFailed},
	} {
		w := newWorld(t)
		_, err := w.Create(t.Context(), test.by, test.n)
		if fault.From(err).Code != test.want || w.keys.Count() > 0 {
			t.Errorf("%s: got %v, %d keys, want %s", name, err, w.keys.Count(), test.want)
		}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Find(t.Context(), "acme", signing.ES256, "")
	refused(t, err, fault.CodeCredentialUnavailable)
	old := w.make("acme", signing.ES256)
	w.make("acme", signing.RS256)
	theirs := w.make("globex", signing.ES256)
	newest := w.make("acme", signing.ES256)
	w.last = "key"
	_, err = w.Create(t.Context(), caller("acme"), signing.New{Algorithm: signing.ES256})
	refused(t, err, fault.CodeRetryLater)
	w.last, w.dead = "", false
	found := func(pinned string) string {
		t.Helper()
		k, err := w.Find(t.Context(), "acme", signing.ES256, pinned)
		must(t, err)
		if k.ARN == "" || k.Thumbprint == "" || k.Algorithm != signing.ES256 {
			t.Errorf("got %+v", k)
		}
		return k.ID
	}
	for pinned, want := range map[string]string{"": newest.ID, old.ID: old.ID, theirs.ID: newest.ID, "sgk_unknown": newest.ID} {
		if got := found(pinned); got != want {
			t.Errorf("pinned %q: got %s, want %s", pinned, got, want)
		}
	}
	must(t, w.Retire(t.Context(), caller("acme"), old.ID))
	if got := found(old.ID); got != newest.ID {
		t.Errorf("in place of a retired key: got %s, want %s", got, newest.ID)
	}
	must(t, w.Retire(t.Context(), caller("acme"), newest.ID))
	_, err = w.Find(t.Context(), "acme", signing.ES256, old.ID)
	refused(t, err, fault.CodeCredentialUnavailable)
	if remedy := fault.From(err).Remedy; remedy != "contact_admin" {
		t.Errorf("got remedy %q", remedy)
	}
}

// Of two that finish one creation the first decides, and so does whoever retires
// the key before either: its certificate is made once.
func TestFinishedTwiceAtOnce(t *testing.T) {
	t.Parallel()
	for _, retired := range []bool{false, true} {
		w := newWorld(t)
		n := signing.New{Key: "k-1", Algorithm: signing.ES256}
		var first signing.Key
		w.meanwhile = func() {
			all, err := w.List(t.Context(), caller("acme"))
			must(t, err)
			if retired {
				must(t, w.Retire(t.Context(), caller("acme"), all[0].ID))
				return
			}
			w.now = w.now.Add(time.Hour) // The other takes over.
			first, err = w.Create(t.Context(), caller("acme"), n)
			must(t, err)
		}
		made, err := w.Create(t.Context(), caller("acme"), n)
		must(t, err)
		if want := map[bool]signing.State{false: signing.Active, true: signing.Retired}[retired]; made.State != want || w.keys.Count() != 1 {
			t.Errorf("retired %v: got %s, %d keys", retired, made.State, w.keys.Count())
		}
		if !retired && string(made.Certificate) != string(first.Certificate) {
			t.Error("the certificate was made twice")
		}
	}
}

// A key that is retired while it is made does not come back to life.
func TestRetiredWhileItIsMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	n := signing.New{Key: "k-1", Algorithm: signing.ES256}
	w.last = "sign"
	_, err := w.Create(t.Context(), caller("acme"), n)
	refused(t, err, fault.CodeRetryLater)
	w.last, w.dead, w.now = "", false, w.now.Add(time.Hour)
	all, err := w.List(t.Context(), caller("acme"))
	must(t, err)
	must(t, w.Retire(t.Context(), caller("acme"), all[0].ID))
	made, err := w.Create(t.Context(), caller("acme"), n)
	must(t, err)
	if made.ID != all[0].ID || made.State != signing.Retired {
		t.Errorf("got %+v", made)
	}
	if set, err := w.KeySet(t.Context(), "acme"); err != nil || len(set.Keys) > 0 {
		t.Errorf("got key set %+v, %v", set, err)
	}
}

func TestRetireIsForTheOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	k := w.make("acme", signing.ES256)
	if err := w.Retire(t.Context(), caller("globex"), k.ID); !errors.Is(err, signing.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if stored, err := w.store.Get(t.Context(), "acme", k.ID); err != nil || stored.State != signing.Active {
		t.Errorf("got %+v, %v", stored, err)
	}
}
