package tenanttest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault"
)

// Store is what holds tenants and finds their data keys.
type Store interface {
	tenant.Store
	tenant.EgressStore
	vault.DataKeys
}

// Run checks a store against the documentation of tenant.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) Store) {
	RunSequential(t, open)
	t.Run("concurrent activations agree on one key", func(t *testing.T) { concurrentActivate(t, open(t)) })
	t.Run("concurrent claims agree on one external id", func(t *testing.T) { concurrentClaim(t, open(t)) })
	t.Run("one of many concurrent settings wins", func(t *testing.T) { concurrentSettings(t, open(t)) })
	t.Run("concurrent changes of announced addresses all count", func(t *testing.T) { concurrentEgress(t, open(t)) })
}

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, Store)
	}{
		{"an unknown tenant", unknown},
		{"a tenant is created once", create},
		{"a tenant is activated once", activate},
		{"a data key is that of a ready tenant", dataKey},
		{"a record is changed as it stands", update},
		{"a record is marked, and the list learns of it later", mark},
		{"a removed tenant has no data key", removed},
		{"deleted settings are the zero value", deletedSettings},
		{"a list is in order and pages end exactly", list},
		{"settings begin with the zero value", settings},
		{"stale settings are refused", staleSettings},
		{"an external id is claimed once", externalID},
		{"announced addresses begin with none and are changed as they stand", egress},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func sample(id string) tenant.Tenant {
	return tenant.Tenant{ID: id, Name: "Tenant " + id, State: tenant.Provisioning, CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC), Version: 1}
}

func sampleKey(n byte) vault.WrappedKey {
	return vault.WrappedKey{KeyARN: fmt.Sprintf("arn:aws:kms:eu-west-1:123456789012:key/%d", n), Version: 1, Blob: []byte{n, 0, 255}}
}

func unknown(t *testing.T, s Store) {
	if _, err := s.Get(t.Context(), "acme"); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("Get: got %v, want ErrUnknown", err)
	}
	if _, err := s.Activate(t.Context(), "acme", sampleKey(1)); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("Activate: got %v, want ErrUnknown", err)
	}
	if _, err := s.DataKey(t.Context(), "acme"); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("DataKey: got %v, want ErrUnknown", err)
	}
	found, next, err := s.List(t.Context(), "", 10)
	if err != nil || len(found) != 0 || next != "" {
		t.Errorf("List: got %d records, next %q, error %v; want nothing", len(found), next, err)
	}
}

func create(t *testing.T, s Store) {
	store(t, s, sample("acme"))
	again := sample("acme")
	again.Name = "Other"
	if err := s.Create(t.Context(), again); !errors.Is(err, tenant.ErrExists) {
		t.Errorf("Create again: got %v, want ErrExists", err)
	}
	stands(t, s, sample("acme"))
}

func activate(t *testing.T, s Store) {
	store(t, s, sample("acme"), sample("globex"))
	want := sample("acme")
	want.State, want.Key, want.Version = tenant.Ready, sampleKey(1), 2
	for _, key := range []vault.WrappedKey{sampleKey(1), sampleKey(2)} {
		got, err := s.Activate(t.Context(), "acme", key)
		if err != nil {
			t.Fatalf("Activate: %v", err)
		}
		equal(t, got, want)
	}
	stands(t, s, want)
	stands(t, s, sample("globex"))
	if err := s.Create(t.Context(), sample("acme")); !errors.Is(err, tenant.ErrExists) {
		t.Errorf("Create of a ready tenant: got %v, want ErrExists", err)
	}
}

func dataKey(t *testing.T, s Store) {
	store(t, s, sample("acme"))
	if _, err := s.DataKey(t.Context(), "acme"); !errors.Is(err, tenant.ErrUnknown) {
		t.Errorf("DataKey while provisioning: got %v, want ErrUnknown", err)
	}
	want := sampleKey(1)
	want.Shared = true
	if _, err := s.Activate(t.Context(), "acme", want); err != nil {
		t.Fatalf("Activate: %v", err)
	}
	got, err := s.DataKey(t.Context(), "acme")
	if err != nil {
		t.Fatalf("DataKey: %v", err)
	}
	equal(t, got, want)
	if _, err := s.Update(t.Context(), "acme", func(*tenant.Tenant) error { return nil }); err != nil {
		t.Fatalf("Update: %v", err)
	}
	if got, err = s.DataKey(t.Context(), "acme"); err != nil {
		t.Fatalf("DataKey: %v", err)
	}
	equal(t, got, want)
}

