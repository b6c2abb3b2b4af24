package cloud_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/iam"
)

// lets is a statement that lets a rule of the default bus send.
func lets(queue, rule string) string {
	return `{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"` + queue + `","Principal":{"Service":"events.amazonaws.com"},` +
		`"Condition":{"ArnEquals":{"aws:SourceArn":"arn:aws:events:` + region + `rule/` + rule + `"}}}`
}

// TestRulesAreLetIn: a rule sends to queues whose policy lets it, for what it
// delivers and for what it cannot deliver.
func TestRulesAreLetIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		inbox, dead     string // Which rule the queues let in.
		inInbox, inDead []sqsMessage
	}{
		"both":            {inbox: "r", dead: "r", inInbox: []sqsMessage{{Body: `"x"`}}},
		"the dead letter": {inbox: "other", dead: "r", inDead: []sqsMessage{{Body: `"x"`, ErrorCode: "NO_PERMISSIONS"}}},
		"neither":         {inbox: "other", dead: "other"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			own, _ := newCloud()
			addScoped(t, own)
			inbox, inboxARN := createQueue(t, own, "inbox")
			dead, deadARN := createQueue(t, own, "dead")
			for url, policy := range map[string]string{inbox: statements(lets(inboxARN, c.inbox)), dead: statements(lets(deadARN, c.dead))} {
				_, err := sqs.NewFromConfig(configOf(own)).SetQueueAttributes(t.Context(), &sqs.SetQueueAttributesInput{QueueUrl: &url, Attributes: map[string]string{"Policy": policy}})
				check(t, err)
			}
			client := eventbridge.NewFromConfig(configOf(own))
			_, err := client.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("r"), EventPattern: aws.String(`{"source":["tenon"]}`)})
			check(t, err)
			_, err = client.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("r"), Targets: []eventtypes.Target{{
				Id: aws.String("q"), Arn: &inboxARN, Input: aws.String(`"x"`), DeadLetterConfig: &eventtypes.DeadLetterConfig{Arn: &deadARN},
			}}})
			check(t, err)
			_, err = client.PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []eventtypes.PutEventsRequestEntry{{
				Source: aws.String("tenon"), DetailType: aws.String("a"), Detail: aws.String("{}"),
			}}})
			check(t, err)
			if got := receive(t, own, inbox); !cmp.Equal(got, c.inInbox) {
				t.Errorf("the queue has %+v, want %+v", got, c.inInbox)
			}
			if got := receive(t, own, dead); !cmp.Equal(got, c.inDead) {
				t.Errorf("the dead letters are %+v, want %+v", got, c.inDead)
			}
		})
	}
}

// TestRolesOfSchedules: a schedule does what its role may, if that trusts it.
func TestRolesOfSchedules(t *testing.T) {
	t.Parallel()
	trusts := func(service string) string {
		return statements(`{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"` + service + `"},"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}`)
	}
	for name, c := range map[string]struct {
		trust, allowed string
		want           int // Invocations.
		denied         string
	}{
		"trusted and allowed": {trusts("scheduler.amazonaws.com"), grant("lambda:InvokeFunction", function), 1, ""},
		"not trusted":         {trusts("lambda.amazonaws.com"), grant("lambda:InvokeFunction", function), 0, "sts:AssumeRole"},
		"not allowed":         {trusts("scheduler.amazonaws.com"), grant("lambda:InvokeFunction", function+"2"), 0, "lambda:InvokeFunction"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account, at := newCloud()
			f := &functions{}
			account.Invoke = f.Invoke
			trust := policy(t, c.trust)
			account.AddRole(cloud.Role{ARN: roleARN, Trust: &trust, Policies: []iam.Document{policy(t, statements(c.allowed))}})
			createSchedule(t, account, "s", "rate(5 minutes)", function, func(to *types.Target) { to.RoleArn = aws.String(roleARN) })
			at.Advance(5 * time.Minute)
			account.Tick()
			if len(f.payloads) != c.want {
				t.Errorf("got %d invocations, want %d", len(f.payloads), c.want)
			}
			denials := account.Denials()
			if c.denied == "" && len(denials) > 0 || c.denied != "" && (len(denials) != 1 || denials[0].Action != c.denied) {
				t.Errorf("denied %+v, want %q", denials, c.denied)
			}
		})
	}
}
