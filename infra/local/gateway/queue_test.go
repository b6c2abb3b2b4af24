package gateway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/gateway"
)

// desk is a queue with a dead-letter queue after two receptions.
type desk struct {
	cfg       aws.Config
	sqs       *sqs.Client
	url, dead string
	deadARN   string
}

func newDesk(t *testing.T, visibility string) *desk {
	t.Helper()
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
	})
	d := &desk{cfg: aws.Config{Region: "eu-west-1", HTTPClient: cloud.New(), Credentials: credentials}}
	d.sqs = sqs.NewFromConfig(d.cfg)
	d.dead = d.create(t, "dead", nil)
	d.deadARN = "arn:aws:sqs:eu-west-1:123456789012:dead"
	d.url = d.create(t, "work", map[string]string{
		"VisibilityTimeout": visibility,
		"RedrivePolicy":     `{"deadLetterTargetArn":"` + d.deadARN + `","maxReceiveCount":2}`,
	})
	return d
}

func (d *desk) create(t *testing.T, name string, attributes map[string]string) string {
	t.Helper()
	out, err := d.sqs.CreateQueue(t.Context(), &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
	if err != nil {
		t.Fatal(err)
	}
	return *out.QueueUrl
}

func (d *desk) send(t *testing.T, bodies ...string) {
	t.Helper()
	for _, body := range bodies {
		_, err := d.sqs.SendMessage(t.Context(), &sqs.SendMessageInput{
			QueueUrl: &d.url, MessageBody: &body,
			MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("test")}},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// count returns how many messages a queue holds, visible and not.
func (d *desk) count(t *testing.T, url string) (visible, hidden string) {
	t.Helper()
	out, err := d.sqs.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Attributes["ApproximateNumberOfMessages"], out.Attributes["ApproximateNumberOfMessagesNotVisible"]
}

func (d *desk) empty(t *testing.T) bool {
	visible, hidden := d.count(t, d.url)
	return visible == "0" && hidden == "0"
}

// deadBodies takes what is in the dead-letter queue.
func (d *desk) deadBodies(t *testing.T) []string {
	t.Helper()
	out, err := d.sqs.ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &d.dead, MaxNumberOfMessages: 10})
	if err != nil {
		t.Fatal(err)
	}
	var bodies []string
	for _, m := range out.Messages {
		bodies = append(bodies, *m.Body)
	}
	slices.Sort(bodies)
	return bodies
}

func TestQueueBatches(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		partial  bool
		messages []string
		dead     []string
	}{
		{"EVT-03 partial failure", true, []string{"fine", "fail"}, []string{"fail"}},
		{"all fine", true, []string{"fine", "good"}, nil},
		{"malformed answer", true, []string{"confuse", "fine"}, []string{"confuse", "fine"}},
		{"function error", true, []string{"fine", "error"}, []string{"error", "fine"}},
		{"answer not asked for", false, []string{"fail", "fine"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, "600")
			d.send(t, c.messages...)
			var log output
			start(t, gateway.Config{AWS: d.cfg, Log: &log, Queues: []gateway.Queue{{
				URL: d.url, Function: "fn", MaximumConcurrency: 1, ReportBatchItemFailures: c.partial, RetryAfter: time.Second,
			}}})
			eventually(t, "queue is empty", func() bool { return d.empty(t) })
			if diff := cmp.Diff(c.dead, d.deadBodies(t)); diff != "" {
				t.Errorf("dead letters (-want +got):\n%s", diff)
			}
			for _, body := range c.messages {
				want := 1
				if slices.Contains(c.dead, body) {
					want = 2
				}
				eventually(t, fmt.Sprintf("%q is handled %d times", body, want), func() bool {
					return strings.Count(log.String(), "fn | message "+body+"\n") == want
				})
			}
		})
	}
}

func TestFailedMessageWaitsForTheVisibilityTimeout(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "600")
	d.send(t, "fail", "fine")
	var log output
	start(t, gateway.Config{AWS: d.cfg, Log: &log, Queues: []gateway.Queue{{URL: d.url, Function: "fn", ReportBatchItemFailures: true, MaximumConcurrency: 1}}})
	eventually(t, "only the failed message is left, hidden", func() bool {
		visible, hidden := d.count(t, d.url)
		return visible == "0" && hidden == "1"
	})
}

