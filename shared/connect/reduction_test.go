package connect_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// bound is a connection.Uses of what is listed, in pages of one.
type bound []connection.Use

func (b bound) Uses(_ context.Context, _, _, start string, _ int) ([]connection.Use, string, error) {
	rest := b[len(start):]
	if len(rest) == 0 {
		return nil, "", nil
	}
	if len(rest) == 1 {
		return rest, "", nil
	}
	return rest[:1], start + "x", nil
}

// bind makes bindings need scopes of the connection.
func (w *world) bind(c connection.Connection, uses ...connection.Use) {
	w.t.Helper()
	w.Uses = bound(uses)
	_, err := w.Connections.Update(w.t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error {
		c.Bindings = len(uses)
		return nil
	})
	must(w.t, err)
}

func needs(flow string, active bool, scopes ...string) connection.Use {
	return connection.Use{Tenant: "acme", Flow: flow, Slot: "crm", Active: active, Scopes: scopes}
}

// Scopes that an active flow needs are not asked away: the flows are named. One
// that is paused, and scopes that were never granted, stand in nobody's way.
func TestReductionRefusedWhenAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	w.reconnect(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}})
	ask := exactly("crm.read")
	ask.ConnectionID = c.ID

	w.bind(c, needs("flw_1", false, "crm.write"), needs("flw_2", true, "crm.read"), needs("flw_3", true, "crm.admin"))
	w.wantAllowed(ask)
	w.bind(c, needs("flw_1", true, "crm.read", "crm.write"), needs("flw_1", true, "crm.write"), needs("flw_2", true, "crm.read"), needs("flw_3", true, "crm.write"))
	_, err := w.Authorize(t.Context(), w.caller, ask)
	refused(t, err, fault.CodeConnectionInUse)
	if diff := cmp.Diff([]string{"flw_1", "flw_3"}, fault.From(err).Flows); diff != "" || !strings.Contains(fault.From(err).Detail, "crm.write") {
		t.Errorf("%s; flows (-want +got):\n%s", fault.From(err).Detail, diff)
	}
	if w.get(c.ID).Handoff != nil {
		t.Error("a handoff was begun")
	}
	w.wantAllowed(connect.Ask{ConnectionID: c.ID})
}

func (w *world) wantAllowed(ask connect.Ask) {
	w.t.Helper()
	got, err := w.Preview(w.t.Context(), w.caller, ask)
	must(w.t, err)
	if !got.Impact.Allowed || got.HandoffID != "" {
		w.t.Errorf("allowed %t, handoff %q", got.Impact.Allowed, got.HandoffID)
	}
}

// A consent to less than an active flow needs changes nothing; as it is of the
// same account, it is not revoked, which might end the present grant.
func TestReductionRefusedAtTheCallback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	w.reconnect(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}})
	c, token := w.get(c.ID), w.hotCopy(c.ID).AccessToken.Reveal()
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	w.bind(c, needs("flw_1", true, "crm.write")) // While the person is at the provider.
	w.provider.granted = "crm.read"
	_, err := w.finish(j)
	refused(t, err, fault.CodeConnectionInUse)
	w.same(c, token)
	if got := w.get(c.ID); len(got.GrantedScopes) != 2 || len(w.provider.forgotten()) != 0 {
		t.Errorf("granted %v, revoked %d", got.GrantedScopes, len(w.provider.forgotten()))
	}
	outcomes := w.outcomes(audit.ConnectionConnect, c.ID)
	if got := outcomes[len(outcomes)-1]; got != "denied "+string(fault.CodeConnectionInUse) {
		t.Errorf("audited last %q", got)
	}
	w.bind(c, needs("flw_1", false, "crm.write"))
	w.reconnect(connect.Ask{ConnectionID: c.ID})
	if got := w.get(c.ID).GrantedScopes; len(got) != 1 {
		t.Errorf("granted %v after the flow was paused", got)
	}
}

// A dead credential keeps nothing: less than the flows need is better than none.
func TestDeadCredentialTakesLess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	w.reconnect(connect.Ask{ConnectionID: c.ID, Scopes: []string{"crm.write"}})
	w.bind(c, needs("flw_1", true, "crm.write"))
	_, err := w.Connections.Update(t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error {
		c.Health.Reason = connection.ReasonReauthRequired
		return nil
	})
	must(t, err)
	w.provider.granted = "crm.read"
	w.reconnect(connect.Ask{ConnectionID: c.ID})
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
}

