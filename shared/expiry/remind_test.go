package expiry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
)

// key is one that ends when everything does.
func key() *connection.Credential {
	return &connection.Credential{Static: true, SetAt: lapses.Add(-400 * day), ExpiresAt: lapses}
}

func TestEVT05EachStepIsToldOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.connect(t, "con_1", key())
	for _, c := range []struct {
		before time.Duration
		want   []string
	}{
		{40 * day, []string{}},
		{30*day + time.Second, []string{}},
		{30 * day, []string{"30"}},
		{29 * day, []string{"30"}},
		{14*day + time.Second, []string{"30"}},
		{14*day - time.Second, []string{"30", "14"}},
		{2 * day, []string{"30", "14"}},
		{day, []string{"30", "14", "1"}},
		{time.Hour, []string{"30", "14", "1"}},
		{0, []string{"30", "14", "1"}},
		{-day, []string{"30", "14", "1"}},
		{-30 * day, []string{"30", "14", "1"}},
	} {
		for range 2 {
			if diff := cmp.Diff(c.want, r.at(t, c.before)); diff != "" {
				t.Errorf("%s before, steps differ (-want +got):\n%s", c.before, diff)
			}
		}
	}
}

// Who was away from the start hears of the newest step only, also shortly after
// the end, and of none long after it.
func TestSkippedStepsAreNotMadeUpFor(t *testing.T) {
	t.Parallel()
	for before, want := range map[time.Duration][]string{3 * day: {"14"}, -6 * day: {"1"}, -8 * day: {}} {
		r := newRig(t, ladder)
		r.connect(t, "con_1", key())
		if diff := cmp.Diff(want, r.at(t, before)); diff != "" {
			t.Errorf("%s before: steps differ (-want +got):\n%s", before, diff)
		}
	}
}

func TestDefaultStepIsFourteenDays(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{Reminders: true})
	r.connect(t, "con_1", key())
	if got := r.at(t, 15*day); len(got) != 0 {
		t.Errorf("15 days before: got %v, want nothing", got)
	}
	if diff := cmp.Diff([]string{"14"}, r.at(t, 14*day)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
}

// Opting out is heard; who opts in, or wants another ladder, is heard within a
// day.
func TestEVT05OptOut(t *testing.T) {
	t.Parallel()
	r := newRig(t, tenant.Settings{})
	r.connect(t, "con_1", key())
	for _, before := range []time.Duration{41 * day, 14 * day, 10 * day, 9 * day} {
		if got := r.at(t, before); len(got) != 0 {
			t.Errorf("%s before: got %v, want nothing", before, got)
		}
	}
	r.settings(t, "acme", ladder)
	if diff := cmp.Diff([]string{"14"}, r.at(t, 8*day)); diff != "" {
		t.Errorf("steps after opting in differ (-want +got):\n%s", diff)
	}
	r.settings(t, "acme", tenant.Settings{Reminders: true, DaysBefore: []int{7, 1}})
	if diff := cmp.Diff([]string{"14", "7"}, r.at(t, 7*day)); diff != "" {
		t.Errorf("steps of another ladder differ (-want +got):\n%s", diff)
	}
	r.settings(t, "acme", tenant.Settings{DaysBefore: []int{7, 1}})
	if diff := cmp.Diff([]string{"14", "7"}, r.at(t, time.Hour)); diff != "" {
		t.Errorf("steps after opting out differ (-want +got):\n%s", diff)
	}
}

// A new key starts the ladder anew.
func TestRenewedCredentialIsToldOfAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.connect(t, "con_1", key())
	r.at(t, 10*day)
	r.change(t, "con_1", func(c *connection.Connection) { c.Credential.ExpiresAt = lapses.Add(90 * day) })
	if diff := cmp.Diff([]string{"14"}, r.at(t, 5*day)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"14", "14"}, r.at(t, -80*day)); diff != "" {
		t.Errorf("steps of the new key differ (-want +got):\n%s", diff)
	}
}

// What is told names the resource, the kind and the dates, and nothing that a
// person wrote.
func TestEvent(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	r.connect(t, "con_1", &connection.Credential{ExpiresAt: lapses, PublicKey: "-----BEGIN CERTIFICATE-----\n"})
	r.at(t, 10*day)
	events := r.bus.Events()
	if len(events) != 1 || events[0].ID == "" {
		t.Fatalf("got %+v, want one event with an id", events)
	}
	want := notify.Event{
		ID: events[0].ID, Type: notify.ExpirationDue, Tenant: "acme", Resource: "con_1", At: r.now,
		Detail: map[string]string{"kind": "certificate", "connector": "crm", "lapsesAt": "2026-06-30T12:00:00Z", "daysBefore": "14", "renewal": "person"},
	}
	if diff := cmp.Diff(want, events[0]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each client of a template has an end of its own.
func TestClientSecretIsToldOf(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	must(t, r.templates.Create(t.Context(), template.Template{
		Owner: "acme", ID: "tpl_1", Connector: "crm", StableKey: "crm", ExpiryDue: r.now,
		Client:   template.Client{ClientKey: 2, Secret: &template.ClientSecret{ExpiresAt: lapses}},
		Previous: &template.Client{ClientKey: 1, Secret: &template.ClientSecret{ExpiresAt: lapses.Add(-10 * day)}},
	}))
	want := []string{"30 2026-06-20", "30 2026-06-30", "14 2026-06-20", "14 2026-06-30", "1 2026-06-20", "1 2026-06-30"}
	for before := 45; before > -10; before-- {
		r.at(t, time.Duration(before)*day)
	}
	var got []string
	for _, e := range r.bus.Events() {
		if e.Resource != "tpl_1" || e.Detail["kind"] != "client_secret" || e.Detail["connector"] != "crm" {
			t.Errorf("got %+v", e)
		}
		got = append(got, e.Detail["daysBefore"]+" "+e.Detail["lapsesAt"][:10])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found, err := r.templates.Get(t.Context(), "acme", "tpl_1"); err != nil || !found.ExpiryDue.IsZero() {
		t.Errorf("in the end: next look %s, %v; want none", found.ExpiryDue, err)
	}
}

func TestSigningKeyIsToldOf(t *testing.T) {
	t.Parallel()
	r := newRig(t, ladder)
	must(t, r.keys.Create(t.Context(), signing.Key{Tenant: "acme", ID: "sgk_1", Algorithm: signing.ES256, State: signing.Active, ExpiresAt: lapses, ExpiryDue: r.now}))
	if diff := cmp.Diff([]string{"30"}, r.at(t, 30*day)); diff != "" {
		t.Errorf("steps differ (-want +got):\n%s", diff)
	}
	_, err := r.keys.Update(t.Context(), "acme", "sgk_1", func(k *signing.Key) error {
		k.State = signing.Retired
		return nil
	})
	must(t, err)
	if diff := cmp.Diff([]string{"30"}, r.at(t, 14*day)); diff != "" {
		t.Errorf("steps of a retired key differ (-want +got):\n%s", diff)
	}
}
