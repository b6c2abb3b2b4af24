package connection_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/connection/connectiontest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
)

var ann = auth.Caller{Tenant: "acme", Home: "acme", Subject: "ann", Scopes: []string{auth.ConnectionsRead, auth.ConnectionsWrite}}

// rig is a service over fakes with one active connection, con_1.
type rig struct {
	*connection.Service
	store  *connectiontest.Memory
	audits *audittest.Memory
	bus    *notifytest.Bus
}

func newRig(t *testing.T) rig {
	t.Helper()
	r := rig{store: connectiontest.NewMemory(), audits: audittest.NewMemory(), bus: new(notifytest.Bus)}
	r.Service = &connection.Service{
		Store: r.store, Audit: &audit.Log{Store: r.audits}, Events: r.bus, Inputs: lowercase{}, Now: func() time.Time { return now },
	}
	r.create(t, "con_1", func(*connection.Connection) {})
	return r
}

func (r rig) create(t *testing.T, id string, change func(*connection.Connection)) {
	t.Helper()
	c := connection.Connection{
		Tenant: "acme", ID: id, Connector: "crm", Name: "Sales", Lifecycle: connection.Ready, Revision: 1, Since: now.Add(-time.Hour),
		Inputs: map[string]string{"shop": "acme"}, Credential: &connection.Credential{Refreshable: true},
		Due: connection.Due{Refresh: now.Add(time.Hour), Health: now.Add(time.Hour), Expiry: now.Add(time.Hour)},
	}
	change(&c)
	if err := r.store.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
}

func (r rig) record(t *testing.T) connection.Connection {
	t.Helper()
	c, err := r.store.Get(t.Context(), "acme", "con_1")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// lowercase accepts every input but "bad".
type lowercase struct{}

func (lowercase) CheckInputs(_ context.Context, _ connection.Connection, given map[string]string) (map[string]string, error) {
	if given["shop"] == "bad" {
		return nil, fault.New(fault.Invalid, fault.CodeValidationFailed, "Bad.")
	}
	return given, nil
}

func (lowercase) Place(_ context.Context, c connection.Connection) (string, map[string]string, error) {
	return "https://" + c.Inputs["shop"] + ".example.com", nil, nil
}

// acts is what a person can do to a connection.
var acts = map[string]func(context.Context, rig, auth.Caller, string, string) error{
	"update": func(ctx context.Context, r rig, who auth.Caller, id, ifMatch string) error {
		name := "New"
		_, err := r.Update(ctx, who, id, ifMatch, connection.Change{Name: &name})
		return err
	},
	"disable": func(ctx context.Context, r rig, who auth.Caller, id, ifMatch string) error {
		_, err := r.Disable(ctx, who, id, ifMatch)
		return err
	},
	"enable": func(ctx context.Context, r rig, who auth.Caller, id, ifMatch string) error {
		_, err := r.Enable(ctx, who, id, ifMatch)
		return err
	},
}

// Whatever is refused changes nothing and tells nobody.
func TestChangeIsRefused(t *testing.T) {
	t.Parallel()
	reader := auth.Caller{Tenant: "acme", Home: "acme", Scopes: []string{auth.ConnectionsRead}}
	stranger := auth.Caller{Tenant: "globex", Home: "globex", Scopes: []string{auth.ConnectionsWrite}}
	for name, c := range map[string]struct {
		caller  auth.Caller
		id      string
		ifMatch string
		prepare func(rig)
		want    fault.Code
	}{
		"without the scope":      {reader, "con_1", `"1"`, func(rig) {}, fault.CodeForbidden},
		"of another tenant":      {stranger, "con_1", `"1"`, func(rig) {}, fault.CodeNotFound},
		"of nothing":             {ann, "con_2", `"1"`, func(rig) {}, fault.CodeNotFound},
		"of an old version":      {ann, "con_1", `"0"`, func(rig) {}, fault.CodePreconditionFailed},
		"that cannot be audited": {ann, "con_1", `"1"`, func(r rig) { r.Audit.Store = unwritable{audittest.NewMemory()} }, fault.CodeRetryLater},
		"while being deleted": {ann, "con_1", `"1"`, func(r rig) {
			_, _ = r.store.Update(context.Background(), "acme", "con_1", func(c *connection.Connection) error {
				c.Lifecycle = connection.Deleting
				return nil
			})
		}, fault.CodeNotFound},
	} {
		for act, do := range acts {
			t.Run(act+" "+name, func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				c.prepare(r)
				before := r.record(t)
				if err := do(t.Context(), r, c.caller, c.id, c.ifMatch); !fault.Has(err, c.want) {
					t.Errorf("got %v, want %s", err, c.want)
				}
				if diff := cmp.Diff(before, r.record(t)); diff != "" {
					t.Errorf("the record changed (-before +after):\n%s", diff)
				}
				if got := r.bus.Types(); len(got) != 0 {
					t.Errorf("events: got %v, want none", got)
				}
			})
		}
	}
}

