package connect_test

import (
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
)

// actors returns who did what to a resource, oldest first.
func (w *world) actors(resource string, actions ...audit.Action) []string {
	w.t.Helper()
	found, _, err := w.Audit.List(w.t.Context(), w.caller, audit.Query{Resource: resource, Limit: 100, Oldest: true})
	must(w.t, err)
	var out []string
	for _, e := range found {
		if slices.Contains(actions, e.Action) {
			out = append(out, e.Actor)
		}
	}
	return out
}

// A credential that comes from a browser, or is found by a job that asks for
// the device, is of the person who started the handoff.
func TestHandoffIsAuditedAsWhoStartedIt(t *testing.T) {
	t.Parallel()
	t.Run("callback", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		made := w.demo("oauth2_authorization_code")
		c := w.connected(made)
		w.caller.Subject = "bob"
		_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID}))
		must(t, err)
		if got := w.actors(c.ID, audit.ConnectionConnect); !slices.Equal(got, []string{"acme/ann", "acme/bob"}) {
			t.Errorf("connected by %v, want ann, then bob who connected again", got)
		}
	})
	t.Run("device", func(t *testing.T) {
		t.Parallel()
		w, d, c := deviceWorld(t)
		w.caller.Subject = "bob"
		w.code(connect.Ask{ConnectionID: c.ID})
		w.caller.Subject = "ann"
		d.script = []string{"ok"}
		w.later(10 * time.Second)
		if got := w.actors(c.ID, audit.ConnectionConnect); w.status(c.ID) != "active" || !slices.Equal(got, []string{"acme/bob"}) {
			t.Errorf("status %s, connected by %v, want bob", w.status(c.ID), got)
		}
	})
}

// A rotation is of the person who asked for each of its steps.
func TestRotationIsAuditedAsWhoDidIt(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	for _, step := range []struct {
		subject string
		do      func() error
	}{
		{"bob", func() error { _, err := w.stage(c.ID, "*", nextKey); return err }},
		{"eve", func() error { _, err := w.promote(c.ID, 0, grace); return err }},
		{"dan", func() error { _, err := w.drop(c.ID, 1); return err }},
		{"joe", func() error { _, err := w.PutCredential(t.Context(), w.caller, c.ID, "*", apiKey(goodKey)); return err }},
	} {
		w.caller.Subject = step.subject
		must(t, step.do())
	}
	got := w.actors(c.ID, audit.CredentialPut, audit.CredentialPromote, audit.CredentialDiscard)
	if want := []string{"acme/bob", "acme/eve", "acme/dan", "acme/joe"}; !slices.Equal(got, want) {
		t.Errorf("rotated by %v, want %v", got, want)
	}
}
