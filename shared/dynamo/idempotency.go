package dynamo

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/idempotency"
)

// Idempotency is the idempotency.Store. DynamoDB deletes expired items late, up
// to days; a record counts as absent from the moment it expires.
type Idempotency struct{ Table }

func idempotencyKey(tenant, k string) key { return key{PK: tenant + "#idempotency", SK: k} }

// idempotencyItem is a reserved key as it is stored.
type idempotencyItem struct {
	key
	TTL         int64     `dynamodbav:"ttl"`
	Mark        string    `dynamodbav:"w,omitempty"`
	Fingerprint string    `dynamodbav:"fingerprint,omitempty"`
	ResourceID  string    `dynamodbav:"resourceId,omitempty"`
	Done        bool      `dynamodbav:"done"`
	Until       time.Time `dynamodbav:"until,omitempty"`
	Expires     time.Time `dynamodbav:"expires,omitempty"`
}

// Reserve implements idempotency.Store. A record of another request, one with
// another fingerprint, is not taken over while it stands.
func (s Idempotency) Reserve(ctx context.Context, r idempotency.Record, now time.Time) (idempotency.Record, bool, error) {
	var stands idempotency.Record
	var reserved bool
	err := again(ctx, func() (err error) {
		stands, reserved, err = s.reserve(ctx, r, now)
		return err
	})
	if err != nil {
		return idempotency.Record{}, false, err
	}
	return stands, reserved, nil
}

func (s Idempotency) reserve(ctx context.Context, r idempotency.Record, now time.Time) (idempotency.Record, bool, error) {
	expired := expression.Name("expires").LessThanEqual(expression.Value(stamp(now)))
	standing, err := s.put(ctx, newIdempotencyItem(r), absent().Or(expired))
	if !errors.Is(err, errRefused) {
		return r, err == nil, err
	}
	var item idempotencyItem
	if err := decode(standing, &item); err != nil {
		return idempotency.Record{}, false, err
	}
	found := item.record()
	if found.Done || now.Before(found.Until) || found.Fingerprint != r.Fingerprint {
		return found, false, nil
	}
	found.Until, found.Expires = r.Until, r.Expires
	_, err = s.put(ctx, newIdempotencyItem(found), expression.Name("w").Equal(expression.Value(item.Mark)))
	return found, err == nil, err
}

// Finish implements idempotency.Store.
func (s Idempotency) Finish(ctx context.Context, tenant, k string) error {
	e, err := build(expression.NewBuilder().
		WithCondition(expression.Name("pk").AttributeExists()).
		WithUpdate(expression.Set(expression.Name("done"), expression.Value(true))))
	if err != nil {
		return err
	}
	_, err = s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Name, Key: idempotencyKey(tenant, k).attributes(),
		UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	})
	return unlessRefused(ctx, "finish idempotency key", err)
}

// Release implements idempotency.Store. A finished record stays: who releases
// it was overtaken.
func (s Idempotency) Release(ctx context.Context, tenant, k string) error {
	e, err := build(expression.NewBuilder().WithCondition(expression.Name("done").Equal(expression.Value(false))))
	if err != nil {
		return err
	}
	_, err = s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.Name, Key: idempotencyKey(tenant, k).attributes(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	})
	return unlessRefused(ctx, "release idempotency key", err)
}

// Forget implements idempotency.Store.
func (s Idempotency) Forget(ctx context.Context, tenant, k, resourceID string) error {
	e, err := build(expression.NewBuilder().WithCondition(expression.Name("resourceId").Equal(expression.Value(resourceID))))
	if err != nil {
		return err
	}
	_, err = s.DB.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.Name, Key: idempotencyKey(tenant, k).attributes(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	})
	return unlessRefused(ctx, "forget idempotency key", err)
}

// unlessRefused passes over a condition that did not hold.
func unlessRefused(ctx context.Context, doing string, err error) error {
	var failed *types.ConditionalCheckFailedException
	if err == nil || errors.As(err, &failed) {
		return nil
	}
	return failure(ctx, doing, err)
}

func newIdempotencyItem(r idempotency.Record) idempotencyItem {
	return idempotencyItem{
		key: idempotencyKey(r.Tenant, r.Key), TTL: r.Expires.Unix(), Fingerprint: r.Fingerprint, ResourceID: r.ResourceID,
		Done: r.Done, Until: r.Until, Expires: r.Expires,
	}
}

func (item idempotencyItem) record() idempotency.Record {
	tenant, _, _ := strings.Cut(item.PK, "#")
	return idempotency.Record{
		Tenant: tenant, Key: item.SK, Fingerprint: item.Fingerprint, ResourceID: item.ResourceID,
		Done: item.Done, Until: item.Until, Expires: item.Expires,
	}
}
