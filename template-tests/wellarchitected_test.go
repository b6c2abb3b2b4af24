package templatetests_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenonhq/tenon/shared/routes"
)

// TestWellArchitected holds the stacks to what the Serverless Applications Lens of
// the AWS Well-Architected Framework asks, by ids of our own.
// https://docs.aws.amazon.com/wellarchitected/latest/serverless-applications-lens/welcome.html
func TestWellArchitected(t *testing.T) {
	t.Parallel()
	hold(t, wellArchitected)
}

const docs = "https://docs.aws.amazon.com/"

var wellArchitected = []control{
	{id: "Authorizer", page: docs + "apigateway/latest/developerguide/http-api-jwt-authorizer.html", asks: "Tokens are checked before a function runs.", types: []string{"AWS::ApiGatewayV2::Authorizer"}, check: both(is("JWT", "AuthorizerType"), given("JwtConfiguration", "Issuer"), given("JwtConfiguration", "Audience"))},
	{id: "Throttling", page: docs + "apigateway/latest/developerguide/http-api-throttling.html", asks: "The API bounds its callers.", types: []string{"AWS::ApiGatewayV2::Stage"}, check: both(given("DefaultRouteSettings", "ThrottlingRateLimit"), given("DefaultRouteSettings", "ThrottlingBurstLimit"))},
	{id: "Timeout", page: docs + "apigateway/latest/developerguide/http-api-quotas.html", asks: "The API answers before the thirty seconds that AWS allows.", types: []string{"AWS::ApiGatewayV2::Integration"}, check: is(29000.0, "TimeoutInMillis"), answer: "Functions that speak to a provider may run longer, to keep the credential that a refresh returned; the caller repeats."},
	{id: "CustomDomainTLS", page: docs + "apigateway/latest/developerguide/http-api-custom-domain-names.html", asks: "Own domains speak TLS 1.2 at least.", types: []string{"AWS::ApiGatewayV2::DomainName"}, check: domainTLS12},
	{id: "LeastPrivilege", page: docs + "lambda/latest/dg/lambda-intro-execution-role.html", asks: "Each function has a role of its own.", types: []string{"AWS::Lambda::Function"}, check: ownRole},
	{id: "JobDeadLetters", page: docs + "lambda/latest/dg/invocation-async-retain-records.html", asks: "What is invoked asynchronously keeps what failed, and is not repeated without an end.", types: []string{"AWS::Lambda::EventInvokeConfig"}, check: both(given("DestinationConfig", "OnFailure", "Destination"), given("MaximumRetryAttempts"), given("MaximumEventAgeInSeconds")), answer: "A run leaves undone what is due; the next one finds it."},
	{id: "ScheduleDeadLetters", page: docs + "scheduler/latest/UserGuide/configuring-schedule-dlq.html", asks: "Schedules keep what they could not start.", types: []string{"AWS::Scheduler::Schedule"}, check: startsOrKeeps},
	{id: "RuleDeadLetters", page: docs + "eventbridge/latest/userguide/eb-rule-dlq.html", asks: "Rules keep what they could not deliver.", types: []string{"AWS::Events::Rule"}, check: everyTargetKeeps},
	{id: "QueueDeadLetters", page: docs + "AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html", asks: "Queues give up messages that nobody can work on, and keep them.", types: []string{"AWS::Lambda::EventSourceMapping"}, check: ofQueue(givesUp)},
	{id: "QueueVisibility", page: docs + "lambda/latest/dg/services-sqs-configure.html", asks: "Messages stay hidden six times as long as the function may run.", types: []string{"AWS::Lambda::EventSourceMapping"}, check: ofQueue(hidesSixTimes)},
	{id: "PartialBatch", page: docs + "lambda/latest/dg/services-sqs-errorhandling.html", asks: "A batch fails by the message.", types: []string{"AWS::Lambda::EventSourceMapping"}, check: is([]any{"ReportBatchItemFailures"}, "FunctionResponseTypes"), answer: "Messages come twice at times: each consumer's work is harmless when repeated."},
	{id: "Concurrency", page: docs + "lambda/latest/dg/services-sqs-scaling.html", asks: "Consumers leave concurrency to the API.", types: []string{"AWS::Lambda::EventSourceMapping"}, check: given("ScalingConfig", "MaximumConcurrency")},
	{id: "Arm", page: docs + "lambda/latest/dg/foundation-arch.html", asks: "Functions run on Graviton.", types: []string{"AWS::Lambda::Function"}, check: is([]any{"arm64"}, "Architectures")},
	{id: "StructuredLogs", page: docs + "lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html", asks: "Logs are JSON, in a group that is declared.", types: []string{"AWS::Lambda::Function"}, check: both(is("JSON", "LoggingConfig", "LogFormat"), given("LoggingConfig", "LogGroup"))},
	{id: "Notices", page: docs + "AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html", asks: "Alarms tell when they are raised and when they are over.", types: []string{"AWS::CloudWatch::Alarm"}, check: both(given("AlarmActions"), given("OKActions"), given("TreatMissingData"))},
}

