package cloud_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

const function = "arn:aws:lambda:eu-west-1:123456789012:function:refresh"

// createSchedule makes a schedule that is deleted when it is completed.
func createSchedule(t *testing.T, c *cloud.Cloud, name, expression, target string, options ...func(*types.Target)) {
	t.Helper()
	to := &types.Target{Arn: &target, RoleArn: aws.String("arn:aws:iam::123456789012:role/x"), Input: aws.String(`{"schedule":"` + name + `"}`)}
	for _, option := range options {
		option(to)
	}
	_, err := scheduler.NewFromConfig(configOf(c)).CreateSchedule(t.Context(), &scheduler.CreateScheduleInput{
		Name: &name, ScheduleExpression: &expression, Target: to, ActionAfterCompletion: types.ActionAfterCompletionDelete,
		FlexibleTimeWindow: &types.FlexibleTimeWindow{Mode: types.FlexibleTimeWindowModeOff},
	})
	check(t, err)
}

// functions records invocations and fails the first of them.
type functions struct {
	mu       sync.Mutex
	failures int
	payloads []string
}

func (f *functions) Invoke(_ context.Context, arn string, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.payloads = append(f.payloads, arn+" "+string(payload))
	if len(f.payloads) <= f.failures {
		return errors.New("the function crashed")
	}
	return nil
}

func TestScheduleInvokesFunction(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	f := &functions{}
	c.Invoke = f.Invoke
	createSchedule(t, c, "refresh", "rate(5 minutes)", function)
	at.Advance(5*time.Minute - time.Second)
	if got := c.Tick(); got != 0 {
		t.Errorf("got %d firings too early", got)
	}
	at.Advance(time.Second)
	if got := c.Tick(); got != 1 {
		t.Errorf("got %d firings, want 1", got)
	}
	if got := c.Tick(); got != 0 {
		t.Errorf("got %d firings more at the same time", got)
	}
	if want := []string{function + ` {"schedule":"refresh"}`}; !cmp.Equal(f.payloads, want) {
		t.Errorf("got invocations %q, want %q", f.payloads, want)
	}
}

func TestFailedInvocationIsRetriedThenBuried(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		failures    int
		retries     *int32
		invocations int
		buried      []sqsMessage
	}{
		"succeeds":               {invocations: 1},
		"succeeds in the end":    {failures: 2, invocations: 3},
		"fails always":           {failures: 9, invocations: 3, buried: []sqsMessage{{Body: `{"schedule":"s"}`, ErrorCode: "SDK_CLIENT_ERROR"}}},
		"fails without a retry":  {failures: 9, retries: aws.Int32(0), invocations: 1, buried: []sqsMessage{{Body: `{"schedule":"s"}`, ErrorCode: "SDK_CLIENT_ERROR"}}},
		"fails with one retry":   {failures: 9, retries: aws.Int32(1), invocations: 2, buried: []sqsMessage{{Body: `{"schedule":"s"}`, ErrorCode: "SDK_CLIENT_ERROR"}}},
		"succeeds with one more": {failures: 1, retries: aws.Int32(1), invocations: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, at := newCloud()
			f := &functions{failures: test.failures}
			c.Invoke = f.Invoke
			url, dead := createQueue(t, c, "dead")
			createSchedule(t, c, "s", "rate(1 minute)", function, func(target *types.Target) {
				target.DeadLetterConfig = &types.DeadLetterConfig{Arn: &dead}
				if test.retries != nil {
					target.RetryPolicy = &types.RetryPolicy{MaximumRetryAttempts: test.retries}
				}
			})
			at.Advance(time.Minute)
			c.Tick()
			if got := len(f.payloads); got != test.invocations {
				t.Errorf("got %d invocations, want %d", got, test.invocations)
			}
			if diff := cmp.Diff(test.buried, receive(t, c, url)); diff != "" {
				t.Errorf("dead letters differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRuleInvokesFunction(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	f := &functions{failures: 9}
	c.Invoke = f.Invoke
	url, dead := createQueue(t, c, "dead")
	client := eventbridge.NewFromConfig(configOf(c))
	_, err := client.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: aws.String("r"), EventPattern: aws.String(`{"source":["app"]}`)})
	check(t, err)
	_, err = client.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: aws.String("r"), Targets: []eventtypes.Target{{
		Id: aws.String("1"), Arn: aws.String(function), InputPath: aws.String("$.detail"),
		DeadLetterConfig: &eventtypes.DeadLetterConfig{Arn: &dead},
	}}})
	check(t, err)
	_, err = client.PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []eventtypes.PutEventsRequestEntry{
		{Source: aws.String("app"), DetailType: aws.String("x"), Detail: aws.String(`{"n":1}`)},
		{Source: aws.String("other"), DetailType: aws.String("x"), Detail: aws.String(`{"n":2}`)},
	}})
	check(t, err)
	c.Wait()
	if want := []string{function + ` {"n":1}`, function + ` {"n":1}`, function + ` {"n":1}`}; !cmp.Equal(f.payloads, want) {
		t.Errorf("got invocations %q, want %q", f.payloads, want)
	}
	if got, want := receive(t, c, url), []sqsMessage{{Body: `{"n":1}`, ErrorCode: "SDK_CLIENT_ERROR"}}; !cmp.Equal(got, want) {
		t.Errorf("got dead letters %v, want %v", got, want)
	}
}

