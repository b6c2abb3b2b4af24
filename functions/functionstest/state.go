package functionstest

import (
	"context"
	"errors"
	"strings"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/flow"
	"github.com/tenonhq/tenon/shared/killswitch"
	"github.com/tenonhq/tenon/shared/session"
	"github.com/tenonhq/tenon/shared/signing"
	"github.com/tenonhq/tenon/shared/template"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/web/webtest"
	"github.com/tenonhq/tenon/shared/webhook"
)

// Foreign fails unless the event, sent by Globex, is answered as if there were
// no such thing and leaves everything as it was. What it tried stands in its
// own audit as denied, where the action is recorded at all.
func (w *World) Foreign(h webtest.Harness, event string) {
	w.t.Helper()
	before := w.audited(Globex)
	w.Unchanged(func() {
		w.t.Helper()
		h.As(Globex).Replay(Event(event)).WantProblem(404, fault.CodeNotFound)
	})
	if after := w.audited(Globex); after > before && !strings.HasSuffix(w.LastAudited(Globex), " denied") {
		w.t.Errorf("audited last: got %s, want it denied", w.LastAudited(Globex))
	}
}

func (w *World) audited(tenant string) int {
	w.t.Helper()
	entries, _, err := w.entries.List(w.t.Context(), tenant, audit.Query{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(entries)
}

// Unchanged fails if a record or a secret differs after do, or if do called
// the provider or published an event. The audit may grow.
func (w *World) Unchanged(do func()) {
	w.t.Helper()
	w.Provider.Calls()
	before, published := w.records(), len(w.Bus.Events())
	do()
	if diff := cmp.Diff(before, w.records()); diff != "" {
		w.t.Errorf("records changed (-before +after):\n%s", diff)
	}
	if calls := w.Provider.Calls(); len(calls) > 0 {
		w.t.Errorf("the provider was called: %q", calls)
	}
	if events := w.Bus.Events()[published:]; len(events) > 0 {
		w.t.Errorf("published %+v", events)
	}
}

// Connection returns the stored record; zero when there is none.
func (w *World) Connection(tenant, connectionID string) connection.Connection {
	w.t.Helper()
	c, err := w.connections.Get(w.t.Context(), tenant, connectionID)
	if err != nil && !errors.Is(err, connection.ErrNotFound) {
		w.t.Fatal(err)
	}
	return c
}

// LastAudited returns the newest entry of the tenant: the action, the resource
// and the outcome.
func (w *World) LastAudited(tenant string) string {
	w.t.Helper()
	entries, _, err := w.entries.List(w.t.Context(), tenant, audit.Query{Limit: 1})
	if err != nil || len(entries) != 1 {
		w.t.Fatalf("got %d entries, %v", len(entries), err)
	}
	e := entries[0]
	return string(e.Action) + " " + e.Resource + " " + e.Outcome
}

// BreakAudit makes every further record of the audit fail.
func (w *World) BreakAudit() { w.Audit.Store = broken{w.entries} }

type broken struct{ audit.Store }

func (broken) Append(context.Context, audit.Entry) error { return errors.New("the audit is down") }

// records is everything that is stored besides the audit and idempotency keys.
type records struct {
	Connections []connection.Connection
	Templates   []template.Template
	Flows       []flow.Flow
	InUse       map[string]bool
	Tenants     []tenant.Tenant
	Settings    []tenant.Settings
	Handoff     connect.Handoff
	Sessions    map[string]session.Session
	SigningKeys []signing.Key
	Switches    []killswitch.Record
	Endpoints   []webhook.Endpoint
	Deliveries  []delivery.Delivery
	Secrets     map[string]map[string][]string // Versions and their labels.
}

func (w *World) records() records {
	w.t.Helper()
	ctx := w.t.Context()
	r := records{InUse: map[string]bool{}, Secrets: map[string]map[string][]string{}}
	for _, owner := range []string{Acme, Globex, auth.Organization} {
		connections, _, err := w.connections.List(ctx, owner, connection.Filter{}, "", 100)
		templates, _, err2 := w.templates.List(ctx, owner, "", 100)
		settings, err3 := w.tenants.GetSettings(ctx, owner)
		signers, err4 := w.signing.List(ctx, owner)
		endpoints, err5 := w.endpoints.List(ctx, owner)
		flows, _, err6 := w.flows.List(ctx, owner, "", 100)
		if err := errors.Join(err, err2, err3, err4, err5, err6); err != nil {
			w.t.Fatal(err)
		}
		r.Flows = append(r.Flows, flows...)
		r.Endpoints, r.Deliveries = append(r.Endpoints, endpoints...), append(r.Deliveries, w.deliveries.All(owner)...)
		r.SigningKeys = append(r.SigningKeys, signers...)
		r.Connections, r.Templates, r.Settings = append(r.Connections, connections...), append(r.Templates, templates...), append(r.Settings, settings)
	}
	for _, t := range r.Templates {
		used, err := w.templates.InUse(ctx, t.Owner, t.ID)
		if err != nil {
			w.t.Fatal(err)
		}
		r.InUse[t.ID] = used
	}
	for _, name := range w.Secrets.Names() {
		r.Secrets[name] = w.Secrets.Labels(name)
	}
	r.Sessions = w.sessions.All()
	var err error
	if r.Switches, _, err = w.switches.List(ctx, "", "", 100); err != nil {
		w.t.Fatal(err)
	}
	if r.Tenants, _, err = w.tenants.List(ctx, "", 100); err != nil {
		w.t.Fatal(err)
	}
	if r.Handoff, err = w.handoffs.Get(ctx, HandoffID); err != nil && !errors.Is(err, connect.ErrNotFound) {
		w.t.Fatal(err)
	}
	return r
}
