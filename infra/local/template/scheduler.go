package template

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
)

func scheduleGroup(s *stack, id string, p properties) (physical, error) {
	name, err := p.text("Name", s.name(id))
	if err != nil {
		return physical{}, err
	}
	a := s.app
	_, err = a.clients.scheduler.CreateScheduleGroup(a.ctx, &scheduler.CreateScheduleGroupInput{Name: &name})
	switch {
	case err == nil:
		a.created("schedule group", name)
	case !has(err, "ConflictException"):
		return physical{}, fmt.Errorf("create schedule group: %w", err)
	}
	return physical{ref: name, attrs: map[string]string{"Arn": a.arn("scheduler", "schedule-group/"+name)}}, nil
}

// schedule creates a schedule, or brings an existing one up to date: a
// schedule holds nothing but what the template says.
func schedule(s *stack, id string, p properties) (physical, error) {
	values, err := scheduleValues(s, id, p)
	if err != nil {
		return physical{}, err
	}
	if universal(values) {
		return s.placeholder(id, "AWS::Scheduler::Schedule"), nil
	}
	in, err := into[scheduler.CreateScheduleInput](values)
	if err != nil {
		return physical{}, err
	}
	a := s.app
	_, err = a.clients.scheduler.CreateSchedule(a.ctx, &in)
	switch {
	case err == nil:
		a.created("schedule", *in.Name)
	case has(err, "ConflictException"):
		if err := a.updateSchedule(values); err != nil {
			return physical{}, err
		}
	default:
		return physical{}, fmt.Errorf("create schedule: %w", err)
	}
	group := aws.ToString(in.GroupName)
	if group == "" {
		group = "default"
	}
	return physical{ref: *in.Name, attrs: map[string]string{"Arn": a.arn("scheduler", "schedule/"+group+"/"+*in.Name)}}, nil
}

// universal reports whether a schedule calls an AWS API and no function: such calls
// are about resources that are not here.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
func universal(values object) bool {
	target, _ := values["Target"].(object)
	return strings.Contains(text(target["Arn"]), ":aws-sdk:")
}

func scheduleValues(s *stack, id string, p properties) (object, error) {
	values, err := p.pick("Name", "GroupName", "Description", "ScheduleExpression", "ScheduleExpressionTimezone",
		"State", "StartDate", "EndDate", "FlexibleTimeWindow", "Target", "KmsKeyArn")
	if err != nil {
		return nil, err
	}
	if values["Name"] == nil {
		values["Name"] = s.name(id)
	}
	if values["FlexibleTimeWindow"] == nil {
		values["FlexibleTimeWindow"] = object{"Mode": string(types.FlexibleTimeWindowModeOff)}
	}
	return values, nil
}

func (a *application) updateSchedule(values object) error {
	in, err := into[scheduler.UpdateScheduleInput](values)
	if err != nil {
		return err
	}
	_, err = a.clients.scheduler.UpdateSchedule(a.ctx, &in)
	if err != nil {
		return fmt.Errorf("update schedule: %w", err)
	}
	return nil
}
