package e2e_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// drain waits until the consumers are done with what is due now. What is due
// within the next minute is in the queues as well, with a delay, and is not
// waited for.
func (e *environment) drain(t *testing.T) {
	t.Helper()
	client := sqs.NewFromConfig(e.aws)
	list, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the work queues are empty", func() bool {
		for _, url := range list.QueueUrls {
			out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
				QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
			})
			if err != nil {
				t.Fatal(err)
			}
			worked := strings.Contains(out.Attributes["RedrivePolicy"], "deadLetterTargetArn")
			if worked && (out.Attributes["ApproximateNumberOfMessages"] != "0" || out.Attributes["ApproximateNumberOfMessagesNotVisible"] != "0") {
				return false
			}
		}
		return true
	})
}

// noDeadLetters fails where a consumer gave a message up. One that came back and
// waits for its next turn counts as in flight, which drain does not let pass.
func (e *environment) noDeadLetters(t *testing.T) {
	t.Helper()
	client := sqs.NewFromConfig(e.aws)
	list, err := client.ListQueues(t.Context(), &sqs.ListQueuesInput{})
	if err != nil {
		t.Fatal(err)
	}
	for _, url := range list.QueueUrls {
		if !strings.Contains(url, "DeadLetters") {
			continue
		}
		out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameApproximateNumberOfMessages},
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := out.Attributes["ApproximateNumberOfMessages"]; n != "0" {
			t.Errorf("%s holds %s messages", url, n)
		}
	}
}
