package cloud

import (
	"strings"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// sender is who delivers: a rule, which the policy of its target must let in, or
// a schedule with its role.
type sender struct {
	service string // "events.amazonaws.com"
	source  string // The ARN of the rule or the schedule's group.
	role    string // Of a schedule.
}

// mayDeliver reports whether a delivery may go to its target or, to, the queue
// for what could not be delivered. Where no role trusts anybody, as in a cloud
// without templates, nothing is asked. Whether a function lets a rule in is not
// known here.
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
func (c *Cloud) mayDeliver(d delivery, to string) bool {
	if !c.identities.strict() {
		return true
	}
	a := access{action: "lambda:InvokeFunction", resource: to}
	if strings.Contains(to, ":sqs:") {
		a = c.queues.on(lastElement(to, ":"), "sqs:SendMessage")
	}
	if d.from.role == "" && a.action != "sqs:SendMessage" {
		return true
	}
	from := conditions{"aws:SecureTransport": {"true"}, "aws:SourceAccount": {c.Account}, "aws:SourceArn": {d.from.source}}
	who := signer{arn: d.from.service}
	if d.from.role != "" {
		assume := access{action: "sts:AssumeRole", resource: d.from.role, context: from, policy: c.identities.role(d.from.role).Trust}
		if !c.decided(who, d, assume, c.serves(d, assume)) {
			return false
		}
		_, who = c.identities.issue(Role{ARN: d.from.role}, "schedule")
		return c.decided(who, d, a, c.decide(who, a))
	}
	a.context = from
	return c.decided(who, d, a, c.serves(d, a))
}

// serves asks the policy of a resource about a service.
func (c *Cloud) serves(d delivery, a access) iam.Decision {
	return iam.Evaluate(iam.Policies{Resource: a.policy}, iam.Request{
		Principal: iam.Principal{Service: d.from.service}, Action: a.action, Resource: a.resource, Context: a.context,
	})
}

func (c *Cloud) decided(who signer, d delivery, a access, decision iam.Decision) bool {
	if decision.Allowed {
		c.permissions.use(who.principal(), a.action)
		return true
	}
	_ = c.deny(who, d.from.service+" of "+d.from.source, a, decision.Reason) // The answer is for nobody; it is recorded.
	return false
}

// strict reports whether a role says whom it trusts.
func (s *identityStore) strict() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, role := range s.roles {
		if role.Trust != nil {
			return true
		}
	}
	return false
}