func TestQueueEvent(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "30")
	d.send(t, "show")
	var log output
	start(t, gateway.Config{AWS: d.cfg, Log: &log, Queues: []gateway.Queue{{URL: d.url, Function: "fn"}}})
	var line string
	eventually(t, "the event is in the log", func() bool {
		_, after, _ := strings.Cut(log.String(), "fn | event ")
		var whole bool
		line, _, whole = strings.Cut(after, "\n")
		return whole
	})
	var event events.SQSEvent
	if err := json.Unmarshal([]byte(line), &event); err != nil {
		t.Fatalf("event %q: %v", line, err)
	}
	got := event.Records[0]
	if got.MessageId == "" || got.ReceiptHandle == "" || got.Md5OfBody == "" || got.Attributes["ApproximateReceiveCount"] != "1" || got.Attributes["SentTimestamp"] == "" {
		t.Errorf("record %+v", got)
	}
	got.MessageId, got.ReceiptHandle, got.Md5OfBody, got.Attributes = "", "", "", nil
	want := events.SQSMessage{
		Body: "show", EventSource: "aws:sqs", EventSourceARN: "arn:aws:sqs:eu-west-1:123456789012:work", AWSRegion: "eu-west-1",
		MessageAttributes: map[string]events.SQSMessageAttribute{"kind": {
			DataType: "String", StringValue: aws.String("test"), StringListValues: []string{}, BinaryListValues: [][]byte{},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("record (-want +got):\n%s", diff)
	}
}

func TestQueueMaximumConcurrency(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "30")
	gate := filepath.Join(t.TempDir(), "open")
	for range 5 {
		d.send(t, "wait "+gate)
	}
	var log output
	start(t, gateway.Config{AWS: d.cfg, Log: &log, Processes: 5, Queues: []gateway.Queue{{URL: d.url, Function: "fn", BatchSize: 1, MaximumConcurrency: 2}}})
	eventually(t, "two messages are worked on", func() bool { return strings.Count(log.String(), "message") == 2 })
	if visible, hidden := d.count(t, d.url); visible != "3" || hidden != "2" {
		t.Errorf("%s messages wait and %s are taken, want 3 and 2", visible, hidden)
	}
	if err := os.WriteFile(gate, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	eventually(t, "queue is empty", func() bool { return d.empty(t) })
}

func TestAsynchronousInvocationEndsInDeadLetterQueue(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "30")
	var log output
	g := start(t, gateway.Config{AWS: d.cfg, Log: &log, Prefix: "tenon-local-", RetryDelay: time.Millisecond, Functions: []gateway.Function{
		{Name: "fn", Binary: binaries.one, Timeout: 30 * time.Second, DeadLetterQueueARN: d.deadARN},
	}})
	const event = `{"do":"error"}`
	if err := g.InvokeAsync("arn:aws:lambda:eu-west-1:123456789012:function:tenon-local-fn", []byte(event)); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the event is a dead letter", func() bool { visible, _ := d.count(t, d.dead); return visible == "1" })
	if diff := cmp.Diff([]string{event}, d.deadBodies(t)); diff != "" {
		t.Errorf("dead letters (-want +got):\n%s", diff)
	}
	eventually(t, "three attempts", func() bool { return strings.Count(log.String(), "told to fail") == 3 })
}

func TestUnreachableQueueDoesNotStopTheGateway(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "30")
	var log output
	g := start(t, gateway.Config{AWS: d.cfg, Log: &log, Queues: []gateway.Queue{{URL: fmt.Sprint(d.url, "-gone"), Function: "fn"}}})
	eventually(t, "the failure is noted", func() bool { return strings.Contains(log.String(), "gateway | queue ") })
	if got := invoke[string](t, g, object{"do": "version"}); got != "1" {
		t.Errorf("got %q", got)
	}
}
