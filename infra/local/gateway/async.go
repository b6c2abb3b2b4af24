package gateway

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// attempts of an asynchronous invocation: the first and two retries, Lambda's default.
const attempts = 3

// InvokeAsync runs a function in the background as Lambda's asynchronous
// invocation does: two retries, then the dead-letter queue when the function
// has one. The function may be an ARN, a physical or a short name.
func (g *Gateway) InvokeAsync(function string, payload []byte) error {
	p, err := g.pool(g.shortName(function))
	if err != nil {
		return err
	}
	return g.inBackground(func() { g.runAsync(p, payload) })
}

func (g *Gateway) runAsync(p *pool, payload []byte) {
	delay := g.cfg.RetryDelay
	for attempt := 1; ; attempt++ {
		_, err := p.invoke(g.stopped, payload)
		if err == nil || g.stopped.Err() != nil {
			return
		}
		if attempt == attempts {
			g.log.printf("gateway", "asynchronous invocation given up: %v", err)
			g.deadLetter(p, payload, err)
			return
		}
		if !g.pause(delay) {
			return
		}
		delay *= 2
	}
}

// deadLetter sends the event with the attributes that Lambda adds.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func (g *Gateway) deadLetter(p *pool, payload []byte, cause error) {
	if p.fn.DeadLetterQueueARN == "" {
		return
	}
	ctx, cancel := context.WithTimeout(g.stopped, 10*time.Second)
	defer cancel()
	name := p.fn.DeadLetterQueueARN[strings.LastIndex(p.fn.DeadLetterQueueARN, ":")+1:]
	queue, err := g.queues.GetQueueUrl(ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err == nil {
		_, err = g.queues.SendMessage(ctx, &sqs.SendMessageInput{
			QueueUrl:          queue.QueueUrl,
			MessageBody:       aws.String(string(payload)),
			MessageAttributes: deadLetterAttributes(cause),
		})
	}
	if err != nil {
		g.log.printf("gateway", "dead-letter queue %s: %v", name, err)
	}
}

func deadLetterAttributes(cause error) map[string]types.MessageAttributeValue {
	code, message := "429", "Throttled"
	var failed *FunctionError
	if errors.As(cause, &failed) {
		code, message = "200", cmp.Or(failed.Message, failed.Type)
	}
	text := func(kind, value string) types.MessageAttributeValue {
		return types.MessageAttributeValue{DataType: aws.String(kind), StringValue: aws.String(value)}
	}
	return map[string]types.MessageAttributeValue{
		"RequestID":    text("String", newID()),
		"ErrorCode":    text("Number", code),
		"ErrorMessage": text("String", message[:min(len(message), 1024)]),
	}
}

// pause waits; false means that the gateway is closing.
func (g *Gateway) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-g.stopped.Done():
		return false
	}
}
