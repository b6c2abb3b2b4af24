package lease_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/outage"
)

// crowd copies the rig's connection, each with a grant of its own. What is
// sealed is sealed anew.
func (r *rig) crowd(t *testing.T, n int) []string {
	t.Helper()
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("con_%04d", i)
		r.copy(t, ids[i])
	}
	return ids
}

// statuses counts the connections by status and reason.
func (r *rig) statuses(t *testing.T, ids []string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, id := range ids {
		c, err := r.memory.Get(t.Context(), tenant, id)
		if err != nil {
			t.Fatal(err)
		}
		s := connection.StatusOf(&c, time.Now())
		counts[s.Name+" "+string(s.Reason)]++
	}
	return counts
}

// sweepFor sweeps once a minute.
func (r *rig) sweepFor(t *testing.T, d time.Duration) {
	t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Minute) {
		if _, _, _, err := sweep(t.Context(), r.Refresher); err != nil {
			t.Fatal(err)
		}
	}
}

// Two hours of server errors for all connections of a provider. Nobody
// is told to reconnect, few requests are made, and all of them recover, over
// some minutes and not at once.
func TestOUT01OutageOfTwoHours(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		ids := r.crowd(t, 150)
		time.Sleep(50 * time.Minute)
		for range 2000 {
			r.provider.Script("/token", methodtest.Step{Lost: true, Status: 503, Body: "<html>"})
		}
		r.sweepFor(t, 2*time.Hour)
		if got := len(r.provider.Requests("/token")); got > 20+120*2 {
			t.Errorf("requests in two hours: got %d, want 20 and a probe each half minute at most", got)
		}
		for status, n := range r.statuses(t, ids) {
			if status != "degraded expired" && status != "active " {
				// What has expired is told so; the credential itself is not doubted.
				t.Errorf("status: %d connections are %s", n, status)
			}
		}
		for _, id := range ids {
			c, _ := r.memory.Get(t.Context(), tenant, id)
			if c.Health.Reason != connection.ReasonNone {
				t.Fatalf("%s: reason %q", id, c.Health.Reason)
			}
		}
		if got := r.bus.Types(); len(got) != 1 {
			t.Errorf("events: got %v, want one of the outage", got)
		}
		r.provider.Unscript("/token")
		before := len(r.provider.Requests("/token"))
		r.sweepFor(t, 2*time.Minute)
		if got := len(r.provider.Requests("/token")) - before; got > 100 {
			t.Errorf("requests in the first two minutes: got %d of 150, want a part", got)
		}
		r.sweepFor(t, 20*time.Minute)
		if got := r.statuses(t, ids); got["active "] != len(ids) {
			t.Errorf("after the outage: %v", got)
		}
	})
}

// A provider that refuses 40 % of all its connections within minutes is
// not believed. They keep their status and their tokens, and work when it comes
// to its senses.
func TestOUT04RefusalOfManyIsHeld(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		ids := r.crowd(t, 150)
		time.Sleep(50 * time.Minute)
		refused := 0
		for range 4 {
			for n := range 50 {
				step := methodtest.Step{}
				if n%5 < 2 {
					refused++
					step = methodtest.Step{Lost: true, Status: 400, Body: `{"error":"invalid_grant"}`}
				}
				r.provider.Script("/token", step)
			}
		}
		r.sweepFor(t, 6*time.Minute)
		after := r.statuses(t, ids)
		if after["degraded reauth_required"] > 20 || after["active "] < 130 {
			t.Errorf("after the storm: %v; want 20 demoted at most, who came before it was one", after)
		}
		held := 0
		for _, id := range ids {
			c, _ := r.memory.Get(t.Context(), tenant, id)
			if doubt, _ := c.Refresh.Doubt(time.Now()); doubt == connection.Held {
				held++
			}
		}
		if held < 30 {
			t.Errorf("held: got %d, want those that were refused after the first 20", held)
		}
		r.provider.Unscript("/token")
		r.sweepFor(t, time.Hour)
		if got := r.statuses(t, ids); got["active "] < 130 {
			t.Errorf("an hour later: %v", got)
		}
	})
}

