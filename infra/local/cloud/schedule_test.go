package cloud_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// TestScheduleTimes creates a schedule on Tuesday 2026-03-10 at 12:00 UTC and
// checks that it fires at each wanted time and not a second before.
func TestScheduleTimes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		expression string
		zone       string
		want       []string
	}{
		{"at(2026-03-10T12:30:00)", "", []string{"2026-03-10T12:30:00Z"}},
		{"at(2026-03-10T14:00:00)", "Europe/Berlin", []string{"2026-03-10T13:00:00Z"}},
		{"rate(1 minute)", "", []string{"2026-03-10T12:01:00Z", "2026-03-10T12:02:00Z"}},
		{"rate(36 hours)", "", []string{"2026-03-12T00:00:00Z", "2026-03-13T12:00:00Z"}},
		{"rate(7 days)", "", []string{"2026-03-17T12:00:00Z"}},
		{"cron(15 10 * * ? *)", "", []string{"2026-03-11T10:15:00Z", "2026-03-12T10:15:00Z"}},
		{"cron(0/20 12 * * ? *)", "", []string{"2026-03-10T12:20:00Z", "2026-03-10T12:40:00Z", "2026-03-11T12:00:00Z"}},
		{"cron(0 8-10,22 ? * MON-FRI *)", "", []string{"2026-03-10T22:00:00Z", "2026-03-11T08:00:00Z", "2026-03-11T09:00:00Z"}},
		{"cron(0 9 ? * 2 *)", "", []string{"2026-03-16T09:00:00Z"}},
		{"cron(0 9 ? * 6#3 *)", "", []string{"2026-03-20T09:00:00Z", "2026-04-17T09:00:00Z"}},
		{"cron(0 9 ? * 6L *)", "", []string{"2026-03-27T09:00:00Z", "2026-04-24T09:00:00Z"}},
		{"cron(0 9 L * ? *)", "", []string{"2026-03-31T09:00:00Z", "2026-04-30T09:00:00Z"}},
		{"cron(0 9 15W * ? *)", "", []string{"2026-03-16T09:00:00Z", "2026-04-15T09:00:00Z"}},
		{"cron(0 0 29 FEB ? *)", "", []string{"2028-02-29T00:00:00Z"}},
		{"cron(0 0 1 1 ? 2027-2028)", "", []string{"2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"}},
		{"cron(30 2 * * ? *)", "Europe/Berlin", []string{"2026-03-11T01:30:00Z"}},
		{"cron(30 2 29,30 3 ? 2026)", "Europe/Berlin", []string{"2026-03-30T00:30:00Z"}},
	} {
		t.Run(test.expression+test.zone, func(t *testing.T) {
			t.Parallel()
			c, at := newCloud()
			_, arn := createQueue(t, c, "inbox")
			_, err := scheduler.NewFromConfig(configOf(c)).CreateSchedule(t.Context(), &scheduler.CreateScheduleInput{
				Name: aws.String("s"), ScheduleExpression: &test.expression, ScheduleExpressionTimezone: aws.String(test.zone),
				Target:             &types.Target{Arn: &arn, RoleArn: aws.String("arn:aws:iam::123456789012:role/x")},
				FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
			})
			check(t, err)
			for _, text := range test.want {
				want, err := time.Parse(time.RFC3339, text)
				check(t, err)
				at.Advance(want.Sub(at.Now()) - time.Second)
				if got := c.Tick(); got != 0 {
					t.Errorf("fired before %s", text)
				}
				at.Advance(time.Second)
				if got := c.Tick(); got != 1 {
					t.Errorf("got %d firings at %s, want 1", got, text)
				}
			}
		})
	}
}

func TestSchedulesAndRulesFireOnceAfterALongPause(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	url, arn := createQueue(t, c, "inbox")
	createSchedule(t, c, "s", "rate(1 minute)", arn)
	putScheduledRule(t, c, "r", "rate(1 minute)", arn)
	at.Advance(time.Hour + 30*time.Second)
	c.Tick()
	c.Tick()
	if got := receive(t, c, url); len(got) != 2 {
		t.Errorf("got %d messages, want one of each", len(got))
	}
	at.Advance(30 * time.Second)
	if got := c.Tick(); got != 2 {
		t.Errorf("got %d firings at the next full minute, want 2", got)
	}
}

func TestScheduleStates(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	_, arn := createQueue(t, c, "inbox")
	client := scheduler.NewFromConfig(configOf(c))
	put := func(state types.ScheduleState, end *time.Time) {
		in := &scheduler.UpdateScheduleInput{
			Name: aws.String("s"), ScheduleExpression: aws.String("rate(1 minute)"), State: state, EndDate: end,
			Target:             &types.Target{Arn: &arn, RoleArn: aws.String("arn:aws:iam::123456789012:role/x")},
			FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		}
		_, err := client.UpdateSchedule(t.Context(), in)
		check(t, err)
	}
	createSchedule(t, c, "s", "rate(1 minute)", arn)
	put(types.ScheduleStateDisabled, nil)
	at.Advance(time.Hour)
	if got := c.Tick(); got != 0 {
		t.Errorf("got %d firings of a disabled schedule", got)
	}
	put(types.ScheduleStateEnabled, aws.Time(at.Now().Add(90*time.Second)))
	at.Advance(time.Minute)
	if got := c.Tick(); got != 1 {
		t.Errorf("got %d firings before the end, want 1", got)
	}
	at.Advance(time.Minute)
	if got := c.Tick(); got != 0 {
		t.Errorf("got %d firings after the end", got)
	}
}

// TestScheduleContext checks that a function learns when its run was due.
func TestScheduleContext(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	url, arn := createQueue(t, c, "inbox")
	_, err := scheduler.NewFromConfig(configOf(c)).CreateSchedule(t.Context(), &scheduler.CreateScheduleInput{
		Name: aws.String("s"), ScheduleExpression: aws.String("at(2026-03-10T12:30:00)"),
		Target:             &types.Target{Arn: &arn, RoleArn: aws.String("arn:aws:iam::123456789012:role/x"), Input: aws.String(`{"time":"<aws.scheduler.scheduled-time>"}`)},
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
	})
	check(t, err)
	at.Advance(45 * time.Minute)
	c.Tick()
	got := receive(t, c, url)
	if want := `{"time":"2026-03-10T12:30:00Z"}`; len(got) != 1 || got[0].Body != want {
		t.Errorf("got %v, want one message %s", got, want)
	}
}
