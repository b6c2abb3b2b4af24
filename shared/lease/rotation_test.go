package lease_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/lease"
	"github.com/tenonhq/tenon/shared/method/methodtest"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// stored returns the refresh token that the secret store has for the record.
func (r *rig) stored(t *testing.T) string {
	t.Helper()
	m, err := lease.Material(t.Context(), r.secrets, r.record(t))
	if err != nil {
		t.Fatal(err)
	}
	return m.RefreshToken.Reveal()
}

// TOK-06: a refresh token in the answer replaces the old one; without one, or
// with the same, the old one stays.
func TestRefreshTokenInTheAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		rotate, repeat, replaced bool
	}{
		"omitted": {},
		"same":    {repeat: true},
		"rotated": {rotate: true, replaced: true},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.provider.Rotate, r.provider.Repeat = c.rotate, c.repeat
				for range 3 {
					r.expire()
					r.token(t)
				}
				r.wantRequests(t, 3)
				if got := r.stored(t) != r.refresh; got != c.replaced {
					t.Errorf("refresh token replaced: got %v, want %v", got, c.replaced)
				}
				if uses := r.provider.Uses(r.refresh); c.replaced == (uses > 1) {
					t.Errorf("uses of the first refresh token: got %d", uses)
				}
				r.wantPromoted(t)
			})
		})
	}
}

func TestWhatARefreshBrings(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Extra = map[string]any{"scope": "read write", "refresh_token_expires_in": 7200}
		r.provider.Script("/token", methodtest.Step{Status: 503})
		r.expire()
		_, _ = r.lease(t.Context())
		time.Sleep(time.Minute)
		r.token(t)
		c := r.record(t)
		if left := time.Until(c.Credential.RefreshExpiresAt); left != 2*time.Hour || len(c.GrantedScopes) != 2 || c.Refresh.FailedCount != 0 {
			t.Errorf("got %s of refresh token, scopes %v, %d failures; want 2 h, two, none", left, c.GrantedScopes, c.Refresh.FailedCount)
		}

		r.provider.Extra, r.provider.Lifetime = nil, 0
		r.expire()
		r.token(t)
		after := r.record(t)
		if len(after.GrantedScopes) != 2 || !after.Credential.RefreshExpiresAt.Equal(c.Credential.RefreshExpiresAt) || !after.Credential.ExpiresAt.IsZero() {
			t.Errorf("got scopes %v, refresh token until %s, token until %s; want what was not said as it was, and no expiry",
				after.GrantedScopes, after.Credential.RefreshExpiresAt, after.Credential.ExpiresAt)
		}
	})
}

// Tokens of three minutes do not wear the secret store out, and a
// rotated token is safe all the time.
func TestSTO09ShortLivedTokensArePromotedSparingly(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.provider.Lifetime = 180
		r.expire()
		writes := 0
		for range 480 { // A day.
			r.calls.take()
			r.start().token(t)
			for _, call := range r.calls.take() {
				if call == "put" {
					writes++
				}
			}
			time.Sleep(3 * time.Minute)
		}
		r.wantRequests(t, 480)
		if writes < 2 || writes > 4 {
			t.Errorf("writes to the secret store in a day: got %d, want one in six to twelve hours", writes)
		}
	})
}

// A promotion that fails loses nothing and is made up for.
func TestSecretStoreThatIsDownDoesNotStopRefreshes(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		down := r.start()
		down.on["after save 1"] = r.lockSecrets
		r.expire()
		down.token(t)
		r.unlockSecrets()
		r.expire()
		down.token(t)
		r.wantPromoted(t)
	})
}

// While one process still promotes, another may refresh and promote again: the
// record follows the secret store.
func TestOverlappingPromotions(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		slow := r.start()
		slow.on["before update 3"] = func() {
			time.Sleep(time.Hour)
			r.token(t)
		}
		slow.token(t)
		for range 2 {
			r.expire()
			r.token(t)
		}
		r.wantPromoted(t)
	})
}

