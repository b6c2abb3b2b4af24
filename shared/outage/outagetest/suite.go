package outagetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/outage"
)

// Run holds stores to the contract. open returns an empty one.
func Run(t *testing.T, open func(*testing.T) outage.Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, outage.Store){
		"one that was never in trouble has only its name": absent,
		"what was stored is read":                         stored,
		"an error stores nothing":                         refused,
		"providers are apart":                             apart,
		"counts at the same time are all counted":         together,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

func absent(t *testing.T, s outage.Store) {
	want(t, s, outage.Record{Provider: "stripe"})
}

func stored(t *testing.T, s outage.Store) {
	at := func(minutes int) time.Time { return time.Date(2026, 11, 20, 9, minutes, 0, 1, time.UTC) }
	all := outage.Record{
		Provider: "acme auth.example.com:8443", MinuteAt: at(1), Calls: 2, Failures: 1, OpenedAt: at(2), ProbeAt: at(3), RecoveredAt: at(4),
		StormAt: at(5), Answered: 3, Refused: 4, HeldSince: at(6), HeldUntil: at(7),
		ExaminedAt: at(8), Well: 5, Failing: []int64{6, 1 << 31}, TurnAt: at(9), Slots: []time.Time{at(10), at(11)}, Version: 1,
	}
	change(t, s, all.Provider, func(r *outage.Record) error { *r = all; return nil })
	want(t, s, all)
	change(t, s, "stripe", func(*outage.Record) error { return nil })
	listed, err := s.List(t.Context())
	if diff := cmp.Diff([]outage.Record{all, {Provider: "stripe", Version: 1}}, listed); err != nil || diff != "" {
		t.Errorf("List: %v (-want +got):\n%s", err, diff)
	}
	change(t, s, all.Provider, func(r *outage.Record) error { *r = outage.Record{}; return nil })
	want(t, s, outage.Record{Provider: all.Provider, Version: 2})
}

func refused(t *testing.T, s outage.Store) {
	no := errors.New("no")
	_, err := s.Update(t.Context(), "stripe", func(r *outage.Record) error { r.Calls = 9; return no })
	if !errors.Is(err, no) {
		t.Errorf("Update: got %v, want the error of the change", err)
	}
	want(t, s, outage.Record{Provider: "stripe"})
}

func apart(t *testing.T, s outage.Store) {
	change(t, s, "stripe", func(r *outage.Record) error { r.Calls = 1; return nil })
	want(t, s, outage.Record{Provider: "shopify"})
}

func together(t *testing.T, s outage.Store) {
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { change(t, s, "stripe", func(r *outage.Record) error { r.Calls++; return nil }) })
	}
	all.Wait()
	want(t, s, outage.Record{Provider: "stripe", Calls: 20, Version: 20})
}

func change(t *testing.T, s outage.Store, provider string, by func(*outage.Record) error) {
	t.Helper()
	if _, err := s.Update(t.Context(), provider, by); err != nil {
		t.Errorf("Update: %v", err)
	}
}

func want(t *testing.T, s outage.Store, want outage.Record) {
	t.Helper()
	got, err := s.Get(t.Context(), want.Provider)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("Get: %v (-want +got):\n%s", err, diff)
	}
}
