package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/template"
)

// Templates is the template.Store. A second item per template, written and
// deleted in the same transaction, guards the stable key.
type Templates struct{ Table }

func templateKey(owner, id string) key { return key{PK: owner + "#template", SK: id} }

func stableKey(owner, stable string) key { return key{PK: owner + "#stable-key", SK: stable} }

// stableKeyItem says which template has a stable key.
type stableKeyItem struct {
	key
	TemplateID string `dynamodbav:"templateId"`
}

// Get implements template.Store.
func (s Templates) Get(ctx context.Context, owner, id string) (template.Template, error) {
	var item templateItem
	found, err := s.get(ctx, templateKey(owner, id), &item)
	if err != nil {
		return template.Template{}, err
	}
	if !found {
		return template.Template{}, template.ErrNotFound
	}
	return item.record(), nil
}

// Create implements template.Store.
func (s Templates) Create(ctx context.Context, t template.Template) error {
	t.Version = 1
	record, err := s.putStep(newTemplateItem(t), absent(), template.ErrExists)
	if err != nil {
		return err
	}
	guard, err := s.putStep(stableKeyItem{key: stableKey(t.Owner, t.StableKey), TemplateID: t.ID}, absent(), template.ErrStableKey)
	if err != nil {
		return err
	}
	return again(ctx, func() error { return s.transact(ctx, record, guard) })
}

// Update implements template.Store. The stable key stays what it is.
func (s Templates) Update(ctx context.Context, owner, id string, change func(*template.Template) error) (template.Template, error) {
	var t template.Template
	err := again(ctx, func() (err error) {
		if t, err = s.Get(ctx, owner, id); err != nil {
			return err
		}
		seen, stable := t.Version, t.StableKey
		if err := change(&t); err != nil {
			return err
		}
		t.Owner, t.ID, t.StableKey, t.Version = owner, id, stable, seen+1
		_, err = s.put(ctx, newTemplateItem(t), unchanged(seen))
		return err
	})
	if err != nil {
		return template.Template{}, err
	}
	return t, nil
}

// Delete implements template.Store. When the stable key is another template's
// by now, this one was deleted before: there is nothing to do.
func (s Templates) Delete(ctx context.Context, t template.Template) error {
	ours := absent().Or(expression.Name("templateId").Equal(expression.Value(t.ID)))
	e, err := build(expression.NewBuilder().WithCondition(ours))
	if err != nil {
		return err
	}
	record := s.deleteStep(templateKey(t.Owner, t.ID))
	guard := step{write: types.TransactWriteItem{Delete: &types.Delete{
		TableName: &s.Name, Key: stableKey(t.Owner, t.StableKey).attributes(), ConditionExpression: e.Condition(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}}}
	return again(ctx, func() error { return s.transact(ctx, record, guard) })
}

// List implements template.Store.
func (s Templates) List(ctx context.Context, owner, start string, limit int) ([]template.Template, string, error) {
	return list(ctx, s.Table, partition(templateKey(owner, "").PK, start), limit, templateItem.record)
}

// Named implements template.Store, in two reads.
func (s Templates) Named(ctx context.Context, owner, stable string) (template.Template, error) {
	var item stableKeyItem
	found, err := s.get(ctx, stableKey(owner, stable), &item)
	if err != nil {
		return template.Template{}, err
	}
	if !found {
		return template.Template{}, template.ErrNotFound
	}
	return s.Get(ctx, owner, item.TemplateID)
}
