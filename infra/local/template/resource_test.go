package template_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/template"
)

func queueURL(t *testing.T, cfg aws.Config, name string) string {
	t.Helper()
	out, err := sqs.NewFromConfig(cfg).GetQueueUrl(t.Context(), &sqs.GetQueueUrlInput{QueueName: &name})
	if err != nil {
		t.Fatalf("queue %s: %v", name, err)
	}
	return *out.QueueUrl
}

func secretValue(t *testing.T, cfg aws.Config, name string) string {
	t.Helper()
	out, err := secretsmanager.NewFromConfig(cfg).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: &name})
	if err != nil {
		t.Fatal(err)
	}
	return *out.SecretString
}

// inventory lists what must stay the same from run to run.
func inventory(t *testing.T, cfg aws.Config) map[string]string {
	t.Helper()
	out := map[string]string{}
	client := kms.NewFromConfig(cfg)
	keys, err := client.ListKeys(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys.Keys {
		out["key "+*k.KeyId] = *k.KeyArn
	}
	aliases, err := client.ListAliases(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range aliases.Aliases {
		out[*a.AliasName] = aws.ToString(a.TargetKeyId)
	}
	queues, err := sqs.NewFromConfig(cfg).ListQueues(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range queues.QueueUrls {
		out["queue"] += " " + q
	}
	for _, name := range []string{"tenon/generated", "tenon-local-Given"} {
		out["secret "+name] = secretValue(t, cfg, name)
	}
	return out
}

func TestTable(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	client := dynamodb.NewFromConfig(cfg)
	out, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("tenon-local")})
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Table.KeySchema) != 2 || aws.ToString(out.Table.LatestStreamArn) == "" || out.Table.StreamSpecification.StreamViewType != types.StreamViewTypeNewAndOldImages {
		t.Errorf("table %+v", out.Table)
	}
	if indexes := out.Table.GlobalSecondaryIndexes; len(indexes) != 1 || *indexes[0].IndexName != "gsi1" || indexes[0].Projection.ProjectionType != types.ProjectionTypeInclude {
		t.Errorf("indexes %+v", indexes)
	}
	ttl, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: aws.String("tenon-local")})
	if err != nil || aws.ToString(ttl.TimeToLiveDescription.AttributeName) != "expiresAt" {
		t.Errorf("time to live %+v, %v", ttl, err)
	}
	if _, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String("tenon-local-Audit")}); err != nil {
		t.Errorf("global table: %v", err)
	}
}

func TestNewIndexIsAddedToExistingTable(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	client := dynamodb.NewFromConfig(cfg)
	text := string(read(t, "data"))
	start, end := strings.Index(text, `"GlobalSecondaryIndexes"`), strings.Index(text, `"StreamSpecification"`)
	without := strings.Replace(text[:start]+text[end:], `, {"AttributeName": "gsi1pk", "AttributeType": "S"}`, "", 1)
	if _, err := template.Apply(t.Context(), cfg, options, []byte(without)); err != nil {
		t.Fatal(err)
	}
	_, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("tenon-local"), Item: map[string]types.AttributeValue{
		"pk": &types.AttributeValueMemberS{Value: "a"}, "sk": &types.AttributeValueMemberS{Value: "b"}, "gsi1pk": &types.AttributeValueMemberS{Value: "c"},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := template.Apply(t.Context(), cfg, options, []byte(text)); err != nil {
		t.Fatal(err)
	}
	out, err := client.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("tenon-local"), IndexName: aws.String("gsi1"), KeyConditionExpression: aws.String("gsi1pk = :c"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":c": &types.AttributeValueMemberS{Value: "c"}},
	})
	if err != nil || out.Count != 1 {
		t.Errorf("got %+v, %v", out, err)
	}
}

