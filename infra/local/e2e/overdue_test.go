package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/tenonhq/tenon/shared/app/sweeps"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

// stamp is how the table writes times.
const stamp = "2006-01-02T15:04:05.000000000Z"

// set writes texts to attributes of a stored item, past every function, and counts
// its version as they do.
func (e *environment) set(t *testing.T, pk, sk string, attributes map[string]string) {
	t.Helper()
	table, sets := e.variable(t, environ.Table), []string{}
	names, values := map[string]string{}, map[string]types.AttributeValue{":one": &types.AttributeValueMemberN{Value: "1"}}
	for name, value := range attributes {
		sets = append(sets, "#"+name+" = :"+name)
		names["#"+name], values[":"+name] = name, textValue(value)
	}
	change, condition := "SET "+strings.Join(sets, ", ")+" ADD v :one", "attribute_exists(pk)"
	_, err := dynamodb.NewFromConfig(e.aws).UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: &table, Key: map[string]types.AttributeValue{"pk": textValue(pk), "sk": textValue(sk)},
		UpdateExpression: &change, ConditionExpression: &condition, ExpressionAttributeNames: names, ExpressionAttributeValues: values,
	})
	if err != nil {
		t.Fatalf("set %s / %s: %v", pk, sk, err)
	}
}

func textValue(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

// overdue lets the work on a record have been due a minute ago, where it was
// planned for later, sweeps, and brings the message once more besides: a sweep
// looks for what it passed only now and then while its queue is not empty.
func (e *environment) overdue(t *testing.T, index due.Index, item due.Item) {
	t.Helper()
	item.At = time.Now().UTC().Add(-time.Minute)
	job := strings.TrimSuffix(string(index), "-due")
	e.set(t, item.Tenant+"#"+item.Kind, item.ID, map[string]string{job + "Due": item.At.Format(stamp)})
	e.run(t, routes.JobDueSweep.Route)
	for _, lane := range sweeps.Lanes() {
		if lane.Index == index {
			e.enqueue(t, lane.Consumer, item)
		}
	}
	e.drain(t)
}

// enqueue sends a message to a consumer by hand, as a queue that brings one twice
// would.
func (e *environment) enqueue(t *testing.T, consumer *routes.Route, item due.Item) {
	t.Helper()
	body, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	client := sqs.NewFromConfig(e.aws)
	list, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	_, of, _ := strings.Cut(consumer.Name, "-")
	for _, url := range list.QueueUrls {
		if strings.Contains(strings.ToLower(url), "queue"+of+"queue") {
			text := string(body)
			if _, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &text}); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("%s has no queue among %q", consumer.Name, list.QueueUrls)
}
