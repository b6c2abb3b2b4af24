package dynamo

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/connection"
)

// cutoffItem is what became of a connection that was cut off, as it is stored.
type cutoffItem struct {
	Reason     connection.Reason `dynamodbav:"reason,omitempty"`
	At         time.Time         `dynamodbav:"at,omitempty"`
	Paused     bool              `dynamodbav:"paused,omitempty"`
	Tries      int               `dynamodbav:"tries,omitempty"`
	Next       time.Time         `dynamodbav:"next,omitempty"`
	Revocation string            `dynamodbav:"revocation,omitempty"`
}

func newCutoffItem(x *connection.Cutoff) *cutoffItem {
	if x == nil {
		return nil
	}
	return &cutoffItem{Reason: x.Reason, At: x.At, Paused: x.Paused, Tries: x.Tries, Next: x.Next, Revocation: x.Revocation}
}

func (x *cutoffItem) record() *connection.Cutoff {
	if x == nil {
		return nil
	}
	return &connection.Cutoff{Reason: x.Reason, At: x.At, Paused: x.Paused, Tries: x.Tries, Next: x.Next, Revocation: x.Revocation}
}

// Used implements connection.Store. The write is counted, so that one of the
// whole record that did not see it starts over and does not undo it.
func (s Connections) Used(ctx context.Context, tenant, id string, at time.Time) error {
	e, err := build(expression.NewBuilder().WithCondition(expression.Name("pk").AttributeExists()).
		WithUpdate(expression.Set(expression.Name("usedAt"), expression.Value(stamp(at))).
			Remove(expression.Name("staleAt")).Add(expression.Name("v"), expression.Value(1))))
	if err != nil {
		return err
	}
	_, err = s.DB.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.Name, Key: connectionKey(tenant, id).attributes(),
		UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	})
	var failed *types.ConditionalCheckFailedException
	switch {
	case err == nil:
		return nil
	case errors.As(err, &failed):
		return connection.ErrNotFound
	default:
		return failure(ctx, "note use", err)
	}
}
