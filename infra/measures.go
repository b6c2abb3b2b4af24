package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/metric"
	"github.com/tenonhq/tenon/shared/routes"
)

// term is one metric of an expression that an alarm watches: a name of package
// metric, of one outcome where that is given, else of all.
type term struct {
	id      string // In the expression.
	name    metric.Name
	outcome string
}

// addMeasured watches what the functions measure themselves.
func (s *alarms) addMeasured() {
	s.add(alarm{
		id: "ProviderTrouble", meaning: "A provider is down, or refuses more credentials than can be believed.",
		namespace: s.namespace(), metric: string(metric.ProviderTrouble),
		statistic: "Sum", above: 0, periods: 1,
	})
	s.add(alarm{
		id: "RefreshFailures", meaning: "More than a fifth of at least twenty refreshes fail for another reason than a refusal.",
		expression: "IF(n >= 20, 100 * SUM([u, l]) / n, 0)",
		terms: []term{
			{"n", metric.Refreshes, ""}, {"u", metric.Refreshes, "unavailable"}, {"l", metric.Refreshes, "uncertain"},
		},
		above: 20, periods: 2,
	})
	s.add(alarm{
		id: "RefreshLag", meaning: "One refresh in a hundred begins more than two minutes after it was due.",
		namespace: s.namespace(), metric: string(metric.MessageLag), dimension: metric.KeyFunction, value: routes.QueueRefresh.Name,
		statistic: "p99", above: 120_000, periods: 2,
	})
	s.add(alarm{
		id: "BacklogAge", meaning: "A sweep has left behind what was due more than ten minutes ago.",
		namespace: s.namespace(), metric: string(metric.BacklogAge),
		statistic: "Maximum", above: 600_000, periods: 2,
	})
	for _, counted := range []struct {
		id, meaning string
		name        metric.Name
		periods     int
	}{
		{"AuditFailures", "The audit could not be written, so that actions were refused.", metric.AuditFailures, 1},
		{"AuditBroken", "The audit of a tenant is not what was sealed.", metric.AuditBroken, 1},
		{"LeaseAnomalies", "Credentials are leased in a way that is out of the ordinary.", metric.LeaseAnomalies, 1},
		{"StuckOffboardings", "The removal of a tenant does not go on.", metric.StuckOffboardings, 3},
		{"UntoldEvents", "The event bus does not take events.", metric.Untold, 3},
	} {
		s.add(alarm{
			id: counted.id, meaning: counted.meaning,
			namespace: s.namespace(), metric: string(counted.name),
			statistic: "Sum", above: 0, periods: counted.periods,
		})
	}
	s.add(alarm{
		id: "NoticeFailures", meaning: "Mails or reminders cannot be sent.",
		expression: "SUM([m, r])",
		terms:      []term{{"m", metric.Mails, "failed"}, {"r", metric.Reminders, "failed"}},
		above:      0, periods: 2,
	})
	s.add(alarm{
		id: "DeliveryFailures", meaning: "Many deliveries to webhooks are given up.",
		namespace: s.namespace(), metric: string(metric.Deliveries), dimension: metric.KeyOutcome, value: "given_up",
		statistic: "Sum", above: 20, periods: 1,
	})
	s.add(alarm{
		id: "AWSThrottles", meaning: "AWS throttles calls to KMS, Secrets Manager or another service.",
		namespace: s.namespace(), metric: string(metric.AWSThrottles),
		statistic: "Sum", above: 20, periods: 2,
	})
}

// queries is the expression of an alarm and the metrics it is made of. Outcomes
// that did not occur have no data: SUM passes over them, where + would not.
func (s *alarms) queries(a alarm) []any {
	queries := []any{&awscloudwatch.CfnAlarm_MetricDataQueryProperty{
		Id: jsii.String("watched"), Expression: &a.expression, Label: &a.id, ReturnData: true,
	}}
	for _, t := range a.terms {
		var dimensions []any
		if t.outcome != "" {
			dimensions = append(dimensions, &awscloudwatch.CfnAlarm_DimensionProperty{Name: jsii.String(metric.KeyOutcome), Value: &t.outcome})
		}
		queries = append(queries, &awscloudwatch.CfnAlarm_MetricDataQueryProperty{
			Id: &t.id, ReturnData: false,
			MetricStat: &awscloudwatch.CfnAlarm_MetricStatProperty{
				Metric: &awscloudwatch.CfnAlarm_MetricProperty{
					Namespace: jsii.String(s.namespace()), MetricName: jsii.String(string(t.name)), Dimensions: dimensions,
				},
				Period: jsii.Number(period), Stat: jsii.String("Sum"),
			},
		})
	}
	return queries
}

// describe is what an alarm says of itself.
func (a alarm) describe() string {
	return fmt.Sprintf("%s Runbook: infra/runbooks/%s.md", a.meaning, a.id)
}
