package connect_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/template"
)

// rescope changes what a template asks for.
func (w *world) rescope(made template.Template, scopes ...string) {
	w.t.Helper()
	_, err := w.Templates.Update(w.t.Context(), caller(auth.Organization, "bo"), made.ID, "*", template.Change{Scopes: scopes})
	must(w.t, err)
}

// reconnect walks through a handoff and returns what the provider was asked for.
func (w *world) reconnect(ask connect.Ask) string {
	w.t.Helper()
	j := w.travel(ask)
	_, err := w.finish(j)
	must(w.t, err)
	return j.address.Query().Get("scope")
}

func exactly(scopes ...string) (ask connect.Ask) {
	exact := true
	return connect.Ask{Scopes: scopes, Exact: &exact}
}

func (w *world) wantScope(got, want string) {
	w.t.Helper()
	if got != want {
		w.t.Errorf("the provider was asked for %q, want %q", got, want)
	}
}

// What a template does not ask for any more is not asked for, and neither was it
// ever the connection's own wish.
func TestScopeDroppedByTheTemplate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	w.rescope(made, "crm.read", "crm.write")
	c := w.connected(made)
	if diff := cmp.Diff([]string{"crm.read", "crm.write"}, c.RequestedScopes); diff != "" {
		t.Errorf("requested (-want +got):\n%s", diff)
	}
	w.rescope(made, "crm.read")
	w.wantScope(w.reconnect(connect.Ask{ConnectionID: c.ID}), "crm.read")
	if got := w.get(c.ID); len(got.RequestedScopes) != 1 || len(got.OwnScopes) != 0 {
		t.Errorf("requested %v, own %v", got.RequestedScopes, got.OwnScopes)
	}
}

// Own scopes stay over reconnects until someone says what takes their place, and
// no reconnect without a wish makes a request grow.
func TestOwnScopesStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	follow := false
	for i, step := range []struct {
		ask  connect.Ask
		want string
	}{
		{connect.Ask{}, "crm.read"},
		{connect.Ask{Scopes: []string{"crm.write"}}, "crm.read crm.write"},
		{connect.Ask{}, "crm.read crm.write"},
		{exactly("crm.read"), "crm.read"},
		{connect.Ask{}, "crm.read"},
		{connect.Ask{Scopes: []string{"crm.write"}}, "crm.read crm.write"},
		{connect.Ask{Exact: &follow}, "crm.read"},
		{connect.Ask{}, "crm.read"},
	} {
		step.ask.ConnectionID = c.ID
		if got := w.reconnect(step.ask); got != step.want {
			t.Errorf("step %d: asked for %q, want %q", i, got, step.want)
		}
		if got := strings.Join(w.get(c.ID).RequestedScopes, " "); got != step.want {
			t.Errorf("step %d: recorded %q, want %q", i, got, step.want)
		}
	}
}

// A wish that nobody consented to is forgotten with its handoff.
func TestOwnScopesComeWithTheConsent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connected(w.demo("oauth2_authorization_code"))
	w.travel(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}})
	w.wantScope(w.reconnect(connect.Ask{ConnectionID: c.ID}), "crm.read")
}

// An exact request goes without what the template asks for, but not without what
// the connector needs; the template may then change as it likes.
func TestExactScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.template("xero", "oauth2_authorization_code", nil)
	c := w.pending(made)
	ask := exactly("accounting.settings.read")
	ask.ConnectionID = c.ID
	j := w.travel(ask)
	w.wantScope(j.address.Query().Get("scope"), "accounting.settings.read offline_access")
	for name, wrong := range map[string]connect.Ask{"none": exactly(), "unknown": exactly("crm.read")} {
		wrong.ConnectionID = c.ID
		_, err := w.Authorize(t.Context(), w.caller, wrong)
		refused(t, err, fault.CodeValidationFailed)
		if t.Failed() {
			t.Log(name)
		}
	}
}

