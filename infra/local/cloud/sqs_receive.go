package cloud

import (
	"context"
	"slices"
	"strconv"
	"time"
)

// receive answers the messages that are due. Without any it waits up to
// WaitTimeSeconds of real time, whatever the cloud's clock says.
func (s *queueStore) receive(ctx context.Context, in *queueRequest) (object, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.find(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	if err := checkSeconds("VisibilityTimeout", in.VisibilityTimeout, maxVisibility); err != nil {
		return nil, err
	}
	if err := checkSeconds("WaitTimeSeconds", &in.WaitTimeSeconds, maxWait); err != nil {
		return nil, err
	}
	wait := in.WaitTimeSeconds
	if wait == 0 {
		wait = q.number("ReceiveMessageWaitTimeSeconds", 0)
	}
	timeout := time.NewTimer(time.Duration(wait) * time.Second)
	defer timeout.Stop()
	messages := s.take(q, in)
	for waiting := wait > 0; waiting && len(messages) == 0; messages = s.take(q, in) {
		waiting = s.wait(ctx, timeout.C)
	}
	answers := []object{}
	for _, m := range messages {
		answers = append(answers, m.received(in))
	}
	return object{"Messages": answers}, nil
}

// pollInterval is how soon a waiting receiver sees a message whose delay or
// visibility timeout ended.
const pollInterval = 100 * time.Millisecond

// wait releases the lock until something may have changed. It reports false
// when waiting is over.
func (s *queueStore) wait(ctx context.Context, timeout <-chan time.Time) bool {
	sent := s.sent
	s.mu.Unlock()
	defer s.mu.Lock()
	select {
	case <-ctx.Done():
		return false
	case <-timeout:
		return false
	case <-sent:
	case <-time.After(pollInterval):
	}
	return true
}

// take hands out visible messages, and moves those received too often to the
// dead-letter queue.
func (s *queueStore) take(q *queue, in *queueRequest) []*message {
	now := s.cloud.Now()
	visibility := q.number("VisibilityTimeout", defaultVisibility)
	if in.VisibilityTimeout != nil {
		visibility = *in.VisibilityTimeout
	}
	retention := time.Duration(q.number("MessageRetentionPeriod", defaultRetention)) * time.Second
	target, limit := q.redrive()
	deadLetters := s.byARN(target)
	busy := q.busyGroups(now)
	limitTaken := max(1, min(in.MaxNumberOfMessages, maxEntries))
	var taken, kept []*message
	for _, m := range q.Messages {
		switch {
		case now.Sub(m.Sent) >= retention:
			continue
		case now.Before(m.Visible) || len(taken) == limitTaken || busy[m.Group]:
		case limit > 0 && m.Receives >= limit && deadLetters != nil && deadLetters != q:
			m.Visible = now
			deadLetters.Messages = append(deadLetters.Messages, m)
			continue
		default:
			m.receive(now, time.Duration(visibility)*time.Second)
			taken = append(taken, m)
		}
		kept = append(kept, m)
	}
	if len(taken) > 0 || len(kept) < len(q.Messages) {
		s.cloud.changes.Add(1)
	}
	q.Messages = kept
	return taken
}

// busyGroups returns the FIFO groups with a message in flight.
func (q *queue) busyGroups(now time.Time) map[string]bool {
	busy := map[string]bool{}
	if !q.isFIFO() {
		return busy
	}
	for _, m := range q.Messages {
		if m.Receives > 0 && now.Before(m.Visible) {
			busy[m.Group] = true
		}
	}
	return busy
}

func (m *message) receive(now time.Time, visibility time.Duration) {
	m.Receives++
	if m.Receives == 1 {
		m.Received = now
	}
	m.Visible = now.Add(visibility)
	m.Receipt = m.ID + "#" + newUUID()
}

func (m *message) received(in *queueRequest) object {
	attributes := map[string]string{
		"ApproximateReceiveCount":          strconv.Itoa(m.Receives),
		"SentTimestamp":                    strconv.FormatInt(m.Sent.UnixMilli(), 10),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.Received.UnixMilli(), 10),
	}
	if m.Group != "" {
		attributes["MessageGroupId"] = m.Group
	}
	answer := object{
		"MessageId":     m.ID,
		"ReceiptHandle": m.Receipt,
		"Body":          m.Body,
		"MD5OfBody":     hexMD5([]byte(m.Body)),
		"Attributes":    attributes,
	}
	if len(m.Attributes) > 0 && len(in.MessageAttributeNames) > 0 {
		answer["MessageAttributes"] = m.Attributes
		answer["MD5OfMessageAttributes"] = attributesMD5(m.Attributes)
	}
	return answer
}

// deleteMessage removes a message by its latest receipt; an older receipt
// succeeds without effect.
func deleteMessage(q *queue, entry messageEntry) (object, error) {
	q.Messages = slices.DeleteFunc(q.Messages, func(m *message) bool {
		return m.Receipt != "" && m.Receipt == entry.ReceiptHandle
	})
	return object{}, nil
}

func (s *queueStore) changeVisibility(q *queue, entry messageEntry) (object, error) {
	if err := checkSeconds("VisibilityTimeout", entry.VisibilityTimeout, maxVisibility); err != nil {
		return nil, err
	}
	seconds := 0
	if entry.VisibilityTimeout != nil {
		seconds = *entry.VisibilityTimeout
	}
	for _, m := range q.Messages {
		if m.Receipt != "" && m.Receipt == entry.ReceiptHandle {
			m.Visible = s.cloud.Now().Add(time.Duration(seconds) * time.Second)
			return object{}, nil
		}
	}
	return nil, errorf("com.amazonaws.sqs#ReceiptHandleIsInvalid", "The specified receipt handle isn't valid.")
}
