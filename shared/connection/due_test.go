package connection_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/vault"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
)

// A credential that was saved during a pause is watched like any other when the
// pause is over.
func TestEnableWatchesTheExpiryOfWhatWasSavedDuringThePause(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.Disable(t.Context(), ann, "con_1", ""); err != nil {
		t.Fatal(err)
	}
	sealer := vaulttest.NewSealer(t, "acme")
	_, err := r.store.Update(t.Context(), "acme", "con_1", func(c *connection.Connection) error {
		k := connection.Credential{ExpiresAt: now.Add(30 * 24 * time.Hour)}
		return c.Install(t.Context(), sealer, k, vault.Leasable{}, catalog.Refresh{}, now)
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Enable(t.Context(), ann, "con_1", ""); err != nil {
		t.Fatal(err)
	}
	if due := r.record(t).Due.Expiry; due.IsZero() {
		t.Error("nobody is warned before the credential expires")
	}
}

// A connection without a credential has nothing to check, and does not fill the
// index of those that have.
func TestNewInputsOfAConnectionWithoutCredentialMakeNothingDue(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.create(t, "con_2", func(c *connection.Connection) { c.Credential, c.Due = nil, connection.Due{} })
	c, err := r.Update(t.Context(), ann, "con_2", "*", connection.Change{Inputs: map[string]string{"shop": "other"}})
	if err != nil || !c.Due.Health.IsZero() {
		t.Errorf("Update: check due at %s, %v; want never", c.Due.Health, err)
	}
}

// Of a dead credential nothing is in doubt: no next try is promised.
func TestDeadCredentialIsNotInDoubt(t *testing.T) {
	t.Parallel()
	c := connection.Connection{
		Lifecycle: connection.Ready, Credential: &connection.Credential{Refreshable: true}, Health: connection.Health{Reason: connection.ReasonReauthRequired},
		Refresh: connection.Refresh{FailedCount: 1, NotBefore: now.Add(5 * time.Second)},
	}
	if got := c.API(now).Credential.Refresh; got != nil {
		t.Errorf("refresh: got %+v, want none", got)
	}
}

// Who is about to consent does so to the account as it was described: another one
// needs another handoff.
func TestNewInputsEndAnOpenHandoff(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.create(t, "con_2", func(c *connection.Connection) {
		c.Handoff = &connection.Handoff{ID: "han_1", ExpiresAt: now.Add(time.Hour)}
	})
	c, err := r.Update(t.Context(), ann, "con_2", "*", connection.Change{Inputs: map[string]string{"shop": "acme"}})
	if err != nil || c.Handoff == nil {
		t.Errorf("the same inputs: handoff %v, %v", c.Handoff, err)
	}
	c, err = r.Update(t.Context(), ann, "con_2", "*", connection.Change{Inputs: map[string]string{"shop": "other"}})
	if err != nil || c.Handoff != nil {
		t.Errorf("other inputs: handoff %v, %v", c.Handoff, err)
	}
}
