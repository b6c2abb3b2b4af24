package template

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

func queue(s *stack, id string, p properties) (physical, error) {
	a := s.app
	attributes, err := queueAttributes(p)
	if err != nil {
		return physical{}, err
	}
	byDefault := s.name(id)
	if attributes["FifoQueue"] == "true" {
		byDefault += ".fifo"
	}
	name, err := p.text("QueueName", byDefault)
	if err != nil {
		return physical{}, err
	}
	url, err := a.queueURL(name)
	if has(err, "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist") {
		var out *sqs.CreateQueueOutput
		out, err = a.clients.sqs.CreateQueue(a.ctx, &sqs.CreateQueueInput{QueueName: &name, Attributes: attributes})
		if err != nil {
			return physical{}, fmt.Errorf("create queue: %w", err)
		}
		url = aws.ToString(out.QueueUrl)
		a.created("queue", name)
	}
	if err != nil {
		return physical{}, fmt.Errorf("find queue: %w", err)
	}
	got, err := a.clients.sqs.GetQueueAttributes(a.ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameQueueArn},
	})
	if err != nil {
		return physical{}, fmt.Errorf("read queue attributes: %w", err)
	}
	arn := got.Attributes["QueueArn"]
	a.queues[arn] = url
	return physical{ref: url, attrs: map[string]string{"Arn": arn, "QueueName": name, "QueueUrl": url}}, nil
}

func queueAttributes(p properties) (map[string]string, error) {
	values, err := p.pick("VisibilityTimeout", "DelaySeconds", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds",
		"MaximumMessageSize", "FifoQueue", "ContentBasedDeduplication", "RedrivePolicy", "SqsManagedSseEnabled")
	if err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, v := range values {
		out[name] = text(v)
	}
	return out, nil
}

func (a *application) queueURL(name string) (string, error) {
	out, err := a.clients.sqs.GetQueueUrl(a.ctx, &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		return "", fmt.Errorf("queue %s: %w", name, err)
	}
	return aws.ToString(out.QueueUrl), nil
}

// queueByARN returns the URL of a queue, of these templates or not.
func (a *application) queueByARN(arn string) (string, error) {
	if url, ok := a.queues[arn]; ok {
		return url, nil
	}
	return a.queueURL(arn[strings.LastIndex(arn, ":")+1:])
}
