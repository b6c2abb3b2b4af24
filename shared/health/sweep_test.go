package health_test

import (
	"context"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
)

// A check that could not be made is not the first one of every run from then on:
// those whose turn it is would wait for ever behind it.
func TestOUT08CheckThatCouldNotBeMadeIsPutOff(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) {
			c.LeaseCount++ // The hot copy does not open.
			c.Credential.ExpiresAt = time.Time{}
		})
		time.Sleep(24 * time.Hour)
		r.sweep(t, 1, 1)
		if due := time.Until(r.record(t).Due.Health); due <= 0 || due > time.Hour {
			t.Errorf("next check: got in %s, want within an hour", due)
		}
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
	})
}

// What a check found of a credential that was replaced meanwhile says nothing
// about the new one.
func TestCheckOfAReplacedCredentialCountsForNothing(t *testing.T) {
	run(t, key, func(t *testing.T, r *rig) {
		r.provider.Script("/me", methodtest.Step{Before: func() { r.replace(t) }, Lost: true, Status: 401})
		time.Sleep(24 * time.Hour)
		r.sweep(t, 1, 0)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		if got := r.record(t).Health.Ring; got != "o" {
			t.Errorf("outcomes of the new key: got %q, want that of its own check", got)
		}
	})
}

// replace makes another key current, as a person does.
func (r *rig) replace(t *testing.T) {
	m, _ := method.For(key)
	l, err := m.Apply(r.target, map[string]secret.Bytes{"apiKey": secret.FromString("key-2")}, method.Token{})
	if err != nil {
		t.Error(err)
	}
	_, err = r.memory.Update(context.Background(), tenant, con, func(c *connection.Connection) error {
		return c.Install(context.Background(), r.Sealer, connection.Credential{At: c.Credential.At}, l, catalog.Refresh{}, time.Now().UTC())
	})
	if err != nil {
		t.Error(err)
	}
}

// A token that the system refuses and that cannot be refreshed now, for a request
// was never answered, is not shown as one that works.
func TestRefusedTokenThatCannotBeRefreshedNowIsTold(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) {
			c.Refresh.FailedCount, c.Refresh.NotBefore = 1, time.Now().Add(30*time.Minute)
		})
		r.provider.Script("/me", methodtest.Step{Status: 401})
		r.verify(t, catalog.AuthError, 1, 0)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonVerificationFailed)
	})
}
