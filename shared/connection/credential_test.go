package connection_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// install makes a credential current in a new connection.
func install(t testing.TB, s *vault.Sealer, id string, k connection.Credential, policy catalog.Refresh) connection.Connection {
	t.Helper()
	c := connection.Connection{Tenant: "acme", ID: id, Lifecycle: connection.Pending}
	if err := c.Install(t.Context(), s, k, leasable("tok"), policy, now); err != nil {
		t.Fatal(err)
	}
	return c
}

func leasable(token string) vault.Leasable {
	return vault.Leasable{AccessToken: secret.FromString(token), TokenType: "Bearer"}
}

// Whatever a provider's lifetimes, a refresh is due in the future and before
// the token expires, and no later than half the idle time of a refresh token.
func TestRefreshIsDueInTime(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	rapid.Check(t, func(rt *rapid.T) {
		lifetime := time.Duration(rapid.IntRange(1, 400*24*3600).Draw(rt, "lifetime")) * time.Second
		idle := time.Duration(rapid.SampledFrom([]int{0, 60, 3600, 30 * 24 * 3600}).Draw(rt, "idle")) * time.Second
		policy := catalog.Refresh{
			MarginSeconds: rapid.SampledFrom([]int{0, 1, 300, 7200, 10 * 24 * 3600}).Draw(rt, "margin"),
			IdleSeconds:   int(idle / time.Second),
		}
		id := fmt.Sprintf("con_%d", rapid.Int().Draw(rt, "id"))
		c := install(t, sealer, id, connection.Credential{Refreshable: true, ExpiresAt: now.Add(lifetime)}, policy)
		due := c.Due.Refresh
		if !due.After(now) || !due.Before(now.Add(lifetime)) {
			rt.Errorf("lifetime %s: due after %s", lifetime, due.Sub(now))
		}
		if idle > 0 && due.After(now.Add(idle/2)) {
			rt.Errorf("idle time %s: due after %s", idle, due.Sub(now))
		}
		if check := c.Due.Health.Sub(now); check < 24*time.Hour*9/10 || check > 24*time.Hour {
			rt.Errorf("check: due after %s, want about a day", check)
		}
	})
}

func TestRefreshMargin(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	for name, c := range map[string]struct {
		lifetime time.Duration
		policy   catalog.Refresh
		margin   time.Duration // Up to a fifth more is jitter.
	}{
		"an hour":              {time.Hour, catalog.Refresh{}, 6 * time.Minute},
		"half an hour":         {30 * time.Minute, catalog.Refresh{}, 5 * time.Minute},
		"a day":                {24 * time.Hour, catalog.Refresh{}, 144 * time.Minute},
		"five minutes":         {5 * time.Minute, catalog.Refresh{}, 150 * time.Second},
		"the connector's":      {time.Hour, catalog.Refresh{MarginSeconds: 600}, 10 * time.Minute},
		"more than half of it": {time.Hour, catalog.Refresh{MarginSeconds: 3000}, 30 * time.Minute},
	} {
		for i := range 50 {
			k := connection.Credential{Refreshable: true, ExpiresAt: now.Add(c.lifetime)}
			got := install(t, sealer, fmt.Sprintf("con_%d", i), k, c.policy)
			if margin := k.ExpiresAt.Sub(got.Due.Refresh); margin < c.margin || margin > c.margin*6/5 {
				t.Errorf("%s: got a margin of %s, want %s to a fifth more", name, margin, c.margin)
			}
		}
	}
}

// Connections made together are not swept together.
func TestJitterSpreads(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	seen := map[time.Time]bool{}
	for i := range 100 {
		k := connection.Credential{Refreshable: true, ExpiresAt: now.Add(time.Hour)}
		seen[install(t, sealer, fmt.Sprintf("con_%d", i), k, catalog.Refresh{}).Due.Refresh] = true
	}
	if len(seen) < 50 {
		t.Errorf("due times of 100 connections: got %d different, want most", len(seen))
	}
}

