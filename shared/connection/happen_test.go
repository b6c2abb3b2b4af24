package connection_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
)

// What is drawn.
var (
	elapse = rapid.SampledFrom([]time.Duration{
		time.Second, time.Minute, 14 * time.Minute, 16 * time.Minute, time.Hour, 61 * time.Minute, 25 * time.Hour, 90 * 24 * time.Hour,
	})
	outcome = rapid.SampledFrom([]catalog.Outcome{
		catalog.OK, catalog.OK, catalog.OK, catalog.AuthError, catalog.PermissionError, catalog.RateLimited,
		catalog.ProviderError, catalog.NetworkError, catalog.TLSError, catalog.Unknown, "surprise",
	})
	// Calls are some of any kind and then some that succeeded.
	someCalls = rapid.Custom(func(rt *rapid.T) []catalog.Outcome {
		calls := rapid.SliceOfN(outcome, 1, 3).Draw(rt, "calls")
		return append(calls, slices.Repeat([]catalog.Outcome{catalog.OK}, rapid.IntRange(0, 6).Draw(rt, "successes"))...)
	})
	anyReason = rapid.SampledFrom([]connection.Reason{
		connection.ReasonNone, connection.ReasonNone, connection.ReasonNone, connection.ReasonNone, connection.ReasonNone,
		connection.ReasonReauthRequired, connection.ReasonPermissions, connection.ReasonExpired,
		connection.ReasonVerificationFailed, connection.ReasonProviderOutage, connection.ReasonRateLimited, connection.ReasonLostAnswer,
		connection.ReasonKeyUnavailable, connection.ReasonHandoffExpired, connection.ReasonHandoffDenied, connection.ReasonNoCredential,
	})
	anyTime = rapid.Custom(func(rt *rapid.T) time.Time {
		if rapid.Bool().Draw(rt, "known") {
			return now.Add(elapse.Draw(rt, "later"))
		}
		return time.Time{}
	})
	anyCredential = rapid.Custom(func(rt *rapid.T) connection.Credential {
		return connection.Credential{Refreshable: rapid.Bool().Draw(rt, "refreshable"), ExpiresAt: anyTime.Draw(rt, "expiry"), RefreshExpiresAt: anyTime.Draw(rt, "refresh expiry")}
	})
	anyPolicy = rapid.Custom(func(rt *rapid.T) catalog.Refresh {
		return catalog.Refresh{
			MarginSeconds: rapid.SampledFrom([]int{0, 0, 60, 3600, 86400}).Draw(rt, "margin"),
			IdleSeconds:   rapid.SampledFrom([]int{0, 0, 600, 30 * 86400}).Draw(rt, "idle"),
		}
	})
	anyRecord = rapid.Custom(func(rt *rapid.T) connection.Connection {
		c := connection.Connection{
			ID:        rapid.StringMatching(`con_[0-9]{1,4}`).Draw(rt, "id"),
			Lifecycle: rapid.SampledFrom([]connection.Lifecycle{connection.Ready, connection.Pending, connection.Disabled, connection.Deleting}).Draw(rt, "lifecycle"),
			Health:    connection.Health{Reason: anyReason.Draw(rt, "reason"), Ring: rapid.StringMatching(`(|ooo|oooo|ooooo)[oaprsntu]{0,15}`).Draw(rt, "ring")},
		}
		if rapid.Bool().Draw(rt, "in trouble") {
			c.Health.Trouble = rapid.SampledFrom([]connection.Reason{connection.ReasonProviderOutage, connection.ReasonRateLimited}).Draw(rt, "trouble")
		}
		if rapid.Bool().Draw(rt, "has a credential") {
			k := anyCredential.Draw(rt, "credential")
			k.ExpiresAt = k.ExpiresAt.Add(-time.Duration(rapid.IntRange(0, 2).Draw(rt, "age")) * time.Hour)
			c.Credential = &k
		}
		if rapid.Bool().Draw(rt, "has a handoff") {
			c.Handoff = &connection.Handoff{ID: "hof_1", ExpiresAt: now.Add(elapse.Draw(rt, "open") - 15*time.Minute)}
		}
		return c
	})
)

