package templatetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/tenonhq/tenon/shared/template"
)

func stableKey(t *testing.T, s template.Store) {
	first, second, other := sample("acme", 1), sample("acme", 2), sample("globex", 3)
	second.StableKey, other.StableKey = first.StableKey, first.StableKey
	store(t, s, first)
	if err := s.Create(t.Context(), second); !errors.Is(err, template.ErrStableKey) {
		t.Errorf("Create with a taken stable key: got %v, want ErrStableKey", err)
	}
	if _, err := s.Get(t.Context(), "acme", second.ID); !errors.Is(err, template.ErrNotFound) {
		t.Errorf("Get of the refused template: got %v, want ErrNotFound", err)
	}
	store(t, s, other) // Another owner may use the same key.
	updated, err := s.Update(t.Context(), "acme", first.ID, func(t *template.Template) error { t.StableKey = "new"; return nil })
	if err != nil || updated.StableKey != first.StableKey {
		t.Errorf("Update: got stable key %q, %v; want %q as before", updated.StableKey, err, first.StableKey)
	}
}

func stableKeyFreed(t *testing.T, s template.Store) {
	first, second := sample("acme", 1), sample("acme", 2)
	second.StableKey = first.StableKey
	store(t, s, first)
	for range 2 {
		if err := s.Delete(t.Context(), first); err != nil {
			t.Fatalf("Delete: %v", err)
		}
	}
	store(t, s, second)
	if err := s.Delete(t.Context(), first); err != nil {
		t.Errorf("Delete once more: %v", err)
	}
	third := sample("acme", 3)
	third.StableKey = first.StableKey
	if err := s.Create(t.Context(), third); !errors.Is(err, template.ErrStableKey) {
		t.Errorf("Create after a repeated Delete: got %v, want ErrStableKey: the key is another template's", err)
	}
}

func update(t *testing.T, s template.Store) {
	want := sample("acme", 1)
	store(t, s, want)
	got, err := s.Update(t.Context(), "acme", want.ID, func(t *template.Template) error {
		t.Name, t.Secret, t.Inputs = "Other", nil, nil
		t.Owner, t.ID, t.Version = "globex", "tpl_0002", 99
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	want.Name, want.Secret, want.Inputs, want.Version = "Other", nil, nil, 2
	equal(t, got, want)
	equal(t, get(t, s, want), want)
}

func updateStartsOver(t *testing.T, s template.Store) {
	want := sample("acme", 1)
	store(t, s, want)
	runs := 0
	got, err := s.Update(t.Context(), "acme", want.ID, func(r *template.Template) error {
		if runs++; runs == 1 {
			if _, err := s.Update(t.Context(), "acme", want.ID, func(r *template.Template) error { r.Name = "Between"; return nil }); err != nil {
				t.Errorf("Update in between: %v", err)
			}
		}
		r.ClientID = r.Name
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if runs != 2 {
		t.Errorf("change ran %d times, want 2", runs)
	}
	want.Name, want.ClientID, want.Version = "Between", "Between", 3
	equal(t, got, want)
	equal(t, get(t, s, want), want)
}

func updateFails(t *testing.T, s template.Store) {
	want := sample("acme", 1)
	store(t, s, want)
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), "acme", want.ID, func(t *template.Template) error {
		t.Name, t.Inputs["shop"] = "Other", "changed"
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Update: got %v, want the error of change", err)
	}
	want.Version = 1
	equal(t, get(t, s, want), want)
}

func updateDeleted(t *testing.T, s template.Store) {
	r := sample("acme", 1)
	store(t, s, r)
	_, err := s.Update(t.Context(), "acme", r.ID, func(*template.Template) error { return s.Delete(t.Context(), r) })
	if !errors.Is(err, template.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
	if _, err := s.Get(t.Context(), "acme", r.ID); !errors.Is(err, template.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
}

func concurrentUpdates(t *testing.T, s template.Store) {
	const writers, each = 32, 2
	r := sample("acme", 1)
	store(t, s, r)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				_, err := s.Update(t.Context(), "acme", r.ID, func(t *template.Template) error { t.Revision++; return nil })
				if err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	got := get(t, s, r)
	if got.Revision != 1+writers*each || got.Version != 1+writers*each {
		t.Errorf("got revision %d and version %d, want %d", got.Revision, got.Version, 1+writers*each)
	}
}

func concurrentStableKey(t *testing.T, s template.Store) {
	var created atomic.Int32
	var wg sync.WaitGroup
	for n := range 16 {
		wg.Go(func() {
			r := sample("acme", n)
			r.StableKey = "same"
			err := s.Create(t.Context(), r)
			if err == nil {
				created.Add(1)
			} else if !errors.Is(err, template.ErrStableKey) {
				t.Errorf("Create: got %v, want ErrStableKey", err)
			}
		})
	}
	wg.Wait()
	found, _, err := s.List(t.Context(), "acme", "", 100)
	if err != nil || created.Load() != 1 || len(found) != 1 {
		t.Errorf("%d were created and %d are stored (%v), want one", created.Load(), len(found), err)
	}
}
