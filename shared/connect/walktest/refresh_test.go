package walktest_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/catalog/catalogtest"
	"github.com/tenonhq/tenon/shared/fault"
)

// TestEveryLostRefresh loses a refresh before and after it was carried out. What
// the entry says of a second use decides whether the connection lives on.
func TestEveryLostRefresh(t *testing.T) {
	t.Parallel()
	for name, lost := range map[string]catalogtest.Fault{"request": {Lost: true}, "answer": {Forgotten: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s scheme) {
				w := newWorld(t, s.connector, s.Scheme, true, nil)
				c := w.connected()
				if !c.Credential.Refreshable {
					return
				}
				w.advance(c.Credential.ExpiresAt.Sub(w.tick()))
				w.provider.Next(catalogtest.Token, lost)
				l, err := w.lease(c.ID)
				if err != nil { // Some are tried again at once, others later.
					w.advance(10 * time.Minute)
					l, err = w.lease(c.ID)
				}
				if s.Type == handoff && lost.Forgotten && s.OAuth.Refresh.Reuse == "revokes_family" {
					if !fault.Has(err, fault.CodeReauthRequired) {
						t.Errorf("got %v, want %s", err, fault.CodeReauthRequired)
					}
					return
				}
				if err != nil || !w.provider.Accepts(l.Credential.AccessToken.Reveal()) {
					t.Errorf("after a lost %s: %v", name, err)
				}
			}, handoff, machine, jwtBearer, exchange, serviceAccount)
		})
	}
}

// TestEveryOtherRotation lets systems rotate that do not, and the other way.
func TestEveryOtherRotation(t *testing.T) {
	t.Parallel()
	for name, setup := range map[string]func(*catalogtest.Provider){
		"rotating":  func(p *catalogtest.Provider) { p.Rotate, p.Reuse = true, "revokes_family" },
		"silent":    func(p *catalogtest.Provider) { p.Rotate = false },
		"repeating": func(p *catalogtest.Provider) { p.Rotate, p.Repeat = false, true },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, s scheme) {
				w := newWorld(t, s.connector, s.Scheme, true, setup)
				c := w.connected()
				if !c.Credential.Refreshable {
					return
				}
				access := w.wantToken(t, c.ID)
				for range 3 {
					access = w.renewed(t, c.ID, access)
				}
			}, handoff)
		})
	}
}

// TestEveryCapture lets a system name a host that is not its own: the token goes
// nowhere, and nothing is connected.
func TestEveryCapture(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scheme) {
		for _, capture := range s.Captures() {
			for _, foreign := range foreign(capture) {
				w := newWorld(t, s.connector, s.Scheme, true, func(p *catalogtest.Provider) { p.Captured[capture.Name] = foreign })
				c, err := w.create(t.Context(), w.provider.Fields)
				if s.Type == handoff {
					must(t, err)
					_, err = w.connects.Complete(t.Context(), w.consent(c))
				}
				if !fault.Has(err, fault.CodeProviderError) {
					t.Errorf("%s %q: got %v, want %s", capture.Name, foreign, err, fault.CodeProviderError)
				}
				if w.provider.Calls(catalogtest.Verify) > 0 {
					t.Errorf("%s %q: the token was used", capture.Name, foreign)
				}
			}
		}
	}, handoff, machine, jwtBearer)
}

// foreign lists what a capture must not be.
func foreign(c catalog.Capture) []string {
	switch c.Type {
	case catalog.TypeURL:
		return []string{"https://evil.example", "http://" + c.Host[1:], "https://x" + c.Host[1:] + ".evil.example", "https://169.254.169.254", ""}
	case catalog.TypeHost:
		return []string{"evil.example", "x" + c.Host[1:] + ".evil.example", "169.254.169.254", ""}
	case catalog.TypeLabel:
		return []string{"evil.example/", "a.b", "evil.example#", ""}
	default:
		return []string{""}
	}
}

// TestEveryPartialGrant records what was granted, where it is less than asked.
func TestEveryPartialGrant(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s scheme) {
		if len(s.OAuth.DefaultScopes) < 2 {
			return
		}
		granted := s.OAuth.DefaultScopes[:1]
		w := newWorld(t, s.connector, s.Scheme, true, func(p *catalogtest.Provider) { p.Scopes = granted })
		c := w.connected()
		asked := slices.Sorted(slices.Values(s.OAuth.DefaultScopes))
		if diff := cmp.Diff([][]string{asked, granted}, [][]string{c.RequestedScopes, c.GrantedScopes}); diff != "" {
			t.Errorf("asked and granted (-want +got):\n%s", diff)
		}
	}, handoff)
}

// TestEveryCallback ignores parameters it does not know.
func TestEveryCallback(t *testing.T) {
	t.Parallel()
	further := map[string]string{"session_state": "abc", "scope": "more", "host": "aG9zdA", "prompt": "none"}
	each(t, func(t *testing.T, s scheme) {
		w := newWorld(t, s.connector, s.Scheme, true, func(p *catalogtest.Provider) {
			p.Callback = maps.Clone(further)
			for _, capture := range s.OAuth.Capture {
				if capture.From == "callback" {
					delete(p.Callback, capture.Path)
				}
			}
		})
		w.wantEstablished(t, w.connected())
	}, handoff)
}