// install is the end of a handoff or of a credential that was put.
func (m *life) install() error {
	k, policy := anyCredential.Draw(m.rt, "credential"), anyPolicy.Draw(m.rt, "policy")
	if !k.ExpiresAt.IsZero() {
		k.ExpiresAt = m.now.Add(k.ExpiresAt.Sub(now))
	}
	if !m.deleting {
		m.credential, m.refused, m.doubts, m.waiting, m.calls = &k, false, connection.ReasonNone, false, []string{string(catalog.OK)}
	}
	return m.apply(func(c *connection.Connection) error {
		return c.Install(m.t.Context(), m.sealer, k, leasable("tok"), policy, m.now)
	})
}

// renew is a refresh that brought a token.
func (m *life) renew() error {
	if m.credential == nil || !m.credential.Refreshable || m.refused || m.deleting {
		m.rt.Skip("nothing to renew")
	}
	expires := m.now.Add(elapse.Draw(m.rt, "lifetime"))
	m.credential.ExpiresAt = expires
	if m.doubts == connection.ReasonKeyUnavailable {
		m.doubts = connection.ReasonNone // The key was used.
	}
	return m.apply(func(c *connection.Connection) error {
		return c.Renew(m.t.Context(), m.sealer, leasable("tok"), expires, catalog.Refresh{}, m.now)
	})
}

// refuse is the definitive refusal of a refresh.
func (m *life) refuse() error {
	if m.credential == nil || !m.credential.Refreshable || m.deleting {
		m.rt.Skip("nothing to refuse")
	}
	m.refused, m.doubts = true, connection.ReasonNone
	reason := rapid.SampledFrom([]connection.Reason{connection.ReasonReauthRequired, connection.ReasonLostAnswer}).Draw(m.rt, "reason")
	return m.apply(func(c *connection.Connection) error {
		c.Health.Reason, c.Due.Refresh = reason, time.Time{}
		return nil
	})
}

// distrust is a probe that found the key refused, or a tenant's key closed.
func (m *life) distrust() error {
	if m.credential == nil || m.refused || m.deleting {
		m.rt.Skip("nothing to distrust")
	}
	reason := rapid.SampledFrom([]connection.Reason{connection.ReasonVerificationFailed, connection.ReasonKeyUnavailable}).Draw(m.rt, "reason")
	m.doubts = reason
	return m.apply(func(c *connection.Connection) error {
		c.Health.Reason = reason
		c.Checked(false, m.now, 0)
		return nil
	})
}

func (m *life) disable() error {
	m.paused = m.paused || !m.deleting
	_, err := m.people.Disable(m.t.Context(), agent, "con_1", "")
	return err
}

func (m *life) enable() error {
	m.paused = m.paused && m.deleting
	_, err := m.people.Enable(m.t.Context(), agent, "con_1", "")
	return err
}

// open is the start of a handoff, which is refused while paused.
func (m *life) open() error {
	if m.paused {
		m.rt.Skip("paused")
	}
	m.waiting = m.waiting || !m.deleting && m.credential == nil
	return m.apply(func(c *connection.Connection) error {
		c.Handoff = &connection.Handoff{ID: "hof_1", ExpiresAt: m.now.Add(15 * time.Minute)}
		c.Due.Pending = c.Handoff.ExpiresAt
		if c.Credential == nil {
			c.Lifecycle, c.Health.Reason = connection.Pending, connection.ReasonNone
		}
		return nil
	})
}

// deny is the person's refusal at the provider.
func (m *life) deny() error {
	return m.apply(func(c *connection.Connection) error {
		c.Handoff = nil
		if c.Lifecycle == connection.Pending {
			c.Health.Reason = connection.ReasonHandoffDenied
		}
		return nil
	})
}

// sweep is the job that ends handoffs.
func (m *life) sweep() error {
	if m.deleting {
		m.rt.Skip("none is named")
	}
	if due := m.record().Due.Pending; !due.IsZero() && !due.After(m.now) {
		m.waiting = false
	}
	_, _, failed, err := m.sweeps.ExpirePending(m.t.Context())
	if failed > 0 {
		m.rt.Fatal("the sweep failed")
	}
	return err
}

// remove begins the deletion.
func (m *life) remove() error {
	if rapid.IntRange(0, 3).Draw(m.rt, "rarely") < 3 {
		m.rt.Skip("not now")
	}
	err := m.apply(func(c *connection.Connection) error {
		c.Lifecycle, c.Due = connection.Deleting, connection.Due{Reconcile: m.now}
		return nil
	})
	m.deleting = true
	return err
}
