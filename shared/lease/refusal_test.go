package lease_test

import (
	"context"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method/methodtest"
)

var (
	errConnectionReset = errors.New("connection reset by peer")
	noConnection       = methodtest.Step{Lost: true, Err: &net.OpError{Op: "dial", Err: errors.New("refused")}}
	badCertificate     = methodtest.Step{Lost: true, Err: x509.UnknownAuthorityError{}}
)

// What a provider does that says nothing definitive about the credential.
var passing = map[string]struct {
	step methodtest.Step
	want fault.Code
}{
	"invalid client":   {methodtest.Step{Status: 401, Body: `{"error":"invalid_client"}`}, fault.CodeProviderError},
	"a bare 401":       {methodtest.Step{Status: 401, Body: "no"}, fault.CodeProviderError},
	"server error":     {methodtest.Step{Status: 500, Body: "oops"}, fault.CodeProviderUnavailable},
	"maintenance page": {methodtest.Step{Status: 503, Body: "<html>"}, fault.CodeProviderUnavailable},
	"rate limit":       {methodtest.Step{Status: 429, Body: "{}"}, fault.CodeProviderUnavailable},
	"login page":       {methodtest.Step{Lost: true, Status: 200, Body: "<html>"}, fault.CodeProviderError},
	"redirect":         {methodtest.Step{Status: 307, Header: http.Header{"Location": {"https://evil.example"}}}, fault.CodeProviderError},
	"reset":            {methodtest.Step{Lost: true, Err: errConnectionReset}, fault.CodeProviderUnavailable},
	"no connection":    {noConnection, fault.CodeProviderUnavailable},
	"bad certificate":  {badCertificate, fault.CodeProviderTLS},
	"no answer":        {methodtest.Step{Lost: true, Hang: true}, fault.CodeProviderTimeout},
}

func TestPassingFailureIsTold(t *testing.T) {
	for name, c := range passing {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				r.provider.Script("/token", c.step)
				if _, err := r.lease(t.Context()); !fault.Has(err, c.want) {
					t.Errorf("Lease: got %v, want %s", err, c.want)
				}
				r.wantUntouched(t)
				r.expire()
				r.token(t)
			})
		})
	}
}

// A flow does not stop while its old token is valid.
func TestOUT01PassingFailureLeavesTheOldTokenInUse(t *testing.T) {
	for name, c := range passing {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				time.Sleep(time.Hour - 30*time.Second)
				r.provider.Script("/token", c.step)
				l, err := r.lease(t.Context())
				if err != nil || l.Credential.AccessToken.Reveal() != r.access || l.Refreshed {
					t.Errorf("Lease: got %v, %v; want the old token", l, err)
				}
				r.wantUntouched(t)
			})
		})
	}
}

// wantUntouched checks that one request failed and nobody was told.
func (r *rig) wantUntouched(t *testing.T) {
	t.Helper()
	r.wantRequests(t, 1)
	c := r.record(t)
	if c.Health.Reason != connection.ReasonNone || c.Health.Ring != "o" {
		t.Errorf("health: got %+v, want it as it was", c.Health)
	}
	if got := r.bus.Types(); len(got) != 0 {
		t.Errorf("events: got %v, want none", got)
	}
}

func TestInvalidGrantNeedsAPerson(t *testing.T) {
	for name, body := range map[string]string{
		"RFC 6749":   `{"error":"invalid_grant","error_description":"Token refresh-canary-2 was revoked"}`,
		"upper case": `{"error":"INVALID_GRANT"}`,
		"GitHub":     `{"error":"bad_refresh_token"}`,
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire()
				r.provider.Script("/token", methodtest.Step{Status: 400, Body: body})
				for range 3 {
					if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeReauthRequired) || fault.From(err).Remedy != "reconnect" {
						t.Errorf("Lease: got %v, want reauth_required with remedy reconnect", err)
					}
					time.Sleep(time.Hour)
				}
				r.wantRequests(t, 1)
				c := r.record(t)
				if s := connection.StatusOf(&c, time.Now()); s.Name != connection.StatusDegraded || s.Reason != connection.ReasonReauthRequired {
					t.Errorf("status: got %s (%s), want degraded (reauth_required)", s.Name, s.Reason)
				}
				if got := r.bus.Events(); len(got) != 1 || got[0].Detail["reason"] != "reauth_required" || got[0].Resource != con {
					t.Errorf("events: got %v, want one of reauth_required", got)
				}
				if got := r.denials(); len(got) != 1 || got[0].Reason != "reauth_required" || got[0].Resource != con {
					t.Errorf("audit: got %+v, want the refusal once", got)
				}
				if due, _, _, err := sweep(t.Context(), r.Refresher); due != 0 || err != nil {
					t.Errorf("Sweep: got %d due, %v; want 0", due, err)
				}
			})
		})
	}
}

