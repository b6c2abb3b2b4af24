package lease_test

import (
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// A holder that stands still past its lease brings its answer to the secret store
// when another has put a failure there: the token behind the failure is found,
// and the old one is not used again.
func TestREF06LateAnswerBehindAFailure(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		paused, second := r.start(), r.start()
		paused.refuseSaves(1000)
		second.refuseSaves(1000)
		paused.on["before save 1"] = func() { time.Sleep(90 * time.Second) }
		var group sync.WaitGroup
		group.Go(func() { _, _ = paused.lease(t.Context()) })
		time.Sleep(60 * time.Second)
		r.provider.Script("/token", methodtest.Step{Status: http.StatusTooManyRequests, Body: `{"error":"slow_down"}`})
		if _, err := second.lease(t.Context()); err == nil {
			t.Error("Lease that was limited: no error")
		}
		group.Wait()

		time.Sleep(6 * time.Minute)
		r.token(t)
		r.wantRequests(t, 2)
		if c := r.record(t); c.Health.Reason != connection.ReasonNone || c.Refresh.Intent != nil {
			t.Errorf("record: reason %q, intent %v; want none", c.Health.Reason, c.Refresh.Intent)
		}
	})
}

// A promotion over a version of no record that dies too leaves the version on
// record a label: the secret store may remove what has none.
func TestSTO05PromotionThatDiedKeepsTheLabel(t *testing.T) {
	for nth := range 3 {
		point := fmt.Sprintf("after promote %d", nth+1)
		t.Run(point, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.write(t, vault.Material{Tenant: tenant, Resource: con, Epoch: 2, RefreshToken: secret.FromString("of nobody")})
				r.expire()
				victim := r.start()
				victim.on[point] = victim.crash
				_, _ = victim.lease(t.Context())
				at := r.record(t).Credential.At
				if labels := r.secrets.Labels(secretName); len(labels[at.Version]) == 0 {
					t.Errorf("the version in use has no label: %v", labels)
				}
				r.expire()
				r.token(t)
				r.wantPromoted(t)
			})
		})
	}
}
