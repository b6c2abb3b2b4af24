package infra

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/routes"
)

// silence is how many periods the sweep may be missing.
const silence = 3

// addHeartbeat watches that the sweep of due work runs at all. Every other alarm
// is raised by something that happens: nothing would be raised when nothing does.
func (s *alarms) addHeartbeat() {
	a := alarm{id: "SweepSilence", meaning: "The sweep of due work does not run: nothing is refreshed, checked or reminded of."}
	awscloudwatch.NewCfnAlarm(s.api.stack, &a.id, &awscloudwatch.CfnAlarmProps{
		AlarmName:        jsii.String(s.api.props.name(a.id)),
		AlarmDescription: jsii.String(a.describe()),
		Namespace:        jsii.String(s.namespace()), MetricName: jsii.String(string(metric.SweepRuns)),
		Dimensions: []any{
			&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(metric.KeyFunction), Value: &routes.JobDueSweep.Name},
			&awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(metric.KeyOutcome), Value: jsii.String("done")},
		},
		Statistic: jsii.String("Sum"), Period: jsii.Number(period), EvaluationPeriods: jsii.Number(silence),
		Threshold: jsii.Number(1), ComparisonOperator: jsii.String("LessThanThreshold"),
		TreatMissingData: jsii.String("breaching"),
		AlarmActions:     &[]any{s.topic.Ref()}, OkActions: &[]any{s.topic.Ref()},
	})
}
