package lease_test

import (
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// With the same client id every refresh moves a connection to the new secret.
func TestRotatedSecretIsUsedByTheNextRefresh(t *testing.T) {
	runTemplated(t, func(t *testing.T, r *templated) {
		r.clients.accept("client-1", oldSecret, newSecret)
		r.update(t, rotated("client-1", newSecret))
		r.token(t)
		r.wantMinted(t, 1)
		r.expire()
		r.token(t)
		r.clients.wantAsked(t, "client-1 "+newSecret)
		r.wantMinted(t, 2)

		r.clients.accept("client-1", newSecret)
		r.update(t, template.Change{DropPrevious: true})
		r.expire()
		r.token(t)
		r.clients.wantAsked(t, "client-1 "+newSecret)
	})
}

// A refresh token is bound to its client id (RFC 6749 6): the client that minted
// it goes on until a reconnect.
func TestRotatedIDKeepsTheMintersClient(t *testing.T) {
	runTemplated(t, func(t *testing.T, r *templated) {
		r.clients.accept("client-2", newSecret)
		r.update(t, rotated("client-2", newSecret))
		for range 2 {
			r.expire()
			r.token(t)
			r.clients.wantAsked(t, "client-1 "+oldSecret)
			r.wantMinted(t, 1)
		}
		_, err := r.templates.Update(t.Context(), owner, r.made.ID, "*", template.Change{DropPrevious: true})
		if !fault.Has(err, fault.CodeClientInUse) {
			t.Errorf("drop: got %v, want client_in_use", err)
		}

		r.reconnect(t)
		r.clients.bound[r.refresh] = "client-2"
		r.change(t, func(c *connection.Connection) { c.Credential.MintedBy = 2 })
		r.expire()
		r.token(t)
		r.clients.wantAsked(t, "client-2 "+newSecret)
		r.wantMinted(t, 2)
		r.update(t, template.Change{DropPrevious: true})
	})
}

// A mistyped or not yet active secret costs one attempt; the former one stands
// in, and the new one is tried again where that costs nothing.
func TestRefusedPrimaryFallsBack(t *testing.T) {
	runTemplated(t, func(t *testing.T, r *templated) {
		r.update(t, rotated("client-1", newSecret))
		time.Sleep(time.Hour - 30*time.Second)
		if l, err := r.lease(t.Context()); err != nil || l.Credential.AccessToken.Reveal() != r.access {
			t.Errorf("Lease: %v, want the old token", err)
		}
		r.clients.wantAsked(t, "client-1 "+newSecret)
		r.wantIncident(t, true, 1)
		time.Sleep(6 * time.Second)
		if got := r.token(t); got == r.access {
			t.Error("the old token is handed out although another client would do")
		}
		r.clients.wantAsked(t, "client-1 "+oldSecret)
		r.wantMinted(t, 1)
		r.wantIncident(t, true, 1)

		r.expire() // Nothing to fall back on but the secondary.
		r.token(t)
		r.clients.wantAsked(t, "client-1 "+oldSecret)

		r.clients.accept("client-1", oldSecret, newSecret)
		time.Sleep(time.Until(r.record(t).Due.Refresh))
		if _, done, _, err := sweep(t.Context(), r.Refresher); done != 1 || err != nil {
			t.Fatalf("Sweep: %d done, %v", done, err)
		}
		r.clients.wantAsked(t, "client-1 "+newSecret)
		r.wantMinted(t, 2)
		r.wantIncident(t, false, 1)
	})
}

// An answer that is settled late speaks of the client that was used, not of the
// one the template has by then.
func TestAnswerNamesTheClientThatWasUsed(t *testing.T) {
	for name, c := range map[string]struct {
		accepted bool
		change   template.Change
	}{
		"accepted, then rotated":  {true, rotated("client-2", newSecret)},
		"refused, then replaced":  {false, client("client-1", newSecret)},
		"accepted, then replaced": {true, client("client-1", newSecret)},
	} {
		t.Run(name, func(t *testing.T) {
			runTemplated(t, func(t *testing.T, r *templated) {
				if !c.accepted {
					r.clients.accept("client-1")
				}
				r.expire()
				r.on["after save 1"] = r.crash
				_, _ = r.lease(t.Context())
				r.clients.wantAsked(t, "client-1 "+oldSecret)
				r.update(t, c.change)
				time.Sleep(time.Minute)
				second := r.begin()
				_, err := second.lease(t.Context())
				if (err == nil) != c.accepted {
					t.Errorf("Lease: %v", err)
				}
				r.clients.wantAsked(t)
				r.wantMinted(t, 1)
				r.wantIncident(t, false, 0) // The refusal was of a client that is gone.
			})
		})
	}
}
