package templatetests_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/routes"
)

// TestQueues: messages rest encrypted and travel encrypted, and nobody is let in
// by the queue itself, but for the rule whose events a consumer wants and, to
// what cannot be delivered, every rule of the bus.
func TestQueues(t *testing.T) {
	t.Parallel()
	data, api := load(t)
	for _, in := range []*template{data, api} {
		for id, r := range in.ofType("AWS::SQS::Queue") {
			if r.Properties["SqsManagedSseEnabled"] != true {
				t.Errorf("%s is not encrypted", id)
			}
			want := []any{object{
				"Effect": "Deny", "Action": "sqs:*", "Principal": object{"AWS": "*"},
				"Resource":  object{"Fn::GetAtt": []any{id, "Arn"}},
				"Condition": object{"Bool": object{"aws:SecureTransport": "false"}},
			}}
			if rule := strings.TrimSuffix(id, "Queue") + "Rule"; in.Resources[rule].Type != "" {
				want = append(want, object{
					"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": object{"Service": "events.amazonaws.com"},
					"Resource":  object{"Fn::GetAtt": []any{id, "Arn"}},
					"Condition": object{"ArnEquals": object{"aws:SourceArn": object{"Fn::GetAtt": []any{rule, "Arn"}}}},
				})
			}
			if id == "DeadLetters" {
				want = append(want, object{
					"Effect": "Allow", "Action": "sqs:SendMessage", "Principal": object{"Service": "events.amazonaws.com"},
					"Resource": object{"Fn::GetAtt": []any{id, "Arn"}},
					"Condition": object{"ArnEquals": object{"aws:SourceArn": object{"Fn::Join": []any{"", []any{
						"arn:", object{"Ref": "AWS::Partition"}, ":events:", object{"Ref": "AWS::Region"}, ":", object{"Ref": "AWS::AccountId"}, ":rule/", object{"Ref": "Bus"}, "/*",
					}}}}},
				})
			}
			policy := in.Resources[id+"Policy"].Properties
			if diff := cmp.Diff(want, at(policy, "PolicyDocument", "Statement")); diff != "" {
				t.Errorf("policy of %s (-want +got):\n%s", id, diff)
			}
		}
	}
}

// TestConsumers holds every consumer to its row: one queue that it alone works
// off, from which a message goes to the dead letters after five tries, and is
// not given to a second run while a first may still work on it.
func TestConsumers(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	if got, want := len(api.ofType("AWS::Lambda::EventSourceMapping")), len(routes.Consumers()); got != want {
		t.Errorf("%d sources, want one per consumer, %d", got, want)
	}
	for _, r := range routes.Consumers() {
		t.Run(r.Name, func(t *testing.T) {
			id := logical(r.Name)
			queue, dead, source := api.Resources[id+"Queue"].Properties, api.Resources[id+"DeadLetters"].Properties, api.Resources[id+"Source"].Properties
			got := []string{
				fmt.Sprint(queue["VisibilityTimeout"]),
				api.text(at(queue, "RedrivePolicy", "deadLetterTargetArn")), fmt.Sprint(at(queue, "RedrivePolicy", "maxReceiveCount")),
				fmt.Sprint(queue["MessageRetentionPeriod"], dead["MessageRetentionPeriod"]), // The one of events may hold the only copy.
				api.text(source["EventSourceArn"]), api.text(source["FunctionName"]),
				fmt.Sprint(source["BatchSize"], source["MaximumBatchingWindowInSeconds"], source["FunctionResponseTypes"]),
				fmt.Sprint(at(source, "ScalingConfig", "MaximumConcurrency")),
			}
			want := []string{
				fmt.Sprint(6 * r.Timeout.Seconds()),
				"${" + id + "DeadLetters.Arn}", "5",
				fmt.Sprint(14*24*60*60.0, 14*24*60*60.0),
				"${" + id + "Queue.Arn}", "${" + id + "Function}",
				fmt.Sprint(float64(r.Queue.Batch), 1.0, []any{"ReportBatchItemFailures"}),
				fmt.Sprint(r.Queue.Concurrency),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("queue, dead letters, source (-row +template):\n%s", diff)
			}
		})
	}
}

// TestWhoUsesQueues: a consumer reads and deletes from its own queue, and only
// what has the grant sends.
func TestWhoUsesQueues(t *testing.T) {
	t.Parallel()
	_, api := load(t)
	for _, r := range routes.All() {
		var got []string
		for p := range permissions(t, api, logical(r.Name)+"Role") {
			if strings.HasPrefix(p.action, "sqs:") && p.kind != "dead-letters" {
				got = append(got, p.action+" "+p.kind)
			}
		}
		var want []string
		if r.IsConsumer() {
			want = []string{"sqs:DeleteMessage own-queue", "sqs:GetQueueAttributes own-queue", "sqs:ReceiveMessage own-queue"}
		}
		if slices.Contains(r.Grants, routes.QueueSend) {
			want = append(want, "sqs:GetQueueAttributes work-queues", "sqs:SendMessage work-queues")
		}
		if diff := cmp.Diff(want, sorted(got)); diff != "" {
			t.Errorf("%s on queues (-row +template):\n%s", r.Name, diff)
		}
	}
}

// dueConsumers are the consumers of what the sweep sends; the others consume
// events.
func dueConsumers() []*routes.Route {
	return slices.DeleteFunc(routes.Consumers(), func(r *routes.Route) bool { return len(r.Queue.Events) > 0 })
}