// A token whose grant the provider ended is not handed out, whatever lifetime it
// once had.
func TestRefusedCredentialIsNotHandedOut(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		time.Sleep(50 * time.Minute)
		r.provider.Forget(r.refresh)
		if _, err := r.Refresher.Refresh(t.Context(), tenant, con, func(*connection.Connection) bool { return false }); !fault.Has(err, fault.CodeReauthRequired) {
			t.Fatalf("Refresh: got %v, want reauth_required", err)
		}
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeReauthRequired) {
			t.Errorf("Lease of a token with minutes left: got %v, want reauth_required", err)
		}
	})
}

func TestReconnectEndsTheNeedForAPerson(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.provider.Forget(r.refresh)
		_, _ = r.lease(t.Context())
		r.reconnect(t)
		if got := r.token(t); got != r.access {
			t.Errorf("access token: got %q, want that of the reconnect", got)
		}
		r.expire()
		r.token(t)
	})
}

// A provider in trouble is asked less and less often, however many callers wait.
func TestFailuresAreFollowedByAPause(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		for range 1000 {
			r.provider.Script("/token", methodtest.Step{Status: 503})
		}
		for range 3600 {
			_, err := r.lease(t.Context())
			if f := fault.From(err); f.Code == fault.CodeRetryLater && (f.RetryAfter < time.Second || f.RetryAfter > 5*time.Minute) {
				t.Fatalf("Retry-After: got %s, want at most 5 min", f.RetryAfter)
			}
			time.Sleep(time.Second)
		}
		if got := len(r.provider.Requests("/token")); got < 10 || got > 20 {
			t.Errorf("token requests in an hour of failures: got %d, want 10 to 20", got)
		}
	})
}

func TestOUT03RetryAfterIsHonoured(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		want   time.Duration
	}{
		"seconds":     {"600", 10 * time.Minute},
		"a date":      {"Sat, 01 Jan 2000 12:20:00 GMT", 20 * time.Minute},
		"absurd":      {"1000000000", time.Hour},
		"in the past": {"Sat, 01 Jan 2000 00:00:00 GMT", 5 * time.Second},
		"nonsense":    {"soon", 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.expire() // It is noon.
				r.provider.Script("/token", methodtest.Step{Status: 429, Header: http.Header{"Retry-After": {c.header}}})
				_, _ = r.lease(t.Context())
				time.Sleep(c.want - time.Second)
				if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeRetryLater) {
					t.Errorf("Lease before the time: got %v, want retry_later", err)
				}
				r.wantRequests(t, 1)
				time.Sleep(time.Second)
				r.token(t)
				r.wantRequests(t, 2)
			})
		})
	}
}

// What could not be finished is not begun.
func TestREF09RefreshIsNotBegunWithoutTime(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		before := r.record(t).Version
		ctx, cancel := context.WithTimeout(t.Context(), 29*time.Second)
		defer cancel()
		if _, err := r.lease(ctx); !fault.Has(err, fault.CodeRetryLater) {
			t.Errorf("Lease: got %v, want retry_later", err)
		}
		r.wantRequests(t, 0)
		if got := r.record(t).Version; got != before {
			t.Errorf("version: got %d, want %d: nothing changed", got, before)
		}
	})
}

// AWS-05: without the key the answer could not be kept, so it is not asked for.
func TestWithoutTheDataKeyTheProviderIsNotContacted(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		r.keys.Disable(r.dataKeys[tenant].KeyARN)
		if _, err := r.lease(t.Context()); !fault.Has(err, fault.CodeCredentialUnavailable) {
			t.Errorf("Lease: got %v, want credential_unavailable", err)
		}
		r.wantRequests(t, 0)
		r.keys.Enable(r.dataKeys[tenant].KeyARN)
		r.token(t) // At once: the lease was given back.
		r.wantRequests(t, 1)
	})
}
