package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/tenonhq/tenon/shared/audit"
)

// List implements audit.Store. The query's span is a condition on the key; its
// filters are applied by DynamoDB to what is read.
func (s Audit) List(ctx context.Context, tenant string, wanted audit.Query) ([]audit.Entry, string, error) {
	low, high := wanted.Span()
	if low > high {
		return nil, "", nil
	}
	k := expression.Key("pk").Equal(expression.Value(auditKey(tenant, "").PK)).
		And(expression.Key("sk").Between(expression.Value(low), expression.Value(high)))
	q := query{key: k, backwards: !wanted.Oldest}.match("actor", wanted.Actor).match("action", string(wanted.Action)).
		match("resource", wanted.Resource).match("outcome", wanted.Outcome)
	in, err := s.queryInput(q, max(wanted.Limit, 1)+2) // One more, and an end that is not of the query.
	if err != nil {
		return nil, "", err
	}
	return s.bounded(ctx, in, wanted)
}

// bounded runs the query until it has found enough, has looked at enough, or is
// at the end.
func (s Audit) bounded(ctx context.Context, in *dynamodb.QueryInput, wanted audit.Query) ([]audit.Entry, string, error) {
	limit, left := max(wanted.Limit, 1), int32(wanted.Bound())
	var found []audit.Entry
	for {
		in.Limit = aws.Int32(min(aws.ToInt32(in.Limit), left))
		page, err := s.DB.Query(ctx, in)
		if err != nil {
			return nil, "", failure(ctx, "query items", err)
		}
		for _, encoded := range page.Items {
			var item entryItem
			if err := decode(encoded, &item); err != nil {
				return nil, "", err
			}
			if wanted.Excludes(item.SK) {
				continue
			}
			if len(found) == limit {
				return found, found[limit-1].ID, nil
			}
			found = append(found, item.record())
		}
		if len(page.LastEvaluatedKey) == 0 {
			return found, "", nil
		}
		if left -= page.ScannedCount; left <= 0 {
			return found, text(page.LastEvaluatedKey, "sk"), nil
		}
		in.ExclusiveStartKey = page.LastEvaluatedKey
	}
}
