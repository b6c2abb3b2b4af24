package sqs_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/due/duetest"
	"github.com/tenonhq/tenon/shared/sqs"
)

var at = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// desk is a queue of a local AWS whose clock the test sets.
type desk struct {
	sqs.Queue
	cloud  *cloud.Cloud
	client *sdk.Client
	begun  time.Time

	mu  sync.Mutex
	now time.Time
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{cloud: cloud.New(), begun: at, now: at}
	d.cloud.Now = func() time.Time { d.mu.Lock(); defer d.mu.Unlock(); return d.now }
	d.client = sdk.NewFromConfig(awstest.Config(d.cloud))
	made, err := d.client.CreateQueue(t.Context(), &sdk.CreateQueueInput{QueueName: aws.String("work"), Attributes: map[string]string{"VisibilityTimeout": "600"}})
	if err != nil {
		t.Fatal(err)
	}
	d.Queue = sqs.Queue{Client: d.client, URL: *made.QueueUrl}
	return d
}

func (d *desk) at(after time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.begun.Add(after)
}

// receive takes the messages that can be seen and leaves them in flight.
func (d *desk) receive(t *testing.T) []types.Message {
	t.Helper()
	var all []types.Message
	for {
		out, err := d.client.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{
			QueueUrl: &d.URL, MaxNumberOfMessages: 10, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Messages) == 0 {
			return all
		}
		all = append(all, out.Messages...)
	}
}

func (d *desk) take(t *testing.T, after time.Duration) []due.Item {
	t.Helper()
	d.at(after)
	var items []due.Item
	for _, m := range d.receive(t) {
		var item due.Item
		if err := json.Unmarshal([]byte(*m.Body), &item); err != nil {
			t.Fatal(err)
		}
		if _, err := d.client.DeleteMessage(t.Context(), &sdk.DeleteMessageInput{QueueUrl: &d.URL, ReceiptHandle: m.ReceiptHandle}); err != nil {
			t.Fatal(err)
		}
		items = append(items, item)
	}
	return items
}

func messages(n int) []due.Message {
	all := make([]due.Message, n)
	for i := range all {
		all[i].Item = due.Item{Tenant: fmt.Sprint("tenant-", i%2), Kind: "connection", ID: fmt.Sprintf("con_%02d", i), At: at}
	}
	return all
}

func TestQueue(t *testing.T) {
	duetest.RunQueue(t, func(t *testing.T) (due.Queue, func(time.Duration) []due.Item) {
		d := newDesk(t)
		return d, func(after time.Duration) []due.Item { return d.take(t, after) }
	})
}

// What is delayed and what is in flight is not done with either.
func TestDepthCountsWhatIsNotDoneWith(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	all := messages(12)
	all[0].Delay, all[1].Delay = time.Minute, time.Minute
	if unsent, err := d.Send(t.Context(), all); len(unsent) != 0 || err != nil {
		t.Fatal(unsent, err)
	}
	if flying := d.receive(t); len(flying) != 10 {
		t.Fatalf("%d messages could be seen, want 10", len(flying))
	}
	if _, err := d.Send(t.Context(), messages(3)); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Depth(t.Context()); got != 15 || err != nil {
		t.Errorf("got %d, %v; want 2 delayed, 10 in flight and 3 that wait", got, err)
	}
}

// The tenant is the group of the message, which on a standard queue keeps no
// other message of the group back.
func TestMessagesAreGroupedByTenant(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if _, err := d.Send(t.Context(), messages(4)); err != nil {
		t.Fatal(err)
	}
	got := d.receive(t)
	if len(got) != 4 {
		t.Errorf("%d messages can be seen at once, want all four", len(got))
	}
	for _, m := range got {
		if group := m.Attributes["MessageGroupId"]; !strings.Contains(*m.Body, `"tenant":"`+group+`"`) {
			t.Errorf("%s is in the group %q", *m.Body, group)
		}
	}
}

// One message that SQS refuses keeps none of the others of its batch back.
func TestMessageThatIsRefusedIsUnsent(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	all := messages(25)
	all[3].Delay, all[17].Item.ID = 16*time.Minute, strings.Repeat("x", 1<<20)
	unsent, err := d.Send(t.Context(), all)
	if err != nil || len(unsent) != 2 || unsent[0].Item.ID != "con_03" || unsent[1].Delay != 0 {
		t.Errorf("got %d unsent, %v; want the fourth and the eighteenth", len(unsent), err)
	}
	if got, err := d.Depth(t.Context()); got != 23 || err != nil {
		t.Errorf("depth: got %d, %v, want 23", got, err)
	}
}

// A request that fails leaves its messages unsent, and those of the others are
// sent.
func TestRequestThatFails(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.cloud.Fault = func(target string, body []byte) error {
		if strings.HasSuffix(target, "SendMessageBatch") && bytes.Contains(body, []byte("con_15")) {
			return &cloud.Error{Status: 400, Code: "AccessDenied", Message: "no"}
		}
		return nil
	}
	unsent, err := d.Send(t.Context(), messages(25))
	if err == nil || len(unsent) != 10 || unsent[0].Item.ID != "con_10" {
		t.Errorf("got %d unsent, %v; want the second ten and the failure", len(unsent), err)
	}
	if got := len(d.take(t, 0)); got != 15 {
		t.Errorf("%d messages arrived, want 15", got)
	}
	d.cloud.Fault = func(string, []byte) error { return errors.New("down") }
	if _, err := d.Depth(t.Context()); err == nil {
		t.Error("the depth of a queue that does not answer is no failure")
	}
}
