package webhook_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/audit/audittest"
	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/idempotency/idempotencytest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/vault/vaulttest"
	"github.com/tenonhq/tenon/shared/webhook"
	"github.com/tenonhq/tenon/shared/webhook/webhooktest"
)

// world is a service with a receiver and a clock, which begins at the time of
// the machine: receivers hold webhooks to theirs.
type world struct {
	*webhook.Service
	t        *testing.T
	now      time.Time
	store    *webhooktest.Memory
	receiver *webhooktest.Receiver
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: time.Now().UTC(), store: new(webhooktest.Memory), receiver: new(webhooktest.Receiver)}
	clock := func() time.Time { return w.now }
	sealer := vaulttest.NewSealer(t, "acme", "globex")
	sealer.Now = clock
	w.Service = &webhook.Service{
		Store: w.store, Sealer: sealer, Random: rand.Reader, Now: clock, Audit: &audit.Log{Store: audittest.NewMemory()},
		Sender:      &webhook.Sender{HTTP: w.receiver, Sealer: sealer, Now: clock},
		Idempotency: &idempotency.Keys{Store: idempotencytest.NewMemory(), Now: clock},
		CheckURL:    func(address string) error { return egress.CheckURL(address, false) },
	}
	return w
}

func caller(tenant string) auth.Caller {
	return auth.Caller{Tenant: tenant, Home: tenant, Subject: "ann", Scopes: auth.Scopes()}
}

// make makes an endpoint of acme and returns its secret.
func (w *world) make(address string) (webhook.Endpoint, string) {
	w.t.Helper()
	e, secret, err := w.Create(w.t.Context(), caller("acme"), webhook.New{URL: address})
	must(w.t, err)
	return e, secret.Reveal()
}

func (w *world) rotate(e webhook.Endpoint) string {
	w.t.Helper()
	_, secret, err := w.Rotate(w.t.Context(), caller("acme"), e.ID, "")
	must(w.t, err)
	return secret.Reveal()
}

// send sends an event to the endpoint as it stands.
func (w *world) send(e webhook.Endpoint) webhook.Result {
	w.t.Helper()
	e, err := w.store.Get(w.t.Context(), e.Tenant, e.ID)
	must(w.t, err)
	return w.Sender.Send(w.t.Context(), e, notify.Event{
		ID: "evt_1", Type: notify.ConnectionConnected, Tenant: "acme", Resource: "con_1", At: w.now, Detail: map[string]string{"connector": "stripe"},
	})
}

func (w *world) last() webhooktest.Request {
	w.t.Helper()
	all := w.receiver.Requests()
	if len(all) == 0 {
		w.t.Fatal("nothing came in")
	}
	return all[len(all)-1]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func refused(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if err == nil || fault.From(err).Code != code {
		t.Errorf("got error %v, want %s", err, code)
	}
}
