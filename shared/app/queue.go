package app

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/routes"
)

// Work is what a consumer does with the body of one message. An error brings
// the message back; what failed for good is no error but a record of it.
type Work func(ctx context.Context, requestID string, body []byte) error

// ServeQueue runs work on the messages of the route's queue.
func ServeQueue(r routes.Typed[api.Batch, api.BatchResult], work Work) {
	lambda.Start(Measured(Consumer(r, work)))
}

// Consumer adapts work to Lambda. The messages of a batch are worked on at once;
// one that fails, or whose work panics, comes back alone.
func Consumer(r routes.Typed[api.Batch, api.BatchResult], work Work) func(context.Context, api.Batch) (api.BatchResult, error) {
	return func(ctx context.Context, batch api.Batch) (api.BatchResult, error) {
		requestID := ""
		if lc, ok := lambdacontext.FromContext(ctx); ok {
			requestID = lc.AwsRequestID
		}
		errs := make([]error, len(batch.Records))
		var group sync.WaitGroup
		for i, m := range batch.Records {
			group.Go(func() {
				begun := time.Now()
				errs[i] = guarded(ctx, work, requestID, m)
				measureMessage(ctx, r.Name, m, begun, errs[i] != nil)
			})
		}
		group.Wait()
		result := api.BatchResult{Failures: []api.Failure{}}
		for i, err := range errs {
			if err != nil {
				id := batch.Records[i].ID
				slog.WarnContext(ctx, "message", "route", r.Name, "message", id, "error", err)
				result.Failures = append(result.Failures, api.Failure{ID: id})
			}
		}
		return result, nil
	}
}

// guarded turns a panic into an error: the stack is logged, which names code and
// holds no value of the message.
func guarded(ctx context.Context, work Work, requestID string, m api.Message) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.ErrorContext(ctx, "panic", "message", m.ID, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %T", p)
		}
	}()
	return work(ctx, requestID, []byte(m.Body))
}
