package cloud_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// call makes a request with a JSON protocol.
func call(c *cloud.Cloud, target, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	request.Header.Set("X-Amz-Target", target)
	answer := httptest.NewRecorder()
	c.ServeHTTP(answer, request)
	return answer
}

func TestDynamoDBAnswersHaveAChecksum(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"TableName":"nope"}`} {
		answer := call(cloud.New(), "DynamoDB_20120810.DescribeTable", body)
		want := fmt.Sprint(crc32.ChecksumIEEE(answer.Body.Bytes()))
		if got := answer.Header().Get("X-Amz-Crc32"); got != want {
			t.Errorf("got checksum %q, want %q", got, want)
		}
	}
}

func TestUnknownOperations(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	for _, target := range []string{"DynamoDB_20120810.Nope", "Nope", "TrentService.", "secretsmanager.RotateSecret"} {
		answer := call(c, target, `{}`)
		if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "UnknownOperationException") {
			t.Errorf("%s: got %d %s", target, answer.Code, answer.Body)
		}
	}
	for _, path := range []string{"/", "/nope", "/schedules/a/b", "/v2/email/nope"} {
		answer := httptest.NewRecorder()
		c.ServeHTTP(answer, httptest.NewRequest(http.MethodPut, path, nil))
		if answer.Code != http.StatusBadRequest || answer.Header().Get("X-Amzn-Errortype") != "UnknownOperationException" {
			t.Errorf("%s: got %d %s", path, answer.Code, answer.Body)
		}
	}
	answer := httptest.NewRecorder()
	c.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/", strings.NewReader("Action=Nope")))
	if answer.Code != http.StatusBadRequest || !strings.Contains(answer.Body.String(), "<Code>InvalidAction</Code>") {
		t.Errorf("sts: got %d %s", answer.Code, answer.Body)
	}
}

func TestMalformedBodiesAreClientErrors(t *testing.T) {
	t.Parallel()
	c := cloud.New()
	bodies := []string{
		``, `null`, `{`, `[]`, `"x"`, `1`, `{}`, "\x00\xff", `{"TableName":1}`, strings.Repeat(`[`, 20_000),
		`{"Item":{"a":null}}`, `{"Item":{"a":{}}}`, `{"Item":{"a":{"N":"1e999999999"}}}`, `{"Item":{"a":{"M":null}}}`,
		`{"TransactItems":[{}]}`, `{"TransactItems":[{"Put":null,"Get":null}]}`, `{"RequestItems":{"a":[{}],"b":null}}`,
		`{"RequestItems":{"a":{"Keys":[null]}}}`, `{"Entries":[null]}`, `{"Tags":[null]}`, `{"Targets":[null]}`,
		`{"GlobalSecondaryIndexUpdates":[{}]}`, `{"CiphertextBlob":"!"}`,
	}
	for _, target := range c.Targets() {
		for _, body := range bodies {
			if answer := call(c, target, body); answer.Code >= http.StatusInternalServerError {
				t.Errorf("%s %.40q: got %d %s", target, body, answer.Code, answer.Body)
			}
		}
	}
}

// TestRandomRequests sends every operation requests of random members, with
// names of things that exist among the values. It must never panic nor answer
// that the server failed, and its state must stay one that can be encoded.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, _ := newCloud()
		for _, target := range c.Targets() {
			seed(c)
			body := randomBody().Draw(t, target)
			if answer := call(c, target, body); answer.Code >= http.StatusInternalServerError {
				t.Fatalf("%s %s: got %d %s", target, body, answer.Code, answer.Body)
			}
		}
		for _, route := range []string{
			"POST /schedules/s", "PUT /schedules/s", "GET /schedules/s", "DELETE /schedules/s", "GET /schedules",
			"POST /schedule-groups/g", "GET /schedule-groups/g", "DELETE /schedule-groups/g",
			"POST /v2/email/identities", "GET /v2/email/identities/a", "POST /v2/email/outbound-emails",
		} {
			method, path, _ := strings.Cut(route, " ")
			body := randomBody().Draw(t, route)
			answer := httptest.NewRecorder()
			c.ServeHTTP(answer, httptest.NewRequest(method, path, strings.NewReader(body)))
			if answer.Code >= http.StatusInternalServerError {
				t.Fatalf("%s %s: got %d %s", route, body, answer.Code, answer.Body)
			}
		}
		c.Tick()
	})
}

// seed creates things for random requests to hit, if they are not there.
func seed(c *cloud.Cloud) {
	if call(c, "TrentService.DescribeKey", `{"KeyId":"alias/things"}`).Code != http.StatusOK {
		var created struct{ KeyMetadata struct{ KeyId string } }
		json.Unmarshal(call(c, "TrentService.CreateKey", `{}`).Body.Bytes(), &created)
		call(c, "TrentService.CreateAlias", `{"AliasName":"alias/things","TargetKeyId":"`+created.KeyMetadata.KeyId+`"}`)
	}
	for _, step := range [][2]string{
		{"DynamoDB_20120810.CreateTable", `{"TableName":"things","KeySchema":[{"AttributeName":"a","KeyType":"HASH"}],
			"AttributeDefinitions":[{"AttributeName":"a","AttributeType":"S"}],"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"}}`},
		{"DynamoDB_20120810.PutItem", `{"TableName":"things","Item":{"a":{"S":"a"},"b":{"L":[{"N":"1"}]}}}`},
		{"secretsmanager.CreateSecret", `{"Name":"things","SecretString":"s"}`},
		{"AmazonSQS.CreateQueue", `{"QueueName":"things"}`},
		{"AmazonSQS.SendMessage", `{"QueueUrl":"things","MessageBody":"m"}`},
		{"AWSEvents.CreateEventBus", `{"Name":"things"}`},
		{"AWSEvents.PutRule", `{"Name":"things","EventPattern":"{\"source\":[\"a\"]}"}`},
		{"AmazonSSM.PutParameter", `{"Name":"things","Value":"v","Type":"String"}`},
	} {
		call(c, step[0], step[1])
	}
}

// randomBody generates JSON objects of members that operations know.
func randomBody() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		members := rapid.MapOfN(rapid.SampledFrom(memberNames), randomValue(2), 0, 3).Draw(t, "members")
		for _, name := range []string{"TableName", "SecretId", "QueueUrl"} {
			members[name] = "things"
		}
		members["KeyId"] = "alias/things"
		encoded, err := json.Marshal(members)
		if err != nil {
			t.Fatal(err)
		}
		return string(encoded)
	})
}

var memberNames = strings.Fields(`Item Key Keys KeySchema AttributeDefinitions GlobalSecondaryIndexes UpdateExpression
	ConditionExpression KeyConditionExpression FilterExpression ProjectionExpression ExpressionAttributeNames
	ExpressionAttributeValues ExclusiveStartKey Limit Segment TotalSegments IndexName ReturnValues TransactItems
	RequestItems StreamSpecification TimeToLiveSpecification ShardIterator ShardIteratorType StreamArn SequenceNumber
	Name SecretString SecretBinary ClientRequestToken VersionId VersionStage MoveToVersionId VersionStages SecretIdList
	Filters Tags RecoveryWindowInDays MaxResults AliasName TargetKeyId KeySpec KeyUsage Plaintext CiphertextBlob
	EncryptionContext NumberOfBytes PendingWindowInDays Message MessageType SigningAlgorithm MacAlgorithm Constraints
	MessageBody ReceiptHandle Entries Attributes DelaySeconds VisibilityTimeout MaxNumberOfMessages MessageAttributes
	EventPattern Event ScheduleExpression Targets Rule EventBusName Target FlexibleTimeWindow StartDate EndDate State
	GroupName ScheduleExpressionTimezone EmailIdentity FromEmailAddress Destination Content Value Type Path Names`)

// streamOfThings is the stream of the seeded table, created at the clock's start.
const streamOfThings = "arn:aws:dynamodb:eu-west-1:123456789012:table/things/stream/2026-03-10T12:00:00.000"

// randomValue generates JSON values, some of them attribute values,
// expressions and patterns.
func randomValue(depth int) *rapid.Generator[any] {
	scalars := rapid.OneOf(
		rapid.SampledFrom([]any{nil, true, "", "a", "things", "AAAA", "a = :a", "#a[0].b", "SET a = b + :a REMOVE c[9]",
			"begins_with(a, :a) AND NOT size(b) BETWEEN :a AND :b", "a IN (:a, b)", "ADD b :a DELETE c :b", "((a", "HASH", "S",
			`{"a":[{"prefix":1},{"numeric":["<"]}]}`, `{"$or":[1]}`, "rate(1 day)", "cron(* * ? * 9#9 *)", "AWSCURRENT", "TRIM_HORIZON",
			streamOfThings, streamOfThings + "|1", "alias/things", "RAW", "ECC_NIST_P256", "SIGN_VERIFY", "x|-1"}),
		rapid.Map(rapid.IntRange(-3, 1<<40), func(n int) any { return n }),
	)
	if depth == 0 {
		return scalars
	}
	inner := randomValue(depth - 1)
	names := rapid.SampledFrom([]string{"S", "N", "L", "M", "SS", "B", ":a", ":b", "#a", "a", "b", "Put", "Get", "Key", "Arn",
		"TableName", "AttributeName", "KeyType", "Create", "things", "Id", "Values", "Detail", "Source", "DetailType", "Simple"})
	return rapid.OneOf(
		scalars,
		rapid.Map(rapid.SliceOfN(inner, 0, 3), func(list []any) any { return list }),
		rapid.Map(rapid.MapOfN(names, inner, 0, 3), func(members map[string]any) any { return members }),
	)
}
