package connectiontest

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
)

func update(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	store(t, s, c)
	got, err := s.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		c.Name, c.Credential, c.Labels = "Support", nil, nil
		c.Tenant, c.ID, c.Version = "globex", "con_0002", 99
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	want := c
	want.Name, want.Credential, want.Labels, want.Version = "Support", nil, nil, 2
	equal(t, got, want)
	equal(t, get(t, s, c), want)
}

func updateStartsOver(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	store(t, s, c)
	runs := 0
	got, err := s.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		if runs++; runs == 1 {
			rename(t, s, c.ID, "Between")
		}
		c.Labels = map[string]string{"seen": c.Name}
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if runs != 2 {
		t.Errorf("change ran %d times, want 2", runs)
	}
	want := c
	want.Name, want.Labels, want.Version = "Between", map[string]string{"seen": "Between"}, 3
	equal(t, got, want)
	equal(t, get(t, s, c), want)
}

func updateAfterAnswer(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	store(t, s, c)
	runs := 0
	got, err := s.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		if runs++; runs == 1 {
			if err := s.SaveAnswer(t.Context(), "acme", c.ID, 0, []byte("sealed")); err != nil {
				t.Errorf("SaveAnswer: %v", err)
			}
		}
		c.Name = "Support"
		return nil
	})
	if err != nil {
		t.Fatalf("Update: %v", err)
	}
	if runs != 2 || string(got.Refresh.Answer) != "sealed" || got.Version != 3 {
		t.Errorf("got answer %q and version %d after %d runs; want the saved answer and 3 after 2", got.Refresh.Answer, got.Version, runs)
	}
}

func updateFails(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	store(t, s, c)
	refused := errors.New("refused")
	_, err := s.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		c.Name, c.Labels["team"] = "Support", "changed"
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("Update: got %v, want the error of change", err)
	}
	c.Version = 1
	equal(t, get(t, s, c), c)
}

func updateDeleted(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	store(t, s, c)
	_, err := s.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		return s.Delete(t.Context(), "acme", c.ID)
	})
	if !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("Update: got %v, want ErrNotFound", err)
	}
	if _, err := s.Get(t.Context(), "acme", c.ID); !errors.Is(err, connection.ErrNotFound) {
		t.Errorf("Get: got %v, want ErrNotFound", err)
	}
}

func concurrentUpdates(t *testing.T, s connection.Store) {
	const writers, each = 32, 4
	c := sample("acme", 1)
	store(t, s, c)
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range each {
				if err := increment(t.Context(), s, c.ID); err != nil {
					t.Errorf("Update: %v", err)
				}
			}
		})
	}
	wg.Wait()
	got := get(t, s, c)
	if got.Revision != writers*each || got.Version != 1+writers*each {
		t.Errorf("got revision %d and version %d, want %d and %d", got.Revision, got.Version, writers*each, 1+writers*each)
	}
}

func increment(ctx context.Context, s connection.Store, id string) error {
	_, err := s.Update(ctx, "acme", id, func(c *connection.Connection) error { c.Revision++; return nil })
	return err
}

func saveAnswer(t *testing.T, s connection.Store) {
	for _, epoch := range []int{0, 3} {
		c := sample("acme", epoch)
		c.Refresh.Epoch = epoch
		store(t, s, c)
		sealed := []byte{1, 0, 2}
		if err := s.SaveAnswer(t.Context(), "acme", c.ID, epoch, sealed); err != nil {
			t.Errorf("SaveAnswer of epoch %d: %v", epoch, err)
		}
		sealed[0] = 9
		c.Refresh.Answer, c.Refresh.AnswerEpoch, c.Version = []byte{1, 0, 2}, epoch, 2
		equal(t, get(t, s, c), c)
	}
}

func saveLateAnswer(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	c.Refresh.Epoch, c.Refresh.Answer = 3, []byte("winner")
	store(t, s, c)
	for _, epoch := range []int{0, 2, 4} {
		if err := s.SaveAnswer(t.Context(), "acme", c.ID, epoch, []byte("late")); !errors.Is(err, connection.ErrFenced) {
			t.Errorf("SaveAnswer of epoch %d: got %v, want ErrFenced", epoch, err)
		}
	}
	c.Version = 1
	equal(t, get(t, s, c), c)
}

func rename(t *testing.T, s connection.Store, id, name string) {
	t.Helper()
	_, err := s.Update(t.Context(), "acme", id, func(c *connection.Connection) error { c.Name = name; return nil })
	if err != nil {
		t.Errorf("Update: %v", err)
	}
}
