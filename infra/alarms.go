package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/routes"
)

// alarms declares the alarms and the topic they notify.
type alarms struct {
	api   *api
	topic awssns.CfnTopic
}

// alarm is a count of something within periods of five minutes. Its logical id
// is the name of its runbook.
type alarm struct {
	id, meaning       string
	namespace, metric string
	dimension, value  string // Empty dimension: the whole account and region.
	statistic         string // Sum, Maximum, p99.
	expression        string // In place of a metric: of terms.
	terms             []term
	above             int  // Raised when the statistic exceeds this,
	periods           int  // this many times in a row.
	silent            bool // Raised instead when there is nothing to count.
}

func newAlarms(a *api) *alarms {
	s := &alarms{api: a, topic: awssns.NewCfnTopic(a.stack, jsii.String("Alarms"), &awssns.CfnTopicProps{
		TopicName: jsii.String(a.props.name("alarms")),
	})}
	if a.props.AlarmEmail != "" {
		awssns.NewCfnSubscription(a.stack, jsii.String("AlarmsEmail"), &awssns.CfnSubscriptionProps{
			TopicArn: s.topic.Ref(), Protocol: jsii.String("email"), Endpoint: &a.props.AlarmEmail,
		})
	}
	s.add(alarm{
		id: "ApiServerErrors", meaning: "The API answers 5xx.",
		namespace: "AWS/ApiGateway", metric: "5xx", dimension: "ApiId", value: *a.http.Ref(),
		statistic: "Sum", above: 5, periods: 1,
	})
	s.add(alarm{
		id: "Throttles", meaning: "Lambda refuses to run functions: the account's concurrency is used up.",
		namespace: "AWS/Lambda", metric: "Throttles",
		statistic: "Sum", above: 0, periods: 2,
	})
	s.add(alarm{
		id: "DeadLetters", meaning: "A scheduled run failed or could not be started.",
		namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible",
		dimension: "QueueName", value: *a.data.letters.AttrQueueName(),
		statistic: "Maximum", above: 0, periods: 1,
	})
	s.add(alarm{
		id: "SweepSilence", meaning: "The sweep of due work does not run: nothing is refreshed, checked or reminded of.",
		namespace: "AWS/Lambda", metric: "Invocations", dimension: "FunctionName", value: a.props.name(routes.JobDueSweep.Name),
		statistic: "Sum", silent: true, periods: 3,
	})
	s.addMeasured()
	s.addTopicPolicy(s.addBreakGlass())
	s.addDashboard()
	return s
}

// namespace is that of what the functions measure, as package app names it.
func (s *alarms) namespace() string { return "Tenon/" + s.api.props.Stage }

// addErrors watches a job or a worker for failed runs.
func (s *alarms) addErrors(r *routes.Route, f awslambda.CfnFunction) {
	s.add(alarm{
		id: logical(r.Name) + "Errors", meaning: r.Name + " fails.",
		namespace: "AWS/Lambda", metric: "Errors", dimension: "FunctionName", value: *f.Ref(),
		statistic: "Sum", above: 0, periods: 2,
	})
}

// addDead watches for messages that a consumer gave up.
func (s *alarms) addDead(r *routes.Route, dead awssqs.CfnQueue) {
	s.add(alarm{
		id: logical(r.Name) + "Dead", meaning: r.Name + " gave up messages.",
		namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible", dimension: "QueueName", value: *dead.AttrQueueName(),
		statistic: "Maximum", above: 0, periods: 1,
	})
}

func (s *alarms) add(a alarm) {
	props := &awscloudwatch.CfnAlarmProps{
		AlarmName:          jsii.String(s.api.props.name(a.id)),
		AlarmDescription:   jsii.String(a.describe()),
		EvaluationPeriods:  jsii.Number(a.periods),
		Threshold:          jsii.Number(a.above),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		TreatMissingData:   jsii.String("notBreaching"),
		AlarmActions:       &[]any{s.topic.Ref()},
		OkActions:          &[]any{s.topic.Ref()},
	}
	if a.silent {
		props.Threshold, props.ComparisonOperator, props.TreatMissingData = jsii.Number(1), jsii.String("LessThanThreshold"), jsii.String("breaching")
	}
	if a.expression != "" {
		props.Metrics = s.queries(a)
		awscloudwatch.NewCfnAlarm(s.api.stack, &a.id, props)
		return
	}
	props.Namespace, props.MetricName, props.Period = &a.namespace, &a.metric, jsii.Number(period)
	if strings.HasPrefix(a.statistic, "p") {
		props.ExtendedStatistic = &a.statistic
	} else {
		props.Statistic = &a.statistic
	}
	if a.dimension != "" {
		props.Dimensions = []any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: &a.dimension, Value: &a.value}}
	}
	awscloudwatch.NewCfnAlarm(s.api.stack, &a.id, props)
}

// period is over how many seconds alarms and the dashboard count.
const period = 300
