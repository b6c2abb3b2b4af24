package expiry_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/expiry"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
)

func caller(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: []string{auth.ConnectionsRead}}
}

// newLedger is a rig at a hundred days before the lapse with a date of each kind.
func newLedger(t *testing.T) *rig {
	t.Helper()
	r := newRig(t, ladder)
	r.now = lapses.Add(-100 * day)
	r.store.Templates = r.templates
	at := func(days int) time.Time { return r.now.Add(time.Duration(days) * day) }
	for id, connector := range map[string]string{"tpl_1": "crm", "tpl_2": "own-erp", "tpl_3": "own-erp"} {
		made := template.Template{Owner: "acme", ID: id, Connector: connector, Name: "Template", StableKey: id, Scheme: "api_key"}
		if id == "tpl_1" {
			made.Client = template.Client{ClientKey: 2, Secret: &template.ClientSecret{ExpiresAt: at(60)}}
			made.Previous = &template.Client{ClientKey: 1, Secret: &template.ClientSecret{ExpiresAt: at(5)}}
		}
		must(t, r.templates.Create(t.Context(), made))
	}
	must(t, r.keys.Create(t.Context(), signing.Key{Tenant: "acme", ID: "sgk_1", Algorithm: signing.ES256, State: signing.Active, ExpiresAt: at(20)}))
	for id, k := range map[string]connection.Credential{
		"con_1": {ExpiresAt: at(30)},
		"con_2": {ExpiresAt: at(30), PublicKey: "-----BEGIN CERTIFICATE-----\n"},
		"con_3": {Refreshable: true, Rolling: true, RefreshExpiresAt: at(10)},
		"con_4": {Static: true, SetAt: at(-85)},
		"con_5": {Static: true, SetAt: at(-300)},
		"con_6": {ExpiresAt: at(-10)},
		"con_7": {ExpiresAt: at(-31)},
		"con_8": {Refreshable: true, ExpiresAt: at(0)},
		"con_9": {Refreshable: true, RefreshExpiresAt: at(300)},
	} {
		c := connection.Connection{
			Tenant: "acme", ID: id, Connector: "crm", TemplateOwner: "acme", TemplateID: "tpl_1", Scheme: "api_key", Name: "Sales",
			Environment: "production", Lifecycle: connection.Ready, Credential: &k,
		}
		if id == "con_8" {
			c.Connector, c.TemplateID = "own-erp", "tpl_2"
		}
		must(t, r.store.Create(t.Context(), c))
	}
	return r
}

// whole is the ledger of newLedger within a year.
var whole = []string{
	"rotation con_5 -210", "credential con_6 -10", "rotation con_4 5", "client_secret tpl_1 5", "refresh_token con_3 9", "signing_key sgk_1 20",
	"credential con_1 30", "certificate con_2 30", "client_secret tpl_1 60", "sunset own-erp 253", "refresh_token con_9 300",
}

func (r *rig) list(t *testing.T, q expiry.Query) []string {
	t.Helper()
	all := []string{}
	for range 100 {
		entries, next, err := r.List(t.Context(), caller("acme"), q)
		must(t, err)
		if len(entries) > q.Limit {
			t.Errorf("got a page of %d, want %d at most", len(entries), q.Limit)
		}
		for _, e := range entries {
			all = append(all, fmt.Sprint(e.Kind, " ", e.Resource, " ", e.DaysLeft))
		}
		if q.Start = next; next == "" {
			return all
		}
	}
	t.Fatal("the list has no end")
	return nil
}

func TestList(t *testing.T) {
	t.Parallel()
	r := newLedger(t)
	for limit := range len(whole) + 2 {
		if diff := cmp.Diff(whole, r.list(t, expiry.Query{WithinDays: 365, Limit: limit + 1})); diff != "" {
			t.Errorf("in pages of %d (-want +got):\n%s", limit+1, diff)
		}
	}
	for _, test := range []struct {
		query expiry.Query
		want  []string
	}{
		{expiry.Query{WithinDays: 1}, whole[:2]},
		{expiry.Query{WithinDays: 5}, whole[:4]},
		{expiry.Query{WithinDays: 90}, whole[:9]},
		{expiry.Query{WithinDays: 365, Kind: expiry.Credential}, []string{whole[1], whole[6]}},
		{expiry.Query{WithinDays: 365, Kind: expiry.Certificate}, whole[7:8]},
		{expiry.Query{WithinDays: 365, Kind: expiry.RefreshToken}, []string{whole[4], whole[10]}},
		{expiry.Query{WithinDays: 365, Kind: expiry.ClientSecret}, []string{whole[3], whole[8]}},
		{expiry.Query{WithinDays: 365, Kind: expiry.SigningKey}, whole[5:6]},
		{expiry.Query{WithinDays: 365, Kind: expiry.Sunset}, whole[9:10]},
		{expiry.Query{WithinDays: 365, Kind: expiry.Rotation}, []string{whole[0], whole[2]}},
	} {
		for _, limit := range []int{1, 50} {
			test.query.Limit = limit
			if diff := cmp.Diff(test.want, r.list(t, test.query)); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", test.query, diff)
			}
		}
	}
}

