package templatetests_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

const runbooks = "../infra/runbooks"

// TestAlarms: whoever is woken finds a runbook named after the alarm, and no
// runbook is about an alarm that does not exist.
func TestAlarms(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	alarms := api.ofType("AWS::CloudWatch::Alarm")
	files, err := filepath.Glob(filepath.Join(runbooks, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var written []string
	for _, file := range files {
		written = append(written, strings.TrimSuffix(filepath.Base(file), ".md"))
	}
	want := append(slices.Collect(maps.Keys(alarms)), breakGlassUsed) // The last is a rule, of stages that ask for it.
	for _, r := range routes.Optional() {
		want = append(want, logical(r.Name)+"Errors")
	}
	if diff := cmp.Diff(sorted(want), sorted(written)); diff != "" {
		t.Errorf("runbooks (-alarms +files):\n%s", diff)
	}
	for id, r := range alarms {
		if description := api.text(r.Properties["AlarmDescription"]); !strings.HasSuffix(description, " Runbook: infra/runbooks/"+id+".md") {
			t.Errorf("%s does not name its runbook: %s", id, description)
		}
		if actions := api.texts(r.Properties["AlarmActions"]); !slices.Equal(actions, []string{"${Alarms}"}) {
			t.Errorf("%s notifies %v", id, actions)
		}
	}
}

// TestAlarmCoverage: the API, the dead letters, the concurrency, each job,
// each consumer with what it could not do, and each worker are watched.
func TestAlarmCoverage(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	want := map[string]string{
		"ApiServerErrors": "AWS/ApiGateway 5xx ${Api}",
		"Throttles":       "AWS/Lambda Throttles",
		"DeadLetters":     "AWS/SQS ApproximateNumberOfMessagesVisible ${DeadLetters.QueueName}",
		"ProviderTrouble": "Tenon/dev ProviderTrouble",

		"RefreshLag":       "Tenon/dev MessageLag queue-refresh",
		"BacklogAge":       "Tenon/dev BacklogAge",
		"AuditFailures":    "Tenon/dev AuditFailures",
		"LeaseAnomalies":   "Tenon/dev LeaseAnomalies",
		"UntoldEvents":     "Tenon/dev Untold",
		"DeliveryFailures": "Tenon/dev Deliveries given_up",
		"AWSThrottles":     "Tenon/dev AWSThrottles",
		"RefreshFailures":  "IF(n >= 20, 100 * SUM([u, l]) / n, 0)",
		"NoticeFailures":   "SUM([m, r])",
		"AuditBroken":      "Tenon/dev AuditBroken",

		"StuckOffboardings": "Tenon/dev StuckOffboardings",
		"SweepSilence":      "AWS/Lambda Invocations tenon-dev-job-due-sweep",
	}
	for _, r := range slices.Concat(routes.Jobs(), routes.Consumers(), routes.Workers()) {
		want[logical(r.Name)+"Errors"] = "AWS/Lambda Errors ${" + logical(r.Name) + "Function}"
	}
	for _, r := range routes.Consumers() {
		want[logical(r.Name)+"Dead"] = "AWS/SQS ApproximateNumberOfMessagesVisible ${" + logical(r.Name) + "DeadLetters.QueueName}"
	}
	got := map[string]string{}
	for id, r := range api.ofType("AWS::CloudWatch::Alarm") {
		if queries, ok := r.Properties["Metrics"].([]any); ok {
			got[id] = api.text(at(queries[0], "Expression"))
			continue
		}
		watched := []string{api.text(r.Properties["Namespace"]), api.text(r.Properties["MetricName"])}
		dimensions, _ := r.Properties["Dimensions"].([]any)
		for _, d := range dimensions {
			watched = append(watched, api.text(at(d, "Value")))
		}
		got[id] = strings.Join(watched, " ")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("alarms (-want +got):\n%s", diff)
	}
}

// TestRunbooks: each tells what the alarm means, where to look, what to do.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	for _, id := range append(slices.Collect(maps.Keys(api.ofType("AWS::CloudWatch::Alarm"))), breakGlassUsed) {
		content, err := os.ReadFile(filepath.Join(runbooks, id+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, part := range []string{"# " + id + "\n", "**Meaning.**", "**Look at**", "**Do**"} {
			if !strings.Contains(string(content), part) {
				t.Errorf("%s.md has no %q", id, part)
			}
		}
	}
}
