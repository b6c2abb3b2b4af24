// Package webhooks composes what sends events to tenants' endpoints and admins.
// It depends on packages egress, app/keys and the domain.
package webhooks

import (
	"crypto/rand"
	mathrand "math/rand/v2"
	"time"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/keys"
	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/egress"
	"github.com/tenonhq/tenon/shared/id"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/webhook"
)

// Webhooks is the tables and keys with the way out to endpoints.
type Webhooks struct{ keys.Keys }

// New opens everything.
func New(e *app.Env) Webhooks { return Webhooks{keys.New(e)} }

// Endpoints returns the endpoints, to be made, changed and tested.
func (w Webhooks) Endpoints() *webhook.Service {
	s := w.WebhookEndpoints()
	s.Sealer, s.Sender, s.Idempotency, s.Random = w.Sealer, w.sender(), w.Idempotency, rand.Reader
	s.CheckURL = func(address string) error { return egress.CheckURL(address, w.Env.Config.Local()) }
	return s
}

// Deliveries returns what brings events to those who want them. mailer may be
// nil.
func (w Webhooks) Deliveries(events notify.Publisher, mailer notify.Mailer) *delivery.Service {
	s := w.DeliveryLog()
	s.Sender, s.Settings, s.Connections, s.Events, s.Mailer = w.sender(), w.Tenants, w.Connections, events, mailer
	s.Templates, s.SigningKeys, s.Connectors = w.Templates, w.Signatures, w.Catalog()
	s.NewID = func() string { return id.Maker{}.New(id.Event) }
	s.Random, s.Now = mathrand.Float64, time.Now
	return s
}

func (w Webhooks) sender() *webhook.Sender {
	return &webhook.Sender{HTTP: egress.New(egress.Config{InsecureLoopback: w.Env.Config.Local()}), Sealer: w.Sealer, Now: time.Now}
}
