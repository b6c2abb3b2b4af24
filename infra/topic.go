package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// addTopicPolicy lets the stage's alarms notify the topic, and nobody without TLS.
// The policy takes the place of the one that SNS gives a topic of its own.
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
func (s *alarms) addTopicPolicy() {
	topic := *s.topic.Ref()
	awssns.NewCfnTopicPolicy(s.api.stack, jsii.String("AlarmsPolicy"), &awssns.CfnTopicPolicyProps{
		Topics: jsii.Strings(topic),
		PolicyDocument: policy(
			map[string]any{
				"Effect": "Allow", "Action": "sns:Publish", "Resource": topic, "Principal": map[string]any{"Service": "cloudwatch.amazonaws.com"},
				"Condition": condition{
					"ArnLike":      {"aws:SourceArn": arn("cloudwatch", "alarm:"+s.api.props.name("*"))},
					"StringEquals": {"aws:SourceAccount": *awscdk.Aws_ACCOUNT_ID()},
				},
			},
			map[string]any{
				"Effect": "Deny", "Action": "sns:Publish", "Resource": topic, "Principal": map[string]any{"AWS": "*"},
				"Condition": condition{"Bool": {"aws:SecureTransport": "false"}},
			},
		),
	})
}
