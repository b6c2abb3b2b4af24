package connect_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// flows is a connection.Uses.
type flows []connection.Use

func (f flows) Uses(context.Context, string, string, string, int) ([]connection.Use, string, error) {
	return f, "", nil
}

func TestSwitchHasToBeSaid(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	w.Uses = flows{{Tenant: "acme", Flow: "flw_1", Slot: "crm", Active: true}, {Tenant: "acme", Flow: "flw_2", Slot: "crm"}}
	c := w.chosen(made, north)
	_, err := w.choose(c, south, false)
	refused(t, err, fault.CodeAccountMismatch)
	if diff := cmp.Diff([]string{"flw_1"}, fault.From(err).Flows); diff != "" {
		t.Errorf("flows of the refusal (-want +got):\n%s", diff)
	}
	w.at(c.ID, north)
	if got := w.outcomes(audit.AccountPut, c.ID); got[len(got)-1] != "denied account_mismatch" {
		t.Errorf("audited %v", got)
	}
	_, err = w.choose(c, south, true)
	must(t, err)
	w.at(c.ID, south)
}

func TestDryRunOfASwitch(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	w.Uses = flows{{Tenant: "acme", Flow: "flw_1", Slot: "crm", Active: true}}
	c := w.chosen(made, north)
	used := []api.FlowUse{{FlowID: "flw_1", Slot: "crm", Active: true}}
	events := len(w.bus.Events())
	for name, tt := range map[string]struct {
		account string
		allow   bool
		want    api.Impact
	}{
		"not allowed": {south, false, api.Impact{Code: "account_mismatch", Detail: "Another account is chosen already. Say that it may change to switch.", Flows: used}},
		"allowed":     {south, true, api.Impact{Allowed: true, Flows: used}},
		"unknown":     {"site-foreign", true, api.Impact{Code: "validation_failed", Detail: "The request is not valid.", Flows: used}},
	} {
		got, err := w.ChooseAccount(t.Context(), w.caller, api.AccountPut{ConnectionID: c.ID, IfMatch: "*", AccountID: tt.account, AllowAccountChange: tt.allow, DryRun: true})
		must(t, err)
		if diff := cmp.Diff(&tt.want, got.Impact); diff != "" || got.Account.ID != north {
			t.Errorf("%s: account %s, impact (-want +got):\n%s", name, got.Account.ID, diff)
		}
	}
	if after := w.get(c.ID); after.Version != c.Version || len(w.bus.Events()) != events {
		t.Error("a dry run changed something")
	}
}

// A switch is verified before anything is current.
func TestSwitchThatFailsChangesNothing(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"refused": 401, "down": 503, "odd": 302} {
		w, made := siteWorld(t, north, south)
		c := w.chosen(made, north)
		w.provider.status["me"] = status
		if _, err := w.choose(c, south, true); err == nil {
			t.Errorf("%s: no error", name)
		}
		if diff := cmp.Diff(c.Version, w.get(c.ID).Version); diff != "" {
			t.Errorf("%s: the record changed", name)
		}
		w.at(c.ID, north)
	}
}

func TestSwitchOfAnotherVersion(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	c := w.chosen(made, north)
	for match, want := range map[string]fault.Code{`"1"`: fault.CodePreconditionFailed, "": fault.CodePreconditionRequired} {
		_, err := w.Choose(t.Context(), w.caller, connect.Choice{ConnectionID: c.ID, IfMatch: match, AccountID: south, AllowAccountChange: true})
		refused(t, err, want)
	}
	_, err := w.choose(c, "site-foreign", true)
	refused(t, err, fault.CodeValidationFailed)
	w.at(c.ID, north)
}

// Whatever write of a switch fails or is the last before the process dies, the
// connection is wholly of one account, and the request repeated succeeds.
func TestSwitchRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	probe, made := siteWorld(t, north, south)
	c := probe.chosen(made, north)
	n := probe.power.count()
	_, err := probe.choose(c, south, true)
	must(t, err)
	for _, op := range probe.power.since(n) {
		for _, after := range []bool{false, true} {
			for _, dies := range []bool{false, true} {
				w, made := siteWorld(t, north, south)
				c := w.chosen(made, north)
				w.power.cut(op, after, dies)
				_, _ = w.choose(c, south, true)
				w.power.on()
				now := w.get(c.ID)
				w.at(c.ID, now.Account.ID)
				_, err := w.choose(c, south, true)
				must(t, err)
				w.at(c.ID, south)
			}
		}
	}
}

