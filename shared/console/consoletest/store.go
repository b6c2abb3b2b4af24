// Package consoletest holds an in-memory console.Store and the contract suite
// that every store of sign-ins passes. It depends on package console and on
// go-cmp.
package consoletest

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/console"
)

// Memory is a console.Store in memory. The zero value is empty and safe for
// concurrent use.
type Memory struct{ records sync.Map }

// Put implements console.Store.
func (m *Memory) Put(_ context.Context, s console.SignIn) error {
	s.ExpiresAt = s.ExpiresAt.UTC()
	m.records.Store(s.Hash, s)
	return nil
}

// Get implements console.Store.
func (m *Memory) Get(_ context.Context, hash string) (console.SignIn, error) {
	if found, ok := m.records.Load(hash); ok {
		return found.(console.SignIn), nil
	}
	return console.SignIn{}, console.ErrNotFound
}

// Delete implements console.Store.
func (m *Memory) Delete(_ context.Context, hash string) error {
	m.records.Delete(hash)
	return nil
}

// Run checks a store against the documentation of console.Store.
func Run(t *testing.T, s console.Store) {
	t.Helper()
	ctx, want := t.Context(), console.SignIn{
		Hash: "00ff", Visitor: auth.Visitor{Home: "acme", Subject: "ann"}, ExpiresAt: time.Date(2026, 3, 1, 12, 0, 0, 1, time.UTC),
	}
	if _, err := s.Get(ctx, want.Hash); !errors.Is(err, console.ErrNotFound) {
		t.Errorf("before it is stored: got %v, want ErrNotFound", err)
	}
	if err := s.Put(ctx, want); err != nil {
		t.Fatal(err)
	}
	got, err := s.Get(ctx, want.Hash)
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, sign-in differs (-want +got):\n%s", err, diff)
	}
	for range 2 {
		if err := s.Delete(ctx, want.Hash); err != nil {
			t.Errorf("delete: %v", err)
		}
	}
	if _, err := s.Get(ctx, want.Hash); !errors.Is(err, console.ErrNotFound) {
		t.Errorf("after it was deleted: got %v, want ErrNotFound", err)
	}
}
