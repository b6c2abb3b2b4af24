package client_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/client"
)

func TestTokenSourceLeasesOnceUntilTheTokenIsNearItsEnd(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		lifetime string // The expiresAt member of the lease.
		leases   int
	}{
		"an hour left":           {expires(time.Hour), 1},
		"less than the margin":   {expires(20 * time.Second), 3},
		"a token without an end": {"", 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			leases, seen := 0, recorded{}
			c := serve(t, &seen, func(w http.ResponseWriter, r *http.Request) {
				leases++
				answer(200, "application/json", fmt.Sprintf(`{"accessToken":"t%d","tokenType":"Bearer"%s}`, leases, test.lifetime))(w, r)
			})
			source := client.TokenSource(t.Context(), c, "con_1", "sync orders")
			for range 3 {
				token, err := source.Token()
				if err != nil || token.AccessToken != fmt.Sprintf("t%d", leases) || token.Type() != "Bearer" {
					t.Fatalf("got %+v, %v", token, err)
				}
				if left := time.Until(token.Expiry); test.lifetime == "" && left > 6*time.Minute {
					t.Errorf("a token without an end is kept for %v", left)
				}
			}
			if leases != test.leases {
				t.Errorf("got %d leases, want %d", leases, test.leases)
			}
			if body := fmt.Sprint(seen.Body); body != "map[minimumLifetimeSeconds:60 purpose:sync orders]" {
				t.Errorf("got body %s", body)
			}
		})
	}
}

func TestTokenSourceNeedsAnAccessToken(t *testing.T) {
	t.Parallel()
	var seen recorded
	c := serve(t, &seen, answer(200, "application/json", `{"headers":{"X-Api-Key":"canary"}}`))
	_, err := client.TokenSource(t.Context(), c, "con_1", "sync").Token()
	if err == nil || err.Error() != "connection con_1 has no access token; use the headers of its lease" {
		t.Errorf("got %v", err)
	}
}

func expires(in time.Duration) string {
	return `,"expiresAt":"` + time.Now().Add(in).UTC().Format(time.RFC3339) + `"`
}
