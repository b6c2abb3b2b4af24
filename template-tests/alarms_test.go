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
	want := slices.Sorted(maps.Keys(alarms))
	if diff := cmp.Diff(want, sorted(written)); diff != "" {
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
	}
	for _, r := range slices.Concat(routes.Jobs(), routes.Consumers(), routes.Workers()) {
		want[logical(r.Name)+"Errors"] = "AWS/Lambda Errors ${" + logical(r.Name) + "Function}"
	}
	for _, r := range routes.Consumers() {
		want[logical(r.Name)+"Dead"] = "AWS/SQS ApproximateNumberOfMessagesVisible ${" + logical(r.Name) + "DeadLetters.QueueName}"
	}
	got := map[string]string{}
	for id, r := range api.ofType("AWS::CloudWatch::Alarm") {
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

// TestProviderTrouble: every function that calls providers is listened to, for
// exactly the lines that package outage writes.
func TestProviderTrouble(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	filters := api.ofType("AWS::Logs::MetricFilter")
	calling := 0
	for _, r := range routes.All() {
		if !slices.Contains(r.Grants, routes.Egress) {
			continue
		}
		calling++
		filter, ok := filters[logical(r.Name)+"ProviderTrouble"]
		if !ok {
			t.Errorf("nobody listens to %s", r.Name)
			continue
		}
		if got := api.text(filter.Properties["LogGroupName"]); got != "${"+logical(r.Name)+"Logs}" {
			t.Errorf("%s: the filter reads %s", r.Name, got)
		}
		if got := api.text(filter.Properties["FilterPattern"]); got != `{ $.msg = "provider.*" && $.phase = "began" }` {
			t.Errorf("%s: the filter wants %s", r.Name, got)
		}
	}
	if len(filters) != calling {
		t.Errorf("got %d filters, want %d", len(filters), calling)
	}
}

// TestRunbooks: each tells what the alarm means, where to look, what to do.
func TestRunbooks(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	for id := range api.ofType("AWS::CloudWatch::Alarm") {
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
