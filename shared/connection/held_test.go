package connection_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// A credential is held until its import is finished, whoever checks it meanwhile,
// and what is adopted unfinished is looked at by the jobs.
func TestHeldCredential(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	held := connection.Connection{ID: "con_1", Lifecycle: connection.Pending, Provisioning: at.Add(10 * time.Minute)}
	if held.Held() {
		t.Error("held without a credential")
	}
	held.Hold(connection.Credential{Refreshable: true})
	checked := held
	checked.Health.CheckedAt = at
	if !held.Held() || !checked.Held() || held.Used() || held.Credential.Version != 1 || held.Refresh.Epoch != 1 {
		t.Errorf("held %t, checked %t, used %t", held.Held(), checked.Held(), held.Used())
	}
	for name, test := range map[string]struct {
		change func(*connection.Connection)
		status string
		looked bool
	}{
		"pending":  {func(*connection.Connection) {}, "degraded verification_failed", true},
		"disabled": {func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, "disabled disabled", false},
		"refused":  {func(c *connection.Connection) { c.Health.Reason = connection.ReasonReauthRequired }, "degraded reauth_required", false},
	} {
		c := held
		test.change(&c)
		c.Adopt(at)
		status := connection.StatusOf(&c, at)
		if got := status.Name + " " + string(status.Reason); got != test.status {
			t.Errorf("%s: status %s, want %s", name, got, test.status)
		}
		if looked := !c.Due.Refresh.IsZero() && !c.Due.Health.IsZero(); looked != test.looked || !c.Due.Reconcile.IsZero() || c.Due.Expiry.IsZero() {
			t.Errorf("%s: due %+v", name, c.Due)
		}
	}
}

// Whatever shows that the refresh token may have been sent keeps it from being
// thrown away: each sign alone does.
func TestHeldCredentialIsUsedByAnySignOfARequest(t *testing.T) {
	t.Parallel()
	if (&connection.Connection{Credential: &connection.Credential{Refreshable: true}}).Used() {
		t.Error("one that was only stored is used")
	}
	for name, c := range map[string]connection.Connection{
		"an access token":      {LeaseCount: 1},
		"an intent":            {Refresh: connection.Refresh{Intent: &connection.Intent{Epoch: 1, At: time.Unix(1, 0)}}},
		"a saved answer":       {Refresh: connection.Refresh{Answer: []byte{1}}},
		"an unreadable answer": {Refresh: connection.Refresh{Unread: &connection.Unread{Epoch: 1}}},
		"a rotated token":      {Refresh: connection.Refresh{Token: []byte{1}}},
		"a lost answer":        {Health: connection.Health{Reason: connection.ReasonLostAnswer}},
	} {
		if !c.Used() {
			t.Errorf("%s: it is not used", name)
		}
	}
}
