package infra

import (
	"fmt"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsscheduler"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// tick is the event of a scheduled run; the scheduler puts the time in.
const tick = `{"time":"<aws.scheduler.scheduled-time>"}`

// staleAfter is the age at which a run is given up: the next one does its work.
const staleAfter = 5 * time.Minute

// addSchedule runs the function by the clock. A run that cannot be started or
// that fails ends in the dead-letter queue; it is not repeated, because what
// it left undone is still due when the next run reads the index.
func (a *api) addSchedule(r *routes.Route, f awslambda.CfnFunction) {
	id := logical(r.Name)
	role := awsiam.NewCfnRole(a.stack, jsii.String(id+"ScheduleRole"), &awsiam.CfnRoleProps{
		AssumeRolePolicyDocument: assumedBy("scheduler.amazonaws.com",
			condition{"StringEquals": {"aws:SourceAccount": *awscdk.Aws_ACCOUNT_ID()}}),
		Policies: inline("schedule", []map[string]any{
			allow([]string{"lambda:InvokeFunction"}, []string{*f.AttrArn()}, nil),
			allow([]string{"sqs:SendMessage"}, []string{*a.data.letters.AttrArn()}, nil),
		}),
	})
	awsscheduler.NewCfnSchedule(a.stack, jsii.String(id+"Schedule"), &awsscheduler.CfnScheduleProps{
		Name:               jsii.String(a.props.name(r.Name)),
		Description:        &r.Summary,
		ScheduleExpression: jsii.String(rate(r.Schedule.Every)),
		FlexibleTimeWindow: &awsscheduler.CfnSchedule_FlexibleTimeWindowProperty{Mode: jsii.String("OFF")},
		Target: &awsscheduler.CfnSchedule_TargetProperty{
			Arn: f.AttrArn(), RoleArn: role.AttrArn(), Input: jsii.String(tick),
			RetryPolicy: &awsscheduler.CfnSchedule_RetryPolicyProperty{
				MaximumRetryAttempts: jsii.Number(2), MaximumEventAgeInSeconds: jsii.Number(staleAfter.Seconds()),
			},
			DeadLetterConfig: &awsscheduler.CfnSchedule_DeadLetterConfigProperty{Arn: a.data.letters.AttrArn()},
		},
	})
	awslambda.NewCfnEventInvokeConfig(a.stack, jsii.String(id+"Invoke"), &awslambda.CfnEventInvokeConfigProps{
		FunctionName:             f.Ref(),
		Qualifier:                jsii.String("$LATEST"),
		MaximumRetryAttempts:     jsii.Number(0),
		MaximumEventAgeInSeconds: jsii.Number(staleAfter.Seconds()),
		DestinationConfig: &awslambda.CfnEventInvokeConfig_DestinationConfigProperty{
			OnFailure: &awslambda.CfnEventInvokeConfig_OnFailureProperty{Destination: a.data.letters.AttrArn()},
		},
	})
}

// rate writes a schedule expression in whole minutes.
func rate(every time.Duration) string {
	minutes := int(every.Minutes())
	if minutes == 1 {
		return "rate(1 minute)"
	}
	return fmt.Sprintf("rate(%d minutes)", minutes)
}
