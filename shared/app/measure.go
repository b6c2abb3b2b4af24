package app

import (
	"context"
	"encoding/json"
	"os"
	"time"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/environ"
	"github.com/tenonhq/tenon/shared/metric"
)

// Measured lets every run of fn measure, and writes at its end what it did, to
// standard output: the log goes to standard error, and Lambda takes both to the
// function's log group, where CloudWatch reads the metrics. A run that Lambda
// kills tells nothing.
func Measured[In, Out any](fn func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	namespace := "Tenon/" + os.Getenv(environ.Stage)
	return func(ctx context.Context, in In) (Out, error) {
		e := &metric.Emitter{Namespace: namespace, Out: os.Stdout, Now: time.Now}
		defer e.Flush()
		return fn(metric.With(ctx, e), in)
	}
}

// measureMessage says how late work on a message began, where it says when it
// was due, and how it ended.
func measureMessage(ctx context.Context, function string, m api.Message, begun time.Time, failed bool) {
	of := metric.Function(function)
	var item struct {
		At time.Time `json:"at"`
	}
	if json.Unmarshal([]byte(m.Body), &item) == nil && !item.At.IsZero() {
		metric.Duration(ctx, metric.MessageLag, begun.Sub(item.At), of)
	}
	outcome := "done"
	if failed {
		outcome = "back"
	}
	metric.Count(ctx, metric.Messages, 1, of, metric.Outcome(outcome))
}

func measureRun(ctx context.Context, job string, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	metric.Count(ctx, metric.SweepRuns, 1, metric.Function(job), metric.Outcome(outcome))
}
