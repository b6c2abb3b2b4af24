package dynamo

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/delivery"
	"github.com/tenonhq/tenon/shared/notify"
)

// Deliveries is the delivery.Store. Time to live removes what is older than
// delivery.Keep.
type Deliveries struct{ Table }

// The deliveries to one target stand together, in the order of the events.
func deliveryKey(tenant, id string) key { return key{PK: tenant + "#delivery", SK: id} }

// deliveryItem is a delivery as it is stored.
type deliveryItem struct {
	key
	Version   int64             `dynamodbav:"v"`
	TTL       int64             `dynamodbav:"ttl"`
	Shard     string            `dynamodbav:"deliveryShard,omitempty"`
	Due       time.Time         `dynamodbav:"deliveryDue,omitempty"`
	Tenant    string            `dynamodbav:"tenant"`
	EventID   string            `dynamodbav:"eventId"`
	Type      string            `dynamodbav:"type"`
	Resource  string            `dynamodbav:"resource"`
	At        time.Time         `dynamodbav:"at,omitempty"`
	Detail    map[string]string `dynamodbav:"detail,omitempty"`
	State     delivery.State    `dynamodbav:"state"`
	Attempts  int               `dynamodbav:"attempts,omitempty"`
	FirstAt   time.Time         `dynamodbav:"firstAt,omitempty"`
	LastAt    time.Time         `dynamodbav:"lastAt,omitempty"`
	Outcome   string            `dynamodbav:"outcome,omitempty"`
	Status    int               `dynamodbav:"status,omitempty"`
	Took      time.Duration     `dynamodbav:"took,omitempty"`
	CreatedAt time.Time         `dynamodbav:"createdAt,omitempty"`
}

// Create implements delivery.Store.
func (s Deliveries) Create(ctx context.Context, d delivery.Delivery) (bool, error) {
	d.Version = 1
	_, err := s.put(ctx, newDeliveryItem(d), absent())
	if errors.Is(err, errRefused) {
		return false, nil
	}
	return err == nil, err
}

// Update implements delivery.Store.
func (s Deliveries) Update(ctx context.Context, tenant, id string, change func(*delivery.Delivery) error) (delivery.Delivery, error) {
	var d delivery.Delivery
	err := again(ctx, func() error {
		var item deliveryItem
		found, err := s.get(ctx, deliveryKey(tenant, id), &item)
		if err != nil {
			return err
		}
		if !found {
			return delivery.ErrNotFound
		}
		d = item.record()
		stands := d
		if err := change(&d); err != nil {
			return err
		}
		d.Tenant, d.Target, d.Event.ID, d.Version = stands.Tenant, stands.Target, stands.Event.ID, stands.Version+1
		_, err = s.put(ctx, newDeliveryItem(d), unchanged(stands.Version))
		return err
	})
	if err != nil {
		return delivery.Delivery{}, err
	}
	return d, nil
}

// List implements delivery.Store. A range of keys names both of its ends, so
// that the one to begin after is read again and left out.
func (s Deliveries) List(ctx context.Context, tenant, target, start string, limit int) ([]delivery.Delivery, string, error) {
	first, last := delivery.ID(target, ""), target+"0" // The character after the slash.
	if start != "" {
		last = delivery.ID(target, start)
	}
	k := expression.Key("pk").Equal(expression.Value(deliveryKey(tenant, "").PK)).
		And(expression.Key("sk").Between(expression.Value(first), expression.Value(last)))
	var found []delivery.Delivery
	for encoded, err := range s.items(ctx, query{key: k, backwards: true}, limit+2) {
		if err != nil {
			return nil, "", err
		}
		if text(encoded, "sk") == last {
			continue
		}
		if len(found) == limit {
			return found, found[limit-1].Event.ID, nil
		}
		var item deliveryItem
		if err := decode(encoded, &item); err != nil {
			return nil, "", err
		}
		found = append(found, item.record())
	}
	return found, "", nil
}

// onceItem is the event that was told of a thing as it is stored.
type onceItem struct {
	key
	TTL   int64     `dynamodbav:"ttl"`
	Event string    `dynamodbav:"event"`
	Until time.Time `dynamodbav:"until,omitempty"`
}

// Once implements delivery.Store.
func (s Deliveries) Once(ctx context.Context, tenant, about, event string, now, until time.Time) (bool, error) {
	item := onceItem{key: key{PK: tenant + "#told", SK: about}, TTL: until.Unix(), Event: event, Until: until}
	over := expression.Name("until").LessThanEqual(expression.Value(stamp(now)))
	standing, err := s.put(ctx, item, absent().Or(over))
	if errors.Is(err, errRefused) {
		return text(standing, "event") == event, nil
	}
	return err == nil, err
}

func newDeliveryItem(d delivery.Delivery) deliveryItem {
	item := deliveryItem{
		key: deliveryKey(d.Tenant, d.ID()), Version: d.Version, TTL: d.CreatedAt.Add(delivery.Keep).Unix(), Due: d.Due, Tenant: d.Tenant,
		EventID: d.Event.ID, Type: d.Event.Type, Resource: d.Event.Resource, At: d.Event.At, Detail: d.Event.Detail,
		State: d.State, Attempts: d.Attempts, FirstAt: d.FirstAt, LastAt: d.LastAt,
		Outcome: d.Outcome, Status: d.Status, Took: d.Took, CreatedAt: d.CreatedAt,
	}
	if !d.Due.IsZero() {
		item.Shard = shard(d.ID())
	}
	return item
}

func (item deliveryItem) record() delivery.Delivery {
	target, _, _ := strings.Cut(item.SK, "/")
	return delivery.Delivery{
		Tenant: item.Tenant, Target: target, Version: item.Version,
		Event: notify.Event{ID: item.EventID, Type: item.Type, Tenant: item.Tenant, Resource: item.Resource, At: item.At, Detail: item.Detail},
		State: item.State, Attempts: item.Attempts, FirstAt: item.FirstAt, LastAt: item.LastAt, Due: item.Due,
		Outcome: item.Outcome, Status: item.Status, Took: item.Took, CreatedAt: item.CreatedAt,
	}
}
