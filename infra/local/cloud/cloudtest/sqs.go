package cloudtest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// inbox is one queue of its own for one probe.
type inbox struct {
	*suite
	client *sqs.Client
	url    string
	arn    string
}

func (s *suite) inbox(suffix string, attributes map[string]string) *inbox {
	q := &inbox{suite: s, client: sqs.NewFromConfig(s.cfg)}
	created, err := q.client.CreateQueue(s.ctx, &sqs.CreateQueueInput{QueueName: aws.String(unique("queue") + suffix), Attributes: attributes})
	s.ok(err)
	q.url = aws.ToString(created.QueueUrl)
	q.arn = q.attributes()["QueueArn"]
	return q
}

func (q *inbox) attributes() map[string]string {
	answer, err := q.client.GetQueueAttributes(q.ctx, &sqs.GetQueueAttributesInput{QueueUrl: &q.url, AttributeNames: []types.QueueAttributeName{"All"}})
	q.ok(err)
	return answer.Attributes
}

func (q *inbox) send(body string) {
	_, err := q.client.SendMessage(q.ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: &body})
	q.ok(err)
}

// receive returns up to ten messages, waiting for the first.
func (q *inbox) receive(seconds int32) []types.Message {
	answer, err := q.client.ReceiveMessage(q.ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &q.url, MaxNumberOfMessages: 10, WaitTimeSeconds: seconds,
		MessageAttributeNames: []string{"All"}, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
	})
	q.ok(err)
	return answer.Messages
}

func bodies(messages []types.Message) []string {
	var list []string
	for _, m := range messages {
		list = append(list, aws.ToString(m.Body))
	}
	return list
}

func (q *inbox) makeVisible(m types.Message) {
	_, err := q.client.ChangeMessageVisibility(q.ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: &q.url, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: 0})
	q.ok(err)
}

// withDeadLetters creates a queue that allows one receive, and its
// dead-letter queue.
func (s *suite) withDeadLetters() (queue, dead *inbox) {
	dead = s.inbox("", nil)
	queue = s.inbox("", map[string]string{"RedrivePolicy": fmt.Sprintf(`{"deadLetterTargetArn":%q,"maxReceiveCount":1}`, dead.arn)})
	return queue, dead
}

func entries(count int) []types.SendMessageBatchRequestEntry {
	var list []types.SendMessageBatchRequestEntry
	for n := range count {
		id := strconv.Itoa(n)
		list = append(list, types.SendMessageBatchRequestEntry{Id: &id, MessageBody: &id})
	}
	return list
}

