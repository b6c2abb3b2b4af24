package cloud_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streams "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	parameters "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// reopen saves a cloud and opens it again with the same clock.
func reopen(t *testing.T, c *cloud.Cloud, dir string) *cloud.Cloud {
	t.Helper()
	check(t, c.Save())
	again, err := cloud.Open(dir)
	check(t, err)
	again.Now = c.Now
	return again
}

func open(t *testing.T) (*cloud.Cloud, *clock, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	c, err := cloud.Open(dir)
	check(t, err)
	at := newClock()
	c.Now = at.Now
	return c, at, dir
}

func TestReopenDynamoDB(t *testing.T) {
	t.Parallel()
	c, at, dir := open(t)
	stream := createTable(t, c, "connections")
	item := map[string]types.AttributeValue{
		"pk": text("a"), "g": text("x"), "n": &types.AttributeValueMemberN{Value: "12345678901234567890.5"},
		"b": &types.AttributeValueMemberB{Value: []byte{0, 255}}, "ss": &types.AttributeValueMemberSS{Value: []string{"p", "q"}},
		"l":   &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberBOOL{Value: true}, &types.AttributeValueMemberNULL{Value: true}}},
		"m":   &types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"<&>": text("é")}},
		"ttl": &types.AttributeValueMemberN{Value: "1900000000"},
	}
	putItem(t, c, "connections", item)

	c = reopen(t, c, dir)
	if diff := cmp.Diff(item, getItem(t, c, "connections", "a"), ignoreUnexported); diff != "" {
		t.Errorf("item differs (-want +got):\n%s", diff)
	}
	client := dynamodb.NewFromConfig(configOf(c))
	found, err := client.Query(t.Context(), &dynamodb.QueryInput{
		TableName: aws.String("connections"), IndexName: aws.String("by-g"), KeyConditionExpression: aws.String("g = :g"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":g": text("x")},
	})
	check(t, err)
	if found.Count != 1 {
		t.Errorf("got %d items in the index, want 1", found.Count)
	}
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("b")})
	if got, want := streamEvents(t, c, stream), []string{"INSERT a", "INSERT b"}; !cmp.Equal(got, want) {
		t.Errorf("got stream %q, want %q", got, want)
	}
	at.Advance(10 * 365 * 24 * time.Hour)
	c.Tick()
	if got := getItem(t, c, "connections", "a"); got != nil {
		t.Errorf("got item %v after it expired", got)
	}
}

// streamEvents reads a whole stream as "event pk".
func streamEvents(t *testing.T, c *cloud.Cloud, stream string) []string {
	t.Helper()
	client := dynamodbstreams.NewFromConfig(configOf(c))
	described, err := client.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: &stream})
	check(t, err)
	iterator, err := client.GetShardIterator(t.Context(), &dynamodbstreams.GetShardIteratorInput{
		StreamArn: &stream, ShardId: described.StreamDescription.Shards[0].ShardId, ShardIteratorType: streams.ShardIteratorTypeTrimHorizon,
	})
	check(t, err)
	answer, err := client.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: iterator.ShardIterator})
	check(t, err)
	var events []string
	for _, record := range answer.Records {
		key := record.Dynamodb.Keys["pk"].(*streams.AttributeValueMemberS)
		event := string(record.EventName) + " " + key.Value
		if record.UserIdentity != nil {
			event += " by " + *record.UserIdentity.PrincipalId
		}
		events = append(events, event)
	}
	return events
}

