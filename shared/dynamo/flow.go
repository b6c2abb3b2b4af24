package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/flow"
)

// Flows is the flow.Store, and the connection.Uses.
type Flows struct{ Table }

func flowKey(tenant, id string) key { return key{PK: tenant + "#flow", SK: id} }

// Get implements flow.Store.
func (s Flows) Get(ctx context.Context, tenant, id string) (flow.Flow, error) {
	var item flowItem
	found, err := s.get(ctx, flowKey(tenant, id), &item)
	if err != nil {
		return flow.Flow{}, err
	}
	if !found {
		return flow.Flow{}, flow.ErrNotFound
	}
	return item.record(), nil
}

// Update implements flow.Store.
func (s Flows) Update(ctx context.Context, tenant, id string, change func(*flow.Flow) ([]connection.Connection, error)) (flow.Flow, error) {
	var after flow.Flow
	err := again(ctx, func() error {
		before, err := s.standing(ctx, tenant, id)
		if err != nil {
			return err
		}
		after = before.record()
		after.Tenant, after.ID = tenant, id
		bound, err := change(&after)
		if err != nil {
			return err
		}
		after.Tenant, after.ID, after.Version = tenant, id, before.Version+1
		record, err := s.putStep(newFlowItem(after), before.condition(), errRefused)
		if err != nil {
			return err
		}
		return s.write(ctx, record, flow.EffectOf(before.record(), after), bound)
	})
	if err != nil {
		return flow.Flow{}, err
	}
	return after, nil
}

// Delete implements flow.Store.
func (s Flows) Delete(ctx context.Context, tenant, id string, allow func(flow.Flow) error) error {
	return again(ctx, func() error {
		before, err := s.standing(ctx, tenant, id)
		if err != nil {
			return err
		}
		if before.Version == 0 {
			return flow.ErrNotFound
		}
		if err := allow(before.record()); err != nil {
			return err
		}
		e, err := build(expression.NewBuilder().WithCondition(before.condition()))
		if err != nil {
			return err
		}
		record := step{refused: errRefused, write: types.TransactWriteItem{Delete: &types.Delete{
			TableName: &s.Name, Key: before.attributes(), ConditionExpression: e.Condition(),
			ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
		}}}
		return s.write(ctx, record, flow.EffectOf(before.record(), flow.Flow{}), nil)
	})
}

// List implements flow.Store.
func (s Flows) List(ctx context.Context, tenant, start string, limit int) ([]flow.Flow, string, error) {
	return list(ctx, s.Table, partition(flowKey(tenant, "").PK, start), limit, flowItem.record)
}

// Uses implements connection.Uses.
func (s Flows) Uses(ctx context.Context, owner, connectionID, start string, limit int) ([]connection.Use, string, error) {
	q := partition(bindingKey(connection.Ref{Tenant: owner, ID: connectionID}, connection.Use{}).PK, start)
	return list(ctx, s.Table, q, limit, bindingItem.record)
}

// standing is the item that stands; one of version zero where there is none.
func (s Flows) standing(ctx context.Context, tenant, id string) (flowItem, error) {
	item := flowItem{key: flowKey(tenant, id)}
	_, err := s.get(ctx, item.key, &item)
	return item, err
}

// write stores a flow with what it means for the uses of connections and for
// their counts, in one transaction.
func (s Flows) write(ctx context.Context, record step, e flow.Effect, bound []connection.Connection) error {
	steps := []step{record}
	for ref, uses := range e.Removed {
		for _, u := range uses {
			steps = append(steps, s.deleteStep(bindingKey(ref, u)))
		}
	}
	for ref, uses := range e.Added {
		for _, u := range uses {
			encoded, err := encode(newBindingItem(ref, u))
			if err != nil {
				return err
			}
			steps = append(steps, step{write: types.TransactWriteItem{Put: &types.Put{TableName: &s.Name, Item: encoded}}})
		}
	}
	seen := map[connection.Ref]int64{}
	for _, c := range bound {
		seen[connection.Ref{Tenant: c.Tenant, ID: c.ID}] = c.Version
	}
	needed := map[connection.Ref]bool{}
	for _, ref := range e.Needed {
		needed[ref] = true
	}
	for ref, by := range e.Counts {
		if by == 0 && !needed[ref] {
			continue
		}
		condition := expression.Name("pk").AttributeExists()
		if needed[ref] {
			condition = unchanged(seen[ref])
		}
		count, err := s.countStep(ref, by, condition)
		if err != nil {
			return err
		}
		steps = append(steps, count)
	}
	return s.transact(ctx, steps...)
}

// countStep changes how many bindings of active flows name a connection. The
// write is counted, so that one of the whole record that did not see it starts
// over and does not undo it.
func (s Flows) countStep(ref connection.Ref, by int, condition expression.ConditionBuilder) (step, error) {
	e, err := build(expression.NewBuilder().WithCondition(condition).
		WithUpdate(expression.Add(expression.Name("bindings"), expression.Value(by)).Add(expression.Name("v"), expression.Value(1))))
	if err != nil {
		return step{}, err
	}
	return step{refused: errRefused, write: types.TransactWriteItem{Update: &types.Update{
		TableName: &s.Name, Key: connectionKey(ref.Tenant, ref.ID).attributes(),
		UpdateExpression: e.Update(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}}}, nil
}
