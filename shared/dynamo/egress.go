package dynamo

import (
	"context"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/tenant"
)

// announcedItem is the tenant.Announced as it is stored.
type announcedItem struct {
	key
	Addresses []string    `dynamodbav:"addresses,omitempty"`
	Outbox    []eventItem `dynamodbav:"outbox,omitempty"`
	Version   int64       `dynamodbav:"v"`
}

// announcedKey is that of the one record of a deployment; it is the organization's.
func announcedKey() key { return key{PK: auth.Organization + "#egress", SK: "announced"} }

// GetEgress implements tenant.EgressStore.
func (s Tenants) GetEgress(ctx context.Context) (tenant.Announced, error) {
	var item announcedItem
	if _, err := s.get(ctx, announcedKey(), &item); err != nil {
		return tenant.Announced{}, err
	}
	return tenant.Announced{Addresses: item.Addresses, Outbox: eventRecords(item.Outbox), Version: item.Version}, nil
}

// UpdateEgress implements tenant.EgressStore.
func (s Tenants) UpdateEgress(ctx context.Context, change func(*tenant.Announced) error) (tenant.Announced, error) {
	return amend(ctx, s.Table,
		func() (tenant.Announced, error) { return s.GetEgress(ctx) },
		func(r *tenant.Announced) *int64 { return &r.Version },
		change,
		func(r tenant.Announced) any {
			return announcedItem{key: announcedKey(), Addresses: r.Addresses, Outbox: newEventItems(r.Outbox), Version: r.Version}
		})
}
