package cloudtest

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

// timer is one schedule group of its own for one probe, with a schedule
// "timer" that sends to a queue.
type timer struct {
	*suite
	client *scheduler.Client
	group  string
	queue  *inbox
}

func (s *suite) timer() *timer {
	t := &timer{suite: s, client: scheduler.NewFromConfig(s.cfg), group: unique("group"), queue: s.inbox("", nil)}
	_, err := t.client.CreateScheduleGroup(s.ctx, &scheduler.CreateScheduleGroupInput{Name: &t.group})
	s.ok(err)
	return t
}

func (t *timer) target() *types.Target {
	return &types.Target{Arn: &t.queue.arn, RoleArn: aws.String("arn:aws:iam::123456789012:role/x"), Input: aws.String(`{"a":1}`)}
}

func (t *timer) create(expression string) error {
	_, err := t.client.CreateSchedule(t.ctx, &scheduler.CreateScheduleInput{
		Name: aws.String("timer"), GroupName: &t.group, ScheduleExpression: &expression,
		FlexibleTimeWindow:    &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
		ActionAfterCompletion: types.ActionAfterCompletionDelete, Target: t.target(),
	})
	return err
}

func (t *timer) get() (*scheduler.GetScheduleOutput, error) {
	return t.client.GetSchedule(t.ctx, &scheduler.GetScheduleInput{Name: aws.String("timer"), GroupName: &t.group})
}

var scheduleProbes = []probe{
	{"schedule: kept as created", func(s *suite) {
		t := s.timer()
		s.ok(t.create("rate(1 hours)"))
		got, err := t.get()
		s.ok(err)
		s.equal("expression", aws.ToString(got.ScheduleExpression), "rate(1 hours)")
		s.equal("state", got.State, types.ScheduleStateEnabled)
		s.equal("target", aws.ToString(got.Target.Arn), t.queue.arn)
	}},
	{"schedule: creating it twice is refused", func(s *suite) {
		t := s.timer()
		s.ok(t.create("rate(1 hours)"))
		s.code(t.create("rate(2 hours)"), "ConflictException")
	}},
	{"schedule: updated and listed", func(s *suite) {
		t := s.timer()
		s.ok(t.create("rate(1 hours)"))
		_, err := t.client.UpdateSchedule(s.ctx, &scheduler.UpdateScheduleInput{
			Name: aws.String("timer"), GroupName: &t.group, ScheduleExpression: aws.String("cron(0 3 * * ? *)"),
			FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff}, Target: t.target(),
		})
		s.ok(err)
		got, err := t.get()
		s.ok(err)
		s.equal("expression", aws.ToString(got.ScheduleExpression), "cron(0 3 * * ? *)")
		list, err := t.client.ListSchedules(s.ctx, &scheduler.ListSchedulesInput{GroupName: &t.group})
		s.ok(err)
		s.equal("schedules", len(list.Schedules), 1)
	}},
	{"schedule: deleted", func(s *suite) {
		t := s.timer()
		s.ok(t.create("rate(1 hours)"))
		_, err := t.client.DeleteSchedule(s.ctx, &scheduler.DeleteScheduleInput{Name: aws.String("timer"), GroupName: &t.group})
		s.ok(err)
		_, err = t.get()
		s.code(err, "ResourceNotFoundException")
	}},
	{"schedule: at() fires once and is deleted", func(s *suite) {
		t := s.timer()
		s.ok(t.create("at(" + time.Now().UTC().Add(time.Second).Format("2006-01-02T15:04:05") + ")"))
		s.equal("messages", bodies(t.queue.receive(8)), []string{`{"a":1}`})
		_, err := t.get()
		s.code(err, "ResourceNotFoundException")
	}},
	{"schedule: a malformed expression is invalid", func(s *suite) {
		t := s.timer()
		for _, expression := range []string{"sometimes", "rate(0 minutes)", "cron(* * * * *)", "at(tomorrow)"} {
			s.code(t.create(expression), invalidRequest)
		}
	}},
	{"schedule: an unknown group is not found", func(s *suite) {
		t := s.timer()
		t.group = unique("nope")
		s.code(t.create("rate(1 hours)"), "ResourceNotFoundException")
	}},
}
