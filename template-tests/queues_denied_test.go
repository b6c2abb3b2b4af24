package templatetests_test

import (
	"strings"
	"testing"
)

// TestQueueSenders: the rule of the stage sends to the one queue that it feeds,
// and no service to any other queue.
func TestQueueSenders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const service = "events.amazonaws.com"
	fed, rule := w.names.arn("QueueNotifyQueue"), w.names.arn("QueueNotifyRule")
	ours := conditions{"aws:SourceArn": {rule}, "aws:SecureTransport": {"true"}}
	queues := 0
	for resource := range w.resources {
		if !strings.HasPrefix(resource, "arn:aws:sqs:") {
			continue
		}
		queues++
		if got := w.serviceMay(service, "sqs:SendMessage", resource, ours); got != (resource == fed) {
			t.Errorf("the rule may send to %s: %t", resource, got)
		}
		if w.serviceMay("sns.amazonaws.com", "sqs:SendMessage", resource, ours) || w.serviceMay(service, "sqs:ReceiveMessage", resource, ours) {
			t.Errorf("others use %s", resource)
		}
	}
	if queues < 10 {
		t.Errorf("%d queues with policies", queues)
	}
	for _, context := range []conditions{
		nil,
		{"aws:SourceArn": {strings.Replace(rule, accountID, stranger, 1)}},
		{"aws:SourceArn": {rule + "-other"}},
		{"aws:SourceArn": {rule}, "aws:SecureTransport": {"false"}},
	} {
		if w.serviceMay(service, "sqs:SendMessage", fed, context) {
			t.Errorf("sends when %v", context)
		}
	}
}

// TestQueuesInTheClear: no role uses a queue without TLS.
func TestQueuesInTheClear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, c := range w.calls() {
		if strings.HasPrefix(c.action, "sqs:") {
			c.context = conditions{"aws:SecureTransport": {"false"}}
			w.nobodyMay(t, "in the clear", c)
		}
	}
}
