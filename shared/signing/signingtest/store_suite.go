package signingtest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/signing"
)

// Run checks a store against the documentation of signing.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) signing.Store) {
	RunSequential(t, open)
	t.Run("concurrent updates lose nothing", func(t *testing.T) { concurrentUpdates(t, open(t)) })
}

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) signing.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, signing.Store)
	}{
		{"an unknown key", unknown},
		{"a key is created once", create},
		{"a list is of one tenant and in order", list},
		{"an update keeps whose key it is", update},
		{"a refused update changes nothing", refusedUpdate},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func sample(tenant, id string) signing.Key {
	return signing.Key{
		Tenant: tenant, ID: id, Version: 1, Algorithm: signing.ES256, Size: 256, Days: 90, State: signing.Creating,
		CreatedAt: time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC), CreatedBy: tenant + "/ann",
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func unknown(t *testing.T, s signing.Store) {
	must(t, s.Create(t.Context(), sample("acme", "sgk_1")))
	for _, of := range [][2]string{{"acme", "sgk_2"}, {"globex", "sgk_1"}} {
		if _, err := s.Get(t.Context(), of[0], of[1]); !errors.Is(err, signing.ErrNotFound) {
			t.Errorf("get %v: got %v", of, err)
		}
		_, err := s.Update(t.Context(), of[0], of[1], func(*signing.Key) error { return nil })
		if !errors.Is(err, signing.ErrNotFound) {
			t.Errorf("update %v: got %v", of, err)
		}
	}
	if found, err := s.List(t.Context(), "globex"); err != nil || len(found) > 0 {
		t.Errorf("list: got %v, %v", found, err)
	}
}

func create(t *testing.T, s signing.Store) {
	want := sample("acme", "sgk_1")
	must(t, s.Create(t.Context(), want))
	other := want
	other.Algorithm = signing.RS256
	if err := s.Create(t.Context(), other); !errors.Is(err, signing.ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
	got, err := s.Get(t.Context(), "acme", "sgk_1")
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func list(t *testing.T, s signing.Store) {
	for _, of := range [][2]string{{"acme", "sgk_2"}, {"globex", "sgk_9"}, {"acme", "sgk_1"}, {"acme", "sgk_3"}, {"acme-2", "sgk_0"}} {
		must(t, s.Create(t.Context(), sample(of[0], of[1])))
	}
	got, err := s.List(t.Context(), "acme")
	must(t, err)
	want := []signing.Key{sample("acme", "sgk_1"), sample("acme", "sgk_2"), sample("acme", "sgk_3")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

func update(t *testing.T, s signing.Store) {
	must(t, s.Create(t.Context(), sample("acme", "sgk_1")))
	made, err := s.Update(t.Context(), "acme", "sgk_1", func(k *signing.Key) error {
		k.Tenant, k.ID, k.State, k.PublicKey = "globex", "sgk_2", signing.Active, []byte{1, 0, 255}
		return nil
	})
	must(t, err)
	want := sample("acme", "sgk_1")
	want.Version, want.State, want.PublicKey = 2, signing.Active, []byte{1, 0, 255}
	got, err := s.Get(t.Context(), "acme", "sgk_1")
	must(t, err)
	for name, k := range map[string]signing.Key{"returned": made, "stored": got} {
		if diff := cmp.Diff(want, k); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func refusedUpdate(t *testing.T, s signing.Store) {
	must(t, s.Create(t.Context(), sample("acme", "sgk_1")))
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), "acme", "sgk_1", func(k *signing.Key) error {
		k.State = signing.Retired
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	if got, err := s.Get(t.Context(), "acme", "sgk_1"); err != nil || got.State != signing.Creating {
		t.Errorf("got %+v, %v", got, err)
	}
}

func concurrentUpdates(t *testing.T, s signing.Store) {
	must(t, s.Create(t.Context(), sample("acme", "sgk_1")))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			_, err := s.Update(t.Context(), "acme", "sgk_1", func(k *signing.Key) error {
				k.Days++
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got, err := s.Get(t.Context(), "acme", "sgk_1"); err != nil || got.Days != 98 {
		t.Errorf("got %d, %v, want 98", got.Days, err)
	}
}
