package dynamo

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/webhook"
)

// WebhookEndpoints is the webhook.Store.
type WebhookEndpoints struct{ Table }

func endpointKey(tenant, id string) key { return key{PK: tenant + "#webhook-endpoint", SK: id} }

// endpointItem is a webhook endpoint as it is stored.
type endpointItem struct {
	key
	Version     int64               `dynamodbav:"v"`
	Tenant      string              `dynamodbav:"tenant"`
	Revision    int                 `dynamodbav:"revision"`
	URL         string              `dynamodbav:"url"`
	Description string              `dynamodbav:"description,omitempty"`
	Events      []string            `dynamodbav:"events,omitempty"`
	Enabled     bool                `dynamodbav:"enabled"`
	DisabledAt  time.Time           `dynamodbav:"disabledAt,omitempty"`
	Reason      string              `dynamodbav:"reason,omitempty"`
	Untold      string              `dynamodbav:"untold,omitempty"`
	Secrets     []webhookSecretItem `dynamodbav:"secrets,omitempty"`
	FailingAt   time.Time           `dynamodbav:"failingAt,omitempty"`
	CreatedAt   time.Time           `dynamodbav:"createdAt,omitempty"`
	CreatedBy   string              `dynamodbav:"createdBy,omitempty"`
	UpdatedAt   time.Time           `dynamodbav:"updatedAt,omitempty"`
}

// webhookSecretItem is a sealed signing secret as it is stored.
type webhookSecretItem struct {
	Version int       `dynamodbav:"version"`
	Sealed  []byte    `dynamodbav:"sealed,omitempty"`
	Until   time.Time `dynamodbav:"until,omitempty"`
}

// Create implements webhook.Store.
func (s WebhookEndpoints) Create(ctx context.Context, e webhook.Endpoint) error {
	e.Version = 1
	_, err := s.put(ctx, newEndpointItem(e), absent())
	if errors.Is(err, errRefused) {
		return webhook.ErrExists
	}
	return err
}

// Get implements webhook.Store.
func (s WebhookEndpoints) Get(ctx context.Context, tenant, id string) (webhook.Endpoint, error) {
	var item endpointItem
	found, err := s.get(ctx, endpointKey(tenant, id), &item)
	if err != nil {
		return webhook.Endpoint{}, err
	}
	if !found {
		return webhook.Endpoint{}, webhook.ErrNotFound
	}
	return item.record(), nil
}

// List implements webhook.Store.
func (s WebhookEndpoints) List(ctx context.Context, tenant string) ([]webhook.Endpoint, error) {
	found, _, err := list(ctx, s.Table, partition(endpointKey(tenant, "").PK, ""), math.MaxInt16, endpointItem.record)
	return found, err
}

// Update implements webhook.Store.
func (s WebhookEndpoints) Update(ctx context.Context, tenant, id string, change func(*webhook.Endpoint) error) (webhook.Endpoint, error) {
	var e webhook.Endpoint
	err := again(ctx, func() (err error) {
		if e, err = s.Get(ctx, tenant, id); err != nil {
			return err
		}
		seen := e.Version
		if err := change(&e); err != nil {
			return err
		}
		e.Tenant, e.ID, e.Version = tenant, id, seen+1
		_, err = s.put(ctx, newEndpointItem(e), unchanged(seen))
		return err
	})
	if err != nil {
		return webhook.Endpoint{}, err
	}
	return e, nil
}

// Delete implements webhook.Store.
func (s WebhookEndpoints) Delete(ctx context.Context, tenant, id string, version int64) error {
	condition, err := build(expression.NewBuilder().WithCondition(absent().Or(unchanged(version))))
	if err != nil {
		return err
	}
	_, err = s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.Name, Key: endpointKey(tenant, id).attributes(), ConditionExpression: condition.Condition(),
		ExpressionAttributeNames: condition.Names(), ExpressionAttributeValues: condition.Values(),
	})
	var changed *types.ConditionalCheckFailedException
	if errors.As(err, &changed) {
		return webhook.ErrChanged
	}
	if err != nil {
		return failure(ctx, "delete item", err)
	}
	return nil
}

func newEndpointItem(e webhook.Endpoint) endpointItem {
	item := endpointItem{
		key: endpointKey(e.Tenant, e.ID), Version: e.Version, Tenant: e.Tenant, Revision: e.Revision, URL: e.URL, Description: e.Description,
		Events: e.Events, Enabled: e.Enabled, DisabledAt: e.DisabledAt, Reason: e.Reason, Untold: e.Untold, FailingAt: e.FailingAt,
		CreatedAt: e.CreatedAt, CreatedBy: e.CreatedBy, UpdatedAt: e.UpdatedAt,
	}
	for _, secret := range e.Secrets {
		item.Secrets = append(item.Secrets, webhookSecretItem(secret))
	}
	return item
}

func (item endpointItem) record() webhook.Endpoint {
	e := webhook.Endpoint{
		Tenant: item.Tenant, ID: item.SK, Version: item.Version, Revision: item.Revision, URL: item.URL, Description: item.Description,
		Events: item.Events, Enabled: item.Enabled, DisabledAt: item.DisabledAt, Reason: item.Reason, Untold: item.Untold, FailingAt: item.FailingAt,
		CreatedAt: item.CreatedAt, CreatedBy: item.CreatedBy, UpdatedAt: item.UpdatedAt,
	}
	for _, secret := range item.Secrets {
		e.Secrets = append(e.Secrets, webhook.Secret(secret))
	}
	return e
}
