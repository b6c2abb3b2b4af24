package flow_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
)

func TestCandidates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.connect("acme", "con_2", func(c *connectionRecord) { c.GrantedScopes = []string{"openid"} })
	w.connect("acme", "con_3", func(c *connectionRecord) { c.Environment, c.Lifecycle = "test", connection.Disabled })
	w.connect("acme", "con_4", func(c *connectionRecord) { c.Connector = "stripe" })
	w.connect("acme", "con_5", func(c *connectionRecord) { c.Lifecycle = connection.Deleting })
	w.connect("globex", "con_6")
	w.connect(auth.Organization, "con_7")
	w.connect(auth.Organization, "con_8", offer, func(c *connectionRecord) {
		c.Account, c.Health.Reason = connection.Account{ID: "acct"}, connection.ReasonVerificationFailed
	})
	needs := one("con_1")
	needs.Scopes = []string{"api"}
	w.put(ann, "orders", flow.Active, needs)

	want := []api.Candidate{
		{ConnectionID: "con_1", Name: "Name of con_1", Connector: "salesforce", Environment: "production", Status: "active", Fits: true},
		{
			ConnectionID: "con_2", Name: "Name of con_2", Connector: "salesforce", Environment: "production", Status: "active",
			Refusal: &api.BindingRefusal{
				Code: "scopes_missing", Detail: "The connection was not granted every scope that the binding requires.", Remedy: "grant_permissions", MissingScopes: []string{"api"},
			},
		},
		{
			ConnectionID: "con_3", Name: "Name of con_3", Connector: "salesforce", Environment: "test", Status: "disabled", Reason: "disabled",
			Refusal: &api.BindingRefusal{Code: "environment_not_allowed", Detail: "The binding does not allow the environment of the connection."},
		},
		{ConnectionID: "con_8", Name: "Name of con_8", Connector: "salesforce", Organization: true, Status: "degraded", Fits: true},
	}
	for limit := 1; limit <= 5; limit++ {
		var got []api.Candidate
		for start, pages := "", 0; ; pages++ {
			found, next, err := w.Candidates(t.Context(), ann, "orders", "step", start, limit)
			if err != nil || len(found) > limit || pages > 10 {
				t.Fatalf("limit %d: %d found, %v", limit, len(found), err)
			}
			for _, c := range found {
				got = append(got, c.API(noon))
			}
			if start = next; next == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("limit %d (-want +got):\n%s", limit, diff)
		}
	}
	for _, try := range []struct {
		caller   auth.Caller
		id, slot string
	}{{eve, "orders", "step"}, {ann, "nosuch", "step"}, {ann, "orders", "nosuch"}} {
		_, _, err := w.Candidates(t.Context(), try.caller, try.id, try.slot, "", 10)
		wantFault(t, err, fault.CodeNotFound)
	}
}

func TestDetailed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.connect(auth.Organization, "con_2", offer)
	f := w.put(ann, "orders", flow.Active, flow.Binding{Slot: "a", Connector: "salesforce", ConnectionID: "con_1"}, flow.Binding{Slot: "b", Connector: "salesforce", ConnectionID: "con_2"})
	show := func(f flow.Flow) string {
		out, err := w.Detailed(t.Context(), f)
		if err != nil {
			t.Fatal(err)
		}
		text := fmt.Sprint("ready ", *out.Ready)
		for _, b := range out.Bindings {
			text += fmt.Sprint("; ", b.Slot, " ", b.ConnectionID, " ", b.Organization, " ", b.Status, " ", b.Reason)
		}
		return text
	}
	if got, want := show(f), "ready true; a con_1 false active ; b con_2 true active "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	w.edit("acme", "con_1", func(c *connectionRecord) { c.Health.Reason = connection.ReasonReauthRequired })
	w.edit(auth.Organization, "con_2", func(c *connectionRecord) { c.Health.Reason = connection.ReasonRateLimited })
	if got, want := show(f), "ready false; a con_1 false degraded reauth_required; b con_2 true degraded "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	paused := w.put(ann, "paused", flow.Paused, one(""))
	if got, want := show(paused), "ready false; step  false  "; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if out := f.API(); out.Ready != nil || out.Bindings[0].Status != "" || !out.Bindings[1].Organization || !out.Bindings[0].BoundAt.Equal(noon) {
		t.Errorf("in a list: %+v", out)
	}
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.connect("acme", "con_1")
	w.put(ann, "a", flow.Active, one("con_1"))
	w.put(ann, "b", flow.Paused, one("con_1"))
	w.put(ann, "c", flow.Paused, flow.Binding{Slot: "x", Connector: "stripe"})
	for _, test := range []struct {
		filter flow.Filter
		want   []string
	}{
		{flow.Filter{}, []string{"a", "b", "c"}},
		{flow.Filter{State: flow.Paused}, []string{"b", "c"}},
		{flow.Filter{Connector: "salesforce"}, []string{"a", "b"}},
		{flow.Filter{Connector: "stripe", State: flow.Active}, nil},
	} {
		found, _, err := w.List(t.Context(), ann, test.filter, "", 10)
		var got []string
		for _, f := range found {
			got = append(got, f.ID)
		}
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%+v: got %v, %v", test.filter, got, err)
		}
	}
	if _, next, err := w.List(t.Context(), ann, flow.Filter{Connector: "stripe"}, "", 2); err != nil || next == "" {
		t.Errorf("a page without a hit ends the list: %q, %v", next, err)
	}
	w.now = w.now.Add(time.Hour)
	if f, err := w.Get(t.Context(), ann, "a"); err != nil || f.ID != "a" {
		t.Errorf("Get: %+v, %v", f, err)
	}
	wantFault(t, second(w.Get(t.Context(), eve, "a")), fault.CodeNotFound)
}
