package health_test

import (
	"errors"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

const (
	oauth = "oauth2_authorization_code"
	key   = "api_key"
)

// verify checks the outcome, and how often each endpoint was asked.
func (r *rig) verify(t *testing.T, want catalog.Outcome, probes, refreshes int) {
	t.Helper()
	v, err := r.Verify(t.Context(), ann, con)
	if err != nil || v.Outcome != want || !v.CheckedAt.Equal(time.Now()) {
		t.Errorf("Verify: got %s at %s, %v; want %s now", v.Outcome, v.CheckedAt, err, want)
	}
	if p, f := len(r.provider.Requests("/me")), len(r.provider.Requests("/token")); p != probes || f != refreshes {
		t.Errorf("provider: got %d probes and %d refreshes, want %d and %d", p, f, probes, refreshes)
	}
}

func TestVerifyOfAWorkingAccount(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.verify(t, catalog.OK, 1, 0)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
		if got := r.bus.Types(); len(got) != 0 {
			t.Errorf("events: got %v, want none", got)
		}
		if due := r.record(t).Due.Health; time.Until(due) < 20*time.Hour || time.Until(due) > 24*time.Hour {
			t.Errorf("next check: got %s, want in about a day", due)
		}
	})
}

// The outcome of one probe, as the status shows it.
func TestVerifyOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		step   methodtest.Step
		want   catalog.Outcome
		reason connection.Reason
	}{
		"403":   {methodtest.Step{Status: 403}, catalog.PermissionError, connection.ReasonPermissions},
		"429":   {methodtest.Step{Status: 429}, catalog.RateLimited, connection.ReasonNone},
		"500":   {methodtest.Step{Status: 500}, catalog.ProviderError, connection.ReasonNone},
		"reset": {methodtest.Step{Err: errors.New("reset")}, catalog.NetworkError, connection.ReasonNone},
		"404":   {methodtest.Step{Status: 404}, catalog.Unknown, connection.ReasonVerificationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				r.provider.Script("/me", c.step)
				r.verify(t, c.want, 1, 0)
				if c.reason == connection.ReasonNone { // Once is no trouble.
					r.wantStatus(t, connection.StatusActive, c.reason)
				} else {
					r.wantStatus(t, connection.StatusDegraded, c.reason)
				}
				if got := r.bus.Events(); (len(got) == 1) != (c.reason != connection.ReasonNone) {
					t.Errorf("events: got %v, want one of a status that changed", got)
				}
				if due := r.record(t).Due.Health; time.Until(due) > time.Hour {
					t.Errorf("next check: got %s, want within an hour", due)
				}
			})
		})
	}
}

// A refused token is refreshed once; only then the outcome counts.
func TestVerifyOfATokenThatDiedEarly(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.provider.Script("/me", methodtest.Step{Status: 401})
		r.verify(t, catalog.OK, 2, 1)
		r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
	})
}

// OUT-05: a new token that is refused like the old one lacks a permission.
func TestOUT05TokenThatIsRefusedThoughItsRefreshWorks(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.provider.Script("/me", methodtest.Step{Status: 401}, methodtest.Step{Status: 401})
		r.verify(t, catalog.PermissionError, 2, 1)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonPermissions)
		if got := r.record(t).Health.Reason; got != connection.ReasonNone {
			t.Errorf("reason of the credential: got %q, want none: it was just renewed", got)
		}
	})
}

func TestVerifyOfARevokedGrant(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.provider.Forget(r.access)
		r.verify(t, catalog.AuthError, 1, 1)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonReauthRequired)
	})
}

func TestVerifyOfAnExpiredToken(t *testing.T) {
	for name, c := range map[string]struct {
		step   methodtest.Step
		want   catalog.Outcome
		probes int
	}{
		"refreshed":      {methodtest.Step{}, catalog.OK, 1},
		"invalid_grant":  {methodtest.Step{Status: 400, Body: `{"error":"invalid_grant"}`}, catalog.AuthError, 0},
		"invalid_client": {methodtest.Step{Status: 401, Body: `{"error":"invalid_client"}`}, catalog.ProviderError, 0},
		"outage":         {methodtest.Step{Status: 503}, catalog.ProviderError, 0},
		"rate limit":     {methodtest.Step{Status: 429}, catalog.RateLimited, 0},
		"time-out":       {methodtest.Step{Hang: true, Lost: true}, catalog.NetworkError, 0},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour)
				r.provider.Script("/token", c.step)
				r.verify(t, c.want, c.probes, 1)
			})
		})
	}
}

// A key that is refused has nothing to refresh.
func TestVerifyOfAKey(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		want   catalog.Outcome
		reason connection.Reason
	}{
		"refused":              {401, catalog.AuthError, connection.ReasonVerificationFailed},
		"without a permission": {403, catalog.PermissionError, connection.ReasonPermissions},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, key, func(t *testing.T, r *rig) {
				r.provider.Script("/me", methodtest.Step{Status: c.status}, methodtest.Step{Status: 200, Body: "{}"})
				r.verify(t, c.want, 1, 0)
				r.wantStatus(t, connection.StatusDegraded, c.reason)
				if got := r.record(t).Health.Reason == connection.ReasonVerificationFailed; got != (c.status == 401) {
					t.Errorf("a reason of its own: got %v", got)
				}
				for range 5 {
					r.provider.Script("/me", methodtest.Step{Status: 200, Body: "{}"})
					if _, err := r.Verify(t.Context(), ann, con); err != nil {
						t.Fatal(err)
					}
				}
				r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
			})
		})
	}
}

