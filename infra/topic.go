package infra

import (
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/jsii-runtime-go"
)

// addTopicPolicy lets the stage's alarms notify the topic, and others by their
// statements; nobody does so without TLS. The policy takes the place of the one that
// SNS gives a topic of its own.
func (s *alarms) addTopicPolicy(others []map[string]any) {
	alarms := s.publishedBy("cloudwatch.amazonaws.com", arn("cloudwatch", "alarm:"+s.api.props.name("*")))
	plain := map[string]any{
		"Effect": "Deny", "Action": "sns:Publish", "Resource": *s.topic.Ref(), "Principal": map[string]any{"AWS": "*"},
		"Condition": condition{"Bool": {"aws:SecureTransport": "false"}},
	}
	awssns.NewCfnTopicPolicy(s.api.stack, jsii.String("AlarmsPolicy"), &awssns.CfnTopicPolicyProps{
		Topics: jsii.Strings(*s.topic.Ref()), PolicyDocument: policy(slices.Concat([]map[string]any{alarms}, others, []map[string]any{plain})...),
	})
}

// publishedBy lets a service publish to the topic for something of this account.
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
func (s *alarms) publishedBy(service, source string) map[string]any {
	return map[string]any{
		"Effect": "Allow", "Action": "sns:Publish", "Resource": *s.topic.Ref(), "Principal": map[string]any{"Service": service},
		"Condition": condition{"ArnLike": {"aws:SourceArn": source}, "StringEquals": {"aws:SourceAccount": *awscdk.Aws_ACCOUNT_ID()}},
	}
}
