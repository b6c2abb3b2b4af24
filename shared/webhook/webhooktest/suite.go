package webhooktest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/webhook"
)

// Run checks a store against the documentation of webhook.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) webhook.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, webhook.Store)
	}{
		{"an unknown endpoint", unknown},
		{"an endpoint is created once", create},
		{"a list is of one tenant and in order", list},
		{"an update keeps whose endpoint it is", update},
		{"a refused update changes nothing", refusedUpdate},
		{"only the version that was seen is deleted", remove},
		{"concurrent updates lose nothing", concurrentUpdates},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func sample(tenant, id string) webhook.Endpoint {
	at := time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC)
	return webhook.Endpoint{
		Tenant: tenant, ID: id, Version: 1, Revision: 1, URL: "https://hooks.acme.com/tenon", Description: "ours", Enabled: true,
		Events: []string{"connection.deleted", "connection.status"}, FailingAt: at, CreatedAt: at, CreatedBy: tenant + "/ann", UpdatedAt: at,
		Secrets: []webhook.Secret{{Version: 2, Sealed: []byte{1, 0, 255}}, {Version: 1, Sealed: []byte{2}, Until: at}},
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func unknown(t *testing.T, s webhook.Store) {
	must(t, s.Create(t.Context(), sample("acme", "whe_1")))
	for _, of := range [][2]string{{"acme", "whe_2"}, {"globex", "whe_1"}} {
		if _, err := s.Get(t.Context(), of[0], of[1]); !errors.Is(err, webhook.ErrNotFound) {
			t.Errorf("get %v: got %v", of, err)
		}
		_, err := s.Update(t.Context(), of[0], of[1], func(*webhook.Endpoint) error { return nil })
		if !errors.Is(err, webhook.ErrNotFound) {
			t.Errorf("update %v: got %v", of, err)
		}
		must(t, s.Delete(t.Context(), of[0], of[1], 1))
	}
	if found, err := s.List(t.Context(), "globex"); err != nil || len(found) > 0 {
		t.Errorf("list: got %v, %v", found, err)
	}
}

func create(t *testing.T, s webhook.Store) {
	want := sample("acme", "whe_1")
	must(t, s.Create(t.Context(), want))
	other := want
	other.URL = "https://elsewhere.com"
	if err := s.Create(t.Context(), other); !errors.Is(err, webhook.ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
	same(t, s, want)
}

func same(t *testing.T, s webhook.Store, want webhook.Endpoint) {
	t.Helper()
	got, err := s.Get(t.Context(), want.Tenant, want.ID)
	must(t, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func list(t *testing.T, s webhook.Store) {
	for _, of := range [][2]string{{"acme", "whe_2"}, {"globex", "whe_9"}, {"acme", "whe_1"}, {"acme-2", "whe_0"}} {
		must(t, s.Create(t.Context(), sample(of[0], of[1])))
	}
	got, err := s.List(t.Context(), "acme")
	must(t, err)
	if diff := cmp.Diff([]webhook.Endpoint{sample("acme", "whe_1"), sample("acme", "whe_2")}, got); diff != "" {
		t.Errorf("list (-want +got):\n%s", diff)
	}
}

func update(t *testing.T, s webhook.Store) {
	must(t, s.Create(t.Context(), sample("acme", "whe_1")))
	want := sample("acme", "whe_1")
	want.Version, want.Revision, want.Enabled, want.DisabledAt, want.Reason, want.Untold = 2, 2, false, want.CreatedAt, "gone", "evt_1"
	want.Events, want.Secrets, want.FailingAt = nil, want.Secrets[:1], time.Time{}
	made, err := s.Update(t.Context(), "acme", "whe_1", func(e *webhook.Endpoint) error {
		*e = want
		e.Tenant, e.ID, e.Version = "globex", "whe_2", 7
		return nil
	})
	must(t, err)
	if diff := cmp.Diff(want, made); diff != "" {
		t.Errorf("returned (-want +got):\n%s", diff)
	}
	same(t, s, want)
}

func refusedUpdate(t *testing.T, s webhook.Store) {
	must(t, s.Create(t.Context(), sample("acme", "whe_1")))
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), "acme", "whe_1", func(e *webhook.Endpoint) error {
		e.Secrets[0].Sealed[0] = 9
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("got %v", err)
	}
	same(t, s, sample("acme", "whe_1"))
}

func remove(t *testing.T, s webhook.Store) {
	must(t, s.Create(t.Context(), sample("acme", "whe_1")))
	if err := s.Delete(t.Context(), "acme", "whe_1", 2); !errors.Is(err, webhook.ErrChanged) {
		t.Errorf("got %v, want ErrChanged", err)
	}
	same(t, s, sample("acme", "whe_1"))
	must(t, s.Delete(t.Context(), "acme", "whe_1", 1))
	if _, err := s.Get(t.Context(), "acme", "whe_1"); !errors.Is(err, webhook.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func concurrentUpdates(t *testing.T, s webhook.Store) {
	must(t, s.Create(t.Context(), sample("acme", "whe_1")))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			_, err := s.Update(t.Context(), "acme", "whe_1", func(e *webhook.Endpoint) error { e.Revision++; return nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got, err := s.Get(t.Context(), "acme", "whe_1"); err != nil || got.Revision != 9 {
		t.Errorf("got %d, %v, want 9", got.Revision, err)
	}
}
