package infra

import (
	"fmt"

	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/metric"
)

// chart is one widget of the dashboard: the metrics of one name by the values of
// some dimensions, whichever there are. No dimension is the sum of all.
type chart struct {
	title string
	name  metric.Name
	by    string // Dimensions, separated by commas; in alphabetical order.
	stat  string
}

// charts stand in rows of three, what matters first.
func charts() []chart {
	return []chart{
		{"Refreshes by outcome", metric.Refreshes, metric.KeyOutcome, "Sum"},
		{"Refreshes by connector and outcome", metric.Refreshes, metric.KeyConnector + "," + metric.KeyOutcome, "Sum"},
		{"Duration of refreshes by connector, p99 (ms)", metric.RefreshDuration, metric.KeyConnector, "p99"},
		{"Lag by consumer, p50 (ms)", metric.MessageLag, metric.KeyFunction, "p50"},
		{"Lag by consumer, p99 (ms)", metric.MessageLag, metric.KeyFunction, "p99"},
		{"Messages by consumer and outcome", metric.Messages, metric.KeyFunction + "," + metric.KeyOutcome, "Sum"},
		{"Found due by index", metric.SweepFound, metric.KeyIndex, "Sum"},
		{"Sent by index", metric.SweepSent, metric.KeyIndex, "Sum"},
		{"Depth of queues by index", metric.QueueDepth, metric.KeyIndex, "Maximum"},
		{"Age of the backlog by index (ms)", metric.BacklogAge, metric.KeyIndex, "Maximum"},
		{"Runs of jobs", metric.SweepRuns, metric.KeyFunction + "," + metric.KeyOutcome, "Sum"},
		{"Probes by outcome", metric.Probes, metric.KeyOutcome, "Sum"},
		{"Providers in trouble", metric.ProviderTrouble, metric.KeyOutcome, "Sum"},
		{"Audit failures", metric.AuditFailures, "", "Sum"},
		{"Breaks of the audit", metric.AuditBroken, "", "Sum"},
		{"Lease anomalies", metric.LeaseAnomalies, "", "Sum"},
		{"Mails by outcome", metric.Mails, metric.KeyOutcome, "Sum"},
		{"Webhook deliveries by outcome", metric.Deliveries, metric.KeyOutcome, "Sum"},
		{"Reminders by outcome", metric.Reminders, metric.KeyOutcome, "Sum"},
		{"Events not told", metric.Untold, "", "Sum"},
		{"Throttled by AWS", metric.AWSThrottles, "", "Sum"},
		{"Stopped by a kill switch", metric.KillStopped, "", "Sum"},
		{"Left to a kill switch", metric.KillLeft, "", "Maximum"},
		{"Removals of tenants that do not go on", metric.StuckOffboardings, "", "Sum"},
	}
}

// The grid of a dashboard is 24 wide.
const (
	chartWidth  = 8
	chartHeight = 6
	perRow      = 24 / chartWidth
)

// addDashboard shows what the functions measure.
func (s *alarms) addDashboard() {
	var widgets []any
	for i, c := range charts() {
		widgets = append(widgets, map[string]any{
			"type": "metric", "width": chartWidth, "height": chartHeight, "x": i % perRow * chartWidth, "y": i / perRow * chartHeight,
			"properties": map[string]any{
				"title": c.title, "view": "timeSeries", "region": *s.api.stack.Region(), "period": period, "stat": c.stat,
				"metrics": []any{s.line(c)},
			},
		})
	}
	awscloudwatch.NewCfnDashboard(s.api.stack, jsii.String("Dashboard"), &awscloudwatch.CfnDashboardProps{
		DashboardName: jsii.String(s.api.props.name("tenon")),
		DashboardBody: s.api.stack.ToJsonString(map[string]any{"widgets": widgets}, nil),
	})
}

// line is a metric, or a search for all of one name with the same dimensions.
func (s *alarms) line(c chart) []any {
	if c.by == "" {
		return []any{s.namespace(), string(c.name)}
	}
	search := fmt.Sprintf(`SEARCH('{"%s",%s} MetricName="%s"', '%s', %d)`, s.namespace(), c.by, c.name, c.stat, period)
	return []any{map[string]any{"expression": search, "id": "all", "label": ""}}
}