// What is held is refused for good when the storm is over and the provider still
// refuses it.
func TestHeldRefusalIsBelievedLater(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.storm(t)
		time.Sleep(r.left(t))
		r.provider.Forget(r.refresh)
		_, err := r.lease(t.Context())
		if f := fault.From(err); f.Code != fault.CodeProviderUnavailable || f.RetryAfter == 0 {
			t.Errorf("Lease while refusals are held: got %v, want provider_unavailable", err)
		}
		if doubt, _ := r.doubt(t); doubt != connection.Held {
			t.Errorf("doubt: got %q, want held", doubt)
		}
		time.Sleep(2 * time.Hour)
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeReauthRequired) {
			t.Errorf("Lease after it: got %v, want reauth_required", err)
		}
		if doubt, _ := r.doubt(t); doubt == connection.Held {
			t.Error("still held")
		}
	})
}

// storm lets the provider refuse many connections that are not there.
func (r *rig) storm(t *testing.T) {
	t.Helper()
	time.Sleep(50 * time.Minute)
	for range 30 {
		r.Refresher.Outages.Refused(t.Context(), outage.Pass{Provider: r.target.Provider})
	}
}

// What is not admitted was not sent: no intent stays, and the next
// attempt is not made before the provider is tried again.
func TestNotAdmittedIsNotSent(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		for range 20 {
			r.Refresher.Outages.Failed(t.Context(), outage.Pass{Provider: r.target.Provider})
		}
		_, err := r.lease(t.Context())
		if f := fault.From(err); f.Code != fault.CodeProviderUnavailable || f.RetryAfter < time.Second {
			t.Errorf("Lease: got %v, want provider_unavailable with a time", err)
		}
		r.wantRequests(t, 0)
		c := r.record(t)
		if c.Refresh.Intent != nil || c.Refresh.Owner != "" || c.Refresh.NotBefore.IsZero() || c.Refresh.FailedCount != 0 {
			t.Errorf("refresh: got %+v, want nothing but the time of the next try", c.Refresh)
		}
		if due := c.Due.Refresh.Sub(c.Refresh.NotBefore); due <= 0 || due > 5*time.Minute {
			t.Errorf("due %s after the next try, want its own time within five minutes", due)
		}
		time.Sleep(31 * time.Second)
		r.token(t)
	})
}

// A refusal that is not believed says nothing of the answer that was lost before
// it: when the token is refused for good in the end, that is the reason.
func TestREF05HeldRefusalLeavesTheLostAnswerOnRecord(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		r.provider.Script("/token", methodtest.Step{Err: errConnectionReset}) // Carried out, and the answer is lost.
		_, _, _, _ = sweep(t.Context(), r.Refresher)
		for range 30 {
			r.Refresher.Outages.Refused(t.Context(), outage.Pass{Provider: r.target.Provider})
		}
		time.Sleep(r.left(t))
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeProviderUnavailable) {
			t.Fatalf("Lease while refusals are held: got %v, want provider_unavailable", err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeReauthRequired) {
			t.Fatalf("Lease after it: got %v, want reauth_required", err)
		}
		if got := r.record(t).Health.Reason; got != connection.ReasonLostAnswer {
			t.Errorf("reason: got %q, want refresh_response_lost", got)
		}
	})
}

// A provider that takes requests and never answers is found out within a run of
// the sweep, and then keeps nobody waiting.
func TestOUT07SweepIsNotHeldUpByAProviderThatHangs(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.crowd(t, 150)
		time.Sleep(time.Hour)
		for range 200 {
			r.provider.Script("/token", methodtest.Step{Hang: true})
		}
		began := time.Now()
		due, done, failed, err := sweep(t.Context(), r.Refresher)
		if due != 151 || done+failed != due || err != nil {
			t.Errorf("Sweep: got %d due, %d done, %d failed, %v; want 151 due, and all tried", due, done, failed, err)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("the run took %s, want less than a minute", took)
		}
		if _, err := r.Refresher.Outages.Admit(t.Context(), r.target.Provider, con); !fault.Has(err, fault.CodeProviderUnavailable) {
			t.Errorf("Admit after it: got %v, want provider_unavailable", err)
		}
	})
}
