package connect_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

func TestIDTokenNamesTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.oidc())
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	if nonce := j.address.Query().Get("nonce"); len(nonce) != 43 {
		t.Errorf("nonce of %d characters, want 256 bits", len(nonce))
	}
	w.conceal(j.address.Query().Get("nonce"))
	_, err := w.finish(j, "iss", issuer)
	must(t, err)
	if got := w.get(c.ID).Account.ID; got != "bob" {
		t.Errorf("account %q, want the subject", got)
	}
}

// OAF-18: what came with an id_token that does not fit is revoked and dropped.
func TestInvalidIDTokenDropsTheTokens(t *testing.T) {
	t.Parallel()
	for name, token := range map[string]any{
		"absent": nil, "not valid": mark, "of another nonce": mark + ".bob.nonce", "no text": map[string]any{"alg": "none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.pending(w.oidc())
			w.provider.members["id_token"] = token
			_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}), "iss", issuer)
			refused(t, err, fault.CodeIDTokenInvalid)
			if revoked := w.provider.forgotten(); len(revoked) != 1 || !strings.HasPrefix(revoked[0], "refresh-") {
				t.Errorf("revoked %v, want the refresh token", revoked)
			}
			if got := w.get(c.ID); got.Credential != nil || len(got.Lease) > 0 || len(w.secretsOf("acme")) > 0 {
				t.Error("a credential was kept")
			}
		})
	}
}

// A provider that cannot revoke is no reason to keep the tokens.
func TestTokensAreDroppedThoughRevocationFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.oidc())
	w.provider.members["id_token"], w.provider.down["revoke"] = mark, true
	_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}), "iss", issuer)
	refused(t, err, fault.CodeIDTokenInvalid)
	if len(w.secretsOf("acme")) > 0 || w.get(c.ID).Credential != nil {
		t.Error("a credential was kept")
	}
}

// OAF-19, RFC 6749 5.1.
func TestGrantedScopesAreRecorded(t *testing.T) {
	t.Parallel()
	both := []string{"crm.read", "crm.write"}
	for name, test := range map[string]struct {
		granted string
		want    []string
	}{
		"fewer": {"crm.read", []string{"crm.read"}}, "with commas": {"crm.read,crm.write", both}, "not said": {"", both},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.pending(w.demo("oauth2_authorization_code"))
			w.provider.granted = test.granted
			_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}}))
			must(t, err)
			shown := w.get(c.ID).API(w.Now())
			if diff := cmp.Diff([][]string{both, test.want}, [][]string{shown.RequestedScopes, shown.GrantedScopes}); diff != "" {
				t.Errorf("requested and granted (-want +got):\n%s", diff)
			}
			again := w.travel(connect.Ask{ConnectionID: c.ID})
			if got := again.address.Query().Get("scope"); got != "crm.read crm.write" {
				t.Errorf("a reconnect asks for %q", got)
			}
		})
	}
}

// OAF-20: without a refresh token the access token is the credential, a person
// is warned of its end, and it is what a disconnect revokes.
func TestNoRefreshToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.provider.members["refresh_token"] = nil
	c := w.connected(w.demo("oauth2_authorization_code"))
	k := c.Credential
	if k.Refreshable || !c.Due.Refresh.IsZero() || c.Due.Expiry.IsZero() || k.ExpiresAt.Sub(w.Now()).Round(time.Minute) != time.Hour {
		t.Errorf("credential %+v, due %+v", k, c.Due)
	}
	w.clock.advance(2 * time.Hour)
	if got := w.status(c.ID); got != "degraded/expired" {
		t.Errorf("status %s", got)
	}
	token := w.hotCopy(c.ID).AccessToken.Reveal()
	if m := w.material(c.ID); m.Fields["accessToken"].Reveal() != token || !m.RefreshToken.IsZero() {
		t.Error("the secret store does not hold the access token")
	}
	revocation, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
	must(t, err)
	form := w.provider.asked("revoke")[0]
	if revocation != method.Revoked || form.Get("token") != token || form.Get("token_type_hint") != "access_token" {
		t.Errorf("%s of a %s", revocation, form.Get("token_type_hint"))
	}
}

// TOK-10.
func TestLifetimeOfTheRefreshTokenIsKept(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"refresh_token_expires_in", "x_refresh_token_expires_in", "refresh_expires_in"} {
		w := newWorld(t)
		w.provider.members[name] = 100 * 24 * 3600
		c := w.connected(w.demo("oauth2_authorization_code"))
		if got := c.Credential.RefreshExpiresAt.Sub(c.Credential.SetAt); got != 100*24*time.Hour || c.Due.Expiry.IsZero() {
			t.Errorf("%s: expires after %s, due %v", name, got, c.Due.Expiry)
		}
	}
	w := newWorld(t)
	w.provider.members["refresh_expires_in"] = 0
	if c := w.connected(w.demo("oauth2_authorization_code")); !c.Credential.RefreshExpiresAt.IsZero() {
		t.Error("a lifetime of zero is an expiry date")
	}
}

// TPL-03: a value of the token answer that later becomes a host must be of the
// connector's hosts, and is not sent the token before that is known.
func TestCapturedValuesStayOnTheirHost(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		instance any
		ok       bool
	}{
		"an instance":         {"https://acme.my.salesforce.com", true},
		"with a slash":        {"https://acme.my.salesforce.com/", true},
		"of someone else":     {"https://evil.example", false},
		"a similar suffix":    {"https://evilsalesforce.com", false},
		"a suffix":            {"https://acme.my.salesforce.com.evil.example", false},
		"a user":              {"https://acme.my.salesforce.com@evil.example", false},
		"plain http":          {"http://acme.my.salesforce.com", false},
		"the metadata server": {"http://169.254.169.254", false},
		"absent":              {nil, false},
		"no text":             {true, false},
		"the word undefined":  {"undefined", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.pending(w.template("salesforce", "oauth2_authorization_code", nil))
			w.provider.members["instance_url"], w.provider.members["id"] = test.instance, "https://login.salesforce.com/id/00D/005"
			_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
			if !test.ok {
				refused(t, err, fault.CodeProviderError)
				if len(w.provider.asked("userinfo")) > 0 || w.get(c.ID).Credential != nil {
					t.Error("the token was used")
				}
				return
			}
			must(t, err)
			if got := w.get(c.ID); got.BaseURL != "https://acme.my.salesforce.com" || got.Captured["instanceUrl"] != got.BaseURL {
				t.Errorf("base URL %q, captured %v", got.BaseURL, got.Captured)
			}
		})
	}
}

// The verification decides what becomes of new tokens.
func TestVerificationOfAHandoff(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]struct {
		code   fault.Code
		status string
	}{
		401: {code: fault.CodeVerificationFailed}, 404: {code: fault.CodeVerificationFailed}, 429: {code: fault.CodeProviderUnavailable},
		500: {code: fault.CodeProviderUnavailable}, 403: {status: "degraded/" + string(connection.ReasonPermissions)},
	} {
		w := newWorld(t)
		c := w.pending(w.demo("oauth2_authorization_code"))
		w.provider.status["userinfo"] = status
		_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
		if want.code == "" {
			must(t, err)
			if got := w.status(c.ID); got != want.status {
				t.Errorf("%d: status %s, want %s", status, got, want.status)
			}
			continue
		}
		refused(t, err, want.code)
		if w.get(c.ID).Credential != nil || len(w.provider.forgotten()) != 1 {
			t.Errorf("%d: the tokens were not dropped", status)
		}
	}
}
