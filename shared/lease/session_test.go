package lease_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// session makes the rig's connection one whose token comes from a login.
func (r *rig) session(t *testing.T, password string) {
	t.Helper()
	r.target = methodtest.Target("session_token")
	r.target.Provider = "crm"
	r.access, _ = r.provider.Issue()
	at := r.write(t, vault.Material{Tenant: tenant, Resource: con, Epoch: 2, Fields: map[string]secret.Bytes{
		"username": secret.FromString(methodtest.ClientID), "password": secret.FromString(password),
	}})
	k := connection.Credential{At: at, Refreshable: true, ExpiresAt: time.Now().Add(time.Hour), PromotedAt: time.Now()}
	r.change(t, func(c *connection.Connection) { c.SchemeType = "session_token"; r.put(t, c, k) })
}

// However many runtimes find the session over, there is one login, and none of
// them gets what logs in.
func TestLeaseLogsInOnce(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.session(t, methodtest.ClientSecret)
		if got := r.token(t); got != r.access || len(r.provider.Requests("/login")) != 0 {
			t.Errorf("a session that lives was replaced")
		}
		r.expire()
		end := time.Now().Add(time.Hour) // Whoever waited for the login got its end, not one of its own.
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				l, err := r.lease(context.Background())
				if err != nil {
					t.Error(err)
					return
				}
				got := l.API()
				if got.AccessToken == r.access || got.Headers["Authorization"] != "Bearer "+got.AccessToken || len(got.Values) > 0 {
					t.Errorf("lent %d headers, %d values", len(got.Headers), len(got.Values))
				}
				if !got.ExpiresAt.Equal(end) {
					t.Errorf("expires at %s", got.ExpiresAt)
				}
			})
		}
		group.Wait()
		if n := len(r.provider.Requests("/login")); n != 1 {
			t.Errorf("logins: got %d, want 1", n)
		}
	})
}

// A login that is refused for good needs a person and is not tried again; what
// says nothing about the password does neither.
func TestLeaseWhenTheLoginFails(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.session(t, "changed-at-the-system")
		r.expire()
		r.provider.Script("/login", methodtest.Step{Status: 503, Body: "{}"})
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeProviderUnavailable) || r.record(t).Health.Reason != connection.ReasonNone {
			t.Errorf("down: %v", err)
		}
		time.Sleep(time.Minute)
		for range 2 {
			_, err := r.lease(t.Context())
			if !fault.Has(err, fault.CodeReauthRequired) || strings.Contains(err.Error(), "changed-at") {
				t.Errorf("refused: %v", err)
			}
		}
		if n := len(r.provider.Requests("/login")); n != 2 {
			t.Errorf("logins: got %d, want 2", n)
		}
	})
}
