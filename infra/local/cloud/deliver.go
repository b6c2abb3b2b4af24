package cloud

import (
	"context"
	"fmt"
	"strings"
	"sync"
)

// defaultRetries is how often a failed invocation is repeated when the target
// has no retry policy, as for any asynchronous invocation of a function.
const defaultRetries = 2

// retryPolicy and deadLetterConfig are those of rules and schedules alike.
type retryPolicy struct {
	MaximumRetryAttempts *int `json:",omitempty"`
}

type deadLetterConfig struct {
	Arn string `json:",omitempty"`
}

// delivery is one event on its way to one target.
type delivery struct {
	from    sender
	target  string // ARN of a queue or a function.
	group   string // The message group when the target is a FIFO queue.
	payload []byte
	retries retryPolicy
	dead    deadLetterConfig
}

// deliver sends an event to a queue before it returns, or to a function in
// the background.
func (c *Cloud) deliver(ctx context.Context, d delivery) {
	c.changes.Add(1)
	switch {
	case !c.mayDeliver(d, d.target):
		c.bury(d, "NO_PERMISSIONS", "The target does not let the sender in.")
	case strings.Contains(d.target, ":sqs:"):
		if !c.queues.deliver(d.target, messageEntry{MessageBody: string(d.payload), MessageGroupId: d.group}) {
			c.bury(d, "NO_RESOURCE", "The target queue does not exist.")
		}
	case strings.Contains(d.target, ":lambda:"):
		if c.Invoke == nil {
			return
		}
		c.deliveries.begin()
		go func() {
			defer c.deliveries.end()
			c.invoke(ctx, d)
		}()
	default:
		c.bury(d, "NO_RESOURCE", "Targets of this kind are not served.")
	}
}

func (c *Cloud) invoke(ctx context.Context, d delivery) {
	retries := defaultRetries
	if d.retries.MaximumRetryAttempts != nil {
		retries = *d.retries.MaximumRetryAttempts
	}
	var err error
	for range 1 + max(0, retries) {
		err = c.Invoke(ctx, d.target, d.payload)
		if err == nil {
			return
		}
	}
	c.bury(d, "SDK_CLIENT_ERROR", fmt.Sprintf("The function failed: %v", err))
}

// bury sends an event that could not be delivered to the dead-letter queue of
// its target, if it has one ("Using dead-letter queues to process undelivered
// events", Amazon EventBridge User Guide).
func (c *Cloud) bury(d delivery, code, reason string) {
	if d.dead.Arn == "" || !c.mayDeliver(d, d.dead.Arn) {
		return
	}
	text := func(value string) messageAttribute {
		return messageAttribute{DataType: "String", StringValue: value}
	}
	c.queues.deliver(d.dead.Arn, messageEntry{
		MessageBody: string(d.payload),
		MessageAttributes: map[string]messageAttribute{
			"ERROR_CODE":    text(code),
			"ERROR_MESSAGE": text(reason),
			"TARGET_ARN":    text(d.target),
		},
	})
	c.changes.Add(1)
}

// deliveries counts the invocations in the background.
type deliveries struct {
	mu      sync.Mutex
	running int
	idle    chan struct{} // Closed when running drops to 0; nil when it is 0.
}

func (d *deliveries) begin() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running == 0 {
		d.idle = make(chan struct{})
	}
	d.running++
}

func (d *deliveries) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.running--
	if d.running == 0 {
		close(d.idle)
		d.idle = nil
	}
}

// wait returns when no invocation runs.
func (d *deliveries) wait() {
	d.mu.Lock()
	idle := d.idle
	d.mu.Unlock()
	if idle != nil {
		<-idle
	}
}
