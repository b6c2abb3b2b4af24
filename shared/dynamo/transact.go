package dynamo

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// step is one write of a transaction and what it means when its condition does
// not hold.
type step struct {
	write   types.TransactWriteItem
	refused error
}

func (t Table) putStep(item any, condition expression.ConditionBuilder, refused error) (step, error) {
	in, err := t.putInput(item, condition)
	if err != nil {
		return step{}, err
	}
	return step{refused: refused, write: types.TransactWriteItem{Put: &types.Put{
		TableName: in.TableName, Item: in.Item, ConditionExpression: in.ConditionExpression,
		ExpressionAttributeNames: in.ExpressionAttributeNames, ExpressionAttributeValues: in.ExpressionAttributeValues,
	}}}, nil
}

func (t Table) checkStep(k key, condition expression.ConditionBuilder, refused error) (step, error) {
	e, err := build(expression.NewBuilder().WithCondition(condition))
	if err != nil {
		return step{}, err
	}
	return step{refused: refused, write: types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: &t.Name, Key: k.attributes(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}}}, nil
}

func (t Table) deleteStep(k key) step {
	return step{write: types.TransactWriteItem{Delete: &types.Delete{TableName: &t.Name, Key: k.attributes()}}}
}

// transact does all steps or none. A condition that does not hold is the
// refusal of its step, the first one counting; a collision with another
// transaction is errRefused.
func (t Table) transact(ctx context.Context, steps ...step) error {
	in := &dynamodb.TransactWriteItemsInput{}
	for _, s := range steps {
		in.TransactItems = append(in.TransactItems, s.write)
	}
	_, err := t.DB.TransactWriteItems(ctx, in)
	if err == nil {
		return nil
	}
	var canceled *types.TransactionCanceledException
	if !errors.As(err, &canceled) {
		return failure(ctx, "write items", err)
	}
	collided, throttled := false, false
	for i, reason := range canceled.CancellationReasons {
		switch aws.ToString(reason.Code) {
		case "ConditionalCheckFailed":
			return steps[i].refused
		case "TransactionConflict":
			collided = true
		case "ThrottlingError", "ProvisionedThroughputExceeded":
			throttled = true
		}
	}
	switch {
	case collided:
		return errRefused
	case throttled:
		return retryLater(err)
	default:
		return failure(ctx, "write items", err)
	}
}
