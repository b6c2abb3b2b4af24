package cloudtest

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func (d *database) batchGet(keys ...attributes) (*dynamodb.BatchGetItemOutput, error) {
	request := types.KeysAndAttributes{ProjectionExpression: aws.String("sk, v"), ConsistentRead: aws.Bool(true)}
	for _, key := range keys {
		request.Keys = append(request.Keys, marshal(key))
	}
	return d.client.BatchGetItem(d.ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{d.table: request}})
}

func (d *database) batchPut(count int) error {
	var requests []types.WriteRequest
	for n := range count {
		requests = append(requests, types.WriteRequest{PutRequest: &types.PutRequest{Item: marshal(sample(n))}})
	}
	_, err := d.client.BatchWriteItem(d.ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{d.table: requests}})
	return err
}

var batchProbes = []probe{
	{"batch: get returns what exists, projected", func(s *suite) {
		d := s.database()
		d.storeSamples(1, 2)
		answer, err := d.batchGet(key(1), key(2), key(9))
		s.ok(err)
		s.equal("items", len(answer.Responses[d.table]), 2)
		for _, item := range answer.Responses[d.table] {
			s.equal("attributes", len(item), 2)
		}
	}},
	{"batch: get of more than 100 keys is invalid", func(s *suite) {
		var keys []attributes
		for n := range 101 {
			keys = append(keys, key(n))
		}
		_, err := s.database().batchGet(keys...)
		s.code(err, invalidRequest)
	}},
	{"batch: get of a key twice is invalid", func(s *suite) {
		_, err := s.database().batchGet(key(1), key(1))
		s.code(err, invalidRequest)
	}},
	{"batch: write of 25 items", func(s *suite) {
		d := s.database()
		s.ok(d.batchPut(25))
		s.equal("last", d.get(key(24))["name"], "n24")
	}},
	{"batch: write of more than 25 items is invalid", func(s *suite) {
		s.code(s.database().batchPut(26), invalidRequest)
	}},
}

var tableProbes = []probe{
	{"table: description", func(s *suite) {
		d := s.database()
		answer, err := d.client.DescribeTable(s.ctx, &dynamodb.DescribeTableInput{TableName: &d.table})
		s.ok(err)
		s.equal("status", answer.Table.TableStatus, types.TableStatusActive)
		s.equal("indexes", len(answer.Table.GlobalSecondaryIndexes), 2)
		s.expect("has a stream", d.stream != "" && aws.ToString(answer.Table.LatestStreamArn) == d.stream)
	}},
	{"table: creating it twice is refused", func(s *suite) {
		d := s.database()
		_, err := d.client.CreateTable(s.ctx, &dynamodb.CreateTableInput{
			TableName: &d.table, BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
		})
		s.code(err, "ResourceInUseException")
	}},
	{"table: a name of two characters is invalid", func(s *suite) {
		_, err := dynamodb.NewFromConfig(s.cfg).CreateTable(s.ctx, &dynamodb.CreateTableInput{
			TableName: aws.String("ab"), BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("pk"), AttributeType: "S"}},
			KeySchema:            []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
		})
		s.code(err, invalidRequest)
	}},
	{"table: time to live", func(s *suite) {
		d := s.database()
		_, err := d.client.UpdateTimeToLive(s.ctx, &dynamodb.UpdateTimeToLiveInput{
			TableName:               &d.table,
			TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)},
		})
		s.ok(err)
		answer, err := d.client.DescribeTimeToLive(s.ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &d.table})
		s.ok(err)
		s.equal("status", answer.TimeToLiveDescription.TimeToLiveStatus, types.TimeToLiveStatusEnabled)
		s.equal("attribute", aws.ToString(answer.TimeToLiveDescription.AttributeName), "ttl")
	}},
	{"table: point-in-time recovery", func(s *suite) {
		d := s.database()
		_, err := d.client.UpdateContinuousBackups(s.ctx, &dynamodb.UpdateContinuousBackupsInput{
			TableName:                        &d.table,
			PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(true)},
		})
		s.ok(err)
		answer, err := d.client.DescribeContinuousBackups(s.ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: &d.table})
		s.ok(err)
		s.equal("status", answer.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus, types.PointInTimeRecoveryStatusEnabled)
	}},
	{"table: an index added later holds the items there were", func(s *suite) {
		d := s.database()
		d.store(attributes{"pk": "a", "sk": "b", "g3": "x"})
		_, err := d.client.UpdateTable(s.ctx, &dynamodb.UpdateTableInput{
			TableName:            &d.table,
			AttributeDefinitions: []types.AttributeDefinition{{AttributeName: aws.String("g3"), AttributeType: "S"}},
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
				IndexName:  aws.String("later"),
				KeySchema:  []types.KeySchemaElement{{AttributeName: aws.String("g3"), KeyType: "HASH"}},
				Projection: &types.Projection{ProjectionType: "ALL"},
			}}},
		})
		s.ok(err)
		answer, err := d.query(inIndex("later", "g3 = :p", attributes{":p": "x"}))
		s.ok(err)
		s.equal("count", answer.Count, int32(1))
	}},
	{"table: deletion protection", func(s *suite) {
		d := s.database()
		_, err := d.client.UpdateTable(s.ctx, &dynamodb.UpdateTableInput{TableName: &d.table, DeletionProtectionEnabled: aws.Bool(true)})
		s.ok(err)
		_, err = d.client.DeleteTable(s.ctx, &dynamodb.DeleteTableInput{TableName: &d.table})
		s.code(err, invalidRequest)
		_, err = d.client.UpdateTable(s.ctx, &dynamodb.UpdateTableInput{TableName: &d.table, DeletionProtectionEnabled: aws.Bool(false)})
		s.ok(err)
		_, err = d.client.DeleteTable(s.ctx, &dynamodb.DeleteTableInput{TableName: &d.table})
		s.ok(err)
		_, err = d.client.DescribeTable(s.ctx, &dynamodb.DescribeTableInput{TableName: &d.table})
		s.code(err, "ResourceNotFoundException")
	}},
	{"table: PartiQL select by key", func(s *suite) {
		d := s.database()
		d.store(sample(1))
		answer, err := d.client.ExecuteStatement(s.ctx, &dynamodb.ExecuteStatementInput{
			Statement: aws.String(`SELECT sk FROM "` + d.table + `" WHERE pk='tenant' AND sk='item#001'`),
		})
		s.ok(err)
		s.equal("items", len(answer.Items), 1)
	}},
}