func TestVerifyOfAnExpiredKey(t *testing.T) {
	run(t, key, func(t *testing.T, r *rig) {
		r.change(t, func(c *connection.Connection) { c.Credential.ExpiresAt = time.Now() })
		r.verify(t, catalog.AuthError, 0, 0)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonExpired)
	})
}

// What is our own failure, or only put off, says nothing about the account.
func TestVerifyThatCouldNotBeMade(t *testing.T) {
	for name, c := range map[string]struct {
		prepare func(*testing.T, *rig)
		want    fault.Code
	}{
		"another refreshes": {func(t *testing.T, r *rig) {
			r.change(t, func(c *connection.Connection) { c.Refresh.Owner, c.Refresh.Until = "x", time.Now().Add(time.Hour) })
		}, fault.CodeRetryLater},
		"the provider is left alone": {func(t *testing.T, r *rig) {
			r.change(t, func(c *connection.Connection) {
				c.Refresh.FailedCount, c.Refresh.NotBefore = 3, time.Now().Add(time.Hour)
			})
		}, fault.CodeRetryLater},
		"the hot copy was moved": {func(t *testing.T, r *rig) {
			r.change(t, func(c *connection.Connection) { c.LeaseCount++; c.Credential.ExpiresAt = time.Now().Add(time.Hour) })
		}, fault.CodeKeyIntegrity},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour)
				c.prepare(t, r)
				before := r.record(t).Health
				if _, err := r.Verify(t.Context(), ann, con); !fault.Has(err, c.want) {
					t.Errorf("Verify: got %v, want %s", err, c.want)
				}
				if got := r.record(t).Health; got != before {
					t.Errorf("health: got %+v, want %+v", got, before)
				}
				if got := r.bus.Types(); len(got) != 0 {
					t.Errorf("events: got %v, want none", got)
				}
			})
		})
	}
}

// STO-08: the tenant's key was taken away.
func TestKeyThatCannotBeUsed(t *testing.T) {
	for name, age := range map[string]time.Duration{"to open the copy": 10 * time.Minute, "to refresh": time.Hour} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				time.Sleep(age)
				r.keys.Disable(r.dataKeys[tenant].KeyARN)
				if _, err := r.Verify(t.Context(), ann, con); !fault.Has(err, fault.CodeCredentialUnavailable) {
					t.Errorf("Verify: got %v, want credential_unavailable", err)
				}
				r.wantStatus(t, connection.StatusDegraded, connection.ReasonKeyUnavailable)
				r.keys.Enable(r.dataKeys[tenant].KeyARN)
				if _, err := r.Verify(t.Context(), ann, con); err != nil {
					t.Errorf("Verify with the key back: %v", err)
				}
				r.wantStatus(t, connection.StatusActive, connection.ReasonNone)
			})
		})
	}
}

func TestKeyThatCannotBeUsedHidesNoDeadCredential(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		time.Sleep(10 * time.Minute)
		r.change(t, func(c *connection.Connection) { c.Health.Reason = connection.ReasonReauthRequired })
		r.keys.Disable(r.dataKeys[tenant].KeyARN)
		_, _ = r.Verify(t.Context(), ann, con)
		r.wantStatus(t, connection.StatusDegraded, connection.ReasonReauthRequired)
	})
}

func TestVerifyIsRefused(t *testing.T) {
	reader := auth.Caller{Tenant: tenant, Home: tenant, Scopes: []string{auth.ConnectionsRead}}
	stranger := auth.Caller{Tenant: "globex", Home: "globex", Scopes: []string{auth.ConnectionsWrite}}
	for name, c := range map[string]struct {
		caller auth.Caller
		change func(*connection.Connection)
		want   fault.Code
	}{
		"without the scope":   {reader, func(*connection.Connection) {}, fault.CodeForbidden},
		"of another tenant":   {stranger, func(*connection.Connection) {}, fault.CodeNotFound},
		"while paused":        {ann, func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, fault.CodeConnectionDisabled},
		"while being deleted": {ann, func(c *connection.Connection) { c.Lifecycle = connection.Deleting }, fault.CodeNotFound},
		"before a credential": {ann, func(c *connection.Connection) { c.Credential = nil }, fault.CodeConnectionPending},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, oauth, func(t *testing.T, r *rig) {
				r.change(t, c.change)
				if _, err := r.Verify(t.Context(), c.caller, con); !fault.Has(err, c.want) {
					t.Errorf("Verify: got %v, want %s", err, c.want)
				}
				if got := r.provider.Requests("/me"); len(got) != 0 {
					t.Errorf("probes: got %d, want 0", len(got))
				}
			})
		})
	}
}

func TestVerifyIsAudited(t *testing.T) {
	run(t, oauth, func(t *testing.T, r *rig) {
		r.verify(t, catalog.OK, 1, 0)
		entries, _, err := r.audits.List(t.Context(), tenant, audit.Query{Limit: 10})
		if err != nil || len(entries) != 1 || entries[0].Action != audit.ConnectionVerify || entries[0].Resource != con {
			t.Errorf("audit: got %+v, %v; want one entry of the verification", entries, err)
		}
	})
}
