package cloud_test

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

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