// A promotion that ends late forgets no newer token that could not be promoted.
func TestLatePromotionKeepsANewerToken(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		slow := r.start()
		slow.on["before update 3"] = func() {
			time.Sleep(time.Hour)
			r.lockSecrets()
			r.token(t)
			r.unlockSecrets()
		}
		slow.token(t)
		c := r.record(t)
		if after := c.Refresh.PromoteAt.Sub(c.Credential.PromotedAt); after < 6*time.Hour || after > 12*time.Hour || !c.Due.Reconcile.Equal(c.Refresh.PromoteAt) {
			t.Errorf("newer token: may move %s after the one before, due at %s; want 6 to 12 h, and due then", after, c.Due.Reconcile)
		}
		for range 2 {
			r.expire()
			r.token(t)
			r.wantPromoted(t)
		}
	})
}

// A promotion that ends after a reconnect must not bring the old grant back.
func TestPromotionAfterReconnectChangesNothing(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		slow := r.start()
		slow.on["before put 1"] = func() { r.reconnect(t) }
		slow.token(t)
		if got := r.stored(t); got != r.refresh {
			t.Errorf("refresh token: got %q, want that of the reconnect", got)
		}
		r.expire()
		r.token(t)
		r.wantPromoted(t)
	})
}

// A reconnect that died after its version became current, and before the
// record named it, does not stand in the way of promotions for ever.
func TestSTO05PromotionOverAVersionOfNoRecord(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		orphan := r.write(t, vault.Material{Tenant: tenant, Resource: con, Epoch: 2, RefreshToken: secret.FromString("of nobody")})
		r.expire()
		r.token(t)
		r.wantPromoted(t)
		if got := r.stored(t); got == "of nobody" || got == r.refresh {
			t.Errorf("refresh token: got %q, want that of the refresh", got)
		}
		if got := r.secrets.Labels(secretName)[orphan.Version]; slices.Contains(got, "AWSCURRENT") {
			t.Errorf("labels of the version of no record: got %v", got)
		}
	})
}

// A version that is current because a reconnect has just been recorded is not
// taken for one of no record.
func TestPromotionIsNotForcedOverARecordedVersion(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.expire()
		slow := r.start()
		slow.on["before promote 1"] = func() { r.reconnect(t) }
		slow.token(t)
		r.wantPromoted(t)
		if got := r.stored(t); got != r.refresh {
			t.Errorf("refresh token: got %q, want that of the reconnect", got)
		}
	})
}

// The grant of a client keeps no refresh token, and its own client's material
// stays as it was given, whatever the provider sends along.
func TestClientCredentials(t *testing.T) {
	for name, extra := range map[string]map[string]any{
		"as RFC 6749 has it":             nil,
		"with a refresh token all along": {"refresh_token": "surplus"},
	} {
		t.Run(name, func(t *testing.T) {
			run(t, func(t *testing.T, r *rig) {
				r.useClientCredentials(t, true)
				r.provider.Extra = extra
				before := r.access
				for range 3 {
					r.expire()
					got := r.token(t)
					if got == before {
						t.Error("access token: got the old one")
					}
					before = got
				}
				r.wantRequests(t, 3)
				if c := r.record(t); len(c.Refresh.Token) > 0 {
					t.Error("a refresh token is kept")
				}
			})
		})
	}
}

func TestClientCredentialsOfTheTemplate(t *testing.T) {
	run(t, func(t *testing.T, r *rig) {
		r.useClientCredentials(t, false)
		r.expire()
		r.token(t)
		r.wantRequests(t, 1)
	})
}

// useClientCredentials puts a client credentials connection in the place of the
// rig's, with a client of its own or that of the template.
func (r *rig) useClientCredentials(t *testing.T, own bool) {
	t.Helper()
	if err := r.memory.Delete(t.Context(), tenant, con); err != nil {
		t.Fatal(err)
	}
	r.target = methodtest.Target("oauth2_client_credentials")
	r.target.Provider = "crm"
	k := connection.Credential{Refreshable: true, ExpiresAt: time.Now().Add(time.Hour)}
	if own {
		r.target.ClientID, r.target.ClientSecret = "", secret.Bytes{}
		k.At = r.write(t, vault.Material{Tenant: tenant, Resource: con, Fields: map[string]secret.Bytes{
			"clientId": secret.FromString(methodtest.ClientID), "clientSecret": secret.FromString(methodtest.ClientSecret),
		}})
	}
	r.install(t, k)
}