func list(t *testing.T, s Store) {
	store(t, s, sample("globex"), sample("acme"), sample("initech"), sample("acme-2"))
	want, err := s.Activate(t.Context(), "acme", sampleKey(1))
	if err != nil {
		t.Fatalf("Activate: %v", err)
	}
	first, next, err := s.List(t.Context(), "", 2)
	if err != nil || next != "acme-2" {
		t.Fatalf("List: next %q, error %v; want acme-2", next, err)
	}
	equal(t, first, []tenant.Tenant{want, sample("acme-2")})
	second, next, err := s.List(t.Context(), next, 2)
	if err != nil || next != "" {
		t.Fatalf("List: next %q, error %v; want the end", next, err)
	}
	equal(t, second, []tenant.Tenant{sample("globex"), sample("initech")})
}

func settings(t *testing.T, s Store) {
	stored(t, s, "acme", tenant.Settings{})
	want := tenant.Settings{
		Reminders: true, DaysBefore: []int{30, 7}, Admins: []string{"a@acme.example"}, ReturnURLs: []string{"https://acme.example/done"}, Revision: 1,
	}
	put(t, s, "acme", want)
	stored(t, s, "acme", want)
	stored(t, s, "globex", tenant.Settings{})
	put(t, s, "acme", tenant.Settings{Revision: 2})
	stored(t, s, "acme", tenant.Settings{Revision: 2})
}

func staleSettings(t *testing.T, s Store) {
	put(t, s, "acme", tenant.Settings{Revision: 1})
	put(t, s, "acme", tenant.Settings{Reminders: true, Revision: 2})
	for _, revision := range []int{1, 2, 4} {
		err := s.PutSettings(t.Context(), "acme", tenant.Settings{Revision: revision})
		if !errors.Is(err, tenant.ErrStale) {
			t.Errorf("PutSettings of revision %d over 2: got %v, want ErrStale", revision, err)
		}
	}
	if err := s.PutSettings(t.Context(), "globex", tenant.Settings{Revision: 2}); !errors.Is(err, tenant.ErrStale) {
		t.Errorf("PutSettings of revision 2 over none: got %v, want ErrStale", err)
	}
	stored(t, s, "acme", tenant.Settings{Reminders: true, Revision: 2})
}

func concurrentActivate(t *testing.T, s Store) {
	store(t, s, sample("acme"))
	results := make([]tenant.Tenant, 16)
	var wg sync.WaitGroup
	for n := range results {
		wg.Go(func() {
			got, err := s.Activate(t.Context(), "acme", sampleKey(byte(n)))
			if err != nil {
				t.Errorf("Activate: %v", err)
			}
			results[n] = got
		})
	}
	wg.Wait()
	for _, got := range results {
		stands(t, s, got)
	}
}

func concurrentSettings(t *testing.T, s Store) {
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for n := range errs {
		wg.Go(func() {
			errs[n] = s.PutSettings(t.Context(), "acme", tenant.Settings{DaysBefore: []int{n}, Revision: 1})
		})
	}
	wg.Wait()
	winners := 0
	for n, err := range errs {
		if err == nil {
			winners++
			stored(t, s, "acme", tenant.Settings{DaysBefore: []int{n}, Revision: 1})
		} else if !errors.Is(err, tenant.ErrStale) {
			t.Errorf("PutSettings: got %v, want ErrStale", err)
		}
	}
	if winners != 1 {
		t.Errorf("%d settings of the first revision were stored, want 1", winners)
	}
}

func store(t *testing.T, s Store, records ...tenant.Tenant) {
	t.Helper()
	for _, r := range records {
		if err := s.Create(t.Context(), r); err != nil {
			t.Fatalf("Create %s: %v", r.ID, err)
		}
	}
}

func put(t *testing.T, s Store, id string, wanted tenant.Settings) {
	t.Helper()
	if err := s.PutSettings(t.Context(), id, wanted); err != nil {
		t.Fatalf("PutSettings: %v", err)
	}
}

func stands(t *testing.T, s Store, want tenant.Tenant) {
	t.Helper()
	got, err := s.Get(t.Context(), want.ID)
	if err != nil {
		t.Fatalf("Get %s: %v", want.ID, err)
	}
	equal(t, got, want)
}

func stored(t *testing.T, s Store, id string, want tenant.Settings) {
	t.Helper()
	got, err := s.GetSettings(t.Context(), id)
	if err != nil {
		t.Fatalf("GetSettings: %v", err)
	}
	equal(t, got, want)
}

func equal(t *testing.T, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored record differs (-want +got):\n%s", diff)
	}
}
