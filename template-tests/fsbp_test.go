package templatetests_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/routes"
)

// TestFSBP holds the stacks to the AWS Foundational Security Best Practices, by the
// ids of the controls of Security Hub.
func TestFSBP(t *testing.T) {
	t.Parallel()
	hold(t, slices.Concat(fsbp, fsbpEdge))
}

const hub = "https://docs.aws.amazon.com/securityhub/latest/userguide/"

var rest = []string{"AWS::ApiGateway::"}

var fsbp = []control{
	{id: "APIGateway.1", page: hub + "apigateway-controls.html#apigateway-1", asks: "Execution logs of REST and WebSocket APIs.", absent: rest, answer: "An HTTP API has no execution log."},
	{id: "APIGateway.4", page: hub + "apigateway-controls.html#apigateway-4", asks: "A web ACL on REST stages.", absent: slices.Concat(rest, []string{"AWS::WAFv2::"}), answer: "AWS WAF does not take HTTP APIs; the stage throttles, and a distribution in front of it takes a web ACL of the operator's."},
	{id: "APIGateway.8", page: hub + "apigateway-controls.html#apigateway-8", asks: "Routes have an authorization type.", types: []string{"AWS::ApiGatewayV2::Route"}, check: authorized, answer: "The routes that are public by the route table are listed in routes_test.go and suppressions.txt."},
	{id: "APIGateway.9", page: hub + "apigateway-controls.html#apigateway-9", asks: "Stages write an access log.", types: []string{"AWS::ApiGatewayV2::Stage"}, check: both(given("AccessLogSettings", "DestinationArn"), given("AccessLogSettings", "Format"))},
	{id: "APIGateway.10", page: hub + "apigateway-controls.html#apigateway-10", asks: "Private integrations speak HTTPS.", types: []string{"AWS::ApiGatewayV2::Integration"}, check: both(is("AWS_PROXY", "IntegrationType"), missing("ConnectionId")), answer: "There is none; all are functions."},
	{id: "Lambda.1", page: hub + "lambda-controls.html#lambda-1", asks: "No function may be invoked by the public.", types: []string{"AWS::Lambda::Permission"}, check: invokedByOurs},
	{id: "Lambda.2", page: hub + "lambda-controls.html#lambda-2", asks: "Runtimes are supported.", types: []string{"AWS::Lambda::Function"}, check: is("provided.al2023", "Runtime")},
	{id: "Lambda.3", page: hub + "lambda-controls.html#lambda-3", asks: "Functions are in a VPC.", types: []string{"AWS::Lambda::Function"}, answer: "Not part of FSBP: functions reach public APIs only, by TLS; a stage that wants fixed addresses asks for a network."},
	{id: "Lambda.5", page: hub + "lambda-controls.html#lambda-5", asks: "Functions in a VPC are in two zones or more.", types: []string{"AWS::Lambda::Function"}, check: inTwoSubnets},
	{id: "Lambda.6", page: hub + "lambda-controls.html#lambda-6", asks: "Functions are tagged.", types: []string{"AWS::Lambda::Function"}, check: tagged},
	{id: "Lambda.7", page: hub + "lambda-controls.html#lambda-7", asks: "Functions are traced by X-Ray.", types: []string{"AWS::Lambda::Function"}, check: is("Active", "TracingConfig", "Mode")},
	{id: "DynamoDB.1", page: hub + "dynamodb-controls.html#dynamodb-1", asks: "Capacity follows demand.", types: []string{"AWS::DynamoDB::Table"}, check: is("PAY_PER_REQUEST", "BillingMode")},
	{id: "DynamoDB.2", page: hub + "dynamodb-controls.html#dynamodb-2", asks: "Point-in-time recovery.", types: []string{"AWS::DynamoDB::Table"}, check: is(true, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled")},
	{id: "DynamoDB.3", page: hub + "dynamodb-controls.html#dynamodb-3", asks: "DAX clusters are encrypted; .7 asks the same of their traffic.", absent: []string{"AWS::DAX::"}, answer: "There is no DAX cluster here."},
	{id: "DynamoDB.4", page: hub + "dynamodb-controls.html#dynamodb-4", asks: "Tables are in a backup plan.", types: []string{"AWS::DynamoDB::Table"}, answer: "Not part of FSBP: point-in-time recovery holds 35 days; what is kept longer is the operator's plan in AWS Backup."},
	{id: "DynamoDB.5", page: hub + "dynamodb-controls.html#dynamodb-5", asks: "Tables are tagged.", types: []string{"AWS::DynamoDB::Table"}, check: tagged},
	{id: "DynamoDB.6", page: hub + "dynamodb-controls.html#dynamodb-6", asks: "Tables are protected from deletion.", types: []string{"AWS::DynamoDB::Table"}, check: both(given("DeletionProtectionEnabled"), retained), answer: "In every stage but dev, see infra/data.go; in dev too the table stays when its stack is deleted."},
	{id: "KMS.1", page: hub + "kms-controls.html#kms-1", asks: "No managed policy decrypts with all keys.", absent: []string{"AWS::IAM::ManagedPolicy"}, answer: "There are no managed policies here, all stand in their roles."},
	{id: "KMS.2", page: hub + "kms-controls.html#kms-2", asks: "No inline policy decrypts with all keys.", types: []string{"AWS::IAM::Role"}, check: decryptsOurs, answer: "Tenants' keys are made at run time: the pattern of keys has conditions on the stage's tag and the encryption context."},
	{id: "KMS.3", page: hub + "kms-controls.html#kms-3", asks: "Keys are not deleted by mistake.", types: []string{"AWS::KMS::Key"}, check: retained},
	{id: "KMS.4", page: hub + "kms-controls.html#kms-4", asks: "Keys rotate.", types: []string{"AWS::KMS::Key"}, check: rotates, answer: "HMAC keys cannot."},
	{id: "KMS.5", page: hub + "kms-controls.html#kms-5", asks: "Keys are not public.", types: []string{"AWS::KMS::Key"}, check: notPublic},
	{id: "SecretsManager.1", page: hub + "secretsmanager-controls.html#secretsmanager-1", asks: "Secrets rotate by a schedule; .2 to .5 ask that it works, that unused ones go, and for tags.", absent: []string{"AWS::SecretsManager::Secret"}, answer: "Secrets are customers' credentials, made at run time with tags; their providers say when they change, and the refresh and the orphan sweep do what the controls ask."},
	{id: "SQS.1", page: hub + "sqs-controls.html#sqs-1", asks: "Queues are encrypted.", types: []string{"AWS::SQS::Queue"}, check: is(true, "SqsManagedSseEnabled")},
	{id: "SQS.2", page: hub + "sqs-controls.html#sqs-2", asks: "Queues are tagged.", types: []string{"AWS::SQS::Queue"}, check: tagged},
	{id: "SQS.3", page: hub + "sqs-controls.html#sqs-3", asks: "Queues are not public.", types: []string{"AWS::SQS::QueuePolicy"}, check: notPublic},
	{id: "SNS.1", page: hub + "sns-controls.html#sns-1", asks: "Topics are encrypted with KMS.", types: []string{"AWS::SNS::Topic"}, answer: "Not part of FSBP: notices name an alarm and its numbers, and SNS encrypts its disks; a key of ours would have to be opened to CloudWatch, and a mistake in that silences every alarm."},
	{id: "SNS.3", page: hub + "sns-controls.html#sns-3", asks: "Topics are tagged.", types: []string{"AWS::SNS::Topic"}, check: tagged},
	{id: "SNS.4", page: hub + "sns-controls.html#sns-4", asks: "Topics are not public.", types: []string{"AWS::SNS::TopicPolicy"}, check: notPublic},
	{id: "IAM.1", page: hub + "iam-controls.html#iam-1", asks: "No policy allows everything.", types: []string{"AWS::IAM::Role"}, check: allowsNoService},
	{id: "IAM.2", page: hub + "iam-controls.html#iam-2", asks: "Policies are not attached to users; .3 to .9 are about users too.", absent: []string{"AWS::IAM::User", "AWS::IAM::AccessKey", "AWS::IAM::Group", "AWS::IAM::Policy"}, answer: "There are no users in the stacks."},
	{id: "IAM.21", page: hub + "iam-controls.html#iam-21", asks: "No policy allows all actions of a service.", types: []string{"AWS::IAM::Role"}, check: allowsNoService},
	{id: "IAM.24", page: hub + "iam-controls.html#iam-24", asks: "Roles are tagged.", types: []string{"AWS::IAM::Role"}, check: tagged},
	{id: "CloudFormation.3", page: hub + "cloudformation-controls.html#cloudformation-3", asks: "Stacks are protected from termination.", answer: "The stack of the data is, in every stage but dev, see infra/deployment.go; the others hold no state."},
	{id: "CloudFormation.4", page: hub + "cloudformation-controls.html#cloudformation-4", asks: "Stacks have a service role.", answer: "The CDK deploys with the execution role of its bootstrap stack."},
	{id: "CloudWatch.15", page: hub + "cloudwatch-controls.html#cloudwatch-15", asks: "Alarms have an action.", types: []string{"AWS::CloudWatch::Alarm"}, check: given("AlarmActions")},
	{id: "CloudWatch.16", page: hub + "cloudwatch-controls.html#cloudwatch-16", asks: "Logs are kept for a set time.", types: []string{"AWS::Logs::LogGroup"}, check: both(given("RetentionInDays"), given("KmsKeyId")), answer: "For logDays of the stage: a year in prod, as the control asks; they are encrypted with a key of ours."},
	{id: "CloudWatch.17", page: hub + "cloudwatch-controls.html#cloudwatch-17", asks: "The actions of alarms are on.", types: []string{"AWS::CloudWatch::Alarm"}, check: missing("ActionsEnabled")},
	{id: "EventBridge.2", page: hub + "eventbridge-controls.html#eventbridge-2", asks: "Buses are tagged.", types: []string{"AWS::Events::EventBus"}, check: tagged},
	{id: "EventBridge.3", page: hub + "eventbridge-controls.html#eventbridge-3", asks: "Buses have a policy of their own.", types: []string{"AWS::Events::EventBus"}, check: both(given("Policy"), notPublic)},
	{id: "EventBridge.4", page: hub + "eventbridge-controls.html#eventbridge-4", asks: "Global endpoints replicate.", absent: []string{"AWS::Events::Endpoint"}, answer: "A stage is in each of its regions by itself; there is no global endpoint."},
}

// authorized asks for the authorizer on every route that the table does not make
// public.
func authorized(d everything, _ string, r resource) string {
	switch d.text(r.Properties["AuthorizationType"]) {
	case "JWT":
		return both(given("AuthorizerId"), given("AuthorizationScopes"))(d, "", r)
	case "NONE":
		name := d.text(r.Properties["OperationName"])
		if slices.ContainsFunc(routes.Operations(), func(each *routes.Route) bool { return each.Name == name && each.Public() }) {
			return ""
		}
	}
	return "has no authorizer"
}

// invokedByOurs asks that services invoke a function for something of this account.
func invokedByOurs(d everything, _ string, r resource) string {
	source := d.text(r.Properties["SourceArn"])
	service := strings.HasSuffix(d.text(r.Properties["Principal"]), ".amazonaws.com")
	if !service || !strings.Contains(source, ":${AWS::AccountId}:") && !strings.HasPrefix(source, "${") || r.Properties["FunctionUrlAuthType"] != nil {
		return "may be invoked by " + d.text(r.Properties["Principal"]) + " for " + source
	}
	return ""
}

func inTwoSubnets(_ everything, _ string, r resource) string {
	network, placed := r.Properties["VpcConfig"].(object)
	if subnets, _ := network["SubnetIds"].([]any); placed && len(subnets) < 2 {
		return "is in one subnet"
	}
	return ""
}

func rotates(d everything, id string, r resource) string {
	if spec := d.text(r.Properties["KeySpec"]); strings.HasPrefix(spec, "HMAC_") {
		return ""
	}
	return is(true, "EnableKeyRotation")(d, id, r)
}

// decryptsOurs asks that a pattern of keys is narrowed to those of the stage, or to
// what a service does for us.
func decryptsOurs(d everything, id string, _ resource) string {
	for _, s := range d.statements(id) {
		actions := d.texts(s["Action"])
		if s["Effect"] != "Allow" || !slices.Contains(actions, "kms:Decrypt") && !slices.Contains(actions, "kms:ReEncryptFrom") {
			continue
		}
		for _, resource := range d.texts(s["Resource"]) {
			if strings.Contains(resource, "*") && at(s, "Condition", "StringEquals", "aws:ResourceTag/tenon:stage") != "dev" {
				return "decrypts with " + resource
			}
		}
	}
	return ""
}

func allowsNoService(d everything, id string, _ resource) string {
	for _, s := range d.statements(id) {
		for _, action := range d.texts(s["Action"]) {
			if s["Effect"] == "Allow" && strings.HasSuffix(action, "*") {
				return "allows " + action
			}
		}
	}
	return ""
}
