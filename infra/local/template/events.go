package template

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

func eventBus(s *stack, id string, p properties) (physical, error) {
	name, err := p.text("Name", s.name(id))
	if err != nil {
		return physical{}, err
	}
	a := s.app
	_, err = a.clients.events.CreateEventBus(a.ctx, &eventbridge.CreateEventBusInput{Name: &name})
	switch {
	case err == nil:
		a.created("event bus", name)
	case !has(err, "ResourceAlreadyExistsException"):
		return physical{}, fmt.Errorf("create event bus: %w", err)
	}
	return physical{ref: name, attrs: map[string]string{"Arn": a.arn("events", "event-bus/"+name), "Name": name}}, nil
}

// rule puts a rule and its targets, which replaces those that exist: a rule
// holds nothing but what the template says.
func rule(s *stack, id string, p properties) (physical, error) {
	values, err := p.pick("Name", "EventBusName", "ScheduleExpression", "State", "Description")
	if err != nil {
		return physical{}, err
	}
	in, err := into[eventbridge.PutRuleInput](values)
	if err != nil {
		return physical{}, err
	}
	if in.Name == nil {
		in.Name = aws.String(s.name(id))
	}
	pattern, err := p.get("EventPattern")
	if err != nil {
		return physical{}, err
	}
	if pattern != nil {
		in.EventPattern = aws.String(text(pattern))
	}
	a := s.app
	put, err := a.clients.events.PutRule(a.ctx, &in)
	if err != nil {
		return physical{}, fmt.Errorf("put rule: %w", err)
	}
	v, err := p.get("Targets")
	if err != nil {
		return physical{}, err
	}
	targets, err := into[[]types.Target](v)
	if err != nil {
		return physical{}, err
	}
	if len(targets) > 0 {
		_, err = a.clients.events.PutTargets(a.ctx, &eventbridge.PutTargetsInput{
			Rule: in.Name, EventBusName: in.EventBusName, Targets: targets,
		})
		if err != nil {
			return physical{}, fmt.Errorf("put targets: %w", err)
		}
	}
	return physical{ref: *in.Name, attrs: map[string]string{"Arn": aws.ToString(put.RuleArn)}}, nil
}
