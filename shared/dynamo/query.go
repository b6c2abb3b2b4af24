package dynamo

import (
	"context"
	"iter"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// query selects items of one partition.
type query struct {
	index     string // Empty: the table itself, read consistently.
	key       expression.KeyConditionBuilder
	filter    expression.ConditionBuilder // Zero: none.
	backwards bool
}

// partition selects what comes after start in the order of sk.
func partition(pk, start string) query {
	k := expression.Key("pk").Equal(expression.Value(pk))
	if start != "" {
		k = k.And(expression.Key("sk").GreaterThan(expression.Value(start)))
	}
	return query{key: k}
}

// match narrows the query to items whose attribute has this value, if any is
// wanted.
func (q query) match(attribute, wanted string) query {
	if wanted == "" {
		return q
	}
	equal := expression.Name(attribute).Equal(expression.Value(wanted))
	if q.filter.IsSet() {
		equal = q.filter.And(equal)
	}
	q.filter = equal
	return q
}

// items yields what the query selects, reading as many items at a time as are
// likely to be wanted.
func (t Table) items(ctx context.Context, q query, wanted int) iter.Seq2[attributes, error] {
	return func(yield func(attributes, error) bool) {
		in, err := t.queryInput(q, wanted)
		if err != nil {
			yield(nil, err)
			return
		}
		pages := dynamodb.NewQueryPaginator(t.DB, in)
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(nil, failure(ctx, "query items", err))
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// filtered is how many items are read for one that a filter lets through. It
// only bounds what is read too much.
const filtered = 4

func (t Table) queryInput(q query, wanted int) (*dynamodb.QueryInput, error) {
	b := expression.NewBuilder().WithKeyCondition(q.key)
	if q.filter.IsSet() {
		b = b.WithFilter(q.filter)
		wanted *= filtered
	}
	e, err := build(b)
	if err != nil {
		return nil, err
	}
	in := &dynamodb.QueryInput{
		TableName: &t.Name, Limit: aws.Int32(int32(wanted)), ScanIndexForward: aws.Bool(!q.backwards),
		KeyConditionExpression: e.KeyCondition(), FilterExpression: e.Filter(),
		ExpressionAttributeNames: e.Names(), ExpressionAttributeValues: e.Values(),
	}
	if q.index != "" {
		in.IndexName = &q.index
	} else {
		in.ConsistentRead = aws.Bool(true)
	}
	return in, nil
}

// list returns at most limit records and the sk to go on from. It looks for one
// more than is wanted, so that the sk is empty exactly when nothing follows.
func list[Item, Record any](ctx context.Context, t Table, q query, limit int, record func(Item) Record) ([]Record, string, error) {
	limit = max(limit, 1)
	var found []Record
	last := ""
	for encoded, err := range t.items(ctx, q, limit+1) {
		if err != nil {
			return nil, "", err
		}
		if len(found) == limit {
			return found, last, nil
		}
		var item Item
		if err := decode(encoded, &item); err != nil {
			return nil, "", err
		}
		found = append(found, record(item))
		last = text(encoded, "sk")
	}
	return found, "", nil
}

// text returns a string attribute, empty if there is none.
func text(item attributes, name string) string {
	if s, ok := item[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
