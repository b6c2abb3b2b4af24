package template

import (
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// tableWait is how long a table may take to become active, far more than a
// local AWS needs.
const tableWait = time.Minute

// table creates a Table or GlobalTable (one replica), or adds to an existing
// one the indexes it lacks. The billing mode is always on demand.
func table(s *stack, id string, p properties) (physical, error) {
	name, err := p.text("TableName", s.name(id))
	if err != nil {
		return physical{}, err
	}
	want, err := tableInput(name, p)
	if err != nil {
		return physical{}, err
	}
	a := s.app
	have, err := a.clients.dynamo.DescribeTable(a.ctx, &dynamodb.DescribeTableInput{TableName: &name})
	switch {
	case has(err, "ResourceNotFoundException"):
		_, err = a.clients.dynamo.CreateTable(a.ctx, want)
		if err != nil {
			return physical{}, fmt.Errorf("create table: %w", err)
		}
		a.created("table", name)
	case err != nil:
		return physical{}, fmt.Errorf("describe table: %w", err)
	default:
		if err := a.addIndexes(want, have.Table); err != nil {
			return physical{}, err
		}
	}
	if err := a.timeToLive(name, p); err != nil {
		return physical{}, err
	}
	if err := a.protectTable(name, p); err != nil {
		return physical{}, err
	}
	return a.describeTable(name)
}

func tableInput(name string, p properties) (*dynamodb.CreateTableInput, error) {
	values, err := p.pick("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes")
	if err != nil {
		return nil, err
	}
	in, err := into[dynamodb.CreateTableInput](values)
	if err != nil {
		return nil, err
	}
	in.TableName, in.BillingMode = &name, types.BillingModePayPerRequest
	for i := range in.GlobalSecondaryIndexes {
		in.GlobalSecondaryIndexes[i].ProvisionedThroughput = nil
	}
	if in.SSESpecification, err = encryption(p); err != nil {
		return nil, err
	}
	v, err := p.get("StreamSpecification")
	if err != nil {
		return nil, err
	}
	if stream, ok := v.(object); ok {
		in.StreamSpecification = &types.StreamSpecification{
			StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewType(text(stream["StreamViewType"])),
		}
	}
	return &in, nil
}

// encryption is what the table is encrypted with; nil leaves it to the service.
func encryption(p properties) (*types.SSESpecification, error) {
	v, err := p.get("SSESpecification")
	if err != nil {
		return nil, err
	}
	want, _ := v.(object)
	if text(want["KMSMasterKeyId"]) == "" {
		return nil, nil
	}
	return &types.SSESpecification{Enabled: aws.Bool(true), SSEType: types.SSETypeKms, KMSMasterKeyId: aws.String(text(want["KMSMasterKeyId"]))}, nil
}

// addIndexes adds one index per call, which is all UpdateTable allows.
func (a *application) addIndexes(want *dynamodb.CreateTableInput, have *types.TableDescription) error {
	for _, index := range want.GlobalSecondaryIndexes {
		same := func(d types.GlobalSecondaryIndexDescription) bool {
			return aws.ToString(d.IndexName) == aws.ToString(index.IndexName)
		}
		if slices.ContainsFunc(have.GlobalSecondaryIndexes, same) {
			continue
		}
		_, err := a.clients.dynamo.UpdateTable(a.ctx, &dynamodb.UpdateTableInput{
			TableName:            want.TableName,
			AttributeDefinitions: want.AttributeDefinitions,
			GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
				IndexName: index.IndexName, KeySchema: index.KeySchema, Projection: index.Projection,
			}}},
		})
		if err != nil {
			return fmt.Errorf("add index %s: %w", aws.ToString(index.IndexName), err)
		}
		a.created("index", *want.TableName+"/"+aws.ToString(index.IndexName))
		if err := a.waitForTable(*want.TableName); err != nil {
			return err
		}
	}
	return nil
}

func (a *application) timeToLive(name string, p properties) error {
	v, err := p.get("TimeToLiveSpecification")
	if err != nil {
		return err
	}
	want, _ := v.(object)
	if want == nil || text(want["Enabled"]) == "false" {
		return nil
	}
	if err := a.waitForTable(name); err != nil {
		return err
	}
	have, err := a.clients.dynamo.DescribeTimeToLive(a.ctx, &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		return fmt.Errorf("describe time to live: %w", err)
	}
	if d := have.TimeToLiveDescription; d != nil && d.TimeToLiveStatus == types.TimeToLiveStatusEnabled {
		return nil
	}
	_, err = a.clients.dynamo.UpdateTimeToLive(a.ctx, &dynamodb.UpdateTimeToLiveInput{
		TableName: &name,
		TimeToLiveSpecification: &types.TimeToLiveSpecification{
			AttributeName: aws.String(text(want["AttributeName"])), Enabled: aws.Bool(true),
		},
	})
	if err != nil {
		return fmt.Errorf("enable time to live: %w", err)
	}
	return nil
}

func (a *application) waitForTable(name string) error {
	waiter := dynamodb.NewTableExistsWaiter(a.clients.dynamo, func(o *dynamodb.TableExistsWaiterOptions) {
		o.MinDelay, o.MaxDelay = 100*time.Millisecond, time.Second
	})
	if err := waiter.Wait(a.ctx, &dynamodb.DescribeTableInput{TableName: &name}, tableWait); err != nil {
		return fmt.Errorf("wait for table: %w", err)
	}
	return nil
}

func (a *application) describeTable(name string) (physical, error) {
	out, err := a.clients.dynamo.DescribeTable(a.ctx, &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		return physical{}, fmt.Errorf("describe table: %w", err)
	}
	return physical{ref: name, attrs: map[string]string{
		"Arn": aws.ToString(out.Table.TableArn), "StreamArn": aws.ToString(out.Table.LatestStreamArn),
	}}, nil
}