func TestQueueAttributes(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	attributes := func(name string) map[string]string {
		url := queueURL(t, cfg, name)
		out, err := sqs.NewFromConfig(cfg).GetQueueAttributes(t.Context(), &sqs.GetQueueAttributesInput{
			QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{"All"},
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.Attributes
	}
	work := attributes("tenon-local-Work")
	var policy struct {
		DeadLetterTargetArn string
		MaxReceiveCount     json.Number
	}
	if err := json.Unmarshal([]byte(work["RedrivePolicy"]), &policy); err != nil {
		t.Fatal(err)
	}
	if work["VisibilityTimeout"] != "90" || policy.DeadLetterTargetArn != "arn:aws:sqs:eu-west-1:123456789012:tenon-dead" || policy.MaxReceiveCount != "3" {
		t.Errorf("work queue %v", work)
	}
	if got := attributes("tenon-dead")["MessageRetentionPeriod"]; got != "1209600" {
		t.Errorf("retention %q", got)
	}
	attributes("tenon-only-local")
	list, err := sqs.NewFromConfig(cfg).ListQueues(t.Context(), nil)
	if err != nil || len(list.QueueUrls) != 3 {
		t.Errorf("queues %v, %v; want three, none for production", list, err)
	}
}

func TestRuleDeliversToTarget(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	_, err := eventbridge.NewFromConfig(cfg).PutEvents(t.Context(), &eventbridge.PutEventsInput{Entries: []eventtypes.PutEventsRequestEntry{
		{EventBusName: aws.String("tenon"), Source: aws.String("tenon"), DetailType: aws.String("other"), Detail: aws.String(`{"id":1}`)},
		{EventBusName: aws.String("tenon"), Source: aws.String("tenon"), DetailType: aws.String("connection.created"), Detail: aws.String(`{"id":17}`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	url := queueURL(t, cfg, "tenon-local-Work")
	out, err := sqs.NewFromConfig(cfg).ReceiveMessage(t.Context(), &sqs.ReceiveMessageInput{QueueUrl: &url, MaxNumberOfMessages: 10, WaitTimeSeconds: 2})
	if err != nil || len(out.Messages) != 1 || *out.Messages[0].Body != `{"id":17}` {
		t.Errorf("got %+v, %v", out, err)
	}
}

func TestSecretsAndParameters(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	if got := secretValue(t, cfg, "tenon-local-Given"); got != "given-value" {
		t.Errorf("given secret %q", got)
	}
	var generated map[string]string
	if err := json.Unmarshal([]byte(secretValue(t, cfg, "tenon/generated")), &generated); err != nil {
		t.Fatal(err)
	}
	if generated["user"] != "admin" || !regexp.MustCompile(`^[d-zA-Z0-9]{20}$`).MatchString(generated["password"]) {
		t.Errorf("generated secret %v", generated)
	}
	out, err := ssm.NewFromConfig(cfg).GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/tenon/table")})
	if err != nil || *out.Parameter.Value != "tenon-local" {
		t.Errorf("parameter %+v, %v", out, err)
	}
}

func TestKeySpecs(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	client := kms.NewFromConfig(cfg)
	var specs []string
	keys, err := client.ListKeys(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys.Keys {
		out, err := client.DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: k.KeyId})
		if err != nil {
			t.Fatal(err)
		}
		specs = append(specs, string(out.KeyMetadata.KeySpec)+" "+string(out.KeyMetadata.KeyUsage))
	}
	slices.Sort(specs)
	want := []string{"ECC_NIST_P256 SIGN_VERIFY", "SYMMETRIC_DEFAULT ENCRYPT_DECRYPT"}
	if diff := cmp.Diff(want, specs); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
}

func TestScheduleFollowsTheTemplate(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	changed := strings.Replace(string(read(t, "api")), "rate(5 minutes)", "rate(7 minutes)", 1)
	if _, err := template.Apply(t.Context(), cfg, options, []byte(changed), read(t, "data")); err != nil {
		t.Fatal(err)
	}
	out, err := scheduler.NewFromConfig(cfg).GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("job-sweep"), GroupName: aws.String("tenon")})
	if err != nil {
		t.Fatal(err)
	}
	target := out.Target
	if *out.ScheduleExpression != "rate(7 minutes)" || *target.Arn != "arn:aws:lambda:eu-west-1:123456789012:function:tenon-local-job-sweep" ||
		*target.Input != `{"sweep":true}` || aws.ToInt32(target.RetryPolicy.MaximumRetryAttempts) != 2 || aws.ToString(target.DeadLetterConfig.Arn) != "arn:aws:sqs:eu-west-1:123456789012:tenon-dead" {
		t.Errorf("schedule %+v, target %+v", out, target)
	}
}
