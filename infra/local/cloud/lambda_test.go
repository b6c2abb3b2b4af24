package cloud_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/tenonhq/tenon/infra/local/cloud"
)

// answerInvocation answers with its own payload, fails, or never ends.
func answerInvocation(w http.ResponseWriter, r *http.Request) {
	payload, _ := io.ReadAll(r.Body)
	switch string(payload) {
	case `"fail"`:
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		payload = []byte(`{"errorMessage":"told to fail"}`)
	case `"hang"`:
		<-r.Context().Done()
		return
	}
	_, _ = w.Write(payload)
}

func TestInvoke(t *testing.T) {
	t.Parallel()
	c, _ := newCloud()
	client := lambda.NewFromConfig(configOf(c))
	invoke := func(ctx context.Context, payload string) (*lambda.InvokeOutput, error) {
		return client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String("tenon-dev-fn"), Payload: []byte(payload)})
	}
	_, err := invoke(t.Context(), `{}`)
	wantCode(t, err, "ResourceNotFoundException")

	c.Functions = http.HandlerFunc(answerInvocation)
	c.ResetJournal()
	if out, err := invoke(t.Context(), `{"a":1}`); err != nil || string(out.Payload) != `{"a":1}` || out.FunctionError != nil {
		t.Errorf("got %+v, %v", out, err)
	}
	if out, err := invoke(t.Context(), `"fail"`); err != nil || aws.ToString(out.FunctionError) != "Unhandled" {
		t.Errorf("a function that fails: got %+v, %v", out, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := invoke(ctx, `"hang"`); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a function that hangs: got %v", err)
	}
	call := cloud.Call{Target: "lambda.Invoke", Resource: "tenon-dev-fn"}
	if diff := cmp.Diff([]cloud.Call{call, call, call}, c.Journal(), cmpopts.IgnoreFields(cloud.Call{}, "Time")); diff != "" {
		t.Errorf("journal (-want +got):\n%s", diff)
	}
	c.Fault = func(target string, _ []byte) error {
		return &cloud.Error{Code: "TooManyRequestsException", Message: target, Status: http.StatusTooManyRequests}
	}
	_, err = invoke(t.Context(), `{}`)
	wantCode(t, err, "TooManyRequestsException")
}
