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

// countThrottles counts every attempt that AWS throttled, whether a later one
// got through or not: not all services publish a metric of it themselves.
func countThrottles(stack *middleware.Stack) error {
	throttle := retry.ThrottleErrorCode{Codes: retry.DefaultThrottleErrorCodes}
	return stack.Deserialize.Add(middleware.DeserializeMiddlewareFunc("CountThrottles",
		func(ctx context.Context, in middleware.DeserializeInput, next middleware.DeserializeHandler) (middleware.DeserializeOutput, middleware.Metadata, error) {
			out, metadata, err := next.HandleDeserialize(ctx, in)
			if err != nil && throttle.IsErrorThrottle(err) == aws.TrueTernary {
				metric.Count(ctx, metric.AWSThrottles, 1)
				slog.WarnContext(ctx, "throttled", "service", awsmiddleware.GetServiceID(ctx), "operation", awsmiddleware.GetOperationName(ctx))
			}
			return out, metadata, err
		}), middleware.Before)
}
