package tenanttest

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/tenant"
)

// GetEgress implements tenant.EgressStore.
func (m *Memory) GetEgress(context.Context) (tenant.Announced, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return cloneEgress(m.egress), nil
}

// UpdateEgress implements tenant.EgressStore.
func (m *Memory) UpdateEgress(_ context.Context, change func(*tenant.Announced) error) (tenant.Announced, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r := cloneEgress(m.egress)
	if err := change(&r); err != nil {
		return tenant.Announced{}, err
	}
	r.Version = m.egress.Version + 1
	m.egress = cloneEgress(r)
	return r, nil
}

func cloneEgress(r tenant.Announced) tenant.Announced {
	r.Addresses, r.Outbox = slices.Clone(r.Addresses), slices.Clone(r.Outbox)
	return r
}

func egress(t *testing.T, s Store) {
	wantEgress(t, s, tenant.Announced{})
	want := tenant.Announced{
		Addresses: []string{"198.51.100.7", "2001:db8::7"},
		Outbox: []notify.Event{{
			ID: "evt_1", Type: notify.EgressChanged, Tenant: "org", Resource: "egress", At: time.Date(2026, 11, 20, 9, 0, 0, 1, time.UTC),
			Detail: map[string]string{"added": "198.51.100.7", "removed": ""},
		}},
	}
	for version := range int64(2) {
		want.Version = version + 1
		got, err := s.UpdateEgress(t.Context(), func(r *tenant.Announced) error {
			if r.Version != version {
				t.Errorf("UpdateEgress: was given version %d, want %d", r.Version, version)
			}
			r.Addresses, r.Outbox = want.Addresses, want.Outbox
			return nil
		})
		if err != nil {
			t.Fatalf("UpdateEgress: %v", err)
		}
		equal(t, got, want)
		wantEgress(t, s, want)
	}
	wrong := errors.New("wrong")
	if _, err := s.UpdateEgress(t.Context(), func(r *tenant.Announced) error { r.Addresses = nil; return wrong }); !errors.Is(err, wrong) {
		t.Errorf("UpdateEgress: got %v, want the error of the change", err)
	}
	wantEgress(t, s, want)
}

func concurrentEgress(t *testing.T, s Store) {
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			_, err := s.UpdateEgress(t.Context(), func(r *tenant.Announced) error {
				r.Addresses = append(slices.Clone(r.Addresses), string(rune('a'+n)))
				return nil
			})
			if err != nil {
				t.Errorf("UpdateEgress: %v", err)
			}
		})
	}
	wg.Wait()
	if got, err := s.GetEgress(t.Context()); err != nil || len(got.Addresses) != 8 || got.Version != 8 {
		t.Errorf("got %+v, %v; want eight changes", got, err)
	}
}

func wantEgress(t *testing.T, s Store, want tenant.Announced) {
	t.Helper()
	got, err := s.GetEgress(t.Context())
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); err != nil || diff != "" {
		t.Errorf("announced addresses: %v (-want +got):\n%s", err, diff)
	}
}