// renew refreshes the credential as the sweep does.
func (w *world) renew(c connection.Connection) error {
	_, err := w.Refresher.Refresh(w.t.Context(), c.Tenant, c.ID, func(now *connection.Connection) bool { return now.LeaseCount > c.LeaseCount })
	return err
}

// A credential that nobody has chosen an account for stays alive.
func TestRefreshBeforeAndAfterTheChoice(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	c := w.undecided(made)
	must(t, w.renew(c))
	refused(t, w.leases(c.ID), fault.CodeAccountRequired)
	_, err := w.choose(c, south, false)
	must(t, err)
	must(t, w.renew(w.get(c.ID)))
	w.at(c.ID, south)
}

// A refresh whose answer comes after a switch brings the new token to the new
// account, and loses none.
func TestSwitchDuringARefresh(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	c := w.chosen(made, north)
	old := w.hotCopy(c.ID).AccessToken.Reveal()
	switched := false
	w.provider.before = func(endpoint string) {
		if endpoint == "token" && !switched {
			switched = true
			_, err := w.choose(c, south, true)
			must(t, err)
		}
	}
	must(t, w.renew(c))
	w.at(c.ID, south)
	if w.hotCopy(c.ID).AccessToken.Reveal() == old {
		t.Error("the old token is handed out")
	}
	if now := w.get(c.ID); now.Refresh.Owner != "" || len(now.Refresh.Answer) > 0 {
		t.Errorf("the refresh is not settled: %+v", now.Refresh)
	}
}

// A refresh that is done while a switch is verified is not undone by it.
func TestRefreshDuringASwitch(t *testing.T) {
	t.Parallel()
	w, made := siteWorld(t, north, south)
	c := w.chosen(made, north)
	renewed := ""
	w.provider.before = func(endpoint string) {
		if endpoint == "me" && renewed == "" {
			renewed = "…"
			must(t, w.renew(c))
			renewed = w.hotCopy(c.ID).AccessToken.Reveal()
		}
	}
	_, err := w.choose(c, south, true)
	must(t, err)
	w.at(c.ID, south)
	if w.hotCopy(c.ID).AccessToken.Reveal() != renewed {
		t.Error("an older token is handed out than the one that was refreshed")
	}
}

func TestReconnectAndTheChoice(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		listed []string
		allow  bool
		wanted string
		code   fault.Code
		want   string // Empty: to be chosen.
	}{
		"still listed":                         {listed: []string{south, north}, want: north},
		"still listed, and may change":         {listed: []string{south, north}, allow: true, want: north},
		"no longer listed":                     {listed: []string{south}, code: fault.CodeAccountMismatch, want: north},
		"no longer listed, and may change":     {listed: []string{south}, allow: true, want: south},
		"no longer listed, others are":         {listed: []string{south, "site-west"}, allow: true},
		"another is wanted":                    {listed: []string{south, north}, wanted: south, code: fault.CodeAccountMismatch, want: north},
		"another is wanted, and may be so":     {listed: []string{south, north}, wanted: south, allow: true, want: south},
		"nothing is listed, and it may change": {allow: true, code: fault.CodeVerificationFailed, want: north},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, made := siteWorld(t, north, south)
			c := w.chosen(made, north)
			w.lists(tt.listed...)
			_, err := w.finish(w.travel(connect.Ask{ConnectionID: c.ID, AllowAccountChange: tt.allow, Account: tt.wanted}))
			if tt.code != "" {
				refused(t, err, tt.code)
			} else {
				must(t, err)
			}
			if tt.want != "" {
				w.at(c.ID, tt.want)
				return
			}
			if now := w.get(c.ID); w.status(c.ID) != "degraded/account_required" || now.Account.ID != "" || now.BaseURL != "" || now.Captured["siteId"] != "" {
				t.Errorf("status %s, account %+v at %q, captured %v", w.status(c.ID), now.Account, now.BaseURL, now.Captured)
			}
			refused(t, w.leases(c.ID), fault.CodeAccountRequired)
		})
	}
}
