package awsconfig

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/tenonhq/tenon/shared/fault"
)

// Fault classifies an error of an SDK call that the adapter has no better word
// for. What passes by itself (throttling, a server's error, a lost connection,
// a deadline) becomes the fault retry_later; the SDK has then given up. The
// rest keeps its text, preceded by what was being done, and is internal.
func Fault(doing string, err error) error {
	wrapped := fmt.Errorf("%s: %w", doing, err)
	if !passes(err) {
		return wrapped
	}
	return fault.New(fault.Unavailable, fault.CodeRetryLater, "A service we depend on is not available. Repeat the request.").
		WithRemedy("retry").Because(wrapped)
}

func passes(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	return retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err) == aws.TrueTernary
}
