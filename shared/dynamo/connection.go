package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/connection"
)

// Connections is the connection.Store.
type Connections struct{ Table }

func connectionKey(tenant, id string) key {
	return key{PK: tenant + "#connection", SK: id}
}

// Get implements connection.Store.
func (s Connections) Get(ctx context.Context, tenant, id string) (connection.Connection, error) {
	var item connectionItem
	found, err := s.get(ctx, connectionKey(tenant, id), &item)
	if err != nil {
		return connection.Connection{}, err
	}
	if !found {
		return connection.Connection{}, connection.ErrNotFound
	}
	return item.record(), nil
}

// Create implements connection.Store.
func (s Connections) Create(ctx context.Context, c connection.Connection) error {
	c.Version = 1
	record, err := s.putStep(newConnectionItem(c), absent(), connection.ErrExists)
	if err != nil {
		return err
	}
	usable, err := s.checkStep(templateKey(c.TemplateOwner, c.TemplateID), shown(), connection.ErrNoTemplate)
	if err != nil {
		return err
	}
	use, err := s.useStep(c)
	if err != nil {
		return err
	}
	return again(ctx, func() error { return s.transact(ctx, record, usable, use) })
}

// Update implements connection.Store.
func (s Connections) Update(ctx context.Context, tenant, id string, change func(*connection.Connection) error) (connection.Connection, error) {
	var c connection.Connection
	err := again(ctx, func() (err error) {
		if c, err = s.Get(ctx, tenant, id); err != nil {
			return err
		}
		seen, mintedBy := c.Version, c.MintedBy()
		if err := change(&c); err != nil {
			return err
		}
		c.Tenant, c.ID, c.Version = tenant, id, seen+1
		if c.MintedBy() != mintedBy {
			return s.updateUse(ctx, c, seen)
		}
		_, err = s.put(ctx, newConnectionItem(c), unchanged(seen))
		return err
	})
	if err != nil {
		return connection.Connection{}, err
	}
	return c, nil
}

// SaveAnswer implements connection.Store.
func (s Connections) SaveAnswer(ctx context.Context, tenant, id string, epoch int, sealed []byte) error {
	e, err := build(expression.NewBuilder().
		WithCondition(expression.Name("pk").AttributeExists().And(expression.Name("epoch").Equal(expression.Value(epoch)))).
		WithUpdate(expression.Set(expression.Name("answer"), expression.Value(sealed)).
			Set(expression.Name("answerEpoch"), expression.Value(epoch)).Add(expression.Name("v"), expression.Value(1))))
	if err != nil {
		return err
	}
	_, err = s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Name, Key: connectionKey(tenant, id).attributes(),
		UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	var failed *types.ConditionalCheckFailedException
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &failed):
		return failure(ctx, "save answer", err)
	case len(failed.Item) == 0:
		return connection.ErrNotFound
	default:
		return connection.ErrFenced
	}
}

// Delete implements connection.Store.
func (s Connections) Delete(ctx context.Context, tenant, id string) error {
	c, err := s.Get(ctx, tenant, id)
	if errors.Is(err, connection.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	record, use := s.deleteStep(connectionKey(tenant, id)), s.deleteStep(useKey(c))
	return again(ctx, func() error { return s.transact(ctx, record, use) })
}

// List implements connection.Store.
func (s Connections) List(ctx context.Context, tenant string, f connection.Filter, start string, limit int) ([]connection.Connection, string, error) {
	q := partition(connectionKey(tenant, "").PK, start).
		match("connector", f.Connector).match("environment", f.Environment).match("templateId", f.TemplateID)
	return list(ctx, s.Table, q, limit, connectionItem.record)
}
