package infra

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/jsii-runtime-go"

	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/routes"
)

const (
	// visibility is how long a message is hidden while it is worked on, in
	// timeouts of the function: AWS asks for six.
	visibility = 6
	// receives is how often a message is tried before it counts as poison.
	receives = 5
	// batching is for how many seconds messages are gathered into one run.
	batching = 1
	// days is how long a message is kept, the most SQS allows: that of an event is
	// the only copy there is once the bus has delivered it.
	days = 14
)

// workQueue is the queue of one consumer and where its poison ends.
type workQueue struct{ main, dead awssqs.CfnQueue }

// addQueues declares the queue of every consumer, before any function that is
// told of them.
func (a *api) addQueues() {
	a.queues = map[string]workQueue{}
	for _, r := range routes.Consumers() {
		a.queues[r.Name] = a.addQueue(r)
	}
}

func (a *api) addQueue(r *routes.Route) workQueue {
	id := logical(r.Name)
	dead := awssqs.NewCfnQueue(a.stack, jsii.String(id+"DeadLetters"), &awssqs.CfnQueueProps{
		SqsManagedSseEnabled:   true,
		MessageRetentionPeriod: jsii.Number(days * 24 * 60 * 60),
	})
	main := awssqs.NewCfnQueue(a.stack, jsii.String(id+"Queue"), &awssqs.CfnQueueProps{
		SqsManagedSseEnabled:   true,
		MessageRetentionPeriod: jsii.Number(days * 24 * 60 * 60),
		VisibilityTimeout:      jsii.Number(visibility * timeout(r).Seconds()),
		RedrivePolicy:          map[string]any{"deadLetterTargetArn": dead.AttrArn(), "maxReceiveCount": receives},
	})
	statements := []map[string]any{tlsOnly(*main.AttrArn())}
	if len(r.Queue.Events) > 0 {
		statements = append(statements, sentByRule(*main.AttrArn(), a.addRule(r, main)))
	}
	a.addQueuePolicy(id+"QueuePolicy", main, statements...)
	a.addQueuePolicy(id+"DeadLettersPolicy", dead, tlsOnly(*dead.AttrArn()))
	return workQueue{main, dead}
}

func (a *api) addQueuePolicy(id string, q awssqs.CfnQueue, statements ...map[string]any) {
	awssqs.NewCfnQueuePolicy(a.stack, &id, &awssqs.CfnQueuePolicyProps{
		Queues: jsii.Strings(*q.Ref()), PolicyDocument: policy(statements...),
	})
}

// addRule sends the events a consumer wants to its queue and returns the rule's
// ARN. What cannot be sent ends in the dead-letter queue of the jobs.
func (a *api) addRule(r *routes.Route, queue awssqs.CfnQueue) string {
	rule := awsevents.NewCfnRule(a.stack, jsii.String(logical(r.Name)+"Rule"), &awsevents.CfnRuleProps{
		Name:         jsii.String(a.props.name(r.Name)),
		Description:  &r.Summary,
		EventBusName: a.data.bus.Ref(),
		EventPattern: map[string]any{"source": []string{"tenon"}, "detail-type": r.Queue.Events},
		Targets: []any{&awsevents.CfnRule_TargetProperty{
			Id: jsii.String("queue"), Arn: queue.AttrArn(),
			DeadLetterConfig: &awsevents.CfnRule_DeadLetterConfigProperty{Arn: a.data.letters.AttrArn()},
		}},
	})
	return *rule.AttrArn()
}

// addSource lets the consumer work off its queue.
func (a *api) addSource(r *routes.Route, f awslambda.CfnFunction) {
	awslambda.NewCfnEventSourceMapping(a.stack, jsii.String(logical(r.Name)+"Source"), &awslambda.CfnEventSourceMappingProps{
		EventSourceArn:                 a.queues[r.Name].main.AttrArn(),
		FunctionName:                   f.Ref(),
		BatchSize:                      jsii.Number(r.Queue.Batch),
		MaximumBatchingWindowInSeconds: jsii.Number(batching),
		FunctionResponseTypes:          jsii.Strings("ReportBatchItemFailures"),
		ScalingConfig: &awslambda.CfnEventSourceMapping_ScalingConfigProperty{
			MaximumConcurrency: jsii.Number(r.Queue.Concurrency),
		},
	})
}

// queueUse is what Lambda does with the function's permissions.
func (a *api) queueUse(r *routes.Route) map[string]any {
	return allow([]string{"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}, []string{*a.queues[r.Name].main.AttrArn()}, nil)
}

// queueSend allows to send due work to the queues that have it, and to see how
// much waits there.
func (a *api) queueSend() map[string]any {
	var arns []string
	for _, r := range dueConsumers() {
		arns = append(arns, *a.queues[r.Name].main.AttrArn())
	}
	return allow([]string{"sqs:GetQueueAttributes", "sqs:SendMessage"}, arns, nil)
}

// queueURLs is what a function that sends is told of the queues.
func (a *api) queueURLs() string {
	var pairs []string
	for _, r := range dueConsumers() {
		pairs = append(pairs, r.Name+"="+*a.queues[r.Name].main.Ref())
	}
	return strings.Join(pairs, environ.QueueSeparator)
}

// dueConsumers are the consumers of work that is sent to them by name.
func dueConsumers() []*routes.Route {
	var found []*routes.Route
	for _, r := range routes.Consumers() {
		if len(r.Queue.Events) == 0 {
			found = append(found, r)
		}
	}
	return found
}
