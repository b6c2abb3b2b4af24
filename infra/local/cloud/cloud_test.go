package cloud_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
)

// clock is a time that only moves when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock {
	return &clock{now: time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)}
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// newCloud returns a cloud in memory with a clock of its own.
func newCloud() (*cloud.Cloud, *clock) {
	c, at := cloud.New(), newClock()
	c.Now = at.Now
	return c, at
}

func configOf(c *cloud.Cloud) aws.Config {
	return cloudtest.Config("http://cloud.local", c)
}

// check stops the test when a step that others build on failed.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, want string) {
	t.Helper()
	apiError, ok := errors.AsType[smithy.APIError](err)
	if !ok || apiError.ErrorCode() != want {
		t.Errorf("got error %v, want code %s", err, want)
	}
}

// createTable makes a table with the key pk, an index over g, a stream and
// time to live in "ttl". It returns the stream's ARN.
func createTable(t *testing.T, c *cloud.Cloud, name string) string {
	t.Helper()
	client := dynamodb.NewFromConfig(configOf(c))
	created, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("pk"), AttributeType: "S"}, {AttributeName: aws.String("g"), AttributeType: "S"},
		},
		KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("pk"), KeyType: "HASH"}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("by-g"), Projection: &types.Projection{ProjectionType: "ALL"},
			KeySchema: []types.KeySchemaElement{{AttributeName: aws.String("g"), KeyType: "HASH"}},
		}},
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_AND_OLD_IMAGES"},
	})
	check(t, err)
	_, err = client.UpdateTimeToLive(t.Context(), &dynamodb.UpdateTimeToLiveInput{
		TableName: &name, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("ttl"), Enabled: aws.Bool(true)},
	})
	check(t, err)
	return *created.TableDescription.LatestStreamArn
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func putItem(t *testing.T, c *cloud.Cloud, table string, item map[string]types.AttributeValue) {
	t.Helper()
	_, err := dynamodb.NewFromConfig(configOf(c)).PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item})
	check(t, err)
}

func getItem(t *testing.T, c *cloud.Cloud, table, key string) map[string]types.AttributeValue {
	t.Helper()
	answer, err := dynamodb.NewFromConfig(configOf(c)).GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: &table, Key: map[string]types.AttributeValue{"pk": text(key)},
	})
	check(t, err)
	return answer.Item
}

// createQueue returns the URL and the ARN of a new queue.
func createQueue(t *testing.T, c *cloud.Cloud, name string) (url, arn string) {
	t.Helper()
	client := sqs.NewFromConfig(configOf(c))
	created, err := client.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name})
	check(t, err)
	return *created.QueueUrl, "arn:aws:sqs:" + c.Region + ":" + c.Account + ":" + name
}

// receive returns the messages of a queue that are visible now.
func receive(t *testing.T, c *cloud.Cloud, url string) []sqsMessage {
	t.Helper()
	answer, err := sqs.NewFromConfig(configOf(c)).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: 10, MessageAttributeNames: []string{"All"},
	})
	check(t, err)
	var messages []sqsMessage
	for _, m := range answer.Messages {
		received := sqsMessage{Body: *m.Body}
		if code, ok := m.MessageAttributes["ERROR_CODE"]; ok {
			received.ErrorCode = *code.StringValue
		}
		messages = append(messages, received)
	}
	return messages
}

type sqsMessage struct {
	Body      string
	ErrorCode string
}
