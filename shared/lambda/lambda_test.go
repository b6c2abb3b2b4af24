package lambda_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/tenonhq/tenon/infra/local/cloud"
	"github.com/tenonhq/tenon/shared/awsconfig/awstest"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/lambda"
	"github.com/tenonhq/tenon/shared/probe"
)

var _ probe.Functions = lambda.Functions{}

// on returns the functions of an account in which f answers every invocation.
func on(f http.HandlerFunc) lambda.Functions {
	c := cloud.New()
	c.Functions = f
	return lambda.Functions{Client: sdk.NewFromConfig(awstest.Config(c))}
}

func TestInvoke(t *testing.T) {
	t.Parallel()
	f := on(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, r.PathValue("function")+" "+string(body))
	})
	got, err := f.Invoke(t.Context(), "tenon-dev-fn", []byte(`{"a":1}`))
	if want := `tenon-dev-fn {"a":1}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
}

// Whatever keeps a function from answering passes, and is told of no account.
func TestInvokeTrouble(t *testing.T) {
	t.Parallel()
	status := func(code int, kind string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amzn-Errortype", kind)
			w.WriteHeader(code)
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"function error": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amz-Function-Error", "Unhandled")
			_, _ = io.WriteString(w, `{"errorMessage":"canary"}`)
		},
		"throttled":       status(429, "TooManyRequestsException"),
		"no address left": status(502, "SubnetIPAddressLimitReachedException"),
		"internal":        status(500, "ServiceException"),
		"timeout":         func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			defer cancel()
			_, err := on(answer).Invoke(ctx, "fn", []byte(`"canary"`))
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Unavailable || f.Code != fault.CodeRetryLater || strings.Contains(err.Error(), "canary") {
				t.Errorf("got %v, want retry_later without the payload", err)
			}
		})
	}
}

// A function that may not be invoked, or that is not there, is a mistake of the
// deployment and passes by no repetition.
func TestInvokeMistakes(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"AccessDeniedException", "ResourceNotFoundException"} {
		_, err := on(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Amzn-Errortype", kind)
			w.WriteHeader(http.StatusForbidden)
		}).Invoke(t.Context(), "fn", nil)
		var f *fault.Error
		if err == nil || errors.As(err, &f) || !strings.Contains(err.Error(), "invoke fn") {
			t.Errorf("%s: got %v, want an internal error", kind, err)
		}
	}
}
