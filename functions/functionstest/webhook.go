package functionstest

import (
	"crypto/rand"
	"errors"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/idempotency"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/webhook"
)

// WebhookEndpoint is the endpoint of Acme in the events, made by Webhook with
// revision 1. NotifiedEvent is what queue-notify is told of.
const (
	WebhookEndpoint = "whe_01M7VZGC000000000000000001"
	WebhookURL      = "https://hooks.acme.com/tenon"
	NotifiedEvent   = "evt_01M7W4NW1000000000000000AA"
)

// WebhookEndpoints returns the endpoints to read and delete.
func (w *World) WebhookEndpoints() *webhook.Service {
	return &webhook.Service{Store: w.endpoints, Audit: w.Audit, Now: w.Now}
}

// Webhooks returns the endpoints, to be made, changed and tested.
func (w *World) Webhooks() *webhook.Service {
	s := w.WebhookEndpoints()
	s.Sealer, s.Sender, s.Idempotency, s.Random = w.sealer, w.sender(), w.idempotency, rand.Reader
	s.CheckURL = func(address string) error { return egress.CheckURL(address, false) }
	return s
}

func (w *World) sender() *webhook.Sender {
	return &webhook.Sender{HTTP: w.Receiver, Sealer: w.sealer, Now: w.Now}
}

// DeliveryLog returns what was sent to endpoints.
func (w *World) DeliveryLog() *delivery.Service {
	return &delivery.Service{Store: w.deliveries, Endpoints: w.endpoints, Audit: w.Audit}
}

// Deliveries returns what brings events to those who want them. mailer may be
// nil.
func (w *World) Deliveries(mailer notify.Mailer) *delivery.Service {
	s := w.DeliveryLog()
	s.Sender, s.Settings, s.Connections, s.Events, s.Mailer = w.sender(), w.tenants, w.connections, w.Bus, mailer
	s.Templates, s.SigningKeys, s.Connectors = w.templates, w.signing, w.Catalog()
	s.NewID = func() string { return id.Maker{Now: w.Now}.New(id.Event) }
	s.Random, s.Now = func() float64 { return 0.5 }, w.Now
	return s
}

// Webhook makes the endpoint of the events and returns its secret.
func (w *World) Webhook() string {
	w.t.Helper()
	s := w.Webhooks()
	s.Idempotency = &idempotency.Keys{IDs: w.exactly(WebhookEndpoint)}
	_, secret, err := s.Create(w.t.Context(), Person(Acme), webhook.New{URL: WebhookURL})
	if err != nil {
		w.t.Fatal(err)
	}
	return secret.Reveal()
}

// Endpoint returns the stored record; zero when there is none.
func (w *World) Endpoint(tenant, endpointID string) webhook.Endpoint {
	w.t.Helper()
	e, err := w.endpoints.Get(w.t.Context(), tenant, endpointID)
	if err != nil && !errors.Is(err, webhook.ErrNotFound) {
		w.t.Fatal(err)
	}
	return e
}

// Undelivered makes a delivery that is due to the endpoint of the events and returns it as it
// stands.
func (w *World) Undelivered(event notify.Event) delivery.Delivery {
	w.t.Helper()
	d := delivery.Delivery{
		Tenant: Acme, Target: WebhookEndpoint, Version: 1, State: delivery.Pending, Event: event, Due: w.now, CreatedAt: w.now,
	}
	if made, err := w.deliveries.Create(w.t.Context(), d); err != nil || !made {
		w.t.Fatalf("got %v, %v", made, err)
	}
	return d
}

// Delivered returns the deliveries of the tenant, in the order of their targets.
func (w *World) Delivered(tenant string) []delivery.Delivery { return w.deliveries.All(tenant) }
