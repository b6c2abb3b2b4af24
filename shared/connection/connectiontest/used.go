package connectiontest

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
)

// used checks that a use is noted beside whatever else is written, that a write of
// the record which did not see it does not undo it, and that it brings nothing back.
func used(t *testing.T, s connection.Store) {
	c := sample("acme", 1)
	c.StaleAt = now
	c.Cutoff = &connection.Cutoff{Reason: connection.ReasonStale, At: now, Paused: true, Tries: 2, Next: now, Revocation: "failed"}
	if err := s.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	at := now.Add(time.Hour)
	times := 0
	_, err := s.Update(t.Context(), "acme", c.ID, func(c *connection.Connection) error {
		if times++; times == 1 {
			if err := s.Used(t.Context(), "acme", c.ID, at); err != nil {
				t.Error(err)
			}
		}
		c.Name = "Renamed"
		return nil
	})
	if err != nil || times != 2 {
		t.Errorf("Update: %v after %d tries, want two", err, times)
	}
	got, err := s.Get(t.Context(), "acme", c.ID)
	c.Name, c.UsedAt, c.StaleAt, c.Version = "Renamed", at, time.Time{}, 3
	if diff := cmp.Diff(c, got); err != nil || diff != "" {
		t.Errorf("Get: %v (-want +got):\n%s", err, diff)
	}
	for _, other := range []connection.Ref{{Tenant: "globex", ID: c.ID}, {Tenant: "acme", ID: "con_9999"}} {
		if err := s.Used(t.Context(), other.Tenant, other.ID, at); !errors.Is(err, connection.ErrNotFound) {
			t.Errorf("Used of %v: got %v, want ErrNotFound", other, err)
		}
		if _, err := s.Get(t.Context(), other.Tenant, other.ID); !errors.Is(err, connection.ErrNotFound) {
			t.Errorf("%v was made by a use", other)
		}
	}
}