// unwritable is an audit store that is down.
type unwritable struct{ audit.Store }

func (unwritable) Append(context.Context, audit.Entry) error { return errDown }

func TestChangesAreAudited(t *testing.T) {
	t.Parallel()
	for act, do := range acts {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			if err := do(t.Context(), r, ann, "con_1", `"1"`); err != nil {
				t.Fatal(err)
			}
			entries, _, err := r.audits.List(t.Context(), "acme", audit.Query{Limit: 10})
			if err != nil || len(entries) != 1 || entries[0].Action != audit.Action("connection."+act) || entries[0].Actor != "acme/ann" {
				t.Errorf("audit: got %+v, %v; want one entry of connection.%s", entries, err, act)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	name := "Support"
	c, err := r.Update(t.Context(), ann, "con_1", `"1"`, connection.Change{Name: &name, Labels: map[string]string{"team": "a"}})
	if err != nil || c.Name != name || c.Labels["team"] != "a" || c.Inputs["shop"] != "acme" || c.Revision != 2 || !c.UpdatedAt.Equal(now) {
		t.Errorf("got %+v, %v; want name and labels changed, inputs kept, revision 2", c, err)
	}
	if !c.Due.Health.Equal(now.Add(time.Hour)) {
		t.Errorf("check: got %s, want as planned", c.Due.Health)
	}
	c, err = r.Update(t.Context(), ann, "con_1", `"2"`, connection.Change{Inputs: map[string]string{"shop": "acme"}})
	if err != nil || !c.Due.Health.Equal(now.Add(time.Hour)) {
		t.Errorf("the same inputs: got a check at %s, %v; want as planned", c.Due.Health, err)
	}
	c, err = r.Update(t.Context(), ann, "con_1", `"3"`, connection.Change{Inputs: map[string]string{"shop": "other"}})
	if err != nil || c.Inputs["shop"] != "other" || c.Name != name || !c.Due.Health.Equal(now.Add(due.Soon)) {
		t.Errorf("got %+v, %v; want another shop, to be checked soon", c, err)
	}
	if _, err := r.Update(t.Context(), ann, "con_1", `"4"`, connection.Change{Inputs: map[string]string{"shop": "bad"}}); !fault.Has(err, fault.CodeValidationFailed) {
		t.Errorf("bad input: got %v, want validation_failed", err)
	}
	if _, err := r.Update(t.Context(), ann, "con_1", "", connection.Change{}); !fault.Has(err, fault.CodePreconditionRequired) {
		t.Errorf("without If-Match: got %v, want precondition_required", err)
	}
	if got := r.bus.Types(); len(got) != 0 {
		t.Errorf("events: got %v, want none", got)
	}
}

// Nothing is due of a paused connection, whatever is changed.
func TestUpdateOfAPausedConnection(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := r.Disable(t.Context(), ann, "con_1", ""); err != nil {
		t.Fatal(err)
	}
	c, err := r.Update(t.Context(), ann, "con_1", "*", connection.Change{Inputs: map[string]string{"shop": "other"}})
	if err != nil || c.Inputs["shop"] != "other" || !c.Due.Health.IsZero() {
		t.Errorf("got %+v, %v; want another shop and no check", c.Due, err)
	}
}

func TestPauseAndResume(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	c, err := r.Disable(t.Context(), ann, "con_1", "")
	if err != nil || c.Lifecycle != connection.Disabled || !c.Due.Refresh.IsZero() || !c.Due.Health.IsZero() || c.Due.Expiry.IsZero() {
		t.Errorf("Disable: got %s, due %+v, %v; want it paused, with its expiry watched", c.Lifecycle, c.Due, err)
	}
	c, err = r.Enable(t.Context(), ann, "con_1", `"2"`)
	if err != nil || c.Lifecycle != connection.Ready || !c.Due.Refresh.Equal(now.Add(due.Soon)) || !c.Due.Health.Equal(now.Add(due.Soon)) {
		t.Errorf("Enable: got %s, due %+v, %v; want it ready and looked at soon", c.Lifecycle, c.Due, err)
	}
	var got []string
	for _, e := range r.bus.Events() {
		got = append(got, e.Detail["previous"]+" "+e.Detail["status"])
	}
	if diff := cmp.Diff([]string{"active disabled", "disabled active"}, got); diff != "" {
		t.Errorf("events differ (-want +got):\n%s", diff)
	}
}

func TestResume(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*connection.Connection)
		want    connection.Lifecycle
		refresh bool
	}{
		"while a person connects": {func(c *connection.Connection) {
			c.Lifecycle, c.Credential, c.Due.Pending = connection.Disabled, nil, now.Add(time.Minute)
		}, connection.Pending, false},
		"after the time to connect": {func(c *connection.Connection) { c.Lifecycle, c.Credential = connection.Disabled, nil }, connection.Ready, false},
		"with a key":                {func(c *connection.Connection) { c.Lifecycle, c.Credential.Refreshable = connection.Disabled, false }, connection.Ready, false},
		"with a dead token": {func(c *connection.Connection) {
			c.Lifecycle, c.Health.Reason = connection.Disabled, connection.ReasonReauthRequired
		}, connection.Ready, false},
		"of what is not paused": {func(c *connection.Connection) { c.Due.Refresh = time.Time{} }, connection.Ready, false},
		"with a token":          {func(c *connection.Connection) { c.Lifecycle = connection.Disabled }, connection.Ready, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.create(t, "con_2", func(n *connection.Connection) { n.Due = connection.Due{}; c.change(n) })
			got, err := r.Enable(t.Context(), ann, "con_2", "")
			if err != nil || got.Lifecycle != c.want || !got.Due.Refresh.IsZero() != c.refresh {
				t.Errorf("got %s, refresh due %s, %v; want %s, due %v", got.Lifecycle, got.Due.Refresh, err, c.want, c.refresh)
			}
		})
	}
}

func TestMatchRevision(t *testing.T) {
	t.Parallel()
	for ifMatch, want := range map[string]fault.Code{
		`"7"`: "", `W/"7"`: "", `*`: "", ``: fault.CodePreconditionRequired,
		`"6"`: fault.CodePreconditionFailed, `7`: fault.CodePreconditionFailed, `"07"`: fault.CodePreconditionFailed, `"7", "8"`: fault.CodePreconditionFailed, `W/`: fault.CodePreconditionRequired,
	} {
		err := connection.MatchRevision(ifMatch, 7)
		if want == "" && err != nil || want != "" && !fault.Has(err, want) {
			t.Errorf("%q: got %v, want %q", ifMatch, err, want)
		}
	}
	if err := connection.MatchIfGiven("", 7); err != nil {
		t.Errorf("nothing given: got %v", err)
	}
	if err := connection.MatchIfGiven(`"6"`, 7); !fault.Has(err, fault.CodePreconditionFailed) {
		t.Errorf("an old one given: got %v, want precondition_failed", err)
	}
}
