// Package dynamotest makes tables for tests. It depends on package dynamo, the
// AWS SDK and the local AWS.
package dynamotest

import (
	"crypto/rand"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
	"github.com/tenonhq/tenon/shared/dynamo"
)

// New returns an empty table of a local AWS of its own.
func New(t testing.TB) dynamo.Table {
	t.Helper()
	return On(t, cloudtest.Config("http://cloud.local", cloud.New()))
}

// On returns a new, empty table of the AWS that cfg names.
func On(t testing.TB, cfg aws.Config) dynamo.Table {
	t.Helper()
	db := dynamodb.NewFromConfig(cfg)
	in := Definition("tenon-" + rand.Text())
	if _, err := db.CreateTable(t.Context(), in); err != nil {
		t.Fatalf("create table: %v", err)
	}
	_, err := db.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName:               in.TableName,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)},
	})
	if err != nil {
		t.Fatalf("set time to live: %v", err)
	}
	return dynamo.Table{DB: db, Name: *in.TableName}
}

// Definition is the table of package dynamo: string keys, on-demand capacity
// one sparse index per job that has the keys and the connector, and the sparse
// index of what has a date, which has the keys. The time to live is set apart.
func Definition(name string) *dynamodb.CreateTableInput {
	in := &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: definitions("pk", "sk"), KeySchema: schema("pk", "sk"),
	}
	for _, job := range []string{"refresh", "health", "expiry", "pending", "device", "reconcile", "status", "delivery", "seal", "tenancy"} {
		in.AttributeDefinitions = append(in.AttributeDefinitions, definitions(job+"Shard", job+"Due")...)
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
			IndexName: aws.String(job + "-due"), KeySchema: schema(job+"Shard", job+"Due"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: []string{"connector"}},
		})
	}
	in.AttributeDefinitions = append(in.AttributeDefinitions, definitions("ledger", "ledgerAt")...)
	in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{
		IndexName: aws.String("expirations"), KeySchema: schema("ledger", "ledgerAt"),
		Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
	})
	return in
}

func definitions(names ...string) []types.AttributeDefinition {
	var out []types.AttributeDefinition
	for _, name := range names {
		out = append(out, types.AttributeDefinition{AttributeName: &name, AttributeType: types.ScalarAttributeTypeS})
	}
	return out
}

func schema(partition, sort string) []types.KeySchemaElement {
	return []types.KeySchemaElement{
		{AttributeName: &partition, KeyType: types.KeyTypeHash},
		{AttributeName: &sort, KeyType: types.KeyTypeRange},
	}
}
