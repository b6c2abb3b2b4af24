package cloudtest

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
)

// bus is one event bus of its own for one probe, with one rule.
type bus struct {
	*suite
	client *eventbridge.Client
	name   string
}

const createdPattern = `{"source":["connections"],"detail-type":["created"],"detail":{"provider":[{"prefix":"sla"}],"n":[{"numeric":[">",3]}]}}`

func (s *suite) bus(pattern string) *bus {
	b := &bus{suite: s, client: eventbridge.NewFromConfig(s.cfg), name: unique("bus")}
	_, err := b.client.CreateEventBus(s.ctx, &eventbridge.CreateEventBusInput{Name: &b.name})
	s.ok(err)
	_, err = b.client.PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String("rule"), EventBusName: &b.name, EventPattern: &pattern})
	s.ok(err)
	return b
}

func (b *bus) target(target types.Target) {
	answer, err := b.client.PutTargets(b.ctx, &eventbridge.PutTargetsInput{Rule: aws.String("rule"), EventBusName: &b.name, Targets: []types.Target{target}})
	b.ok(err)
	b.equal("failed targets", answer.FailedEntryCount, int32(0))
}

func (b *bus) publish(details ...string) {
	in := &eventbridge.PutEventsInput{}
	for _, detail := range details {
		in.Entries = append(in.Entries, types.PutEventsRequestEntry{
			Source: aws.String("connections"), DetailType: aws.String("created"), Detail: &detail, EventBusName: &b.name,
		})
	}
	answer, err := b.client.PutEvents(b.ctx, in)
	b.ok(err)
	b.equal("failed entries", answer.FailedEntryCount, int32(0))
}

// matched asks the endpoint whether a detail matches a pattern of the detail.
func (s *suite) matched(pattern, detail string) bool {
	answer, err := eventbridge.NewFromConfig(s.cfg).TestEventPattern(s.ctx, &eventbridge.TestEventPatternInput{
		EventPattern: aws.String(`{"detail":` + pattern + `}`),
		Event: aws.String(fmt.Sprintf(`{"id":"1","account":"123456789012","source":"a","time":"2024-01-01T00:00:00Z",
			"region":"eu-west-1","resources":[],"detail-type":"x","detail":%s}`, detail)),
	})
	s.ok(err)
	return answer.Result
}

