package simulate

import (
	"fmt"
	"strings"
)

// List prices of what a deployment costs beside the bill of its work, in dollars,
// us-east-1, without free tiers, as of November 2026.
const (
	logPrice       = 0.50       // Per GB taken in: https://aws.amazon.com/cloudwatch/pricing/
	metricPrice    = 0.30       // Per metric and month, of the first 10,000: the same.
	alarmPrice     = 0.10       // Per alarm and month: the same.
	dashboardPrice = 3.00       // Per dashboard and month: the same.
	tracePrice     = 5.00 / 1e6 // Per trace recorded: https://aws.amazon.com/xray/pricing/
	stageKeys      = 3          // Of the stage itself: table, cursors, logs.

	alarmCount  = 39               // Of the templates.
	metricCount = 400              // Names with their dimensions, of twenty connectors in use.
	logged      = 700              // Bytes of an invocation: its line of metrics, and of the access log.
	traced      = 0.05             // Of invocations, beside the first in each second: the default rule of X-Ray.
	firstTraces = 3600 * 24 * 30.4 // In a month, at most.
)

// observed is what it costs in a month to watch the stage, in lines.
func (r *Result) observed() []line {
	n := float64(r.Connections)
	invocations := float64(r.total.calls[invoke])*r.perDay()*monthDays + n*leaseRate
	return []line{
		{"CloudWatch logs", invocations * logged / 1e9 * logPrice},
		{"CloudWatch metrics, alarms, dashboard", metricCount*metricPrice + alarmCount*alarmPrice + dashboardPrice},
		{"X-Ray traces", tracePrice * min(invocations, firstTraces+invocations*traced)},
		{"KMS keys of the stage", stageKeys * keyPrice},
	}
}

// costs is a month's bill of the sizes side by side, in Markdown, for
// infra/docs/costs.md.
func costs(results []*Result) string {
	var b strings.Builder
	p := func(format string, args ...any) { _, _ = fmt.Fprintf(&b, format, args...) }
	p("\n| $ a month |")
	for _, r := range results {
		p(" %s |", group(r.Connections))
	}
	p("\n|---|%s\n", strings.Repeat("---:|", len(results)))
	lines := make([][]line, len(results))
	for i, r := range results {
		lines[i] = append(r.bill(), r.observed()...)
	}
	totals := make([]float64, len(results))
	for row := range lines[0] {
		p("| %s |", lines[0][row].name)
		for i := range results {
			totals[i] += lines[i][row].dollars
			p(" %s |", dollars(lines[i][row].dollars))
		}
		p("\n")
	}
	p("| **total** |")
	for _, total := range totals {
		p(" **%s** |", dollars(total))
	}
	p("\n| per connection |")
	for i, r := range results {
		p(" %.4f |", totals[i]/float64(r.Connections))
	}
	p("\n")
	return b.String()
}

func dollars(amount float64) string {
	if amount < 10 {
		return fmt.Sprintf("%.2f", amount)
	}
	return group(int64(amount + 0.5))
}
