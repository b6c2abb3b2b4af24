package main

import (
	"testing"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/web/webtest"
)

func TestSigningKeyRetire(t *testing.T) {
	t.Parallel()
	w := functionstest.New(t)
	w.Signing(functionstest.Acme, functionstest.SigningKey)
	h := webtest.New(t, routes.SigningKeyRetire, handle(w.SigningKeys()))
	w.Foreign(h, "signing-key-retire")

	retire := functionstest.Event("signing-key-retire")
	for range 2 {
		if answer := h.Replay(retire); answer.StatusCode != 204 || answer.Body != "" {
			t.Errorf("got status %d with body %q, want 204 without", answer.StatusCode, answer.Body)
		}
		found, err := w.SigningKeys().List(t.Context(), functionstest.Person(functionstest.Acme))
		if err != nil || len(found) != 1 || found[0].State != signing.Retired || !found[0].RetiredAt.Equal(functionstest.Now) {
			t.Errorf("got %+v, %v", found, err)
		}
	}
	if got, want := w.LastAudited(functionstest.Acme), "signing-key.retire "+functionstest.SigningKey+" allowed"; got != want {
		t.Errorf("audited last: got %s, want %s", got, want)
	}
}
