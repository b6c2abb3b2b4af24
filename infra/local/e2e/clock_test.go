package e2e_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/secret"
)

// wait lets real time pass: until a token has expired at the provider, whose
// clock is the machine's.
func wait(t *testing.T, d time.Duration) {
	t.Helper()
	select {
	case <-t.Context().Done():
		t.Fatal("the test ended")
	case <-time.After(max(d, 0) + 50*time.Millisecond):
	}
}

// eventually asks until done says yes, for at most half a minute.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for begun := time.Now(); !done(); wait(t, 200*time.Millisecond) {
		if time.Since(begun) > 30*time.Second {
			t.Fatalf("after 30 seconds still not: %s", what)
		}
	}
}

func secretOf(value string) secret.Bytes { return secret.FromString(value) }

// tokenLife is how long the token of a lease lives from now.
func tokenLife(l api.Lease) time.Duration {
	if l.ExpiresAt == nil {
		return 0
	}
	return time.Until(*l.ExpiresAt)
}