// The cadence is that of now, also for keys that were saved under another.
func TestListFollowsTheCadence(t *testing.T) {
	t.Parallel()
	r := newLedger(t)
	for days, want := range map[int][]string{-1: {}, 365: {"rotation con_5 65"}, 86: {"rotation con_5 -214", "rotation con_4 1"}} {
		settings := ladder
		settings.RotationDays = days
		r.settings(t, "acme", settings)
		if diff := cmp.Diff(want, r.list(t, expiry.Query{WithinDays: 90, Kind: expiry.Rotation, Limit: 1})); diff != "" {
			t.Errorf("%d days (-want +got):\n%s", days, diff)
		}
	}
}

func TestListedEntry(t *testing.T) {
	t.Parallel()
	r := newLedger(t)
	for kind, want := range map[expiry.Kind]string{
		expiry.RefreshToken: "automatic  never",
		expiry.Certificate:  "person replace_credential " + r.now.Add(16*day).Format(time.DateOnly),
		expiry.SigningKey:   "person replace_signing_key " + r.now.Add(6*day).Format(time.DateOnly),
		expiry.Rotation:     "person replace_credential never",
	} {
		entries, _, err := r.List(t.Context(), caller("acme"), expiry.Query{WithinDays: 90, Kind: kind, Limit: 50})
		if err != nil || len(entries) == 0 {
			t.Fatalf("%s: got %v, %v", kind, entries, err)
		}
		shown, reminder := entries[0].API(), "never"
		if shown.NextReminderAt != nil {
			reminder = shown.NextReminderAt.Format(time.DateOnly)
		}
		if got := shown.Renewal + " " + shown.Remedy + " " + reminder; got != want {
			t.Errorf("%s: got %q, want %q", kind, got, want)
		}
	}
	r.settings(t, "acme", ladder) // Again, with reminders off.
	off := ladder
	off.Reminders = false
	r.settings(t, "acme", off)
	entries, _, err := r.List(t.Context(), caller("acme"), expiry.Query{WithinDays: 90, Limit: 50})
	must(t, err)
	for _, e := range entries {
		if !e.ReminderAt.IsZero() {
			t.Errorf("%s %s: a reminder at %s, want none while they are off", e.Kind, e.Resource, e.ReminderAt)
		}
	}
}

// Only what is listed is read, however many connections there are.
func TestListReadsNoOtherConnections(t *testing.T) {
	t.Parallel()
	r := newLedger(t)
	reads := &countedReads{Store: r.store}
	r.Connections = reads
	r.list(t, expiry.Query{WithinDays: 20, Limit: 50})
	if reads.count != 4 {
		t.Errorf("read %d connections, want the 4 that are listed", reads.count)
	}
}

type countedReads struct {
	connection.Store
	count int
}

func (c *countedReads) Get(ctx context.Context, tenant, id string) (connection.Connection, error) {
	c.count++
	return c.Store.Get(ctx, tenant, id)
}

func (c *countedReads) List(context.Context, string, connection.Filter, string, int) ([]connection.Connection, string, error) {
	return nil, "", errors.New("all connections are read")
}

func TestListIsTheCallersOwn(t *testing.T) {
	t.Parallel()
	r := newLedger(t)
	for _, tenant := range []string{"globex", auth.Organization, "acm"} {
		if entries, next, err := r.List(t.Context(), caller(tenant), expiry.Query{WithinDays: 3650, Limit: 50}); len(entries) != 0 || next != "" || err != nil {
			t.Errorf("%s: got %v, %q, %v; want nothing", tenant, entries, next, err)
		}
	}
	stranger := caller("acme")
	stranger.Scopes = nil
	if _, _, err := r.List(t.Context(), stranger, expiry.Query{WithinDays: 90, Limit: 50}); !fault.Has(err, fault.CodeForbidden) {
		t.Errorf("without the scope: got %v", err)
	}
}
