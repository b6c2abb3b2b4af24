package chaos_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenonhq/tenon/shared/routes"
)

// sweep sends what is due to the queues and waits until their consumers are done
// with it. What is not due yet, which a sweep sends with a delay, is not waited
// for.
func (e *environment) sweep(t *testing.T) {
	t.Helper()
	e.run(t, routes.JobDueSweep.Name)
	client := sqs.NewFromConfig(e.aws)
	eventually(t, "the queues are empty", func() bool {
		for _, q := range e.manifest.Queues {
			out, err := client.GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
				QueueUrl: &q.QueueURL, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNameAll},
			})
			if err != nil {
				t.Fatal(err)
			}
			if out.Attributes["ApproximateNumberOfMessages"] != "0" || out.Attributes["ApproximateNumberOfMessagesNotVisible"] != "0" {
				return false
			}
		}
		return true
	})
}
