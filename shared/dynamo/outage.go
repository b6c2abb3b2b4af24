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

// outageItem is what is known of a provider as it is stored.
type outageItem struct {
	key
	MinuteAt    time.Time `dynamodbav:"minuteAt,omitempty"`
	Calls       int       `dynamodbav:"calls,omitempty"`
	Failures    int       `dynamodbav:"failures,omitempty"`
	OpenedAt    time.Time `dynamodbav:"openedAt,omitempty"`
	ProbeAt     time.Time `dynamodbav:"probeAt,omitempty"`
	RecoveredAt time.Time `dynamodbav:"recoveredAt,omitempty"`
	StormAt     time.Time `dynamodbav:"stormAt,omitempty"`
	Answered    int       `dynamodbav:"answered,omitempty"`
	Refused     int       `dynamodbav:"refused,omitempty"`
	HeldSince   time.Time `dynamodbav:"heldSince,omitempty"`
	HeldUntil   time.Time `dynamodbav:"heldUntil,omitempty"`
	Version     int64     `dynamodbav:"v"`
}

func outageKey(provider string) key { return key{PK: auth.Organization + "#outage", SK: provider} }

// Get implements outage.Store.
func (s Outages) Get(ctx context.Context, provider string) (outage.Record, error) {
	var item outageItem
	_, err := s.get(ctx, outageKey(provider), &item)
	return outage.Record{
		Provider: provider, MinuteAt: item.MinuteAt, Calls: item.Calls, Failures: item.Failures, OpenedAt: item.OpenedAt, ProbeAt: item.ProbeAt,
		RecoveredAt: item.RecoveredAt, StormAt: item.StormAt, Answered: item.Answered, Refused: item.Refused,
		HeldSince: item.HeldSince, HeldUntil: item.HeldUntil, Version: item.Version,
	}, err
}

// Update implements outage.Store.
func (s Outages) Update(ctx context.Context, provider string, change func(*outage.Record) error) (outage.Record, error) {
	var r outage.Record
	err := again(ctx, func() (err error) {
		if r, err = s.Get(ctx, provider); err != nil {
			return err
		}
		condition := unchanged(r.Version)
		if r.Version == 0 {
			condition = absent()
		}
		seen := r.Version
		if err := change(&r); err != nil {
			return err
		}
		r.Provider, r.Version = provider, seen+1
		_, err = s.put(ctx, outageItem{
			key: outageKey(provider), MinuteAt: r.MinuteAt, Calls: r.Calls, Failures: r.Failures, OpenedAt: r.OpenedAt, ProbeAt: r.ProbeAt,
			RecoveredAt: r.RecoveredAt, StormAt: r.StormAt, Answered: r.Answered, Refused: r.Refused,
			HeldSince: r.HeldSince, HeldUntil: r.HeldUntil, Version: r.Version,
		}, condition)
		return err
	})
	if err != nil {
		return outage.Record{}, err
	}
	return r, nil
}
