package lease_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method/methodtest"
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
