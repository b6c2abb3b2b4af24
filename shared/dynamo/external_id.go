package dynamo

import "context"

// externalIDItem is a tenant's external id as it is stored. It is never written
// again.
type externalIDItem struct {
	key
	ExternalID string `dynamodbav:"externalId"`
}

func externalIDKey(tenant string) key { return key{PK: tenant + "#tenant", SK: "external-id"} }

// ExternalID implements tenant.ExternalIDStore.
func (s Tenants) ExternalID(ctx context.Context, tenant string) (string, error) {
	var item externalIDItem
	_, err := s.get(ctx, externalIDKey(tenant), &item)
	return item.ExternalID, err
}

// ClaimExternalID implements tenant.ExternalIDStore.
func (s Tenants) ClaimExternalID(ctx context.Context, tenant, proposed string) (string, error) {
	var stands string
	err := again(ctx, func() (err error) {
		if stands, err = s.ExternalID(ctx, tenant); err != nil || stands != "" {
			return err
		}
		stands = proposed
		_, err = s.put(ctx, externalIDItem{key: externalIDKey(tenant), ExternalID: proposed}, absent())
		return err
	})
	return stands, err
}
