package bench

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// promotionPause is how far apart the writes of one secret are, at most.
const promotionPause = 12 * time.Hour

// age sets how long the tokens of connections have left, which may be less than
// nothing, and how long ago their secrets were written.
func (e *environment) age(ctx context.Context, left, promoted time.Duration, ids ...string) error {
	table, db := e.table(), dynamodb.NewFromConfig(e.aws)
	for _, id := range ids {
		now := time.Now()
		_, err := db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
			TableName:        &table,
			Key:              map[string]types.AttributeValue{"pk": text(tenant + "#connection"), "sk": text(id)},
			UpdateExpression: new("SET credential.expiresAt = :expires, credential.refreshedAt = :refreshed, credential.promotedAt = :promoted, promoteAt = :promote"),
			ExpressionAttributeValues: map[string]types.AttributeValue{
				":expires":   stamp(now.Add(left)),
				":refreshed": stamp(now.Add(left - tokenLifetime)),
				":promoted":  stamp(now.Add(-promoted)),
				":promote":   stamp(now.Add(promotionPause - promoted)),
			},
		})
		if err != nil {
			return fmt.Errorf("age %s: %w", id, err)
		}
	}
	return nil
}

// table is the only one there is: that of the latest call about an item.
func (e *environment) table() string { return tableOf(e.cloud) }

func tableOf(local *cloud.Cloud) string {
	name := ""
	for _, c := range local.Journal() {
		if strings.HasPrefix(c.Target, "dynamodb.") {
			name = cmp.Or(c.Resource, name)
		}
	}
	return name
}

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

func stamp(at time.Time) types.AttributeValue { return text(at.UTC().Format(time.RFC3339Nano)) }