var eventProbes = []probe{
	{"events: a rule sends what matches to its queue", func(s *suite) {
		b, q := s.bus(createdPattern), s.inbox("", nil)
		b.target(types.Target{Id: aws.String("1"), Arn: &q.arn})
		b.publish(`{"provider":"slack","n":5}`, `{"provider":"jira","n":5}`, `{"provider":"slack","n":1}`)
		messages := bodies(q.receive(2))
		s.equal("messages", len(messages), 1)
		s.expect("has the envelope", strings.Contains(messages[0], `"detail-type"`) && strings.Contains(messages[0], `"slack"`))
	}},
	{"events: input transformer", func(s *suite) {
		b, q := s.bus(createdPattern), s.inbox("", nil)
		b.target(types.Target{Id: aws.String("1"), Arn: &q.arn, InputTransformer: &types.InputTransformer{
			InputPathsMap: map[string]string{"p": "$.detail.provider"}, InputTemplate: aws.String(`{"provider":"<p>"}`),
		}})
		b.publish(`{"provider":"slack","n":5}`)
		messages := bodies(q.receive(2))
		s.equal("messages", len(messages), 1)
		s.equal("body", strings.ReplaceAll(messages[0], " ", ""), `{"provider":"slack"}`)
	}},
	{"events: a target is replaced by its ID", func(s *suite) {
		b, old, now := s.bus(createdPattern), s.inbox("", nil), s.inbox("", nil)
		b.target(types.Target{Id: aws.String("1"), Arn: &old.arn})
		b.target(types.Target{Id: aws.String("1"), Arn: &now.arn})
		b.publish(`{"provider":"slack","n":5}`)
		s.equal("new target", len(now.receive(2)), 1)
		s.equal("old target", len(old.receive(0)), 0)
	}},
	{"events: a bus named by its ARN", func(s *suite) {
		b, q := s.bus(createdPattern), s.inbox("", nil)
		b.target(types.Target{Id: aws.String("1"), Arn: &q.arn})
		b.name = "arn:aws:events:eu-west-1:123456789012:event-bus/" + b.name
		b.publish(`{"provider":"slack","n":5}`)
		s.equal("messages", len(q.receive(2)), 1)
	}},
	{"events: a malformed detail fails alone", func(s *suite) {
		b := s.bus(createdPattern)
		answer, err := b.client.PutEvents(s.ctx, &eventbridge.PutEventsInput{Entries: []types.PutEventsRequestEntry{
			{Source: aws.String("a"), DetailType: aws.String("b"), Detail: aws.String("{"), EventBusName: &b.name},
			{Source: aws.String("a"), DetailType: aws.String("b"), Detail: aws.String("{}"), EventBusName: &b.name},
		}})
		s.ok(err)
		s.equal("failed entries", answer.FailedEntryCount, int32(1))
		s.equal("code", aws.ToString(answer.Entries[0].ErrorCode), "MalformedDetail")
	}},
	{"events: more than ten are invalid", func(s *suite) {
		in := &eventbridge.PutEventsInput{}
		for range 11 {
			in.Entries = append(in.Entries, types.PutEventsRequestEntry{Source: aws.String("a"), DetailType: aws.String("b"), Detail: aws.String("{}")})
		}
		_, err := eventbridge.NewFromConfig(s.cfg).PutEvents(s.ctx, in)
		s.code(err, invalidRequest)
	}},
	{"pattern: content filters", func(s *suite) {
		s.expect("exact", s.matched(`{"a":["x"]}`, `{"a":"x"}`))
		s.expect("not exact", !s.matched(`{"a":["x"]}`, `{"a":"y"}`))
		s.expect("prefix", s.matched(`{"a":[{"prefix":"x"}]}`, `{"a":"xy"}`))
		s.expect("anything but", s.matched(`{"a":[{"anything-but":["x"]}]}`, `{"a":"y"}`))
		s.expect("not anything but", !s.matched(`{"a":[{"anything-but":["x"]}]}`, `{"a":"x"}`))
		s.expect("absent", s.matched(`{"a":[{"exists":false}]}`, `{"b":"x"}`))
		s.expect("numeric range", s.matched(`{"a":[{"numeric":[">",1,"<=",3]}]}`, `{"a":3}`))
		s.expect("outside the range", !s.matched(`{"a":[{"numeric":[">",1,"<=",3]}]}`, `{"a":4}`))
		s.expect("list element", s.matched(`{"a":["x"]}`, `{"a":["w","x"]}`))
		s.expect("alternatives", s.matched(`{"$or":[{"a":["x"]},{"b":["x"]}]}`, `{"b":"x"}`))
	}},
	{"pattern: a malformed one is refused", func(s *suite) {
		_, err := eventbridge.NewFromConfig(s.cfg).PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String("rule"), EventPattern: aws.String("{")})
		s.code(err, "InvalidEventPatternException")
	}},
	{"pattern: an unknown filter is refused", func(s *suite) {
		_, err := eventbridge.NewFromConfig(s.cfg).PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String("rule"), EventPattern: aws.String(`{"detail":{"a":[{"nope":1}]}}`)})
		s.code(err, "InvalidEventPatternException")
	}},
	{"rule: with a schedule", func(s *suite) {
		_, err := eventbridge.NewFromConfig(s.cfg).PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String(unique("rule")), ScheduleExpression: aws.String("rate(1 minute)")})
		s.ok(err)
	}},
	{"rule: a malformed schedule is invalid", func(s *suite) {
		_, err := eventbridge.NewFromConfig(s.cfg).PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String(unique("rule")), ScheduleExpression: aws.String("sometimes")})
		s.code(err, invalidRequest)
	}},
	{"bus: creating it twice is refused", func(s *suite) {
		b := s.bus(createdPattern)
		_, err := b.client.CreateEventBus(s.ctx, &eventbridge.CreateEventBusInput{Name: &b.name})
		s.code(err, "ResourceAlreadyExistsException")
	}},
	{"bus: an unknown one has no rules", func(s *suite) {
		_, err := eventbridge.NewFromConfig(s.cfg).PutRule(s.ctx, &eventbridge.PutRuleInput{Name: aws.String("rule"), EventBusName: aws.String(unique("nope")), EventPattern: aws.String(createdPattern)})
		s.code(err, "ResourceNotFoundException")
	}},
	{"archive: accepted", func(s *suite) {
		b := s.bus(createdPattern)
		_, err := b.client.CreateArchive(s.ctx, &eventbridge.CreateArchiveInput{
			ArchiveName:    aws.String(unique("a")),
			EventSourceArn: aws.String("arn:aws:events:eu-west-1:123456789012:event-bus/" + b.name),
		})
		s.ok(err)
	}},
}
