package lease_test

import (
	"testing"
	"time"
)

// A provider that says a later end with every token has one that moves on by
// itself: it counts by the day, and refreshes plan no looks at it.
func TestEVT05EndThatEveryRefreshMoves(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Extra = map[string]any{"refresh_token_expires_in": 30 * 24 * 3600}
		lapses, looks := map[time.Time]bool{}, map[time.Time]bool{}
		for i := range 20 {
			time.Sleep(61 * time.Minute)
			r.token(t)
			c := r.record(t)
			if i == 0 {
				if c.Renews() {
					t.Error("the first end that is said moves already")
				}
				continue
			}
			if !c.Renews() || !c.Credential.Rolling {
				t.Fatalf("refresh %d: the end does not move", i)
			}
			lapses[c.Credential.Lapses()], looks[c.Due.Expiry] = true, true
		}
		if len(lapses) > 2 || len(looks) != 1 {
			t.Errorf("twenty refreshes in a day: %d dates and %d plans, want two at most and one", len(lapses), len(looks))
		}
	})
}
