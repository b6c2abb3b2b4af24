package delivery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/delivery/deliverytest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/notify/notifytest"
	"github.com/tenonhq/tenon/shared/tenant"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
	"github.com/tenonhq/tenon/shared/webhook"
	"github.com/tenonhq/tenon/shared/webhook/webhooktest"
)

// journal keeps the log of all tests.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(p)
}

// canary is in the URL of every endpoint, and in what receivers answer.
const canary = "canary"

// TestMain fails if anything was logged that is nobody's to read.
func TestMain(m *testing.M) {
	var log journal
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	code := m.Run()
	for _, secret := range []string{canary, "whsec_", "ann@acme.example", "Sales of acme"} {
		if bytes.Contains(log.text.Bytes(), []byte(secret)) {
			fmt.Printf("the log holds %q\n", secret)
			code = 1
		}
	}
	os.Exit(code)
}

// world is a service with fakes around it and a clock.
type world struct {
	*delivery.Service
	t         *testing.T
	mu        sync.Mutex
	now       time.Time
	store     *deliverytest.Memory
	endpoints *webhooktest.Memory
	receiver  *webhooktest.Receiver
	mailer    *notifytest.Mailer
	bus       *notifytest.Bus
	settings  settings
	people    connections
	makes     *webhook.Service
	ids       int
}

type settings map[string]tenant.Settings

func (s settings) GetSettings(_ context.Context, id string) (tenant.Settings, error) {
	return s[id], nil
}

type connections map[string]connection.Connection

func (c connections) Get(_ context.Context, tenant, id string) (connection.Connection, error) {
	found, ok := c[tenant+"/"+id]
	if !ok {
		return found, connection.ErrNotFound
	}
	return found, nil
}

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{
		t: t, now: start, store: new(deliverytest.Memory), endpoints: new(webhooktest.Memory), receiver: new(webhooktest.Receiver),
		mailer: new(notifytest.Mailer), bus: new(notifytest.Bus),
		settings: settings{"acme": {Reminders: true, Notices: true, Admins: []string{"ann@acme.example", "bo@acme.example"}}},
		people:   connections{"acme/con_1": {Tenant: "acme", ID: "con_1", Name: "Sales of acme"}},
	}
	sealer := vaulttest.NewSealer(t, "acme", "globex", "org")
	sealer.Now = w.clock
	log := &audit.Log{Store: audittest.NewMemory()}
	w.makes = &webhook.Service{
		Store: w.endpoints, Sealer: sealer, Audit: log, Now: w.clock, Random: bytes.NewReader(make([]byte, 1<<16)),
		CheckURL: func(string) error { return nil }, Idempotency: &idempotency.Keys{},
	}
	w.Service = &delivery.Service{
		Store: w.store, Endpoints: w.endpoints, Sender: &webhook.Sender{HTTP: w.receiver, Sealer: sealer, Now: w.clock},
		Settings: w.settings, Connections: w.people, Mailer: w.mailer, Events: w.bus, Audit: log,
		NewID: w.newID, Random: func() float64 { return 0.5 }, Now: w.clock,
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) at(now time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = now
}

func (w *world) newID() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return fmt.Sprintf("evt_made_%d", w.ids)
}

func caller(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes()}
}

// endpoint makes an endpoint that wants the types, or all.
func (w *world) endpoint(tenant string, types ...string) webhook.Endpoint {
	w.t.Helper()
	e, _, err := w.makes.Create(w.t.Context(), caller(tenant), webhook.New{URL: "https://hooks." + tenant + ".com/" + canary, Events: types})
	must(w.t, err)
	return e
}

func (w *world) standing(e webhook.Endpoint) webhook.Endpoint {
	w.t.Helper()
	e, err := w.endpoints.Get(w.t.Context(), e.Tenant, e.ID)
	must(w.t, err)
	return e
}

// connected is an event that makes no mail, degraded one that does.
func connected(id string) notify.Event {
	return notify.Event{ID: id, Type: notify.ConnectionConnected, Tenant: "acme", Resource: "con_1", At: start, Detail: map[string]string{"connector": "stripe"}}
}

func degraded(id, reason string) notify.Event {
	return notify.Event{ID: id, Type: notify.ConnectionStatus, Tenant: "acme", Resource: "con_1", At: start, Detail: map[string]string{
		"connector": "stripe", "status": "degraded", "reason": reason, "previous": "active",
	}}
}

// envelope is the event as the bus brings it.
func envelope(e notify.Event) []byte {
	detail := map[string]string{"id": e.ID, "tenant": e.Tenant, "resource": e.Resource, "at": e.At.Format(time.RFC3339Nano)}
	for name, value := range e.Detail {
		detail[name] = value
	}
	text, err := json.Marshal(map[string]any{"id": "of-the-bus", "detail-type": e.Type, "source": "tenon", "detail": detail})
	if err != nil {
		panic(err)
	}
	return text
}

func (w *world) tell(e notify.Event) {
	w.t.Helper()
	must(w.t, e.Check())
	must(w.t, w.Tell(w.t.Context(), "req", envelope(e)))
}

// work does what is due now, as sweep, queue and consumer would.
func (w *world) work() {
	w.t.Helper()
	for _, item := range w.store.Due(w.clock()) {
		if err := due.Handler(w.Due)(w.t.Context(), "req", marshal(item)); err != nil {
			w.t.Fatal(err)
		}
	}
}

func marshal(item due.Item) []byte {
	text, err := json.Marshal(item)
	if err != nil {
		panic(err)
	}
	return text
}

// until moves from one due entry to the next, and ends at a time.
func (w *world) until(end time.Time) {
	w.t.Helper()
	for range 1000 {
		next := w.store.Due(end)
		if len(next) == 0 {
			w.at(end)
			return
		}
		if next[0].At.After(w.clock()) {
			w.at(next[0].At)
		}
		w.work()
	}
	w.t.Fatal("the work does not end")
}

// targets are the hosts that got something, in order of the alphabet.
func (w *world) hosts() []string {
	var all []string
	for _, r := range w.receiver.Requests() {
		all = append(all, r.URL)
	}
	slices.Sort(all)
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var errDown = errors.New("down")
