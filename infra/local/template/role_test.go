package template_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/tenonhq/tenon/infra/local/template"
)

const keyUser = "arn:aws:iam::123456789012:role/tenon/KeyUser"

// roles are those of the fixture, with the queues' prefix and the key they name.
func roles(queues, key string) []template.Role {
	document := func(action, resource string) map[string]any {
		return map[string]any{"Statement": map[string]any{"Effect": "Allow", "Action": action, "Resource": resource}}
	}
	return []template.Role{
		{ARN: "arn:aws:iam::123456789012:role/Role", Tags: map[string]string{}},
		{
			ARN: keyUser, Tags: map[string]string{"team": "keys"},
			Trust: map[string]any{"Statement": map[string]any{
				"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": map[string]any{"Service": "lambda.amazonaws.com"},
			}},
			Policies: []template.Policy{
				{Name: "use", Document: document("kms:Decrypt", key)},
				{Name: "more", Document: document("sqs:SendMessage", queues+"tenon-local-Work")},
			},
		},
	}
}

// TestPoliciesOfResources: a key and a queue have the policies of the templates,
// with the names that their roles have here.
func TestPoliciesOfResources(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	policy, err := kms.NewFromConfig(cfg).GetKeyPolicy(t.Context(), &kms.GetKeyPolicyInput{KeyId: aws.String("alias/tenon")})
	if err != nil {
		t.Fatal(err)
	}
	for _, principal := range []string{keyUser, "arn:aws:iam::123456789012:root"} {
		if !strings.Contains(*policy.Policy, principal) {
			t.Errorf("the key's policy does not name %s: %s", principal, *policy.Policy)
		}
	}
	url := queueURL(t, cfg, "tenon-local-Work")
	queue, err := sqs.NewFromConfig(cfg).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
		QueueUrl: &url, AttributeNames: []types.QueueAttributeName{types.QueueAttributeNamePolicy},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(queue.Attributes["Policy"], keyUser) {
		t.Errorf("the queue's policy does not name %s: %s", keyUser, queue.Attributes["Policy"])
	}
}

func TestRolesThatCannotBeTold(t *testing.T) {
	t.Parallel()
	const role = `{"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":{}}}}`
	for name, c := range map[string]struct {
		texts []string
		want  string
	}{
		"one name for two roles": {[]string{role, role}, "two templates have a role"},
		"a policy of no role": {[]string{`{"Resources":{"P":{"Type":"AWS::IAM::Policy","Properties":{"PolicyName":"p","Roles":["r"],"PolicyDocument":{}}}}}`},
			"no template has the role r"},
	} {
		var texts [][]byte
		for _, text := range c.texts {
			texts = append(texts, []byte(text))
		}
		_, err := template.Apply(t.Context(), newConfig(), options, texts...)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestRestage(t *testing.T) {
	t.Parallel()
	got := template.Restage([]byte(`{"TENON_STAGE": "dev", "Name": "tenon-dev", "Path": "/tenon/dev/", "Other": "/tenon-ending/dev/", "Text": "developer tenon/development"}`), "dev", "local")
	if want := `{"TENON_STAGE": "local", "Name": "tenon-dev", "Path": "/tenon/local/", "Other": "/tenon-ending/local/", "Text": "developer tenon/development"}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