func TestDue(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	for name, c := range map[string]struct {
		credential connection.Credential
		policy     catalog.Refresh
		refresh    bool
		expiry     time.Duration // When its dates are looked at.
	}{
		"a token":                   {connection.Credential{Refreshable: true, ExpiresAt: now.Add(time.Hour)}, catalog.Refresh{}, true, due.Soon},
		"a token of no known end":   {connection.Credential{Refreshable: true}, catalog.Refresh{}, false, due.Soon},
		"the same, dying when idle": {connection.Credential{Refreshable: true}, catalog.Refresh{IdleSeconds: 3600}, true, due.Soon},
		"a refresh token that ends": {connection.Credential{Refreshable: true, ExpiresAt: now.Add(time.Hour), RefreshExpiresAt: now.Add(240 * time.Hour)}, catalog.Refresh{}, true, 24 * time.Hour},
		"a key":                     {connection.Credential{}, catalog.Refresh{IdleSeconds: 3600}, false, due.Soon},
		"a key that ends":           {connection.Credential{ExpiresAt: now.Add(time.Hour)}, catalog.Refresh{}, false, due.Soon},
	} {
		got := install(t, sealer, "con_1", c.credential, c.policy).Due
		if !got.Refresh.IsZero() != c.refresh || got.Expiry.Sub(now) != c.expiry || got.Health.IsZero() || !got.Pending.IsZero() {
			t.Errorf("%s: got %+v, want refresh %v, expiry in %v and a check", name, got, c.refresh, c.expiry)
		}
	}
}

func TestInstallMakesTheCredentialCurrent(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	c := connection.Connection{
		Tenant: "acme", ID: "con_1", Lifecycle: connection.Pending, Handoff: &connection.Handoff{ID: "hof_1"},
		Health: connection.Health{Reason: connection.ReasonReauthRequired, Ring: "aaaaa"}, Due: connection.Due{Pending: now},
		Refresh: connection.Refresh{Epoch: 7, Owner: "x", Answer: []byte{1}, Token: []byte{1}, FailedCount: 3, Intent: &connection.Intent{}},
	}
	for version := 1; version <= 2; version++ {
		token := fmt.Sprintf("tok-%d", version)
		if err := c.Install(t.Context(), sealer, connection.Credential{Last4: "abcd"}, leasable(token), catalog.Refresh{}, now); err != nil {
			t.Fatal(err)
		}
		if c.Credential.Version != version || c.Lifecycle != connection.Ready || c.Handoff != nil || !c.Due.Pending.IsZero() {
			t.Errorf("got version %d, %s, handoff %v; want version %d, ready", c.Credential.Version, c.Lifecycle, c.Handoff, version)
		}
		if r := c.Refresh; r.Epoch != 7+version || r.Owner != "" || r.Answer != nil || r.Token != nil || r.FailedCount != 0 || r.Intent != nil {
			t.Errorf("refresh: got %+v, want it new at epoch %d", r, 7+version)
		}
		if s := connection.StatusOf(&c, now); s.Name != connection.StatusActive || c.Health.Ring != "o" {
			t.Errorf("status: got %s, ring %q; want active", s.Name, c.Health.Ring)
		}
		if got := open(t, sealer, c); got != token {
			t.Errorf("hot copy: got %q, want %q", got, token)
		}
	}
}

func open(t *testing.T, s *vault.Sealer, c connection.Connection) string {
	t.Helper()
	plain, err := s.Open(t.Context(), c.Place(), c.Lease)
	if err != nil {
		t.Fatal(err)
	}
	l, err := vault.DecodeLeasable(plain)
	if err != nil {
		t.Fatal(err)
	}
	return l.AccessToken.Reveal()
}

// A hot copy opens in its own place and at its own count only.
func TestOldHotCopyDoesNotOpen(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	c := install(t, sealer, "con_1", connection.Credential{Refreshable: true}, catalog.Refresh{})
	old := c.Lease
	if err := c.Renew(t.Context(), sealer, leasable("new"), now.Add(time.Hour), catalog.Refresh{}, now); err != nil {
		t.Fatal(err)
	}
	if _, err := sealer.Open(t.Context(), c.Place(), old); err == nil {
		t.Error("the old copy opens in the place of the new one")
	}
}

