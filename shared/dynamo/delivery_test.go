package dynamo_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/delivery/deliverytest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/dynamo/dynamotest"
	"github.com/tenonhq/tenon/shared/notify"
	"github.com/tenonhq/tenon/shared/webhook"
	"github.com/tenonhq/tenon/shared/webhook/webhooktest"
)

func TestWebhookEndpoints(t *testing.T) {
	webhooktest.Run(t, func(t *testing.T) webhook.Store { return dynamo.WebhookEndpoints{Table: dynamotest.New(t)} })
}

func TestDeliveries(t *testing.T) {
	deliverytest.Run(t, func(t *testing.T) delivery.Store { return dynamo.Deliveries{Table: dynamotest.New(t)} })
}

// A delivery stands in the index while it is to be attempted, and no longer.
func TestDeliveryIsDueWhileItWaits(t *testing.T) {
	t.Parallel()
	table := dynamotest.New(t)
	s, at := dynamo.Deliveries{Table: table}, time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := delivery.Delivery{Tenant: "acme", Target: "whe_1", State: delivery.Pending, Due: at, CreatedAt: at, Event: notify.Event{ID: "evt_1"}}
	if made, err := s.Create(t.Context(), d); err != nil || !made {
		t.Fatalf("got %v, %v", made, err)
	}
	inIndex := func() []due.Item {
		found, err := dynamo.Sweeps{Table: table}.Due(t.Context(), due.Delivery, due.Shard(d.ID()), time.Time{}, at.Add(time.Hour), 10)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	if diff := cmp.Diff([]due.Item{{Tenant: "acme", Kind: "delivery", ID: "whe_1/evt_1", At: at}}, inIndex()); diff != "" {
		t.Errorf("index (-want +got):\n%s", diff)
	}
	_, err := s.Update(t.Context(), "acme", d.ID(), func(d *delivery.Delivery) error { d.Due = time.Time{}; return nil })
	if found := inIndex(); err != nil || len(found) > 0 {
		t.Errorf("got %+v, %v", found, err)
	}
}