func domainTLS12(d everything, _ string, r resource) string {
	configurations, _ := r.Properties["DomainNameConfigurations"].([]any)
	for _, c := range configurations {
		if policy := d.text(at(c, "SecurityPolicy")); policy != "TLS_1_2" {
			return "speaks " + policy
		}
	}
	return ""
}

func ownRole(d everything, id string, r resource) string {
	for _, other := range d.ids("AWS::Lambda::Function") {
		if other != id && d.text(d.Resources[other].Properties["Role"]) == d.text(r.Properties["Role"]) {
			return "shares its role with " + other
		}
	}
	return ""
}

// startsOrKeeps asks it of schedules of functions; one that calls AWS itself has
// nothing to keep, it says the same again later.
func startsOrKeeps(d everything, id string, r resource) string {
	for _, f := range d.ids("AWS::Lambda::Function") {
		if d.refers(at(r.Properties, "Target", "Arn"), f) {
			return both(given("Target", "DeadLetterConfig", "Arn"), given("Target", "RetryPolicy", "MaximumRetryAttempts"))(d, id, r)
		}
	}
	return given("Target", "RetryPolicy", "MaximumRetryAttempts")(d, id, r)
}

func everyTargetKeeps(_ everything, _ string, r resource) string {
	targets, _ := r.Properties["Targets"].([]any)
	for _, target := range targets {
		if at(target, "DeadLetterConfig", "Arn") == nil {
			return fmt.Sprintf("loses what %v refuses", at(target, "Id"))
		}
	}
	return ""
}

// ofQueue asks something of the queue that a consumer works off.
func ofQueue(wrong func(d everything, queue resource, function resource) string) check {
	return func(d everything, _ string, r resource) string {
		for _, queue := range d.ids("AWS::SQS::Queue") {
			for _, function := range d.ids("AWS::Lambda::Function") {
				if d.refers(r.Properties["EventSourceArn"], queue) && d.refers(r.Properties["FunctionName"], function) {
					return wrong(d, d.Resources[queue], d.Resources[function])
				}
			}
		}
		return "has no queue or no function of the stacks"
	}
}

func givesUp(_ everything, queue, _ resource) string {
	tries, _ := at(queue.Properties, "RedrivePolicy", "maxReceiveCount").(float64)
	if tries < 1 || at(queue.Properties, "RedrivePolicy", "deadLetterTargetArn") == nil {
		return "has a queue that never gives up"
	}
	return ""
}

func hidesSixTimes(_ everything, queue, function resource) string {
	hidden, _ := queue.Properties["VisibilityTimeout"].(float64)
	runs, _ := function.Properties["Timeout"].(float64)
	if hidden < 6*runs {
		return fmt.Sprintf("has a queue that hides messages for %v s while the function may run %v s", hidden, runs)
	}
	return ""
}

// TestWatched: every job, consumer and worker has an alarm on its errors, and the
// events that each waits for end in a queue that one watches.
func TestWatched(t *testing.T) {
	t.Parallel()
	for _, d := range deployed(t) {
		for _, r := range slices.Concat(routes.Jobs(), routes.Consumers(), routes.Workers()) {
			if d.Resources[logical(r.Name)+"Errors"].Type != "AWS::CloudWatch::Alarm" {
				t.Errorf("%s: nobody is told that %s fails", d.where(), r.Name)
			}
		}
		for _, id := range d.ids("AWS::SQS::Queue") {
			if d.Resources[id].Properties["RedrivePolicy"] == nil && !d.watched(id) {
				t.Errorf("%s: nobody is told what ends in %s", d.where(), id)
			}
		}
	}
}

// watched reports whether an alarm counts the messages of a queue.
func (d everything) watched(queue string) bool {
	for _, id := range d.ids("AWS::CloudWatch::Alarm") {
		dimensions, _ := d.Resources[id].Properties["Dimensions"].([]any)
		for _, dimension := range dimensions {
			if d.refers(at(dimension, "Value"), queue) {
				return true
			}
		}
	}
	return false
}
