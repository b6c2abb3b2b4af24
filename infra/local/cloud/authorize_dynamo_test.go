package cloud_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

const connections = "arn:aws:dynamodb:" + region + "table/connections"

func ofTenant(values string) string {
	return `{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["` + values + `"]}}`
}

func transaction(t *testing.T, items ...types.TransactWriteItem) func(aws.Config) error {
	return func(cfg aws.Config) error {
		_, err := dynamodb.NewFromConfig(cfg).TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: items})
		return err
	}
}

func TestDynamoDBPermissions(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	createTable(t, c, "connections")
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("acme#1"), "g": text("acme")})
	name := aws.String("connections")
	key := func(pk string) map[string]types.AttributeValue {
		return map[string]types.AttributeValue{"pk": text(pk)}
	}
	get := func(pk string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			_, err := dynamodb.NewFromConfig(cfg).GetItem(t.Context(), &dynamodb.GetItemInput{TableName: name, Key: key(pk)})
			return err
		}
	}
	query := func(index, condition, value string) func(aws.Config) error {
		return func(cfg aws.Config) error {
			in := &dynamodb.QueryInput{
				TableName: name, KeyConditionExpression: &condition, ExpressionAttributeValues: map[string]types.AttributeValue{":v": text(value)},
			}
			if index != "" {
				in.IndexName = &index
			}
			_, err := dynamodb.NewFromConfig(cfg).Query(t.Context(), in)
			return err
		}
	}
	scan := func(cfg aws.Config) error {
		_, err := dynamodb.NewFromConfig(cfg).Scan(t.Context(), &dynamodb.ScanInput{TableName: name})
		return err
	}
	put := types.TransactWriteItem{Put: &types.Put{TableName: name, Item: key("acme#2")}}
	remove := types.TransactWriteItem{Delete: &types.Delete{TableName: name, Key: key("acme#3")}}
	other := types.TransactWriteItem{Put: &types.Put{TableName: name, Item: key("umbrella#1")}}
	assert := types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{TableName: name, Key: key("acme#1"), ConditionExpression: aws.String("attribute_exists(pk)")}}
	puts, acme := grant("dynamodb:PutItem", connections), ofTenant("acme#*")
	try(t, c, []attempt{
		{"no policies", nil, "User: " + whoReads + " is not authorized to perform: dynamodb:GetItem on resource: " + connections, get("acme#1")},
		{"allowed", []string{grant("dynamodb:GetItem", connections)}, "", get("acme#1")},
		{"another table", []string{grant("dynamodb:GetItem", connections+"2")}, "dynamodb:GetItem", get("acme#1")},
		{"own partition", []string{permit("dynamodb:GetItem", connections, acme)}, "", get("acme#1")},
		{"partition of another", []string{permit("dynamodb:GetItem", connections, acme)}, "dynamodb:GetItem", get("umbrella#1")},
		{"query of own partition", []string{permit("dynamodb:Query", connections, acme)}, "", query("", "pk = :v", "acme#1")},
		{"query of another's partition", []string{permit("dynamodb:Query", connections, acme)}, "dynamodb:Query", query("", "pk = :v", "umbrella#1")},
		{"index by the table's permission", []string{grant("dynamodb:Query", connections)}, connections + "/index/by-g", query("by-g", "g = :v", "acme")},
		{"partition of an index", []string{permit("dynamodb:Query", connections+"/index/*", ofTenant("acme"))}, "", query("by-g", "g = :v", "acme")},
		{"another's partition of an index", []string{permit("dynamodb:Query", connections+"/index/*", ofTenant("acme"))}, "dynamodb:Query", query("by-g", "g = :v", "umbrella")},
		{"transaction of puts", []string{puts}, "", transaction(t, put)},
		{"transaction with a delete", []string{puts}, "dynamodb:DeleteItem", transaction(t, put, remove)},
		{"transaction with a check", []string{puts}, "dynamodb:ConditionCheckItem", transaction(t, put, assert)},
		{"transaction with a partition of another", []string{permit("dynamodb:PutItem", connections, acme)}, "dynamodb:PutItem", transaction(t, put, other)},
		{"scan", []string{grant("dynamodb:Query", "*")}, "dynamodb:Scan", scan},
		{"no permissions known", []string{grant("*", "*")}, "refused to roles", func(cfg aws.Config) error {
			_, err := dynamodb.NewFromConfig(cfg).DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: name})
			return err
		}},
	})
}

// TestKeyOfATable: DynamoDB uses the table's key with the permissions of who calls.
func TestKeyOfATable(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	made, err := kms.NewFromConfig(configOf(c)).CreateKey(t.Context(), &kms.CreateKeyInput{})
	check(t, err)
	_, err = dynamodb.NewFromConfig(configOf(c)).CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("sealed"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}},
		KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
		SSESpecification:     &types.SSESpecification{Enabled: aws.Bool(true), SSEType: types.SSETypeKms, KMSMasterKeyId: made.KeyMetadata.Arn},
	})
	check(t, err)
	use := func(action string) string {
		return permit(action, *made.KeyMetadata.Arn, `{"StringEquals":{"kms:ViaService":"dynamodb.eu-west-1.amazonaws.com"}}`)
	}
	item := map[string]types.AttributeValue{"pk": text("a")}
	get := func(cfg aws.Config) error {
		_, err := dynamodb.NewFromConfig(cfg).GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("sealed"), Key: item})
		return err
	}
	put := func(cfg aws.Config) error {
		_, err := dynamodb.NewFromConfig(cfg).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("sealed"), Item: item})
		return err
	}
	table := grant("dynamodb:*", "*")
	try(t, c, []attempt{
		{"read without the key", []string{table}, "kms:Decrypt", get},
		{"read", []string{table, use("kms:Decrypt")}, "", get},
		{"write with a key to read", []string{table, use("kms:Decrypt")}, "kms:GenerateDataKey", put},
		{"write", []string{table, use("kms:Decrypt"), use("kms:GenerateDataKey")}, "", put},
		{"the key itself", []string{table, use("kms:*")}, "kms:DescribeKey", func(cfg aws.Config) error {
			_, err := kms.NewFromConfig(cfg).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: made.KeyMetadata.Arn})
			return err
		}},
	})
	if denials := c.Denials(); len(denials) != 3 || denials[0] != (cloud.Denial{
		Role: roleARN, Operation: "dynamodb.GetItem", Action: "kms:Decrypt", Resource: *made.KeyMetadata.Arn, Reason: "no statement allows it", Time: c.Now(),
	}) {
		t.Errorf("denials: %+v", denials)
	}
}
