package sessiontest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

// Run checks a store against the documentation of session.Store, with a new,
// empty store for every subtest.
func Run(t *testing.T, open func(t *testing.T) session.Store) {
	RunSequential(t, open)
	t.Run("a browser is bound once by many at a time", func(t *testing.T) { bindOnce(t, open(t)) })
}

// RunSequential is Run without the subtests of concurrent writes, for emulators
// that do not isolate them.
func RunSequential(t *testing.T, open func(t *testing.T) session.Store) {
	t.Run("an absent session is not found", func(t *testing.T) { absent(t, open(t)) })
	t.Run("a session is created once", func(t *testing.T) { createOnce(t, open(t)) })
	t.Run("an update is stored and counted", func(t *testing.T) { updateStored(t, open(t)) })
	t.Run("an error of change stores nothing", func(t *testing.T) { updateFails(t, open(t)) })
}

func sample() session.Session {
	return session.Session{
		ID: "cst_1", Tenant: "acme", EndUser: "user-42", Templates: []string{"tpl_1"}, Labels: map[string]string{"a": "b"}, State: session.Open,
		TicketHash: []byte{1, 0, 255}, ExpiresAt: time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC),
	}
}

func absent(t *testing.T, s session.Store) {
	if _, err := s.Get(t.Context(), "cst_1"); !errors.Is(err, session.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
	_, err := s.Update(t.Context(), "cst_1", func(*session.Session) error {
		t.Error("change was called without a record")
		return nil
	})
	if !errors.Is(err, session.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
}

func createOnce(t *testing.T, s session.Store) {
	want := sample()
	start(t, s, want)
	other := sample()
	other.Tenant = "globex"
	if err := s.Create(t.Context(), other); !fault.Has(err, fault.CodeConflict) {
		t.Errorf("Create again: got %v, want a conflict", err)
	}
	want.Version = 1
	stands(t, s, want)
}

func updateStored(t *testing.T, s session.Store) {
	want := sample()
	start(t, s, want)
	got, err := s.Update(t.Context(), want.ID, func(v *session.Session) error {
		v.State, v.CookieHash, v.ID, v.Version = session.Opened, []byte{2}, "cst_2", 99
		return nil
	})
	want.State, want.CookieHash, want.Version = session.Opened, []byte{2}, 2
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, returned session differs (-want +got):\n%s", err, diff)
	}
	stands(t, s, want)
}

func updateFails(t *testing.T, s session.Store) {
	want := sample()
	start(t, s, want)
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), want.ID, func(v *session.Session) error {
		v.State, v.Templates[0] = session.Completed, "changed"
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Update: got %v, want the error of change", err)
	}
	want.Version = 1
	stands(t, s, want)
}

func bindOnce(t *testing.T, s session.Store) {
	start(t, s, sample())
	used := errors.New("used before")
	var bound atomic.Int32
	var wg sync.WaitGroup
	for range 32 {
		wg.Go(func() {
			_, err := s.Update(t.Context(), "cst_1", func(v *session.Session) error {
				if len(v.CookieHash) > 0 {
					return used
				}
				v.CookieHash = []byte{1}
				return nil
			})
			if err == nil {
				bound.Add(1)
			} else if !errors.Is(err, used) {
				t.Errorf("Update: %v", err)
			}
		})
	}
	wg.Wait()
	if got := bound.Load(); got != 1 {
		t.Errorf("bound %d times, want once", got)
	}
}

func start(t *testing.T, s session.Store, v session.Session) {
	t.Helper()
	if err := s.Create(t.Context(), v); err != nil {
		t.Fatalf("Create: %v", err)
	}
}

func stands(t *testing.T, s session.Store, want session.Session) {
	t.Helper()
	got, err := s.Get(t.Context(), want.ID)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, stored session differs (-want +got):\n%s", err, diff)
	}
}