func TestFunctionMayCallTheCloud(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	url, arn := createQueue(t, c, "inbox")
	c.Invoke = func(context.Context, string, []byte) error {
		createSchedule(t, c, "next", "rate(1 hour)", arn)
		return nil
	}
	createSchedule(t, c, "first", "at(2026-03-10T12:01:00)", function)
	at.Advance(time.Minute)
	c.Tick()
	at.Advance(time.Hour)
	if got := c.Tick(); got != 1 {
		t.Errorf("got %d firings, want 1", got)
	}
	if got, want := receive(t, c, url), []sqsMessage{{Body: `{"schedule":"next"}`}}; !cmp.Equal(got, want) {
		t.Errorf("got messages %v, want %v", got, want)
	}
}

func TestDeliveryToMissingQueueIsBuried(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	url, dead := createQueue(t, c, "dead")
	createSchedule(t, c, "s", "rate(1 minute)", dead+"-nope", func(target *types.Target) {
		target.DeadLetterConfig = &types.DeadLetterConfig{Arn: &dead}
	})
	at.Advance(time.Minute)
	c.Tick()
	if got, want := receive(t, c, url), []sqsMessage{{Body: `{"schedule":"s"}`, ErrorCode: "NO_RESOURCE"}}; !cmp.Equal(got, want) {
		t.Errorf("got dead letters %v, want %v", got, want)
	}
}

func TestScheduledRuleSendsEnvelope(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	url, arn := createQueue(t, c, "inbox")
	putScheduledRule(t, c, "nightly", "cron(0 3 * * ? *)", arn)
	at.Advance(15 * time.Hour)
	if got := c.Tick(); got != 1 {
		t.Fatalf("got %d firings, want 1", got)
	}
	messages := receive(t, c, url)
	if len(messages) != 1 {
		t.Fatalf("got messages %v, want one", messages)
	}
	var event struct {
		Source     string   `json:"source"`
		DetailType string   `json:"detail-type"`
		Time       string   `json:"time"`
		Resources  []string `json:"resources"`
	}
	check(t, json.Unmarshal([]byte(messages[0].Body), &event))
	if event.Source != "aws.events" || event.DetailType != "Scheduled Event" || event.Time != "2026-03-11T03:00:00Z" {
		t.Errorf("got event %+v", event)
	}
	if want := []string{"arn:aws:events:eu-west-1:123456789012:rule/nightly"}; !cmp.Equal(event.Resources, want) {
		t.Errorf("got resources %q, want %q", event.Resources, want)
	}
}
