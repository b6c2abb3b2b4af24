package awsconfig_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/fault"
)

func lookup(environment map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := environment[name]; return v, ok }
}

func environment(endpoint string) map[string]string {
	return map[string]string{
		"AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalr",
		"AWS_SESSION_TOKEN": "session", "AWS_ENDPOINT_URL": endpoint,
	}
}

func TestMissingVariablesAreAllNamed(t *testing.T) {
	t.Parallel()
	_, err := awsconfig.New(lookup(map[string]string{"AWS_REGION": ""}))
	if err == nil {
		t.Fatal("an empty environment gave a configuration")
	}
	for _, name := range []string{"AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("error %q does not name %s", err, name)
		}
	}
}

// TestCallsReachTheEndpoint is not parallel: it sets variables of the process,
// which must not matter.
func TestCallsReachTheEndpoint(t *testing.T) {
	t.Setenv("AWS_CA_BUNDLE", "/nonexistent/ca.pem")
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_PROFILE", "nonexistent")
	var got http.Header
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header.Clone()
		io.WriteString(w, `{"KeyMetadata":{"KeyId":"k"}}`)
	}))
	t.Cleanup(s.Close)
	cfg, err := awsconfig.New(lookup(environment(s.URL)))
	if err != nil {
		t.Fatal(err)
	}
	out, err := kms.NewFromConfig(cfg).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("k")})
	if err != nil {
		t.Fatal(err)
	}
	if id := aws.ToString(out.KeyMetadata.KeyId); id != "k" {
		t.Errorf("got key %q", id)
	}
	authorization := got.Get("Authorization")
	for _, part := range []string{"AKIDEXAMPLE", "/eu-central-1/kms/"} {
		if !strings.Contains(authorization, part) {
			t.Errorf("Authorization %q lacks %q", authorization, part)
		}
	}
	if got.Get("X-Amz-Security-Token") != "session" {
		t.Error("the session token was not sent")
	}
}

// TestPassingFailuresAreRepeated also shows the fault of giving up.
func TestPassingFailuresAreRepeated(t *testing.T) {
	t.Parallel()
	var calls atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"__type":"ThrottlingException","message":"Rate exceeded"}`)
	}))
	t.Cleanup(s.Close)
	cfg, err := awsconfig.New(lookup(environment(s.URL)))
	if err != nil {
		t.Fatal(err)
	}
	_, err = kms.NewFromConfig(cfg).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("k")})
	if n := calls.Load(); n != 4 {
		t.Errorf("got %d attempts, want 4", n)
	}
	if got := awsconfig.Fault("describe key", err); !fault.Has(got, fault.CodeRetryLater) {
		t.Errorf("got %v, want %s", got, fault.CodeRetryLater)
	}
}

func TestFault(t *testing.T) {
	t.Parallel()
	cfg, err := awsconfig.New(lookup(environment("http://127.0.0.1:1")))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	_, refused := kms.NewFromConfig(cfg).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("k")})
	for name, tc := range map[string]struct {
		err  error
		want fault.Code
	}{
		"nobody listens": {refused, fault.CodeRetryLater},
		"deadline":       {context.DeadlineExceeded, fault.CodeRetryLater},
		"canceled":       {context.Canceled, fault.CodeRetryLater},
		"anything else":  {errors.New("AccessDenied"), fault.CodeInternal},
	} {
		got := awsconfig.Fault("describe key", tc.err)
		if code := fault.From(got).Code; code != tc.want {
			t.Errorf("%s: got %s, want %s", name, code, tc.want)
		}
		if !errors.Is(got, tc.err) || !strings.Contains(got.Error(), "describe key") {
			t.Errorf("%s: %q lost its cause", name, got)
		}
	}
}

// body fails the test when net/http sends it by WriteTo.
type body struct {
	io.Reader
	t *testing.T
}

func (b body) WriteTo(w io.Writer) (int64, error) {
	b.t.Error("the request body was sent by WriteTo")
	return io.Copy(w, b.Reader)
}

func (body) Close() error { return nil }

func TestRequestBodyHidesWriterTo(t *testing.T) {
	t.Parallel()
	var got string
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = string(b)
	}))
	t.Cleanup(s.Close)
	cfg, err := awsconfig.New(lookup(environment("")))
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, body{strings.NewReader("payload"), t})
	if err != nil {
		t.Fatal(err)
	}
	req.ContentLength = int64(len("payload"))
	res, err := cfg.HTTPClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if got != "payload" {
		t.Errorf("got body %q", got)
	}
}

// A function that is asked to log in must not do so again because the asking
// failed on the way.
func TestOnce(t *testing.T) {
	t.Parallel()
	var calls, connections atomic.Int32
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	s.Start()
	t.Cleanup(s.Close)
	cfg, err := awsconfig.New(lookup(environment(s.URL)))
	if err != nil {
		t.Fatal(err)
	}
	client := kms.NewFromConfig(awsconfig.Once(cfg))
	for range 2 {
		if _, err := client.DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("k")}); err == nil {
			t.Error("no error")
		}
	}
	if calls.Load() != 2 || connections.Load() != 2 {
		t.Errorf("got %d calls on %d connections, want 2 on 2", calls.Load(), connections.Load())
	}
}

// A function answers when its work is done, which may take longer than any
// other call to AWS may.
func TestOnceWaits(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		<-time.After(5500 * time.Millisecond)
		io.WriteString(w, `{"KeyMetadata":{"KeyId":"k"}}`)
	}))
	t.Cleanup(s.Close)
	cfg, err := awsconfig.New(lookup(environment(s.URL)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kms.NewFromConfig(awsconfig.Once(cfg)).DescribeKey(t.Context(), &kms.DescribeKeyInput{KeyId: aws.String("k")}); err != nil {
		t.Errorf("got %v, want the answer", err)
	}
}
