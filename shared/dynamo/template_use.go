package dynamo

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/connection"
)

// useKey is the item that stands for the use of a template by a connection. It
// is written and deleted in the same transaction as the connection.
func useKey(c connection.Connection) key {
	return key{PK: c.TemplateOwner + "#template-use#" + c.TemplateID, SK: c.Tenant + "/" + c.ID}
}

// useItem says which of the template's clients minted the credential.
type useItem struct {
	key
	MintedBy int `dynamodbav:"mintedBy,omitempty"`
}

func (t Table) useStep(c connection.Connection) (step, error) {
	encoded, err := encode(useItem{key: useKey(c), MintedBy: c.MintedBy()})
	return step{write: types.TransactWriteItem{Put: &types.Put{TableName: &t.Name, Item: encoded}}}, err
}

// updateUse replaces a connection together with its use of the template.
func (s Connections) updateUse(ctx context.Context, c connection.Connection, seen int64) error {
	record, err := s.putStep(newConnectionItem(c), unchanged(seen), errRefused)
	if err != nil {
		return err
	}
	use, err := s.useStep(c)
	if err != nil {
		return err
	}
	return s.transact(ctx, record, use)
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

// usesPerPage is how many uses are asked for at once: about as many as a page
// of one megabyte holds.
const usesPerPage = 10_000

// Uses implements template.Store, in one query of a few pages.
func (s Templates) Uses(ctx context.Context, owner, id string) (map[int]int, error) {
	uses := map[int]int{}
	q := partition(useKey(connection.Connection{TemplateOwner: owner, TemplateID: id}).PK, "")
	for encoded, err := range s.items(ctx, q, usesPerPage) {
		if err != nil {
			return nil, err
		}
		var item useItem
		if err := decode(encoded, &item); err != nil {
			return nil, err
		}
		uses[item.MintedBy]++
	}
	return uses, nil
}

// UsedBy implements template.Store.
func (s Templates) UsedBy(ctx context.Context, owner, id, start string, limit int) ([]connection.Ref, string, error) {
	q := partition(useKey(connection.Connection{TemplateOwner: owner, TemplateID: id}).PK, start)
	var refs []connection.Ref
	for encoded, err := range s.items(ctx, q, limit+1) {
		if err != nil {
			return nil, "", err
		}
		if len(refs) == limit {
			last := refs[limit-1]
			return refs, last.Tenant + "/" + last.ID, nil
		}
		tenant, connectionID, _ := strings.Cut(text(encoded, "sk"), "/")
		refs = append(refs, connection.Ref{Tenant: tenant, ID: connectionID})
	}
	return refs, "", nil
}
