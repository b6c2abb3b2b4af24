package cloud_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/scheduler"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// ignoreUnexported compares SDK values by their exported fields.
var ignoreUnexported = cmp.FilterPath(func(p cmp.Path) bool {
	field, ok := p.Last().(cmp.StructField)
	return ok && field.Name() == "noSmithyDocumentSerde"
}, cmp.Ignore())

func TestFaultAnswersInstead(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	createTable(t, c, "connections")
	var asked []string
	c.Fault = func(target string, body []byte) error {
		asked = append(asked, target)
		if target == "dynamodb.PutItem" && strings.Contains(string(body), "poison") {
			return &cloud.Error{Code: "ProvisionedThroughputExceededException", Message: "slow down"}
		}
		return nil
	}
	_, err := dynamodb.NewFromConfig(configOf(c)).PutItem(t.Context(), &dynamodb.PutItemInput{
		TableName: aws.String("connections"), Item: map[string]types.AttributeValue{"pk": text("poison")},
	})
	if _, ok := errors.AsType[*types.ProvisionedThroughputExceededException](err); !ok {
		t.Errorf("got error %v, want the injected one", err)
	}
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("fine")})
	if got := getItem(t, c, "connections", "poison"); got != nil {
		t.Errorf("got item %v although its write failed", got)
	}
	if want := []string{"dynamodb.PutItem", "dynamodb.PutItem", "dynamodb.GetItem"}; !cmp.Equal(asked, want) {
		t.Errorf("got targets %q, want %q", asked, want)
	}
}

func TestFaultReachesEveryProtocol(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	c.Fault = func(string, []byte) error {
		return &cloud.Error{Code: "ThrottlingException", Message: "slow down", Status: 429}
	}
	_, err := scheduler.NewFromConfig(configOf(c)).ListSchedules(t.Context(), &scheduler.ListSchedulesInput{})
	wantCode(t, err, "ThrottlingException")
	_, err = sts.NewFromConfig(configOf(c)).GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	wantCode(t, err, "ThrottlingException")
	_, err = kms.NewFromConfig(configOf(c)).ListKeys(t.Context(), &kms.ListKeysInput{})
	wantCode(t, err, "ThrottlingException")
	c.Fault = func(string, []byte) error { return errors.New("broken") }
	_, err = kms.NewFromConfig(configOf(c)).ListKeys(t.Context(), &kms.ListKeysInput{})
	wantCode(t, err, "InternalServerError")
}

func TestJournal(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	createTable(t, c, "connections")
	c.ResetJournal()
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("secret-in-a-key")})
	client := dynamodb.NewFromConfig(configOf(c))
	put := types.TransactWriteItem{Put: &types.Put{TableName: aws.String("connections"), Item: map[string]types.AttributeValue{"pk": text("b")}}}
	_, err := client.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{put}})
	check(t, err)
	_, err = client.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("connections"), IndexName: aws.String("by-g"), KeyConditionExpression: aws.String("g = :g"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":g": text("x")},
	})
	check(t, err)
	_, err = secretsmanager.NewFromConfig(configOf(c)).CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: aws.String("a/b"), SecretString: aws.String("hush")})
	check(t, err)
	_, err = secretsmanager.NewFromConfig(configOf(c)).GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: aws.String("missing")})
	wantCode(t, err, "ResourceNotFoundException")
	createQueue(t, c, "inbox")
	_, err = scheduler.NewFromConfig(configOf(c)).GetSchedule(t.Context(), &scheduler.GetScheduleInput{Name: aws.String("s"), GroupName: aws.String("g")})
	wantCode(t, err, "ResourceNotFoundException")
	sendMail(t, c)

	want := []cloud.Call{
		{Target: "dynamodb.PutItem", Resource: "connections"},
		{Target: "dynamodb.TransactWriteItems", Resource: "connections"},
		{Target: "dynamodb.Query", Resource: "connections/by-g"},
		{Target: "secretsmanager.CreateSecret", Resource: "a/b"},
		{Target: "secretsmanager.GetSecretValue", Resource: "missing"},
		{Target: "sqs.CreateQueue", Resource: "inbox"},
		{Target: "scheduler.GetSchedule", Resource: "g/s"},
		{Target: "sesv2.CreateEmailIdentity", Resource: "example.com"},
		{Target: "sesv2.SendEmail", Resource: "Tenon <noreply@example.com>"},
	}
	got := c.Journal()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(cloud.Call{}, "Time")); diff != "" {
		t.Errorf("journal differs (-want +got):\n%s", diff)
	}
	if !got[0].Time.Equal(at.Now()) {
		t.Errorf("got time %v, want %v", got[0].Time, at.Now())
	}
	if text := fmt.Sprint(got); strings.Contains(text, "hush") || strings.Contains(text, "secret-in-a-key") {
		t.Errorf("the journal holds values: %s", text)
	}
	c.ResetJournal()
	if got := c.Journal(); len(got) != 0 {
		t.Errorf("got %d calls after a reset", len(got))
	}
}
