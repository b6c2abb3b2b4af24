package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/connection"
)

// useKey is the item that stands for the use of a template by a connection. It
// is written and deleted in the same transaction as the connection.
func useKey(c connection.Connection) key {
	return key{PK: c.TemplateOwner + "#template-use#" + c.TemplateID, SK: c.Tenant + "/" + c.ID}
}

// shown holds for a template that exists and is not being deleted.
func shown() expression.ConditionBuilder {
	return expression.Name("pk").AttributeExists().And(expression.Name("deleting").AttributeNotExists())
}

// InUse implements template.Store.
func (s Templates) InUse(ctx context.Context, owner, id string) (bool, error) {
	q := partition(useKey(connection.Connection{TemplateOwner: owner, TemplateID: id}).PK, "")
	for _, err := range s.items(ctx, q, 1) {
		return err == nil, err
	}
	return false, nil
}
