package connecttest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
)

// Run checks a store against the documentation of connect.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) connect.Store) {
	RunSequential(t, open)
	t.Run("a step is taken once by many at a time", func(t *testing.T) { concurrentSteps(t, open(t)) })
}

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) connect.Store) {
	for _, c := range []struct {
		name string
		test func(*testing.T, connect.Store)
	}{
		{"an absent handoff is not found", absentHandoff},
		{"a handoff is created once", createHandoff},
		{"handoffs are copies", copyHandoff},
		{"an update is stored and counted", updateHandoff},
		{"an update starts over after a write in between", updateHandoffAgain},
		{"an error of change stores nothing", updateHandoffFails},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

func sampleHandoff() connect.Handoff {
	return connect.Handoff{
		ID: "hof_1", Tenant: "acme", ConnectionID: "con_1", Scopes: []string{"write", "read"}, Step: connect.StepCreated,
		TicketHash: []byte{1, 0, 255}, ExpiresAt: time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC),
	}
}

func absentHandoff(t *testing.T, s connect.Store) {
	if _, err := s.Get(t.Context(), "hof_1"); !errors.Is(err, connect.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
	_, err := s.Update(t.Context(), "hof_1", func(*connect.Handoff) error {
		t.Error("change was called without a record")
		return nil
	})
	if !errors.Is(err, connect.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
}

func createHandoff(t *testing.T, s connect.Store) {
	want := sampleHandoff()
	want.Version = 7
	startHandoff(t, s, want)
	other := sampleHandoff()
	other.Tenant = "globex"
	if err := s.Create(t.Context(), other); !fault.Has(err, fault.CodeConflict) {
		t.Errorf("Create again: got %v, want a conflict", err)
	}
	want.Version = 1
	handoffStands(t, s, want)
}

func copyHandoff(t *testing.T, s connect.Store) {
	given := sampleHandoff()
	startHandoff(t, s, given)
	want := given
	want.Scopes, want.TicketHash, want.Version = []string{"write", "read"}, []byte{1, 0, 255}, 1
	given.Scopes[0], given.TicketHash[0] = "changed", 9
	read, err := s.Get(t.Context(), given.ID)
	if err != nil {
		t.Fatal(err)
	}
	read.Scopes[0], read.TicketHash[0] = "changed", 9
	handoffStands(t, s, want)
}

func updateHandoff(t *testing.T, s connect.Store) {
	want := sampleHandoff()
	startHandoff(t, s, want)
	got, err := s.Update(t.Context(), want.ID, func(h *connect.Handoff) error {
		h.Step, h.CookieHash, h.TicketHash = connect.StepOpened, []byte{2}, nil
		h.ID, h.Version = "hof_2", 99
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	want.Step, want.CookieHash, want.TicketHash, want.Version = connect.StepOpened, []byte{2}, nil, 2
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("returned handoff differs (-want +got):\n%s", diff)
	}
	handoffStands(t, s, want)
}

func updateHandoffAgain(t *testing.T, s connect.Store) {
	want := sampleHandoff()
	startHandoff(t, s, want)
	runs := 0
	_, err := s.Update(t.Context(), want.ID, func(h *connect.Handoff) error {
		if runs++; runs == 1 {
			if _, err := s.Update(t.Context(), want.ID, func(h *connect.Handoff) error { h.Step = connect.StepSent; return nil }); err != nil {
				t.Errorf("Update in between: %v", err)
			}
		}
		h.Subject = string(h.Step)
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if runs != 2 {
		t.Errorf("change ran %d times, want 2", runs)
	}
	want.Step, want.Subject, want.Version = connect.StepSent, string(connect.StepSent), 3
	handoffStands(t, s, want)
}

func updateHandoffFails(t *testing.T, s connect.Store) {
	want := sampleHandoff()
	startHandoff(t, s, want)
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), want.ID, func(h *connect.Handoff) error {
		h.Step, h.Scopes[0] = connect.StepUsed, "changed"
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Update: got %v, want the error of change", err)
	}
	want.Version = 1
	handoffStands(t, s, want)
}

func concurrentSteps(t *testing.T, s connect.Store) {
	h := sampleHandoff()
	startHandoff(t, s, h)
	used := errors.New("used before")
	var taken atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			_, err := s.Update(t.Context(), h.ID, func(h *connect.Handoff) error {
				if h.Step == connect.StepUsed {
					return used
				}
				h.Step = connect.StepUsed
				return nil
			})
			if err == nil {
				taken.Add(1)
			} else if !errors.Is(err, used) {
				t.Errorf("Update: %v", err)
			}
		})
	}
	wg.Wait()
	if got := taken.Load(); got != 1 {
		t.Errorf("the step was taken %d times, want once", got)
	}
}

func startHandoff(t *testing.T, s connect.Store, h connect.Handoff) {
	t.Helper()
	if err := s.Create(t.Context(), h); err != nil {
		t.Fatalf("Create: %v", err)
	}
}

func handoffStands(t *testing.T, s connect.Store, want connect.Handoff) {
	t.Helper()
	got, err := s.Get(t.Context(), want.ID)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("stored handoff differs (-want +got):\n%s", diff)
	}
}
