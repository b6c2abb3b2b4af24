package healthtest

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/health"
)

// Run holds stores to the contract. open returns an empty one.
func Run(t *testing.T, open func(*testing.T) health.Histories) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, health.Histories){
		"one that nobody reported of has only its names": absent,
		"what was stored is read":                        stored,
		"an error stores nothing":                        refused,
		"connections and tenants are apart":              apart,
		"changes at the same time are all made":          together,
		"what changed is named":                          changed,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

const (
	tenant = "acme"
	con    = "con_1"
)

func absent(t *testing.T, s health.Histories) {
	want(t, s, health.History{Tenant: tenant, Connection: con})
}

func stored(t *testing.T, s health.Histories) {
	at := func(minutes int) time.Time { return time.Date(2026, 11, 20, 9, minutes, 0, 1, time.UTC) }
	all := health.History{
		Tenant: tenant, Connection: con, Connector: "stripe", Credential: 2, Ring: "osa", Reported: 40,
		CalledAt: at(1), FailingSince: at(2), DeriveAt: at(3), Version: 1,
	}
	change(t, s, con, func(h *health.History) error { *h = all; h.Version = 0; return nil })
	want(t, s, all)
	change(t, s, con, func(h *health.History) error { *h = health.History{Version: h.Version}; return nil })
	want(t, s, health.History{Tenant: tenant, Connection: con, Version: 2})
}

func refused(t *testing.T, s health.Histories) {
	no := errors.New("no")
	_, err := s.Update(t.Context(), tenant, con, func(h *health.History) error { h.Ring = "s"; return no })
	if !errors.Is(err, no) {
		t.Errorf("Update: got %v, want the error of the change", err)
	}
	want(t, s, health.History{Tenant: tenant, Connection: con})
}

func apart(t *testing.T, s health.Histories) {
	change(t, s, con, func(h *health.History) error { h.Ring = "s"; return nil })
	want(t, s, health.History{Tenant: tenant, Connection: "con_2"})
	want(t, s, health.History{Tenant: "globex", Connection: con})
}

func together(t *testing.T, s health.Histories) {
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { change(t, s, con, func(h *health.History) error { h.Reported++; return nil }) })
	}
	all.Wait()
	want(t, s, health.History{Tenant: tenant, Connection: con, Reported: 20, Version: 20})
}

func changed(t *testing.T, s health.Histories) {
	for n := range 6 {
		change(t, s, fmt.Sprintf("con_%d", n), func(h *health.History) error {
			if n%2 == 0 {
				h.DeriveAt = time.Date(2026, 11, 20, 9, n, 0, 0, time.UTC)
			}
			return nil
		})
	}
	for _, limit := range []int{2, 3, 10} {
		got, err := s.Changed(t.Context(), tenant, limit)
		if diff := cmp.Diff([]string{"con_0", "con_2", "con_4"}[:min(limit, 3)], got); err != nil || diff != "" {
			t.Errorf("Changed: %v (-want +got):\n%s", err, diff)
		}
	}
	if got, err := s.Changed(t.Context(), "globex", 10); err != nil || len(got) != 0 {
		t.Errorf("Changed of another tenant: got %v, %v", got, err)
	}
	change(t, s, "con_2", func(h *health.History) error { h.DeriveAt = time.Time{}; return nil })
	if got, err := s.Changed(t.Context(), tenant, 10); err != nil || len(got) != 2 {
		t.Errorf("Changed after a derivation: got %v, %v", got, err)
	}
}

func change(t *testing.T, s health.Histories, connectionID string, by func(*health.History) error) {
	t.Helper()
	if _, err := s.Update(t.Context(), tenant, connectionID, by); err != nil {
		t.Errorf("Update: %v", err)
	}
}

func want(t *testing.T, s health.Histories, want health.History) {
	t.Helper()
	got, err := s.Get(t.Context(), want.Tenant, want.Connection)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Get: %v (-want +got):\n%s", err, diff)
	}
}
