package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// Queue is an SQS event source of a function.
type Queue struct {
	URL                string
	Function           string // short name
	BatchSize          int    // 1 to 10; 0 means 10
	MaximumConcurrency int    // batches at once; 0 means 2

	// ReportBatchItemFailures: the function answers which messages failed.
	ReportBatchItemFailures bool
	// RetryAfter is when a failed message becomes visible again; 0 leaves it
	// to the queue's visibility timeout, as Lambda does.
	RetryAfter time.Duration
}

const (
	pollWait     = 10 // seconds of long polling
	pollRecovery = time.Second
)

// poll starts the pollers of every queue.
func (g *Gateway) poll(queues []Queue) {
	for _, q := range queues {
		if q.BatchSize == 0 {
			q.BatchSize = 10
		}
		q.BatchSize = min(q.BatchSize, 10)
		if q.MaximumConcurrency == 0 {
			q.MaximumConcurrency = 2
		}
		for range q.MaximumConcurrency {
			g.background.Go(func() { g.pollQueue(q) })
		}
	}
}

func (g *Gateway) pollQueue(q Queue) {
	for g.stopped.Err() == nil {
		got, err := g.queues.ReceiveMessage(g.stopped, &sqs.ReceiveMessageInput{
			QueueUrl:                    &q.URL,
			MaxNumberOfMessages:         int32(q.BatchSize),
			WaitTimeSeconds:             pollWait,
			MessageAttributeNames:       []string{"All"},
			MessageSystemAttributeNames: []types.MessageSystemAttributeName{"All"},
		})
		if err != nil {
			if g.stopped.Err() == nil {
				g.log.printf("gateway", "queue %s: %v", q.URL, err)
			}
			g.pause(pollRecovery)
			continue
		}
		if len(got.Messages) > 0 {
			g.handleBatch(q, got.Messages)
		}
	}
}

// handleBatch runs the function on a batch, deletes what it handled and
// leaves the rest to come back.
func (g *Gateway) handleBatch(q Queue, messages []types.Message) {
	payload, err := sqsEvent(q.URL, g.cfg.AWS.Region, messages)
	if err != nil {
		g.log.printf("gateway", "queue %s: %v", q.URL, err)
		return
	}
	answer, err := g.Invoke(g.stopped, q.Function, payload)
	failed := map[string]bool{}
	if err == nil && q.ReportBatchItemFailures {
		failed, err = failedItems(answer, messages)
	}
	if err != nil && g.stopped.Err() == nil {
		g.log.printf("gateway", "queue %s: %v", q.URL, err)
	}
	var remove []types.DeleteMessageBatchRequestEntry
	var back []types.ChangeMessageVisibilityBatchRequestEntry
	for i, m := range messages {
		id := aws.String(strconv.Itoa(i))
		if err != nil || failed[*m.MessageId] {
			back = append(back, types.ChangeMessageVisibilityBatchRequestEntry{
				Id: id, ReceiptHandle: m.ReceiptHandle, VisibilityTimeout: int32(q.RetryAfter.Seconds()),
			})
			continue
		}
		remove = append(remove, types.DeleteMessageBatchRequestEntry{Id: id, ReceiptHandle: m.ReceiptHandle})
	}
	g.settleBatch(q, remove, back)
}

// settleBatch also runs while the gateway closes, so that handled messages do
// not come back.
func (g *Gateway) settleBatch(q Queue, remove []types.DeleteMessageBatchRequestEntry, back []types.ChangeMessageVisibilityBatchRequestEntry) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(g.stopped), 2*time.Second)
	defer cancel()
	if len(remove) > 0 {
		_, err := g.queues.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &q.URL, Entries: remove})
		if err != nil {
			g.log.printf("gateway", "queue %s: %v", q.URL, err)
		}
	}
	if len(back) > 0 && q.RetryAfter > 0 {
		_, err := g.queues.ChangeMessageVisibilityBatch(ctx, &sqs.ChangeMessageVisibilityBatchInput{QueueUrl: &q.URL, Entries: back})
		if err != nil {
			g.log.printf("gateway", "queue %s: %v", q.URL, err)
		}
	}
}

// failedItems reads a partial batch response. Anything but a list of
// identifiers of this batch means that the whole batch failed.
// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func failedItems(answer []byte, messages []types.Message) (map[string]bool, error) {
	malformed := errors.New("malformed partial batch response, the whole batch failed")
	known := map[string]bool{}
	for _, m := range messages {
		known[*m.MessageId] = true
	}
	failed := map[string]bool{}
	if len(answer) == 0 {
		return failed, nil
	}
	var response struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	if err := json.Unmarshal(answer, &response); err != nil {
		return nil, malformed
	}
	for _, f := range response.BatchItemFailures {
		if !known[f.ItemIdentifier] {
			return nil, malformed
		}
		failed[f.ItemIdentifier] = true
	}
	return failed, nil
}
