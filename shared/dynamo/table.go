// Package dynamo keeps the service's records in one DynamoDB table. It depends
// on the domain packages whose stores it satisfies (audit, connect, connection, console,
// delivery, due, expiry, flow, health, idempotency, killswitch, outage, session, signing, template, tenant, vault, webhook), on auth,
// catalog, fault, notify and
// on the AWS SDK.
//
// Partition keys begin with the tenant, so that no key built for one tenant
// can name an item of another. Every item has a type of its own with explicit
// attribute names: the domain's records can be renamed without changing what is
// stored. Items that are replaced under a condition carry two attributes beside
// the record: v, which counts writes, and w, the mark of the last one.
package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Client is the part of the SDK's client that is used.
type Client interface {
	GetItem(ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
	PutItem(ctx context.Context, in *dynamodb.PutItemInput, options ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, options ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error)
	DeleteItem(ctx context.Context, in *dynamodb.DeleteItemInput, options ...func(*dynamodb.Options)) (*dynamodb.DeleteItemOutput, error)
	Query(ctx context.Context, in *dynamodb.QueryInput, options ...func(*dynamodb.Options)) (*dynamodb.QueryOutput, error)
	TransactWriteItems(ctx context.Context, in *dynamodb.TransactWriteItemsInput, options ...func(*dynamodb.Options)) (*dynamodb.TransactWriteItemsOutput, error)
}

// Table is the one table. Its keys are the strings pk and sk, its time to live
// is in ttl, and it has the sparse indexes refresh-due, health-due, expiry-due,
// pending-due, device-due, reconcile-due, status-due, delivery-due, seal-due and tenancy-due,
// which hold the keys and the connector. The sparse index expirations, of what has
// a date by tenant, holds the keys.
type Table struct {
	DB   Client
	Name string
}

// key is the primary key of an item.
type key struct {
	PK string `dynamodbav:"pk"`
	SK string `dynamodbav:"sk"`
}

// errRefused says that the condition of a write does not hold, or that the
// write collided with another one: read again.
var errRefused = errors.New("write refused")

// get reads an item consistently into out and reports whether there is one.
func (t Table) get(ctx context.Context, k key, out any) (bool, error) {
	got, err := t.DB.GetItem(ctx, &dynamodb.GetItemInput{TableName: &t.Name, Key: k.attributes(), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return false, failure(ctx, "read item", err)
	}
	if len(got.Item) == 0 {
		return false, nil
	}
	return true, decode(got.Item, out)
}

// put replaces an item if the condition holds, else it returns errRefused and
// the item that stands. A repetition by the SDK of a write that had succeeded
// finds its own mark, and is no refusal.
func (t Table) put(ctx context.Context, item any, condition expression.ConditionBuilder) (attributes, error) {
	in, err := t.putInput(item, condition)
	if err != nil {
		return nil, err
	}
	mark := &types.AttributeValueMemberS{Value: rand.Text()}
	in.Item["w"] = mark
	in.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
	_, err = t.DB.PutItem(ctx, in)
	var failed *types.ConditionalCheckFailedException
	var collided *types.TransactionConflictException
	switch {
	case err == nil:
		return nil, nil
	case errors.As(err, &collided):
		return nil, errRefused
	case !errors.As(err, &failed):
		return nil, failure(ctx, "write item", err)
	}
	if standing, ok := failed.Item["w"].(*types.AttributeValueMemberS); ok && standing.Value == mark.Value {
		return nil, nil
	}
	return failed.Item, errRefused
}

func (t Table) putInput(item any, condition expression.ConditionBuilder) (*dynamodb.PutItemInput, error) {
	encoded, err := encode(item)
	if err != nil {
		return nil, err
	}
	e, err := build(expression.NewBuilder().WithCondition(condition))
	if err != nil {
		return nil, err
	}
	return &dynamodb.PutItemInput{
		TableName: &t.Name, Item: encoded, ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}, nil
}

func (k key) attributes() attributes {
	return attributes{"pk": &types.AttributeValueMemberS{Value: k.PK}, "sk": &types.AttributeValueMemberS{Value: k.SK}}
}

// The conditions every entity uses.
func absent() expression.ConditionBuilder { return expression.Name("pk").AttributeNotExists() }

func unchanged(version int64) expression.ConditionBuilder {
	return expression.Name("v").Equal(expression.Value(version))
}

func build(b expression.Builder) (expression.Expression, error) {
	e, err := b.Build()
	if err != nil {
		return e, fmt.Errorf("build expression: %w", err)
	}
	return e, nil
}

// decode reads an item into one of the item types.
func decode(item attributes, out any) error {
	if err := attributevalue.UnmarshalMap(item, out); err != nil {
		return fmt.Errorf("decode item: %w", err)
	}
	return nil
}