// What the person agrees to is what was asked for when the handoff began, though
// the template changed on the way.
func TestScopesOfAHandoffStand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	w.rescope(made, "crm.read", "crm.write")
	_, err := w.finish(j)
	must(t, err)
	if got := w.get(c.ID); strings.Join(got.RequestedScopes, " ") != "crm.read" || strings.Join(got.GrantedScopes, " ") != "crm.read" {
		t.Errorf("requested %v, granted %v", got.RequestedScopes, got.GrantedScopes)
	}
}

// OAF-19: a grant without a scope that the connector needs is kept and said at
// once, by name; consent to all of it ends that.
func TestPartialGrant(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	w.provider.granted = "crm.write"
	w.reconnect(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}})
	shown := w.get(c.ID).API(w.Now())
	if shown.Status != "degraded" || shown.Reason != "permissions" || shown.Remedy != "grant_permissions" || !strings.Contains(shown.Message, "crm.read") {
		t.Errorf("status %s/%s, remedy %s: %s", shown.Status, shown.Reason, shown.Remedy, shown.Message)
	}
	if diff := cmp.Diff([]string{"crm.read"}, shown.MissingScopes); diff != "" || !shown.Connected {
		t.Errorf("connected %t, missing (-want +got):\n%s", shown.Connected, diff)
	}
	w.provider.granted = "crm.write crm.read"
	w.reconnect(connect.Ask{ConnectionID: c.ID})
	if got := w.status(c.ID); got != "active" || len(w.get(c.ID).MissingScopes) != 0 {
		t.Errorf("status %s", got)
	}
}

// What the system says of its grant is read in any order, with commas or spaces;
// where it says nothing, that is known too.
func TestReportedGrants(t *testing.T) {
	t.Parallel()
	for granted, reported := range map[string]bool{
		"crm.write crm.read": true, "crm.write,crm.read": true, "crm.read, crm.write": true, "": false, " ": false,
	} {
		w := newWorld(t)
		c := w.pending(w.demo("oauth2_authorization_code"))
		w.provider.granted = granted
		w.reconnect(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}})
		if got := w.get(c.ID); got.ScopesReported != reported || len(got.GrantedScopes) != 2 || len(got.MissingScopes) != 0 {
			t.Errorf("%q: reported %t, granted %v, missing %v", granted, got.ScopesReported, got.GrantedScopes, got.MissingScopes)
		}
	}
}

// Whatever was wished and whatever became of the template, a reconnect asks for
// what is wished by now and no more: it does not grow by itself.
func TestRequestsDoNotGrow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		scopes := []string{"crm.read", "crm.write"}
		subset := rapid.Custom(func(rt *rapid.T) []string {
			return slices.DeleteFunc(slices.Clone(scopes), func(string) bool { return rapid.Bool().Draw(rt, "out") })
		})
		made := w.demo("oauth2_authorization_code")
		c := w.connected(made)
		templated, own, exact := []string{"crm.read"}, []string{}, false
		for range rapid.IntRange(1, 6).Draw(rt, "steps") {
			ask := connect.Ask{ConnectionID: c.ID}
			switch rapid.IntRange(0, 3).Draw(rt, "step") {
			case 0:
				templated = append([]string{"crm.read"}, subset.Draw(rt, "template")...)
				w.rescope(made, slices.Clone(templated)...)
			case 1:
				ask.Scopes = subset.Draw(rt, "more")
				own = append(own, ask.Scopes...)
			case 2:
				exact = rapid.Bool().Draw(rt, "exact")
				ask.Scopes, ask.Exact = append(subset.Draw(rt, "own"), "crm.read"), &exact
				own = ask.Scopes
			}
			want := append([]string{"crm.read"}, own...)
			if !exact {
				want = append(want, templated...)
			}
			slices.Sort(want)
			if got := w.reconnect(ask); got != strings.Join(slices.Compact(want), " ") {
				rt.Fatalf("asked for %q, want %q", got, want)
			}
			if got, again := w.get(c.ID).RequestedScopes, w.reconnect(connect.Ask{ConnectionID: c.ID}); again != strings.Join(got, " ") {
				rt.Fatalf("a reconnect asked for %q after %q", again, got)
			}
		}
	})
}
