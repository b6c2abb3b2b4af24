package cloud

import (
	"maps"
	"time"
)

// Defaults and limits of queues, in seconds and bytes.
const (
	defaultVisibility = 30
	defaultRetention  = 4 * 24 * 60 * 60
	maxDelay          = 15 * 60
	maxVisibility     = 12 * 60 * 60
	maxWait           = 20
	maxBodySize       = 1 << 20
)

// deduplicationInterval is how long a FIFO queue drops repeated messages.
const deduplicationInterval = 5 * time.Minute

type messageAttribute struct {
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

type message struct {
	ID         string
	Body       string
	Receipt    string // Of the latest receive.
	Group      string // FIFO only.
	Attributes map[string]messageAttribute
	Sent       time.Time
	Received   time.Time // First receive.
	Visible    time.Time
	Receives   int
}

func (s *queueStore) sendMessage(q *queue, in *queueRequest) (object, error) {
	return s.sendEntry(q, in.messageEntry)
}

func (s *queueStore) sendEntry(q *queue, entry messageEntry) (object, error) {
	if n := len(entry.MessageBody); n == 0 || n > maxBodySize {
		return nil, errorf("com.amazonaws.sqs#InvalidParameterValue", "The message body must be between 1 and %d bytes long.", maxBodySize)
	}
	if q.isFIFO() && entry.MessageGroupId == "" {
		return nil, errorf("com.amazonaws.sqs#MissingParameter", "The request must contain the parameter MessageGroupId.")
	}
	if err := checkSeconds("DelaySeconds", entry.DelaySeconds, maxDelay); err != nil {
		return nil, err
	}
	m := s.send(q, entry)
	answer := object{"MessageId": m.ID, "MD5OfMessageBody": hexMD5([]byte(entry.MessageBody))}
	if len(entry.MessageAttributes) > 0 {
		answer["MD5OfMessageAttributes"] = attributesMD5(entry.MessageAttributes)
	}
	return answer, nil
}

// send appends a message unless a FIFO queue has already seen it.
func (s *queueStore) send(q *queue, entry messageEntry) *message {
	now := s.cloud.Now()
	delay := q.number("DelaySeconds", 0)
	if entry.DelaySeconds != nil {
		delay = *entry.DelaySeconds
	}
	m := &message{
		ID:         newUUID(),
		Body:       entry.MessageBody,
		Group:      entry.MessageGroupId,
		Attributes: entry.MessageAttributes,
		Sent:       now,
		Visible:    now.Add(time.Duration(delay) * time.Second),
	}
	if q.isFIFO() && q.isDuplicate(entry, now) {
		return m
	}
	q.Messages = append(q.Messages, m)
	s.announce()
	return m
}

func (q *queue) isDuplicate(entry messageEntry, now time.Time) bool {
	id := entry.MessageDeduplicationId
	if id == "" {
		id = hexMD5([]byte(entry.MessageBody))
	}
	maps.DeleteFunc(q.Duplicates, func(_ string, first time.Time) bool {
		return now.Sub(first) >= deduplicationInterval
	})
	_, seen := q.Duplicates[id]
	if !seen {
		q.Duplicates[id] = now
	}
	return seen
}

// announce wakes everyone who waits for messages.
func (s *queueStore) announce() {
	close(s.sent)
	s.sent = make(chan struct{})
}

// deliver sends a message to a queue by ARN and reports whether it exists.
func (s *queueStore) deliver(arn string, entry messageEntry) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.byARN(arn)
	if q == nil {
		return false
	}
	s.send(q, entry)
	return true
}
