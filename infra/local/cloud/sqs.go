package cloud

import (
	"encoding/json"
	"strings"
	"sync"
)

var sqsAPI = api{wire: "AmazonSQS", name: "sqs"}

// queueStore is Amazon SQS: standard and FIFO queues with visibility
// timeouts, delays, long polling and dead-letter queues.
type queueStore struct {
	cloud  *Cloud
	mu     sync.Mutex
	queues map[string]*queue // By name.
	sent   chan struct{}     // Closed and replaced whenever a message is sent.
}

// queueRequest is any operation of the service.
type queueRequest struct {
	messageEntry
	QueueUrl              string
	QueueName             string
	QueueNamePrefix       string
	SourceArn             string
	Attributes            map[string]string
	AttributeNames        []string
	MessageAttributeNames []string
	MaxNumberOfMessages   int
	WaitTimeSeconds       int
	Entries               []messageEntry
}

func (r *queueRequest) resource() string {
	return lastElement(r.QueueUrl+r.QueueName+r.SourceArn, "/")
}

// messageEntry is one message of a request, alone or in a batch.
type messageEntry struct {
	Id                     string
	MessageBody            string
	ReceiptHandle          string
	MessageGroupId         string
	MessageDeduplicationId string
	DelaySeconds           *int
	VisibilityTimeout      *int
	MessageAttributes      map[string]messageAttribute
}

func newQueueStore(c *Cloud) *queueStore {
	s := &queueStore{cloud: c, queues: map[string]*queue{}, sent: make(chan struct{})}
	handle(c, sqsAPI, "CreateQueue", locked(&s.mu, s.create))
	handle(c, sqsAPI, "GetQueueUrl", locked(&s.mu, s.url))
	handle(c, sqsAPI, "ListQueues", locked(&s.mu, s.list))
	handle(c, sqsAPI, "StartMessageMoveTask", locked(&s.mu, s.startMove))
	handleContext(c, sqsAPI, "ReceiveMessage", s.receive)
	s.handle("DeleteQueue", s.remove)
	s.handle("PurgeQueue", purgeQueue)
	s.handle("SetQueueAttributes", setQueueAttributes)
	s.handle("GetQueueAttributes", s.attributes)
	s.handle("SendMessage", s.sendMessage)
	s.handle("SendMessageBatch", batch(s.sendEntry))
	s.handle("DeleteMessage", single(deleteMessage))
	s.handle("DeleteMessageBatch", batch(deleteMessage))
	s.handle("ChangeMessageVisibility", single(s.changeVisibility))
	s.handle("ChangeMessageVisibilityBatch", batch(s.changeVisibility))
	return s
}

// handle registers an operation on the queue that QueueUrl names.
func (s *queueStore) handle(name string, run func(*queue, *queueRequest) (object, error)) {
	handle(s.cloud, sqsAPI, name, locked(&s.mu, func(in *queueRequest) (object, error) {
		q, err := s.find(in.QueueUrl)
		if err != nil {
			return nil, err
		}
		return run(q, in)
	}))
}

// find resolves a queue URL or name.
func (s *queueStore) find(url string) (*queue, error) {
	q := s.queues[lastElement(url, "/")]
	if q == nil {
		return nil, errorf("com.amazonaws.sqs#QueueDoesNotExist", "The specified queue does not exist.")
	}
	return q, nil
}

// byARN finds a queue, or returns nil.
func (s *queueStore) byARN(arn string) *queue {
	return s.queues[lastElement(arn, ":")]
}

// lastElement returns what follows the last separator, or the whole text.
func lastElement(text, separator string) string {
	i := strings.LastIndex(text, separator)
	if i < 0 {
		return text
	}
	return text[i+len(separator):]
}

// single makes an operation on one entry; batch makes one on up to ten.
func single(run func(*queue, messageEntry) (object, error)) func(*queue, *queueRequest) (object, error) {
	return func(q *queue, in *queueRequest) (object, error) { return run(q, in.messageEntry) }
}

// maxEntries is the number of entries a batch may have.
const maxEntries = 10

func batch(run func(*queue, messageEntry) (object, error)) func(*queue, *queueRequest) (object, error) {
	return func(q *queue, in *queueRequest) (object, error) {
		if err := checkEntries(in.Entries); err != nil {
			return nil, err
		}
		successful := []object{}
		failed := []object{}
		for _, entry := range in.Entries {
			result, err := run(q, entry)
			if err != nil {
				failure := asError(err)
				failed = append(failed, object{"Id": entry.Id, "Code": failure.Code, "Message": failure.Message, "SenderFault": true})
				continue
			}
			result["Id"] = entry.Id
			successful = append(successful, result)
		}
		return object{"Successful": successful, "Failed": failed}, nil
	}
}

func checkEntries(entries []messageEntry) error {
	switch {
	case len(entries) == 0:
		return errorf("com.amazonaws.sqs#EmptyBatchRequest", "There should be at least one entry in the request.")
	case len(entries) > maxEntries:
		return errorf("com.amazonaws.sqs#TooManyEntriesInBatchRequest", "Maximum number of entries per request are %d. You have sent %d.", maxEntries, len(entries))
	}
	ids := map[string]bool{}
	for _, entry := range entries {
		if ids[entry.Id] {
			return errorf("com.amazonaws.sqs#BatchEntryIdsNotDistinct", "Two or more batch entries in the request have the same Id.")
		}
		ids[entry.Id] = true
	}
	return nil
}

func (s *queueStore) save() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.queues)
}

func (s *queueStore) load(data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queues = nil // What the snapshot does not have is gone.
	return json.Unmarshal(data, &s.queues)
}
