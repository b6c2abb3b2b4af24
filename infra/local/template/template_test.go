package template_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/infra/local/template"
)

func newConfig() aws.Config {
	credentials := aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
	})
	return aws.Config{Region: "eu-west-1", HTTPClient: cloud.New(), Credentials: credentials}
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".template.json")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var options = template.Options{Prefix: "tenon-local-", APIEndpoint: "http://127.0.0.1:8080"}

// apply applies the fixture, the importing template first.
func apply(t *testing.T, cfg aws.Config, opts template.Options) template.Manifest {
	t.Helper()
	m, err := template.Apply(t.Context(), cfg, opts, read(t, "api"), read(t, "data"))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManifest(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:sqs:eu-west-1:123456789012:"
	const function = "arn:aws:lambda:eu-west-1:123456789012:function:"
	cfg := newConfig()
	got := apply(t, cfg, options)
	key := got.Outputs["KeyArn"]
	if !strings.HasPrefix(key, "arn:aws:kms:eu-west-1:123456789012:key/") {
		t.Errorf("key ARN %q", key)
	}
	want := template.Manifest{
		Functions: []template.Function{
			{Name: "job-sweep", LogicalID: "Sweep", ARN: function + "tenon-local-job-sweep", Env: map[string]string{}, Timeout: time.Minute, MemoryMB: 128},
			{
				Name: "thing-get", LogicalID: "Get", ARN: function + "tenon-local-thing-get", RoleARN: "arn:aws:iam::123456789012:role/Role",
				Timeout: 10 * time.Second, MemoryMB: 256, ReservedConcurrency: 5,
				Env: map[string]string{
					"TABLE": "tenon-local", "QUEUE": "tenon-local-Work", "URL": "http://127.0.0.1:8080/v1",
					"MIXED":  "aws/123456789012/arn:aws:iam::123456789012:role/Role/${Literal}",
					"NUMBER": "1209600", "LARGE": "12345678901234567890", "FLAG": "true",
				},
			},
			{
				Name: "thing-worker", LogicalID: "Worker", ARN: function + "tenon-local-w0rk3r", Env: map[string]string{},
				Timeout: 3 * time.Second, MemoryMB: 128, DeadLetterQueueARN: arn + "tenon-dead",
			},
		},
		Roles: roles(arn, key),
		Routes: []template.Route{
			{Key: "ANY /hooks/{proxy+}", Function: "thing-worker"},
			{
				Key: "GET /v1/things/{thingId}", Function: "thing-get", Scopes: []string{"things:read", "things:admin"},
				Auth: &template.JWT{Issuer: "https://issuer.local", Audience: []string{"tenon", "console"}},
			},
		},
		Queues: []template.QueueSource{{
			QueueURL: queueURL(t, cfg, "tenon-local-Work"), Function: "thing-worker", BatchSize: 5,
			ReportBatchItemFailures: true, MaximumConcurrency: 4,
		}},
		Schedules: []template.Schedule{{
			Name: "job-sweep", Expression: "rate(5 minutes)", Function: "job-sweep", Input: `{"sweep":true}`, DLQ: arn + "tenon-dead",
		}},
		CORS: &template.CORS{
			Origins: []string{"https://console.example"}, Methods: []string{"GET", "PUT"}, Headers: []string{"authorization"},
			ExposeHeaders: []string{"etag"}, MaxAge: 600,
		},
		Outputs: map[string]string{
			"ExportsOutputRefTable": "tenon-local", "ExportsOutputWork": arn + "tenon-local-Work", "ExportsOutputDead": arn + "tenon-dead",
			"KeyArn": key, "ApiUrl": "http://127.0.0.1:8080",
		},
		Skipped: []string{"AWS::Lambda::EventSourceMapping Stream", "AWS::SNS::Topic Topic"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("manifest (-want +got):\n%s", diff)
	}
}

func TestApplyTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	opts := options
	var created []string
	opts.Progress = func(s string) { created = append(created, s) }
	first, before := apply(t, cfg, opts), inventory(t, cfg)
	if len(created) == 0 {
		t.Error("no progress was reported")
	}
	created = nil
	second, after := apply(t, cfg, opts), inventory(t, cfg)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("manifest (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("resources (-first +second):\n%s", diff)
	}
	if created != nil {
		t.Errorf("the second run created %v", created)
	}
}

func TestParametersChooseConditions(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	opts := options
	opts.Parameters = map[string]string{"Stage": "production"}
	m := apply(t, cfg, opts)
	if got := m.Outputs["Hidden"]; got != queueURL(t, cfg, "tenon-production") {
		t.Errorf("output %q", got)
	}
	if got := m.Outputs["ExportsOutputRefTable"]; got != "tenon-production" {
		t.Errorf("table %q", got)
	}
}

func TestKeysKeepDecryptingAfterASecondApply(t *testing.T) {
	t.Parallel()
	cfg := newConfig()
	apply(t, cfg, options)
	client := kms.NewFromConfig(cfg)
	sealed, err := client.Encrypt(t.Context(), &kms.EncryptInput{KeyId: aws.String("alias/tenon"), Plaintext: []byte("secret")})
	if err != nil {
		t.Fatal(err)
	}
	m := apply(t, cfg, options)
	opened, err := client.Decrypt(t.Context(), &kms.DecryptInput{CiphertextBlob: sealed.CiphertextBlob, KeyId: aws.String(m.Outputs["KeyArn"])})
	if err != nil || string(opened.Plaintext) != "secret" {
		t.Errorf("got %+v, %v", opened, err)
	}
}

func TestBadTemplates(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"no JSON":           {`{`, "decode template"},
		"unknown reference": {`{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Ref":"X"}}}}}`, "X does not exist"},
		"cycle":             {`{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":{"Ref":"Q"}}}}}`, "depends on itself"},
		"unknown function":  {`{"Outputs":{"O":{"Value":{"Fn::FindInMap":["a","b","c"]}}}}`, "Fn::FindInMap is not supported"},
		"unknown import":    {`{"Outputs":{"O":{"Value":{"Fn::ImportValue":"x"}}}}`, "no template exports x"},
		"unknown condition": {`{"Resources":{"Q":{"Type":"AWS::SQS::Queue","Condition":"C"}}}`, "condition C does not exist"},
		"bad select":        {`{"Outputs":{"O":{"Value":{"Fn::Select":[3,["a"]]}}}}`, "no element 3"},
		"credentials":       {`{"Resources":{"A":{"Type":"AWS::ApiGatewayV2::Api","Properties":{"CorsConfiguration":{"AllowOrigins":["https://a.example"],"AllowCredentials":true}}}}}`, "with credentials is not supported"},
	} {
		_, err := template.Apply(t.Context(), newConfig(), options, []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}
