package template

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// attachPolicies gives keys and queues their policies. They come after every
// resource: they may name what is itself made with the key.
func (a *application) attachPolicies() error {
	for _, s := range a.stacks {
		if err := s.each("AWS::KMS::Key", s.attachKeyPolicy); err != nil {
			return err
		}
		if err := s.each("AWS::SQS::QueuePolicy", s.attachQueuePolicy); err != nil {
			return err
		}
	}
	return nil
}

func (s *stack) attachKeyPolicy(id string, p properties) error {
	values, err := p.pick("KeyPolicy", "BypassPolicyLockoutSafetyCheck")
	if err != nil || values["KeyPolicy"] == nil {
		return err
	}
	self, err := s.ensure(id)
	if err != nil {
		return err
	}
	_, err = s.app.clients.kms.PutKeyPolicy(s.app.ctx, &kms.PutKeyPolicyInput{
		KeyId: &self.ref, Policy: aws.String(text(values["KeyPolicy"])),
		BypassPolicyLockoutSafetyCheck: text(values["BypassPolicyLockoutSafetyCheck"]) == "true",
	})
	if err != nil {
		return fmt.Errorf("put key policy: %w", err)
	}
	return nil
}

func (s *stack) attachQueuePolicy(_ string, p properties) error {
	values, err := p.pick("Queues", "PolicyDocument")
	if err != nil {
		return err
	}
	for _, url := range texts(values["Queues"]) {
		_, err := s.app.clients.sqs.SetQueueAttributes(s.app.ctx, &sqs.SetQueueAttributesInput{
			QueueUrl: &url, Attributes: map[string]string{"Policy": text(values["PolicyDocument"])},
		})
		if err != nil {
			return fmt.Errorf("put queue policy: %w", err)
		}
	}
	return nil
}
