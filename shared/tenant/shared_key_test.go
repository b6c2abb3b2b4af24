package tenant_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// sharing returns a world whose new tenants share a KMS key.
func sharing(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	var err error
	w.SharedKey, err = w.keys.CreateTenantKey(t.Context(), "#shared")
	must(t, err)
	return w
}

// Where tenants share a KMS key none is made for them, and each has a data key that
// opens for nobody else.
func TestCreateWithSharedKey(t *testing.T) {
	t.Parallel()
	w := sharing(t)
	keys := map[string]vault.WrappedKey{}
	for _, id := range []string{"acme", "globex"} {
		made, err := w.Create(t.Context(), caller("org"), id, id, false)
		must(t, err)
		if shown := made.API(); made.Key.KeyARN != w.SharedKey || !shown.KeyShared || shown.KeyARN != w.SharedKey {
			t.Errorf("made %+v, want the shared key %s, and said so", made, w.SharedKey)
		}
		w.usable(id)
		keys[id] = made.Key
	}
	want := []string{
		"create org", "data key org", "activate org", "create acme", "data key acme", "activate acme",
		"create org", "create globex", "data key globex", "activate globex",
	}
	if diff := cmp.Diff(want, w.done); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if _, err := w.keys.Unwrap(t.Context(), w.SharedKey, keys["acme"].Blob, vault.Binding("globex")); !fault.Has(err, fault.CodeKeyIntegrity) {
		t.Errorf("the data key of a tenant in the place of another's: %v", err)
	}
}

func TestCreateWithSharedKeyRepeatedAfterACrash(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"create", "data key", "activate"} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s after=%t", step, after), func(t *testing.T) {
				t.Parallel()
				w := sharing(t)
				w.last, w.after = step+" acme", after
				if _, err := w.Create(t.Context(), caller("org"), "acme", "Acme", true); err == nil {
					t.Error("the failure was not reported")
				}
				w.last, w.dead = "", false
				made, err := w.Create(t.Context(), caller("org"), "acme", "Acme", true)
				must(t, err)
				if made.State != tenant.Ready || !made.Key.Shared || made.Key.KeyARN != w.SharedKey {
					t.Errorf("made %+v", made)
				}
				w.usable("acme")
			})
		}
	}
}

// A tenant keeps the key it was made with when new ones get another kind, in
// either direction.
func TestTenantsKeepTheirKeyWhenTheModeChanges(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]bool{"own, then shared": false, "shared, then own": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sharing(t)
			shared := w.SharedKey
			if !first {
				w.SharedKey = ""
			}
			before, err := w.Create(t.Context(), caller("org"), "acme", "Acme", false)
			must(t, err)
			if w.SharedKey = shared; first {
				w.SharedKey = ""
			}
			again, err := w.Create(t.Context(), caller("org"), "acme", "Acme", true)
			must(t, err)
			if diff := cmp.Diff(before, again); diff != "" {
				t.Errorf("tenant (-before +after):\n%s", diff)
			}
			later, err := w.Create(t.Context(), caller("org"), "globex", "Globex", false)
			must(t, err)
			if before.Key.Shared != first || later.Key.Shared == first || later.Key.KeyARN == before.Key.KeyARN {
				t.Errorf("keys %+v, then %+v", before.Key, later.Key)
			}
			w.usable("acme")
			w.usable("globex")
		})
	}
}