var queueProbes = []probe{
	{"send and receive: body, attributes and receive count", func(s *suite) {
		q := s.inbox("", nil)
		_, err := q.client.SendMessage(s.ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: aws.String("hi"), MessageAttributes: map[string]types.MessageAttributeValue{
			"a": {DataType: aws.String("String"), StringValue: aws.String("b")},
			"c": {DataType: aws.String("Binary"), BinaryValue: []byte{1}},
		}})
		s.ok(err)
		messages := q.receive(0)
		s.equal("bodies", bodies(messages), []string{"hi"})
		s.equal("attributes", len(messages[0].MessageAttributes), 2)
		s.equal("receive count", messages[0].Attributes["ApproximateReceiveCount"], "1")
	}},
	{"visibility: a received message is hidden", func(s *suite) {
		q := s.inbox("", nil)
		q.send("hi")
		s.equal("first", len(q.receive(0)), 1)
		s.equal("second", len(q.receive(0)), 0)
		attributes := q.attributes()
		s.equal("visible", attributes["ApproximateNumberOfMessages"], "0")
		s.equal("in flight", attributes["ApproximateNumberOfMessagesNotVisible"], "1")
	}},
	{"visibility: set to 0 the message returns", func(s *suite) {
		q := s.inbox("", nil)
		q.send("hi")
		q.makeVisible(q.receive(0)[0])
		messages := q.receive(0)
		s.equal("bodies", bodies(messages), []string{"hi"})
		s.equal("receive count", messages[0].Attributes["ApproximateReceiveCount"], "2")
	}},
	{"visibility: after the timeout the message returns", func(s *suite) {
		q := s.inbox("", map[string]string{"VisibilityTimeout": "1"})
		q.send("hi")
		s.equal("first", len(q.receive(0)), 1)
		s.equal("after the timeout", len(q.receive(8)), 1)
	}},
	{"delete: a deleted message does not return", func(s *suite) {
		q := s.inbox("", map[string]string{"VisibilityTimeout": "0"})
		q.send("hi")
		_, err := q.client.DeleteMessage(s.ctx, &sqs.DeleteMessageInput{QueueUrl: &q.url, ReceiptHandle: q.receive(0)[0].ReceiptHandle})
		s.ok(err)
		s.equal("messages", len(q.receive(0)), 0)
	}},
	{"dead letters: a message received too often moves", func(s *suite) {
		q, dead := s.withDeadLetters()
		q.send("poison")
		q.makeVisible(q.receive(0)[0])
		s.equal("queue", bodies(q.receive(0)), []string(nil))
		s.equal("dead letters", bodies(dead.receive(0)), []string{"poison"})
	}},
	{"dead letters: moved back on request", func(s *suite) {
		q, dead := s.withDeadLetters()
		q.send("poison")
		q.makeVisible(q.receive(0)[0])
		q.receive(0)
		_, err := q.client.StartMessageMoveTask(s.ctx, &sqs.StartMessageMoveTaskInput{SourceArn: &dead.arn})
		s.ok(err)
		s.equal("queue", bodies(q.receive(2)), []string{"poison"})
	}},
	{"batch: ten messages sent, received and deleted", func(s *suite) {
		q := s.inbox("", nil)
		sent, err := q.client.SendMessageBatch(s.ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries(10)})
		s.ok(err)
		s.equal("sent", len(sent.Successful), 10)
		var deletions []types.DeleteMessageBatchRequestEntry
		for _, m := range q.receive(0) {
			deletions = append(deletions, types.DeleteMessageBatchRequestEntry{Id: m.Body, ReceiptHandle: m.ReceiptHandle})
		}
		deleted, err := q.client.DeleteMessageBatch(s.ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &q.url, Entries: deletions})
		s.ok(err)
		s.equal("deleted", len(deleted.Successful), 10)
	}},
	{"batch: eleven messages are refused", func(s *suite) {
		q := s.inbox("", nil)
		_, err := q.client.SendMessageBatch(s.ctx, &sqs.SendMessageBatchInput{QueueUrl: &q.url, Entries: entries(11)})
		s.code(err, "TooManyEntriesInBatchRequest", "AWS.SimpleQueueService.TooManyEntriesInBatchRequest")
	}},
	{"long poll: returns at once when there is a message", func(s *suite) {
		q := s.inbox("", nil)
		q.send("hi")
		start := time.Now()
		s.equal("messages", len(q.receive(10)), 1)
		s.expect("took less than half the wait", time.Since(start) < 5*time.Second)
	}},
	{"long poll: waits on an empty queue", func(s *suite) {
		q := s.inbox("", nil)
		start := time.Now()
		s.equal("messages", len(q.receive(1)), 0)
		s.expect("took almost a second", time.Since(start) > 800*time.Millisecond)
	}},
	{"delay: a delayed message comes later", func(s *suite) {
		q := s.inbox("", nil)
		_, err := q.client.SendMessage(s.ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: aws.String("later"), DelaySeconds: 3})
		s.ok(err)
		s.equal("at once", len(q.receive(0)), 0)
		s.equal("later", len(q.receive(8)), 1)
	}},
	{"delay: more than 15 minutes are invalid", func(s *suite) {
		q := s.inbox("", nil)
		_, err := q.client.SendMessage(s.ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: aws.String("later"), DelaySeconds: 901})
		s.code(err, "InvalidParameterValue")
	}},
	{"fifo: repeated content is dropped", func(s *suite) {
		q := s.inbox(".fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
		for range 2 {
			_, err := q.client.SendMessage(s.ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: aws.String("same"), MessageGroupId: aws.String("g")})
			s.ok(err)
		}
		s.equal("bodies", bodies(q.receive(0)), []string{"same"})
	}},
	{"fifo: a group waits for its message in flight", func(s *suite) {
		q := s.inbox(".fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true"})
		for _, body := range []string{"first", "second"} {
			_, err := q.client.SendMessage(s.ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: &body, MessageGroupId: aws.String("g")})
			s.ok(err)
		}
		one := &sqs.ReceiveMessageInput{QueueUrl: &q.url, MaxNumberOfMessages: 1}
		answer, err := q.client.ReceiveMessage(s.ctx, one)
		s.ok(err)
		s.equal("first", bodies(answer.Messages), []string{"first"})
		answer, err = q.client.ReceiveMessage(s.ctx, one)
		s.ok(err)
		s.equal("blocked", bodies(answer.Messages), []string(nil))
	}},
	{"queue: unknown", func(s *suite) {
		q := s.inbox("", nil)
		q.url += "-nope"
		_, err := q.client.SendMessage(s.ctx, &sqs.SendMessageInput{QueueUrl: &q.url, MessageBody: aws.String("x")})
		s.code(err, "QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue")
	}},
	{"queue: a name with a dot is invalid", func(s *suite) {
		_, err := sqs.NewFromConfig(s.cfg).CreateQueue(s.ctx, &sqs.CreateQueueInput{QueueName: aws.String("a.b")})
		s.code(err, "InvalidParameterValue")
	}},
	{"queue: found by name, attributes kept", func(s *suite) {
		q := s.inbox("", map[string]string{"VisibilityTimeout": "7"})
		answer, err := q.client.GetQueueUrl(s.ctx, &sqs.GetQueueUrlInput{QueueName: aws.String(q.url[strings.LastIndex(q.url, "/")+1:])})
		s.ok(err)
		s.equal("URL", aws.ToString(answer.QueueUrl), q.url)
		attributes := q.attributes()
		s.equal("attribute", attributes["VisibilityTimeout"], "7")
	}},
}
