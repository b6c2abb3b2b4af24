package lease_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/outage"
)

// A tenant's key that cannot sign is no answer of the provider: nothing is sent,
// no token is doubted, an outage that is on record goes on, and the refresh is
// made when the key is back.
func TestUnsignedRefreshLosesNothing(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		oauth := *r.target.Scheme.OAuth
		oauth.ClientAuth = "private_key_jwt"
		r.target.Scheme.OAuth, r.target.Scheme.Assertion = &oauth, &catalog.Assertion{Algorithm: "ES256"}
		working := methodtest.Reach(r.provider)
		r.Refresher.Reach = working
		r.Refresher.Reach.Keys = methodtest.Keys{}
		r.expire()
		_, err := r.outages.Update(t.Context(), r.target.Provider, func(o *outage.Record) error {
			o.OpenedAt, o.ProbeAt = time.Now(), time.Now()
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeCredentialUnavailable) {
			t.Errorf("Lease: got %v, want credential_unavailable", err)
		}
		if n := len(r.provider.Requests("/token")); n != 0 {
			t.Errorf("%d requests were sent", n)
		}
		if c := r.record(t); c.Refresh.Intent != nil || c.Refresh.Owner != "" || c.Health.Reason != connection.ReasonNone {
			t.Errorf("record: got intent %v, owner %q, reason %q", c.Refresh.Intent, c.Refresh.Owner, c.Health.Reason)
		}
		if o, err := r.outages.Get(t.Context(), r.target.Provider); err != nil || o.OpenedAt.IsZero() {
			t.Errorf("the outage ended without a word of the provider: %v", err)
		}
		r.Refresher.Reach = working
		time.Sleep(time.Minute)
		if got := r.token(t); got == r.access {
			t.Error("the old token was leased")
		}
	})
}
