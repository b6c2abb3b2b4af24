package templatetests_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

// TestSchedules holds every job to its row: its rate, its own role, a short
// life for a run that cannot start, and the dead-letter queue at both ends.
func TestSchedules(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	schedules := api.ofType("AWS::Scheduler::Schedule")
	if len(schedules) != len(routes.Jobs()) {
		t.Errorf("%d schedules, want one per job", len(schedules))
	}
	for _, r := range routes.Jobs() {
		t.Run(r.Name, func(t *testing.T) {
			id := logical(r.Name)
			s := schedules[id+"Schedule"].Properties
			target, _ := s["Target"].(object)
			retry := at(target, "RetryPolicy")
			invoke := api.Resources[id+"Invoke"].Properties
			got := []string{
				api.text(s["ScheduleExpression"]), api.text(at(s, "FlexibleTimeWindow", "Mode")),
				api.text(target["Arn"]), api.text(target["RoleArn"]), api.text(target["Input"]),
				api.text(at(target, "DeadLetterConfig", "Arn")),
				fmt.Sprint(at(retry, "MaximumRetryAttempts"), " ", at(retry, "MaximumEventAgeInSeconds")),
				api.text(at(invoke, "DestinationConfig", "OnFailure", "Destination")),
				fmt.Sprint(invoke["MaximumRetryAttempts"], " ", invoke["MaximumEventAgeInSeconds"]),
			}
			want := []string{
				expression(r.Schedule.Every), "OFF",
				"${" + id + "Function.Arn}", "${" + id + "ScheduleRole.Arn}", `{"time":"<aws.scheduler.scheduled-time>"}`,
				"${DeadLetters.Arn}",
				"2 300",
				"${DeadLetters.Arn}",
				"0 300",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("schedule (-row +template):\n%s", diff)
			}
		})
	}
}

func expression(every time.Duration) string {
	if every == time.Minute {
		return "rate(1 minute)"
	}
	return fmt.Sprintf("rate(%.0f minutes)", every.Minutes())
}
