package idempotency_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
)

// A key that is kept for long is that of a thing: it is free once the thing is
// gone, for another request too, and not while the request may still run.
func TestKeyOfWhatIsGone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone, asked := false, ""
	do := func(fingerprint string) (string, error) {
		return idempotency.Do(t.Context(), w.Keys, auth.Caller{Tenant: "acme"}, idempotency.Request{
			Route: "connection-import", Key: "k", Fingerprint: fingerprint, Prefix: id.Connection, Keep: 365 * 24 * time.Hour,
			Gone: func(resourceID string) (bool, error) { asked = resourceID; return gone, nil },
		}, w.create, replay)
	}
	_, err := do("f")
	must(t, err)
	w.advance(48 * time.Hour)
	if again, err := do("f"); err != nil || again != "replayed "+w.made[0] || asked != w.made[0] {
		t.Errorf("got %q, %v, asked about %q", again, err, asked)
	}
	_, err = do("other")
	refused(t, err, fault.CodeIdempotencyMismatch)
	gone = true
	if again, err := do("other"); err != nil || len(w.made) != 2 || again != "created "+w.made[1] {
		t.Errorf("got %q, %v with %v made", again, err, w.made)
	}
}

func TestKeyOfARunningRequestIsNotFreed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	request := idempotency.Request{
		Route: "connection-create", Key: "k", Fingerprint: "other", Prefix: id.Connection,
		Gone: func(string) (bool, error) { return true, nil },
	}
	w.dies("k", "f", func(string) {})
	_, err := idempotency.Do(t.Context(), w.Keys, auth.Caller{Tenant: "acme"}, request, w.create, replay)
	refused(t, err, fault.CodeIdempotencyMismatch)
	w.advance(time.Minute)
	_, err = idempotency.Do(t.Context(), w.Keys, auth.Caller{Tenant: "acme"}, request, w.create, replay)
	must(t, err)
	request.Gone = func(string) (bool, error) { return false, errBusy }
	if _, err = idempotency.Do(t.Context(), w.Keys, auth.Caller{Tenant: "acme"}, request, w.create, replay); !errors.Is(err, errBusy) {
		t.Errorf("got %v, want what kept it from being looked up", err)
	}
}
