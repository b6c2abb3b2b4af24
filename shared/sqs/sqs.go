// Package sqs sends work to Amazon SQS queues. It implements due.Queue and
// depends on packages awsconfig and due and the SDK.
package sqs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/due"
)

// Client is what Queue calls; *sqs.Client of the SDK implements it.
type Client interface {
	SendMessageBatch(context.Context, *sqs.SendMessageBatchInput, ...func(*sqs.Options)) (*sqs.SendMessageBatchOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// Queue is one standard queue.
type Queue struct {
	Client Client
	URL    string
}

const (
	batch   = 10 // Messages in one request, the most SQS takes.
	senders = 8  // Requests at once.
)

// Send implements due.Queue. The tenant is the message group: of a standard
// queue that makes it fair, so that a tenant with many messages does not hold up
// the others.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
func (q Queue) Send(ctx context.Context, messages []due.Message) ([]due.Message, error) {
	batches := slices.Collect(slices.Chunk(messages, batch))
	unsent := make([][]due.Message, len(batches))
	errs := make([]error, len(batches))
	next := make(chan int, len(batches))
	for i := range batches {
		next <- i
	}
	close(next)
	var group sync.WaitGroup
	for range min(senders, len(batches)) {
		group.Go(func() {
			for i := range next {
				unsent[i], errs[i] = q.send(ctx, batches[i])
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return slices.Concat(unsent...), err
		}
	}
	return slices.Concat(unsent...), nil
}

func (q Queue) send(ctx context.Context, messages []due.Message) ([]due.Message, error) {
	in := &sqs.SendMessageBatchInput{QueueUrl: &q.URL}
	for i, m := range messages {
		body, err := json.Marshal(m.Item)
		if err != nil {
			return messages, fmt.Errorf("encode message: %w", err)
		}
		in.Entries = append(in.Entries, types.SendMessageBatchRequestEntry{
			Id: aws.String(strconv.Itoa(i)), MessageBody: aws.String(string(body)),
			DelaySeconds: int32(m.Delay.Seconds()), MessageGroupId: aws.String(m.Item.Tenant),
		})
	}
	out, err := q.Client.SendMessageBatch(ctx, in)
	if err != nil {
		return messages, awsconfig.Fault("send messages", err)
	}
	var unsent []due.Message
	for _, failed := range out.Failed {
		if i, err := strconv.Atoi(aws.ToString(failed.Id)); err == nil && i < len(messages) {
			unsent = append(unsent, messages[i])
		}
	}
	return unsent, nil
}

// Depth implements due.Queue: what waits, what is delayed and what is being
// worked on.
func (q Queue) Depth(ctx context.Context) (int, error) {
	names := []types.QueueAttributeName{
		types.QueueAttributeNameApproximateNumberOfMessages,
		types.QueueAttributeNameApproximateNumberOfMessagesDelayed,
		types.QueueAttributeNameApproximateNumberOfMessagesNotVisible,
	}
	out, err := q.Client.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &q.URL, AttributeNames: names})
	if err != nil {
		return 0, awsconfig.Fault("read queue attributes", err)
	}
	depth := 0
	for _, name := range names {
		n, err := strconv.Atoi(out.Attributes[string(name)])
		if err != nil {
			return 0, fmt.Errorf("read queue attributes: %w", err)
		}
		depth += n
	}
	return depth, nil
}