// Nor does it stand in the way of asking for less, as when the template dropped a
// scope: nobody could reconnect else.
func TestDeadCredentialIsAskedForLess(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	w.rescope(made, "crm.read", "crm.write")
	w.reconnect(connect.Ask{ConnectionID: c.ID})
	w.bind(c, needs("flw_1", true, "crm.write"))
	w.rescope(made, "crm.read")
	_, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeConnectionInUse)
	_, err = w.Connections.Update(t.Context(), c.Tenant, c.ID, func(c *connection.Connection) error {
		c.Health.Reason = connection.ReasonReauthRequired
		return nil
	})
	must(t, err)
	w.wantAllowed(connect.Ask{ConnectionID: c.ID})
	w.reconnect(connect.Ask{ConnectionID: c.ID})
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
}

// A preview says what would be asked for and starts nothing.
func TestPreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.connected(made)
	w.bind(c, needs("flw_1", true, "crm.read"))
	w.rescope(made, "crm.read", "crm.write")
	got, err := w.Preview(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	want := []string{"crm.read crm.write", "crm.write", ""}
	said := []string{strings.Join(got.Scopes.Requested, " "), strings.Join(got.Scopes.Added, " "), strings.Join(got.Scopes.Removed, " ")}
	if diff := cmp.Diff(want, said); diff != "" || len(got.Impact.Flows) != 1 || w.get(c.ID).Handoff != nil {
		t.Errorf("flows %v; scopes (-want +got):\n%s", got.Impact.Flows, diff)
	}
	w.reconnect(connect.Ask{ConnectionID: c.ID})
	w.bind(c, needs("flw_1", true, "crm.read", "crm.write"))
	less := exactly("crm.read")
	less.ConnectionID = c.ID
	got, err = w.Preview(t.Context(), w.caller, less)
	must(t, err)
	if got.Impact.Allowed || got.Impact.Code != string(fault.CodeConnectionInUse) || strings.Join(got.Scopes.Removed, " ") != "crm.write" {
		t.Errorf("impact %+v, scopes %+v", got.Impact, got.Scopes)
	}
	_, err = w.Preview(t.Context(), caller("globex", "eve"), connect.Ask{ConnectionID: c.ID})
	refused(t, err, fault.CodeNotFound)
}

// A device is asked for what the handoff says, and is refused what a browser is.
func TestScopesOfADevice(t *testing.T) {
	t.Parallel()
	w, d, c := approved(t)
	asked := func() string { // By the newest handoff.
		return strings.Join(w.handoff(c.ID).Requested, " ")
	}
	more := exactly("crm.read")
	more.ConnectionID = c.ID
	w.code(more)
	if got := asked(); got != "crm.read offline_access openid" {
		t.Errorf("asked for %q", got)
	}
	d.script = []string{"ok"}
	w.later(6 * time.Second)
	c = w.get(c.ID)
	if !c.ExactScopes || strings.Join(c.RequestedScopes, " ") != "crm.read offline_access openid" {
		t.Errorf("exact %t, requested %v", c.ExactScopes, c.RequestedScopes)
	}
	w.code(connect.Ask{ConnectionID: c.ID})
	w.bind(c, needs("flw_1", true, "crm.read"))
	w.provider.granted, d.script = "openid offline_access", []string{"ok"}
	w.later(6 * time.Second)
	if now := w.get(c.ID); len(w.provider.forgotten()) != 0 || now.Handoff != nil || now.Credential.Version != c.Credential.Version || len(now.GrantedScopes) != 3 {
		t.Errorf("revoked %d; handoff %v, version %d, granted %v", len(w.provider.forgotten()), now.Handoff, now.Credential.Version, now.GrantedScopes)
	}
}

func (w *world) handoff(connectionID string) connect.Handoff {
	w.t.Helper()
	h, err := w.Handoffs.Get(w.t.Context(), w.get(connectionID).Handoff.ID)
	must(w.t, err)
	return h
}