func TestReopenKMS(t *testing.T) {
	t.Parallel()
	c, at, dir := open(t)
	client := kms.NewFromConfig(configOf(c))
	symmetric, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{})
	check(t, err)
	id := symmetric.KeyMetadata.KeyId
	_, err = client.CreateAlias(t.Context(), &kms.CreateAliasInput{AliasName: aws.String("alias/tenant"), TargetKeyId: id})
	check(t, err)
	sealed, err := client.Encrypt(t.Context(), &kms.EncryptInput{KeyId: id, Plaintext: []byte("secret"), EncryptionContext: map[string]string{"a": "b"}})
	check(t, err)
	signer, err := client.CreateKey(t.Context(), &kms.CreateKeyInput{KeySpec: "ECC_NIST_P256", KeyUsage: "SIGN_VERIFY"})
	check(t, err)
	signature, err := client.Sign(t.Context(), &kms.SignInput{KeyId: signer.KeyMetadata.KeyId, Message: []byte("m"), SigningAlgorithm: "ECDSA_SHA_256"})
	check(t, err)

	c = reopen(t, c, dir)
	client = kms.NewFromConfig(configOf(c))
	opened, err := client.Decrypt(t.Context(), &kms.DecryptInput{KeyId: aws.String("alias/tenant"), CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: map[string]string{"a": "b"}})
	check(t, err)
	if got := string(opened.Plaintext); got != "secret" {
		t.Errorf("got plaintext %q, want %q", got, "secret")
	}
	_, err = client.Verify(t.Context(), &kms.VerifyInput{KeyId: signer.KeyMetadata.KeyId, Message: []byte("m"), Signature: signature.Signature, SigningAlgorithm: "ECDSA_SHA_256"})
	check(t, err)
	_, err = client.ScheduleKeyDeletion(t.Context(), &kms.ScheduleKeyDeletionInput{KeyId: id, PendingWindowInDays: aws.Int32(7)})
	check(t, err)

	c = reopen(t, c, dir)
	client = kms.NewFromConfig(configOf(c))
	_, err = client.Decrypt(t.Context(), &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob, EncryptionContext: map[string]string{"a": "b"}})
	wantCode(t, err, "KMSInvalidStateException")
	at.Advance(7 * 24 * time.Hour)
	_, err = client.DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: id})
	wantCode(t, err, "NotFoundException")
}

func TestReopenSecretsManager(t *testing.T) {
	t.Parallel()
	c, at, dir := open(t)
	client := secretsmanager.NewFromConfig(configOf(c))
	name := aws.String("tenants/a")
	_, err := client.CreateSecret(t.Context(), &secretsmanager.CreateSecretInput{Name: name, SecretString: aws.String("v1")})
	check(t, err)
	_, err = client.PutSecretValue(t.Context(), &secretsmanager.PutSecretValueInput{SecretId: name, SecretString: aws.String("v2")})
	check(t, err)

	c = reopen(t, c, dir)
	client = secretsmanager.NewFromConfig(configOf(c))
	for stage, want := range map[string]string{"AWSCURRENT": "v2", "AWSPREVIOUS": "v1"} {
		answer, err := client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: name, VersionStage: &stage})
		check(t, err)
		if got := aws.ToString(answer.SecretString); got != want {
			t.Errorf("got %s %q, want %q", stage, got, want)
		}
	}
	_, err = client.DeleteSecret(t.Context(), &secretsmanager.DeleteSecretInput{SecretId: name, RecoveryWindowInDays: aws.Int64(7)})
	check(t, err)

	c = reopen(t, c, dir)
	client = secretsmanager.NewFromConfig(configOf(c))
	_, err = client.GetSecretValue(t.Context(), &secretsmanager.GetSecretValueInput{SecretId: name})
	wantCode(t, err, "InvalidRequestException")
	at.Advance(7 * 24 * time.Hour)
	_, err = client.DescribeSecret(t.Context(), &secretsmanager.DescribeSecretInput{SecretId: name})
	wantCode(t, err, "ResourceNotFoundException")
}

