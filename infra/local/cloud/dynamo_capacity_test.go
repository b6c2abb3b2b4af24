package cloud_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// Units are those that AWS documents: whole kilobytes written, four read, half for
// eventually consistent, twice in transactions, an index for itself.
func TestCapacity(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	db := dynamodb.NewFromConfig(aws.Config{
		Region: c.Region, HTTPClient: c, Credentials: credentials.NewStaticCredentialsProvider("local", "local", ""),
	})
	s := func(text string) types.AttributeValue { return &types.AttributeValueMemberS{Value: text} }
	attribute := func(name string) types.AttributeDefinition {
		return types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS}
	}
	hash := func(name string) []types.KeySchemaElement {
		return []types.KeySchemaElement{{AttributeName: &name, KeyType: types.KeyTypeHash}}
	}
	table := aws.String("items")
	if _, err := db.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: table, BillingMode: types.BillingModePayPerRequest, KeySchema: hash("pk"), AttributeDefinitions: []types.AttributeDefinition{attribute("pk"), attribute("due")},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("due"), KeySchema: hash("due"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly}}},
	}); err != nil {
		t.Fatal(err)
	}
	item := func(due string, bytes int) map[string]types.AttributeValue {
		out := map[string]types.AttributeValue{"pk": s("a"), "text": s(strings.Repeat("x", bytes))}
		if due != "" {
			out["due"] = s(due)
		}
		return out
	}
	put := func(due string, bytes int) func() error {
		return func() error {
			_, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: item(due, bytes)})
			return err
		}
	}
	get := func(consistent bool) func() error {
		return func() error {
			_, err := db.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: table, Key: map[string]types.AttributeValue{"pk": s("a")}, ConsistentRead: &consistent})
			return err
		}
	}
	for _, step := range []struct {
		name string
		do   func() error
		want cloud.Capacity
	}{
		{"a read of nothing", get(false), cloud.Capacity{Reads: 0.5}},
		{"a small item", put("", 10), cloud.Capacity{Writes: 1}},
		{"above a kilobyte", put("", 1024), cloud.Capacity{Writes: 2}},
		{"a smaller one in its place", put("", 10), cloud.Capacity{Writes: 2}},
		{"into an index", put("monday", 10), cloud.Capacity{Writes: 2}},
		{"what the index does not hold", put("monday", 11), cloud.Capacity{Writes: 1}},
		{"another place in the index", put("tuesday", 11), cloud.Capacity{Writes: 3}},
		{"out of the index", put("", 4100), cloud.Capacity{Writes: 6}},
		{"a read", get(false), cloud.Capacity{Reads: 1}},
		{"a consistent read", get(true), cloud.Capacity{Reads: 2}},
		{"a transaction", func() error {
			_, err := db.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
				{Put: &types.Put{TableName: table, Item: map[string]types.AttributeValue{"pk": s("b")}}},
				{Put: &types.Put{TableName: table, Item: map[string]types.AttributeValue{"pk": s("c")}}},
			}})
			return err
		}, cloud.Capacity{Writes: 4}},
		{"everything", func() error {
			_, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: table})
			return err
		}, cloud.Capacity{Reads: 1}},
	} {
		before := c.Capacity()
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		after := c.Capacity()
		got := cloud.Capacity{Reads: after.Reads - before.Reads, Writes: after.Writes - before.Writes}
		if diff := cmp.Diff(step.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}
