package infra

import (
	"fmt"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslogs"
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
	statistic         string
	above             int // Raised when the statistic exceeds this,
	periods           int // this many times in a row.
}

func newAlarms(a *api) *alarms {
	s := &alarms{api: a, topic: awssns.NewCfnTopic(a.stack, jsii.String("Alarms"), &awssns.CfnTopicProps{
		TopicName: jsii.String(a.config.name("alarms")),
	})}
	if a.config.AlarmEmail != "" {
		awssns.NewCfnSubscription(a.stack, jsii.String("AlarmsEmail"), &awssns.CfnSubscriptionProps{
			TopicArn: s.topic.Ref(), Protocol: jsii.String("email"), Endpoint: &a.config.AlarmEmail,
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
		id: "ProviderTrouble", meaning: "A provider is down, or refuses more credentials than can be believed.",
		namespace: s.namespace(), metric: providerTrouble,
		statistic: "Sum", above: 0, periods: 1,
	})
	return s
}

// providerTrouble counts the log lines of package outage that tell of a
// beginning.
const providerTrouble = "ProviderTrouble"

func (s *alarms) namespace() string { return "Tenon/" + s.api.config.Stage }

// addTrouble counts what a function that calls providers says of them.
func (s *alarms) addTrouble(r *routes.Route) {
	if !slices.Contains(r.Grants, routes.Egress) {
		return
	}
	logs := s.api.stack.Node().FindChild(jsii.String(logical(r.Name) + "Logs")).(awslogs.CfnLogGroup)
	awslogs.NewCfnMetricFilter(s.api.stack, jsii.String(logical(r.Name)+providerTrouble), &awslogs.CfnMetricFilterProps{
		LogGroupName:  logs.Ref(),
		FilterPattern: jsii.String(`{ $.msg = "provider.*" && $.phase = "began" }`),
		MetricTransformations: []any{&awslogs.CfnMetricFilter_MetricTransformationProperty{
			MetricNamespace: jsii.String(s.namespace()), MetricName: jsii.String(providerTrouble), MetricValue: jsii.String("1"),
		}},
	})
}

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
		AlarmName:          jsii.String(s.api.config.name(a.id)),
		AlarmDescription:   jsii.String(fmt.Sprintf("%s Runbook: infra/runbooks/%s.md", a.meaning, a.id)),
		Namespace:          &a.namespace,
		MetricName:         &a.metric,
		Statistic:          &a.statistic,
		Period:             jsii.Number(300),
		EvaluationPeriods:  jsii.Number(a.periods),
		Threshold:          jsii.Number(a.above),
		ComparisonOperator: jsii.String("GreaterThanThreshold"),
		TreatMissingData:   jsii.String("notBreaching"),
		AlarmActions:       &[]any{s.topic.Ref()},
		OkActions:          &[]any{s.topic.Ref()},
	}
	if a.dimension != "" {
		props.Dimensions = []any{&awscloudwatch.CfnAlarm_DimensionProperty{Name: &a.dimension, Value: &a.value}}
	}
	awscloudwatch.NewCfnAlarm(s.api.stack, &a.id, props)
}