func TestRenew(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	c := install(t, sealer, "con_1", connection.Credential{Refreshable: true, ExpiresAt: now}, catalog.Refresh{})
	epoch, later := c.Refresh.Epoch, now.Add(2*time.Hour)
	c.Health.Reason = connection.ReasonLostAnswer
	if err := c.Renew(t.Context(), sealer, leasable("new"), later.Add(time.Hour), catalog.Refresh{}, later); err != nil {
		t.Fatal(err)
	}
	if k := c.Credential; k.Version != 1 || !k.ExpiresAt.Equal(later.Add(time.Hour)) || !k.RefreshedAt.Equal(later) || c.Refresh.Epoch != epoch {
		t.Errorf("got %+v at epoch %d, want version 1 renewed at epoch %d", k, c.Refresh.Epoch, epoch)
	}
	if c.Health.Reason != connection.ReasonNone || open(t, sealer, c) != "new" {
		t.Errorf("got reason %q and %q, want none and the new token", c.Health.Reason, open(t, sealer, c))
	}
	c.Lifecycle, c.Health.Reason = connection.Disabled, connection.ReasonPermissions
	if err := c.Renew(t.Context(), sealer, leasable("new"), later.Add(time.Hour), catalog.Refresh{}, later); err != nil {
		t.Fatal(err)
	}
	if !c.Due.Refresh.IsZero() || !c.Due.Health.IsZero() || c.Health.Reason != connection.ReasonPermissions {
		t.Errorf("paused: got due %+v, reason %q; want no job and the reason kept", c.Due, c.Health.Reason)
	}
}

func TestInstallWithoutTheKeyFails(t *testing.T) {
	t.Parallel()
	c := connection.Connection{Tenant: "globex", ID: "con_1", Lifecycle: connection.Pending}
	if err := c.Install(t.Context(), vaulttest.NewSealer(t, "acme"), connection.Credential{}, leasable("tok"), catalog.Refresh{}, now); err == nil {
		t.Error("Install without the tenant's key: no error")
	}
}

func TestChecked(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lifecycle connection.Lifecycle
		ok        bool
		want      time.Duration
	}{
		"well": {connection.Ready, true, 24 * time.Hour}, "not well": {connection.Ready, false, time.Hour}, "paused": {connection.Disabled, true, 0},
	} {
		got := connection.Connection{ID: "con_1", Lifecycle: c.lifecycle}
		got.Checked(c.ok, now, 0)
		if c.want == 0 && !got.Due.Health.IsZero() || c.want > 0 && (got.Due.Health.Sub(now) > c.want || got.Due.Health.Sub(now) < c.want*9/10) {
			t.Errorf("%s: got a check after %s, want %s", name, got.Due.Health.Sub(now), c.want)
		}
	}
}

var errDown = errors.New("down")

// A refresh leaves a check that is to come where it is, and plans one that is
// not; a new credential is checked a day later.
func TestRenewalKeepsTheCheck(t *testing.T) {
	t.Parallel()
	sealer := vaulttest.NewSealer(t, "acme")
	c := install(t, sealer, "con_1", connection.Credential{Refreshable: true, ExpiresAt: now.Add(time.Hour)}, catalog.Refresh{})
	renew := func(at time.Time) {
		t.Helper()
		if err := c.Renew(t.Context(), sealer, leasable("tok"), at.Add(time.Hour), catalog.Refresh{}, at); err != nil {
			t.Fatal(err)
		}
	}
	planned := c.Due.Health
	renew(now.Add(time.Hour))
	if !c.Due.Health.Equal(planned) {
		t.Errorf("the check moved from %s to %s", planned, c.Due.Health)
	}
	renew(planned)
	if next := c.Due.Health.Sub(planned); next < 24*time.Hour*9/10 {
		t.Errorf("after the check was due the next is in %s, want about a day", next)
	}
	soon := planned.Add(time.Hour)
	c.Due.Health = soon
	if err := c.Install(t.Context(), sealer, connection.Credential{}, leasable("tok"), catalog.Refresh{}, planned); err != nil {
		t.Fatal(err)
	}
	if !c.Due.Health.After(soon) {
		t.Errorf("a new credential is checked at %s, want a day later", c.Due.Health)
	}
}
