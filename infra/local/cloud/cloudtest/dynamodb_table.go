package cloudtest

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// attributes is an item in Go values: numbers read as float64.
type attributes = map[string]any

// database is a table of its own for one probe: a string key pk and sk, the
// index "strings" over g1/s1 with everything, the index "numbers" over g2/n2
// with keys only, and a stream.
type database struct {
	*suite
	client *dynamodb.Client
	table  string
	stream string
}

func (s *suite) database() *database {
	d := &database{suite: s, client: dynamodb.NewFromConfig(s.cfg), table: unique("table")}
	created, err := d.client.CreateTable(s.ctx, &dynamodb.CreateTableInput{
		TableName:   &d.table,
		BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: "S"},
			{AttributeName: aws.String("sk"), AttributeType: "S"},
			{AttributeName: aws.String("g1"), AttributeType: "S"},
			{AttributeName: aws.String("s1"), AttributeType: "S"},
			{AttributeName: aws.String("g2"), AttributeType: "S"},
			{AttributeName: aws.String("n2"), AttributeType: "N"},
		},
		KeySchema: keySchema("pk", "sk"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{
			{IndexName: aws.String("strings"), KeySchema: keySchema("g1", "s1"), Projection: &types.Projection{ProjectionType: "ALL"}},
			{IndexName: aws.String("numbers"), KeySchema: keySchema("g2", "n2"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"}},
		},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_AND_OLD_IMAGES"},
		SSESpecification:    &types.SSESpecification{Enabled: aws.Bool(true), SSEType: "KMS"},
	})
	s.ok(err)
	d.stream = aws.ToString(created.TableDescription.LatestStreamArn)
	return d
}

func keySchema(hash, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &hash, KeyType: "HASH"},
		{AttributeName: &sort, KeyType: "RANGE"},
	}
}

// marshal converts Go values; nil stays nil.
func marshal(values attributes) map[string]types.AttributeValue {
	if values == nil {
		return nil
	}
	encoded, err := attributevalue.MarshalMap(values)
	if err != nil {
		panic(err)
	}
	return encoded
}

// unmarshal converts to Go values; an empty item is nil.
func unmarshal(item map[string]types.AttributeValue) attributes {
	if len(item) == 0 {
		return nil
	}
	values := attributes{}
	if err := attributevalue.UnmarshalMap(item, &values); err != nil {
		panic(err)
	}
	return values
}

// stringSet is a value of type SS.
type stringSet []string

// MarshalDynamoDBAttributeValue encodes the set as it is, valid or not.
func (s stringSet) MarshalDynamoDBAttributeValue() (types.AttributeValue, error) {
	return &types.AttributeValueMemberSS{Value: s}, nil
}

// key is the primary key of the nth sample.
func key(n int) attributes {
	return attributes{"pk": "tenant", "sk": numbered("item#", n)}
}

// sample is an item with both indexes' keys.
func sample(n int) attributes {
	item := key(n)
	item["g1"] = "app"
	item["s1"] = fmt.Sprintf("2024-01-%02d#%03d", n%28+1, n)
	item["g2"] = "shard"
	item["n2"] = 1000 + n
	item["v"] = 1
	item["name"] = fmt.Sprintf("n%d", n)
	item["status"] = "active"
	item["meta"] = attributes{"a": "x", "b": 2}
	return item
}

func text(expression string) *string {
	if expression == "" {
		return nil
	}
	return &expression
}

// change is any single write.
type change struct {
	item      attributes // To put.
	key       attributes // To update or delete.
	update    string
	condition string
	names     map[string]string
	values    attributes
	returns   types.ReturnValue
	onFailure types.ReturnValuesOnConditionCheckFailure
}

func (d *database) put(c change) (attributes, error) {
	answer, err := d.client.PutItem(d.ctx, &dynamodb.PutItemInput{
		TableName: &d.table, Item: marshal(c.item), ConditionExpression: text(c.condition),
		ExpressionAttributeNames: c.names, ExpressionAttributeValues: marshal(c.values),
		ReturnValues: c.returns, ReturnValuesOnConditionCheckFailure: c.onFailure,
	})
	if err != nil {
		return nil, err
	}
	return unmarshal(answer.Attributes), nil
}

func (d *database) update(c change) (attributes, error) {
	answer, err := d.client.UpdateItem(d.ctx, &dynamodb.UpdateItemInput{
		TableName: &d.table, Key: marshal(c.key), UpdateExpression: text(c.update), ConditionExpression: text(c.condition),
		ExpressionAttributeNames: c.names, ExpressionAttributeValues: marshal(c.values),
		ReturnValues: c.returns, ReturnValuesOnConditionCheckFailure: c.onFailure,
	})
	if err != nil {
		return nil, err
	}
	return unmarshal(answer.Attributes), nil
}

func (d *database) delete(c change) (attributes, error) {
	answer, err := d.client.DeleteItem(d.ctx, &dynamodb.DeleteItemInput{
		TableName: &d.table, Key: marshal(c.key), ConditionExpression: text(c.condition),
		ExpressionAttributeNames: c.names, ExpressionAttributeValues: marshal(c.values),
		ReturnValues: c.returns, ReturnValuesOnConditionCheckFailure: c.onFailure,
	})
	if err != nil {
		return nil, err
	}
	return unmarshal(answer.Attributes), nil
}

// store puts items that must succeed.
func (d *database) store(items ...attributes) {
	for _, item := range items {
		_, err := d.put(change{item: item})
		d.ok(err)
	}
}

// storeSamples puts the samples from first to last.
func (d *database) storeSamples(first, last int) {
	for n := first; n <= last; n++ {
		d.store(sample(n))
	}
}

// get reads an item, nil when there is none.
func (d *database) get(key attributes) attributes {
	answer, err := d.client.GetItem(d.ctx, &dynamodb.GetItemInput{TableName: &d.table, Key: marshal(key), ConsistentRead: aws.Bool(true)})
	d.ok(err)
	return unmarshal(answer.Item)
}

// query completes a query with the table's name and runs it.
func (d *database) query(in dynamodb.QueryInput) (*dynamodb.QueryOutput, error) {
	in.TableName = &d.table
	return d.client.Query(d.ctx, &in)
}

// column lists one attribute of many items.
func column(items []map[string]types.AttributeValue, name string) []any {
	var values []any
	for _, item := range items {
		values = append(values, unmarshal(item)[name])
	}
	return values
}

func filler(bytes int) string {
	return strings.Repeat("x", bytes)
}
