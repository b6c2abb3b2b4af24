package walktest_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

const (
	handoff        = "oauth2_authorization_code"
	machine        = "oauth2_client_credentials"
	jwtBearer      = "oauth2_jwt_bearer"
	exchange       = "oauth2_token_exchange"
	serviceAccount = "service_account_key"
	apiKey         = "api_key"
	basic          = "basic"
	session        = "session_token"
	oauth1         = "oauth1"
	tba            = "netsuite_tba"
	none           = "none"
)

// TestEveryErrorRule gets the answer that each rule of a verification speaks of:
// a rule that stands behind one which says more is never reached.
func TestEveryErrorRule(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scheme) {
		w := newWorld(t, s.connector, s.Scheme, true, nil)
		c := w.connected()
		r := w.provider.Verification()
		if r == nil {
			return
		}
		for i, rule := range r.Errors {
			f := catalogtest.Example(rule)
			w.provider.Next(catalogtest.Verify, f, f) // Once more after a refresh.
			w.wantAnswered(t, c, fmt.Sprintf("rule %d", i), catalog.Outcome(rule.Outcome))
		}
		for _, status := range []int{401, 403, 404, 429, 500, 503} {
			f := catalogtest.Fault{Status: status}
			w.provider.Next(catalogtest.Verify, f, f)
			w.wantAnswered(t, c, fmt.Sprint(status), classified(*r, status))
		}
	}, handoff, machine, apiKey, basic, jwtBearer, exchange, serviceAccount, session, oauth1, tba, none)
}

// wantAnswered verifies with two answers queued, of which a credential that
// cannot be refreshed needs one.
func (w *world) wantAnswered(t *testing.T, c connection.Connection, name string, want catalog.Outcome) {
	t.Helper()
	asked := w.provider.Calls(catalogtest.Verify)
	v, err := w.checks.Verify(t.Context(), ann(), c.ID)
	if refreshed := w.provider.Calls(catalogtest.Verify) == asked+2; refreshed && want == catalog.AuthError {
		want = catalog.PermissionError // A new token was refused, too.
	}
	if err != nil || v.Outcome != want {
		t.Errorf("%s: got %s, %v, want %s", name, v.Outcome, err, want)
	}
	for w.provider.Calls(catalogtest.Verify) < asked+2 {
		_, err := w.checks.Verify(t.Context(), ann(), c.ID)
		must(t, err)
	}
	w.wantOutcome(t, c.ID, catalog.OK)
}

// classified is what an empty answer of a status means: the first rule that
// wants nothing of the body, or else the general table.
func classified(r catalog.Request, status int) catalog.Outcome {
	for _, rule := range r.Errors {
		if rule.Path == "" && rule.Text == "" && (rule.Status == status || rule.Status == 0) {
			return catalog.Outcome(rule.Outcome)
		}
	}
	for _, expected := range r.Expect {
		if expected == status {
			return catalog.OK
		}
	}
	switch {
	case status == 401:
		return catalog.AuthError
	case status == 403:
		return catalog.PermissionError
	case status == 429:
		return catalog.RateLimited
	case status >= 500:
		return catalog.ProviderError
	}
	return catalog.Unknown
}

// TestEveryLifetime gets expires_in in every form that systems send.
func TestEveryLifetime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		sent any
		want time.Duration
	}{
		"a number": {3600, time.Hour}, "a text": {"3600", time.Hour}, "a fraction": {3599.5, 3599 * time.Second},
		"zero": {0, 0}, "missing": {nil, 0}, "a word": {"never", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s scheme) {
				w := newWorld(t, s.connector, s.Scheme, true, func(p *catalogtest.Provider) { p.ExpiresIn = test.sent })
				k := w.connected().Credential
				want := test.want
				if want == 0 {
					want = time.Duration(s.OAuth.Refresh.AccessSeconds) * time.Second
				}
				if s.OAuth.Refresh.NeverExpires {
					want = 0
				}
				got := time.Duration(0)
				if !k.ExpiresAt.IsZero() {
					got = k.ExpiresAt.Sub(k.PromotedAt)
				}
				if got != want {
					t.Errorf("lifetime %s, want %s", got, want)
				}
			}, handoff, machine, jwtBearer, exchange, serviceAccount)
		})
	}
}

// TestEveryTokenEndpointFails loses, delays and refuses the first token: nothing
// is saved of it, and another try works.
func TestEveryTokenEndpointFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		catalogtest.Fault
		code fault.Code
	}{
		"lost":                  {catalogtest.Fault{Lost: true}, fault.CodeProviderUnavailable},
		"answer lost":           {catalogtest.Fault{Forgotten: true}, fault.CodeProviderUnavailable},
		"slow":                  {catalogtest.Fault{Slow: true}, fault.CodeProviderTimeout},
		"200 with an error":     {catalogtest.Fault{Status: 200, Body: map[string]any{"error": "invalid_grant"}}, fault.CodeProviderError},
		"200 with nothing":      {catalogtest.Fault{Status: 200, Body: map[string]any{}}, fault.CodeProviderError},
		"403 instead of 429":    {catalogtest.Fault{Status: 403, Body: map[string]any{"message": "slow down"}}, fault.CodeProviderError},
		"limited":               {catalogtest.Fault{Status: 429}, fault.CodeProviderUnavailable},
		"the client is refused": {catalogtest.Fault{Status: 401, Body: map[string]any{"error": "invalid_client"}}, fault.CodeProviderError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s scheme) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, s.connector, s.Scheme, true, nil)
					w.provider.Next(catalogtest.Token, test.Fault)
					c, err := w.create(t.Context(), w.provider.Fields)
					if s.Type == handoff {
						must(t, err)
						_, err = w.connects.Complete(t.Context(), w.consent(c))
					}
					want := test.code
					refused := test.Body["error"] == "invalid_grant" || test.Body["error"] == "invalid_client" && len(w.provider.Fields) > 0
					if s.Type != handoff && refused {
						want = fault.CodeVerificationFailed // What was given is refused, and no person was asked.
					}
					if !fault.Has(err, want) {
						t.Errorf("got %v, want %s", err, want)
					}
					if s.Type != handoff {
						w.nothing()
					} else if got := w.get(c.ID); got.Credential != nil || len(got.Lease) > 0 {
						t.Error("a credential was saved")
					}
					w.wantToken(t, w.connected().ID)
				})
			}, handoff, machine, jwtBearer, exchange, serviceAccount)
		})
	}
}

// TestEveryClientSecret refuses a client whose secret is wrong.
func TestEveryClientSecret(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scheme) {
		if !strings.HasPrefix(s.OAuth.ClientAuth, "client_secret") || len(s.Fields) > 0 {
			return // There is none, or it is the connection's: the walk gives a wrong one.
		}
		w := newWorld(t, s.connector, s.Scheme, true, nil)
		c, err := w.create(t.Context(), w.provider.Fields)
		if s.Type == handoff {
			must(t, err)
			a := w.consent(c)
			w.provider.Secret = "changed-" + catalogtest.Mark
			_, err = w.connects.Complete(t.Context(), a)
		} else {
			must(t, err)
			w.provider.Secret = "changed-" + catalogtest.Mark
			_, err = w.create(t.Context(), w.provider.Fields)
		}
		if !fault.Has(err, fault.CodeProviderError) {
			t.Errorf("got %v, want %s", err, fault.CodeProviderError)
		}
	}, handoff, machine, jwtBearer, exchange)
}
