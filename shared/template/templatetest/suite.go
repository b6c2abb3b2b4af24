package templatetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/vault"
)

// Run checks a store against the documentation of template.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) template.Store) {
	RunSequential(t, open)
	t.Run("concurrent updates lose nothing", func(t *testing.T) { concurrentUpdates(t, open(t)) })
	t.Run("one of many concurrent templates gets the stable key", func(t *testing.T) { concurrentStableKey(t, open(t)) })
}

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) template.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, template.Store)
	}{
		{"an absent template is not found", absent},
		{"a new template has version one", create},
		{"an existing id is refused", createTwice},
		{"a stable key is unique per owner", stableKey},
		{"a stable key is free after deletion", stableKeyFreed},
		{"a template is found by its stable key", named},
		{"a template of another owner is not found", otherOwner},
		{"records are copies", copies},
		{"an update is stored and counted", update},
		{"an update starts over after a write in between", updateStartsOver},
		{"an error of change stores nothing", updateFails},
		{"an update does not bring a deleted template back", updateDeleted},
		{"a list is in order and pages end exactly", list},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// sample returns a template; n decides its id and its stable key.
func sample(owner string, n int) template.Template {
	return template.Template{
		Owner: owner, ID: fmt.Sprintf("tpl_%04d", n), StableKey: fmt.Sprintf("crm-%d", n), Connector: "crm", Name: "CRM",
		Scopes: []string{"write", "read"}, Inputs: map[string]string{"shop": "one", "empty": ""}, Revision: 1, CreatedAt: now,
		Client:    template.Client{ClientKey: 2, Secret: &template.ClientSecret{At: vault.Locator{Secret: "name", Version: "1"}, Last4: "abcd", SetAt: now}},
		Endpoints: &template.Endpoints{Issuer: "https://issuer.example", CheckedAt: now},
	}
}

func absent(t *testing.T, s template.Store) {
	if _, err := s.Get(t.Context(), "acme", "tpl_0001"); !errors.Is(err, template.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
	_, err := s.Update(t.Context(), "acme", "tpl_0001", func(*template.Template) error {
		t.Error("change was called without a record")
		return nil
	})
	if !errors.Is(err, template.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
	if err := s.Delete(t.Context(), sample("acme", 1)); err != nil {
		t.Errorf("Delete: got %v, want no error: a deletion may be repeated", err)
	}
	found, next, err := s.List(t.Context(), "acme", "", 10)
	if err != nil || len(found) != 0 || next != "" {
		t.Errorf("List: got %d records, next %q, error %v; want nothing", len(found), next, err)
	}
}

func create(t *testing.T, s template.Store) {
	want := sample("acme", 1)
	want.Version = 7
	store(t, s, want)
	want.Version = 1
	equal(t, get(t, s, want), want)
}

func createTwice(t *testing.T, s template.Store) {
	first, second, third := sample("acme", 1), sample("acme", 1), sample("acme", 1)
	second.Name = "Other"
	third.StableKey = "other"
	store(t, s, first)
	for _, again := range []template.Template{second, third} {
		if err := s.Create(t.Context(), again); !errors.Is(err, template.ErrExists) {
			t.Errorf("Create again with stable key %q: got %v, want ErrExists", again.StableKey, err)
		}
	}
	first.Version = 1
	equal(t, get(t, s, first), first)
	free := sample("acme", 2)
	free.StableKey = "other" // The refused Create must not have taken it.
	store(t, s, free)
}

func otherOwner(t *testing.T, s template.Store) {
	want := sample("acme", 1)
	store(t, s, want)
	if _, err := s.Get(t.Context(), "globex", want.ID); !errors.Is(err, template.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
	_, err := s.Update(t.Context(), "globex", want.ID, func(t *template.Template) error { t.Name = "taken"; return nil })
	if !errors.Is(err, template.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
	if err := s.Delete(t.Context(), sample("globex", 1)); err != nil {
		t.Errorf("Delete: %v", err)
	}
	want.Version = 1
	equal(t, get(t, s, want), want)
}

func copies(t *testing.T, s template.Store) {
	given := sample("acme", 1)
	store(t, s, given)
	given.Inputs["shop"], given.Secret.Last4 = "changed", "changed"
	read := get(t, s, given)
	read.Scopes[0], read.Endpoints.Issuer = "changed", "changed"
	want := sample("acme", 1)
	want.Version = 1
	equal(t, get(t, s, given), want)
}

func list(t *testing.T, s template.Store) {
	for _, n := range []int{3, 1, 4, 2} {
		store(t, s, sample("acme", n))
	}
	store(t, s, sample("acm", 1), sample("acme-2", 1))
	for limit, want := range map[int][][]string{
		1: {{"tpl_0001"}, {"tpl_0002"}, {"tpl_0003"}, {"tpl_0004"}},
		2: {{"tpl_0001", "tpl_0002"}, {"tpl_0003", "tpl_0004"}},
		3: {{"tpl_0001", "tpl_0002", "tpl_0003"}, {"tpl_0004"}},
		9: {{"tpl_0001", "tpl_0002", "tpl_0003", "tpl_0004"}},
	} {
		var got [][]string
		for start, more := "", true; more && len(got) < 9; more = start != "" {
			found, next, err := s.List(t.Context(), "acme", start, limit)
			if err != nil {
				t.Fatalf("List: %v", err)
			}
			var ids []string
			for _, t := range found {
				ids = append(ids, t.ID)
			}
			got, start = append(got, ids), next
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("pages of %d differ (-want +got):\n%s", limit, diff)
		}
	}
}

func store(t *testing.T, s template.Store, records ...template.Template) {
	t.Helper()
	for _, r := range records {
		if err := s.Create(t.Context(), r); err != nil {
			t.Fatalf("Create %s: %v", r.ID, err)
		}
	}
}

func get(t *testing.T, s template.Store, r template.Template) template.Template {
	t.Helper()
	got, err := s.Get(t.Context(), r.Owner, r.ID)
	if err != nil {
		t.Fatalf("Get %s: %v", r.ID, err)
	}
	return got
}

func equal(t *testing.T, got, want template.Template) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored record differs (-want +got):\n%s", diff)
	}
}
