package cloud

import "strings"

// needPermissions registers the permissions of Amazon SQS. Those of a batch are
// those of its entries.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
func (s *queueStore) needPermissions() {
	for _, name := range []string{
		"GetQueueUrl", "GetQueueAttributes", "ReceiveMessage", "SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch",
		"ChangeMessageVisibility", "ChangeMessageVisibilityBatch",
	} {
		need(s.cloud, sqsAPI.name+"."+name, func(in *queueRequest) ([]access, error) {
			return []access{s.on(lastElement(in.QueueUrl+in.QueueName, "/"), "sqs:"+strings.TrimSuffix(name, "Batch"))}, nil
		})
	}
}

// on is an action on a queue, with the queue's policy if it has one.
func (s *queueStore) on(name, action string) access {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := access{action: action, resource: s.cloud.arn("sqs", name)}
	if q := s.queues[name]; q != nil && q.Attributes["Policy"] != "" {
		// SetQueueAttributes refused a policy that cannot be read.
		if policy, err := parsePolicy(q.Attributes["Policy"]); err == nil {
			policy.Name = "queue policy"
			a.policy = &policy
		}
	}
	return a
}
