package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"
)

// addBusPolicy says of the bus that events are put by this account, whose roles
// need a permission of their own besides; there is no other statement, so that no
// other account puts any.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
func (d *data) addBusPolicy() {
	awsevents.NewCfnEventBusPolicy(d.stack, jsii.String("BusPolicy"), &awsevents.CfnEventBusPolicyProps{
		EventBusName: d.bus.Ref(),
		StatementId:  jsii.String("account"),
		Statement: map[string]any{
			"Sid": "account", "Effect": "Allow", "Action": "events:PutEvents", "Resource": d.bus.AttrArn(),
			"Principal": map[string]any{"AWS": "arn:" + *awscdk.Aws_PARTITION() + ":iam::" + *awscdk.Aws_ACCOUNT_ID() + ":root"},
		},
	})
}
