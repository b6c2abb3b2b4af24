package health_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

const session = "session_token"

// A session that the system ended early is replaced by a login, and only then
// the outcome counts.
func TestVerifyOfASessionThatEndedEarly(t *testing.T) {
	run(t, session, func(t *testing.T, r *rig) {
		r.provider.Forget(r.access)
		r.verify(t, catalog.OK, 2, 0)
		if n := len(r.provider.Requests("/login")); n != 1 {
			t.Errorf("logins: got %d, want 1", n)
		}
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		r.verify(t, catalog.OK, 3, 0)
	})
}

// A login that is refused needs a person; one that fails does not.
func TestVerifyOfASessionWhoseLoginIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		want   catalog.Outcome
		shown  string
		reason connection.Reason
	}{
		"refused": {401, catalog.AuthError, connection.StatusDegraded, connection.ReasonReauthRequired},
		"down":    {503, catalog.ProviderError, connection.StatusActive, connection.ReasonNone},
		"limited": {429, catalog.RateLimited, connection.StatusActive, connection.ReasonNone},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, session, func(t *testing.T, r *rig) {
				r.provider.Forget(r.access)
				r.provider.Script("/login", methodtest.Step{Status: c.status, Body: "{}"})
				r.verify(t, c.want, 1, 0)
				r.wantStatus(t, c.shown, c.reason)
			})
		})
	}
}

// When the session has run out by the clock it is replaced before the probe.
func TestVerifyOfASessionThatRanOut(t *testing.T) {
	run(t, session, func(t *testing.T, r *rig) {
		time.Sleep(2 * time.Hour)
		r.verify(t, catalog.OK, 1, 0)
		if got := r.record(t).Credential.ExpiresAt; !got.Equal(time.Now().Add(time.Hour)) {
			t.Errorf("expires at %s, want in an hour", got)
		}
	})
}
