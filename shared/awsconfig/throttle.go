package awsconfig

import (
	"context"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"

	"github.com/tenonhq/tenon/shared/metric"
)

// CountThrottle counts an attempt that AWS throttled, whether a later one gets
// through or not: not all services publish a metric of it themselves. Any other
// error is none.
func CountThrottle(ctx context.Context, service, operation string, err error) {
	throttle := retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}
	if throttle.IsErrorThrottle(err) == aws.TrueTernary {
		metric.Count(ctx, metric.AWSThrottles, 1)
		slog.WarnContext(ctx, "throttled", "service", service, "operation", operation)
	}
}

// countThrottles has every attempt of a client of the SDK counted.
func countThrottles(stack *middleware.Stack) error {
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("CountThrottles",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err != nil {
				CountThrottle(ctx, awsmiddleware.GetServiceID(ctx), awsmiddleware.GetOperationName(ctx), err)
			}
			return out, metadata, err
		}), middleware.Before)
}
