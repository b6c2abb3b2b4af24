package tenanttest

import (
	"strconv"
	"sync"
	"testing"
)

// externalID: it is claimed once, and nobody else's claim changes it.
func externalID(t *testing.T, s Store) {
	external(t, s, "acme", "")
	for _, proposed := range []string{"first", "second"} {
		claimed(t, s, "acme", proposed, "first")
	}
	external(t, s, "acme", "first")
	external(t, s, "globex", "")
	claimed(t, s, "globex", "third", "third")
	external(t, s, "acme", "first")
}

func concurrentClaim(t *testing.T, s Store) {
	got := make([]string, 16)
	var wg sync.WaitGroup
	for n := range got {
		wg.Go(func() {
			var err error
			if got[n], err = s.ClaimExternalID(t.Context(), "acme", strconv.Itoa(n)); err != nil {
				t.Errorf("ClaimExternalID: %v", err)
			}
		})
	}
	wg.Wait()
	for _, id := range got {
		external(t, s, "acme", id)
	}
}

func claimed(t *testing.T, s Store, tenant, proposed, want string) {
	t.Helper()
	if got, err := s.ClaimExternalID(t.Context(), tenant, proposed); err != nil || got != want {
		t.Errorf("ClaimExternalID of %s for %s: got %q, %v; want %q", proposed, tenant, got, err, want)
	}
}

func external(t *testing.T, s Store, tenant, want string) {
	t.Helper()
	if got, err := s.ExternalID(t.Context(), tenant); err != nil || got != want {
		t.Errorf("ExternalID of %s: got %q, %v; want %q", tenant, got, err, want)
	}
}
