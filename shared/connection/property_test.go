package connection_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// Whatever happens to a connection in whatever order, its status follows from
// what happened, explains itself, and everybody is told of every change once.
func TestStatusFollowsWhatHappened(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := newLife(t, rt)
		rt.Repeat(map[string]func(*rapid.T){
			"":         m.check,
			"install":  m.step(m.install),
			"renew":    m.step(m.renew),
			"refuse":   m.step(m.refuse),
			"report":   m.step(m.report),
			"distrust": m.step(m.distrust),
			"disable":  m.step(m.disable),
			"enable":   m.step(m.enable),
			"open":     m.step(m.open),
			"deny":     m.step(m.deny),
			"sweep":    m.step(m.sweep),
			"delete":   m.step(m.remove),
			"wait":     func(rt *rapid.T) { m.now = m.now.Add(elapse.Draw(rt, "time")) },
		})
	})
}

// StatusOf has one of four words for every record, reachable or not, and a
// pause or a deletion hides all else.
func TestStatusIsTotal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		c := anyRecord.Draw(rt, "record")
		s := connection.StatusOf(&c, now)
		explains(rt, s)
		switch {
		case c.Lifecycle == connection.Disabled && s.Reason != connection.ReasonDisabled, c.Lifecycle == connection.Deleting && s.Reason != connection.ReasonDeleting:
			rt.Errorf("%s connection: got %s (%s)", c.Lifecycle, s.Name, s.Reason)
		case s.Name == connection.StatusActive && !sound(&c):
			rt.Errorf("active with reason %q, ring %q, credential %+v", c.Health.Reason, c.Health.Ring, c.Credential)
		}
		if again := connection.StatusOf(&c, now); again != s {
			rt.Errorf("got %+v, then %+v", s, again)
		}
	})
}

// A success never brings a dead credential back to life; a new credential, in
// whatever state the connection is, always takes its place.
func TestOnlyANewCredentialRevives(t *testing.T) {
	t.Parallel()
	dead := []connection.Reason{connection.ReasonReauthRequired, connection.ReasonLostAnswer, connection.ReasonExpired}
	rapid.Check(t, func(rt *rapid.T) {
		m := newLife(t, rt)
		c := anyRecord.Draw(rt, "record")
		c.Tenant = "acme"
		c.Health.Reason = rapid.SampledFrom(dead).Draw(rt, "dead")
		was := c.Health.Reason
		for _, o := range append(rapid.SliceOfN(outcome, 0, 10).Draw(rt, "outcomes"), catalog.OK) {
			if c.Health.Record(o); c.Health.Reason != was {
				rt.Fatalf("%s was taken back by %s", was, o)
			}
		}
		m.must(c.Install(t.Context(), m.sealer, connection.Credential{}, leasable("tok"), catalog.Refresh{}, now))
		if c.Health.Reason != connection.ReasonNone || c.Health.Ring != "o" || !c.Usable(now) {
			rt.Errorf("after a new credential: reason %q, ring %q", c.Health.Reason, c.Health.Ring)
		}
	})
}

// The jobs look at a new token in time, and never at what is paused.
func TestDueTimes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := newLife(t, rt)
		c := anyRecord.Draw(rt, "record")
		c.Tenant = "acme"
		k, policy := anyCredential.Draw(rt, "credential"), anyPolicy.Draw(rt, "policy")
		m.must(c.Install(t.Context(), m.sealer, k, leasable("tok"), policy, now))
		planned(rt, &c, policy)
		if k.Refreshable {
			m.must(c.Renew(t.Context(), m.sealer, leasable("tok"), now.Add(elapse.Draw(rt, "lifetime")-time.Hour), policy, now))
			planned(rt, &c, policy)
		}
	})
}

// planned checks the due times of a record that was planned now.
func planned(rt *rapid.T, c *connection.Connection, policy catalog.Refresh) {
	rt.Helper()
	k, d := c.Credential, c.Due
	if c.Lifecycle != connection.Ready {
		if !d.Refresh.IsZero() || !d.Health.IsZero() {
			rt.Errorf("%s and due %+v", c.Lifecycle, d)
		}
		return
	}
	if !d.Health.After(now) || d.Health.After(now.Add(24*time.Hour)) {
		rt.Errorf("next check at %s", d.Health)
	}
	known := !k.ExpiresAt.IsZero() || policy.IdleSeconds > 0
	if got := !d.Refresh.IsZero(); got != (k.Refreshable && known) {
		rt.Fatalf("refreshable %t, expiry %s: refresh due %s", k.Refreshable, k.ExpiresAt, d.Refresh)
	}
	if d.Refresh.IsZero() {
		return
	}
	late := !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(now)
	if late != d.Refresh.Before(now) && !(late && d.Refresh.Equal(now)) {
		rt.Errorf("token until %s, refresh due %s, now %s", k.ExpiresAt, d.Refresh, now)
	}
	if !late && !k.ExpiresAt.IsZero() && !d.Refresh.Before(k.ExpiresAt) {
		rt.Errorf("token until %s is to be refreshed at %s", k.ExpiresAt, d.Refresh)
	}
	if idle := time.Duration(policy.IdleSeconds) * time.Second; idle > 0 && !d.Refresh.Before(now.Add(idle)) {
		rt.Errorf("refresh token dies unused after %s, refresh due %s", idle, d.Refresh)
	}
}

// explains checks what every status carries (product: section 2): all but
// active say why, in a sentence, and what to do, unless it is up to nobody or
// was a person's own will.
func explains(rt *rapid.T, s connection.Status) {
	rt.Helper()
	if s.Name == connection.StatusActive {
		if s != (connection.Status{Name: connection.StatusActive}) {
			rt.Errorf("active with %+v", s)
		}
		return
	}
	words := []string{connection.StatusDegraded, connection.StatusDisabled, connection.StatusPending}
	remedies := []string{"reconnect", "retry", "fix_input", "grant_permissions", "contact_admin"}
	willed := []connection.Reason{connection.ReasonDisabled, connection.ReasonDeleting, connection.ReasonHandoffOpen}
	advised := slices.Contains(remedies, s.Remedy) || s.Remedy == "" && slices.Contains(willed, s.Reason)
	if !slices.Contains(words, s.Name) || s.Reason == "" || len(s.Message) < 10 || s.Message[len(s.Message)-1] != '.' || !advised {
		rt.Errorf("got %+v; want a known word with reason, remedy and a sentence", s)
	}
}

// sound reports whether nothing speaks against the credential.
func sound(c *connection.Connection) bool {
	last := c.Health.Ring[:min(5, len(c.Health.Ring))]
	return c.Credential != nil && c.Usable(now) && c.Health.Reason == "" && c.Health.Trouble == "" && !strings.ContainsAny(last, "apu")
}

func (m *life) must(err error) {
	m.rt.Helper()
	if err != nil {
		m.rt.Fatal(err)
	}
}

// gone passes the refusal of a connection that is being deleted, and fails
// for any other error, or none.
func (m *life) gone(err error) error {
	m.rt.Helper()
	if !fault.Has(err, fault.CodeNotFound) && !errors.Is(err, connection.ErrNotFound) {
		m.rt.Fatalf("a connection that is being deleted: got %v, want not_found", err)
	}
	return nil
}