func TestReopenQueuesRulesSchedulesMailAndParameters(t *testing.T) {
	t.Parallel()
	c, at, dir := open(t)
	url, arn := createQueue(t, c, "inbox")
	_, err := sqs.NewFromConfig(configOf(c)).SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &url, MessageBody: aws.String("kept")})
	check(t, err)
	createSchedule(t, c, "hourly", "rate(1 hour)", arn)
	putScheduledRule(t, c, "daily", "rate(1 day)", arn)
	sendMail(t, c)
	_, err = ssm.NewFromConfig(configOf(c)).PutParameter(t.Context(), &ssm.PutParameterInput{Name: aws.String("/a"), Value: aws.String("v"), Type: parameters.ParameterTypeString})
	check(t, err)
	at.Advance(30 * time.Minute)

	c = reopen(t, c, dir)
	if got, want := receive(t, c, url), []sqsMessage{{Body: "kept"}}; !cmp.Equal(got, want) {
		t.Errorf("got messages %v, want %v", got, want)
	}
	if got := c.Tick(); got != 0 {
		t.Errorf("got %d firings after half an hour, want 0", got)
	}
	at.Advance(30 * time.Minute)
	if got := c.Tick(); got != 1 {
		t.Errorf("got %d firings after an hour, want 1", got)
	}
	at.Advance(23 * time.Hour)
	if got := c.Tick(); got != 2 {
		t.Errorf("got %d firings after a day, want those of the schedule and the rule", got)
	}
	if mails := c.Mails(); len(mails) != 1 || mails[0].Subject != "Hello" {
		t.Errorf("got mails %v, want the one sent", mails)
	}
	parameter, err := ssm.NewFromConfig(configOf(c)).GetParameter(t.Context(), &ssm.GetParameterInput{Name: aws.String("/a")})
	check(t, err)
	if got := *parameter.Parameter.Value; got != "v" {
		t.Errorf("got parameter %q, want %q", got, "v")
	}
}

func putScheduledRule(t *testing.T, c *cloud.Cloud, name, expression, target string) {
	t.Helper()
	client := eventbridge.NewFromConfig(configOf(c))
	_, err := client.PutRule(t.Context(), &eventbridge.PutRuleInput{Name: &name, ScheduleExpression: &expression})
	check(t, err)
	_, err = client.PutTargets(t.Context(), &eventbridge.PutTargetsInput{Rule: &name, Targets: []eventtypes.Target{{Id: aws.String("1"), Arn: &target}}})
	check(t, err)
}

func TestReopenAccountAndRegion(t *testing.T) {
	t.Parallel()
	c, _, dir := open(t)
	c.Account, c.Region = "210987654321", "eu-central-1"
	c = reopen(t, c, dir)
	if c.Account != "210987654321" || c.Region != "eu-central-1" {
		t.Errorf("got account %s in %s", c.Account, c.Region)
	}
}

func TestSaveIsPrivateAndLeavesNothingElse(t *testing.T) {
	t.Parallel()
	c, _, dir := open(t)
	check(t, c.Save())
	check(t, c.Save())
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) != 1 {
		t.Fatalf("got %d files, want 1", len(entries))
	}
	info, err := entries[0].Info()
	check(t, err)
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("got mode %o, want 600", got)
	}
	info, err = os.Stat(dir)
	check(t, err)
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("got directory mode %o, want 700", got)
	}
}

func TestOpenRejectsWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"damaged":       `{"Version":1,"Services":{"kms":`,
		"newer version": `{"Version":99}`,
		"bad service":   `{"Version":1,"Services":{"dynamodb":[]}}`,
		"bad key":       `{"Version":1,"Services":{"kms":{"Keys":{"k":{"ID":"k","Private":"AAAA"}}}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			check(t, os.WriteFile(filepath.Join(dir, "cloud.json"), []byte(content), 0o600))
			if _, err := cloud.Open(dir); err == nil || !strings.Contains(err.Error(), "cloud.json") {
				t.Errorf("got error %v, want one that names the file", err)
			}
		})
	}
}

func TestSaveInMemoryFails(t *testing.T) {
	t.Parallel()
	if err := cloud.New().Save(); err == nil {
		t.Error("got no error, want one")
	}
}

func TestRunSavesAtTheEnd(t *testing.T) {
	t.Parallel()
	c, _, dir := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- c.Run(ctx) }()
	createTable(t, c, "connections")
	cancel()
	check(t, <-done)
	again, err := cloud.Open(dir)
	check(t, err)
	if got := getItem(t, again, "connections", "none"); got != nil {
		t.Errorf("got item %v", got)
	}
}

func TestRunSavesOnlyChanges(t *testing.T) {
	t.Parallel()
	c, _, dir := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := dynamodb.NewFromConfig(configOf(c)).ListTables(t.Context(), &dynamodb.ListTablesInput{})
	check(t, err)
	check(t, c.Run(ctx))
	entries, err := os.ReadDir(dir)
	check(t, err)
	if len(entries) != 0 {
		t.Errorf("got %d files although nothing changed", len(entries))
	}
}
