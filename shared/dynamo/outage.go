package dynamo

import (
	"context"
	"time"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/outage"
)

// Outages is the outage.Store. The records are the organization's: a provider
// is in trouble for all tenants at once.
type Outages struct{ Table }

// outageMemory is how long a provider's trouble is remembered: longer than
// anything that is decided by it.
const outageMemory = 7 * 24 * time.Hour

// outageItem is what is known of a provider as it is stored.
type outageItem struct {
	key
	MinuteAt    time.Time   `dynamodbav:"minuteAt,omitempty"`
	Calls       int         `dynamodbav:"calls,omitempty"`
	Failures    int         `dynamodbav:"failures,omitempty"`
	OpenedAt    time.Time   `dynamodbav:"openedAt,omitempty"`
	ProbeAt     time.Time   `dynamodbav:"probeAt,omitempty"`
	RecoveredAt time.Time   `dynamodbav:"recoveredAt,omitempty"`
	StormAt     time.Time   `dynamodbav:"stormAt,omitempty"`
	Answered    int         `dynamodbav:"answered,omitempty"`
	Refused     int         `dynamodbav:"refused,omitempty"`
	HeldSince   time.Time   `dynamodbav:"heldSince,omitempty"`
	HeldUntil   time.Time   `dynamodbav:"heldUntil,omitempty"`
	ExaminedAt  time.Time   `dynamodbav:"examinedAt,omitempty"`
	Well        int         `dynamodbav:"well,omitempty"`
	Failing     []int64     `dynamodbav:"failing,omitempty"`
	TurnAt      time.Time   `dynamodbav:"turnAt,omitempty"`
	Slots       []time.Time `dynamodbav:"slots,omitempty"`
	Version     int64       `dynamodbav:"v"`
	TTL         int64       `dynamodbav:"ttl,omitempty"`
}

func outageKey(provider string) key { return key{PK: auth.Organization + "#outage", SK: provider} }

func newOutageItem(r outage.Record) outageItem {
	item := outageItem{
		key: outageKey(r.Provider), MinuteAt: r.MinuteAt, Calls: r.Calls, Failures: r.Failures, OpenedAt: r.OpenedAt, ProbeAt: r.ProbeAt,
		RecoveredAt: r.RecoveredAt, StormAt: r.StormAt, Answered: r.Answered, Refused: r.Refused,
		HeldSince: r.HeldSince, HeldUntil: r.HeldUntil, ExaminedAt: r.ExaminedAt, Well: r.Well, Failing: r.Failing,
		TurnAt: r.TurnAt, Slots: r.Slots, Version: r.Version,
	}
	for _, at := range []time.Time{r.MinuteAt, r.OpenedAt, r.ProbeAt, r.RecoveredAt, r.StormAt, r.HeldSince, r.HeldUntil, r.ExaminedAt, r.TurnAt} {
		if !at.IsZero() {
			item.TTL = max(item.TTL, at.Add(outageMemory).Unix())
		}
	}
	return item
}

func (item outageItem) record() outage.Record {
	return outage.Record{
		Provider: item.SK, MinuteAt: item.MinuteAt, Calls: item.Calls, Failures: item.Failures, OpenedAt: item.OpenedAt, ProbeAt: item.ProbeAt,
		RecoveredAt: item.RecoveredAt, StormAt: item.StormAt, Answered: item.Answered, Refused: item.Refused,
		HeldSince: item.HeldSince, HeldUntil: item.HeldUntil, ExaminedAt: item.ExaminedAt, Well: item.Well, Failing: item.Failing,
		TurnAt: item.TurnAt, Slots: item.Slots, Version: item.Version,
	}
}

// Get implements outage.Store.
func (s Outages) Get(ctx context.Context, provider string) (outage.Record, error) {
	item := outageItem{key: outageKey(provider)}
	_, err := s.get(ctx, item.key, &item)
	return item.record(), err
}

// List implements outage.Store.
func (s Outages) List(ctx context.Context) ([]outage.Record, error) {
	var all []outage.Record
	for attributes, err := range s.items(ctx, partition(outageKey("").PK, ""), 100) {
		if err != nil {
			return nil, err
		}
		var item outageItem
		if err := decode(attributes, &item); err != nil {
			return nil, err
		}
		all = append(all, item.record())
	}
	return all, nil
}

// Update implements outage.Store.
func (s Outages) Update(ctx context.Context, provider string, change func(*outage.Record) error) (outage.Record, error) {
	return amend(ctx, s.Table,
		func() (outage.Record, error) { return s.Get(ctx, provider) },
		func(r *outage.Record) *int64 { return &r.Version },
		func(r *outage.Record) error {
			err := change(r)
			r.Provider = provider
			return err
		},
		func(r outage.Record) any { return newOutageItem(r) })
}
