package dynamo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"

	"github.com/tenonhq/tenon/shared/fault"
)

// How often, and after which pauses, a write that lost against another one is
// tried again.
const (
	tries        = 50
	firstPause   = 4 * time.Millisecond
	longestPause = 128 * time.Millisecond
)

// again runs attempt until it returns anything but errRefused.
func again(ctx context.Context, attempt func() error) error {
	longest := firstPause
	for range tries {
		err := attempt()
		if !errors.Is(err, errRefused) {
			return err
		}
		if err := pause(ctx, rand.N(longest)); err != nil {
			return err
		}
		longest = min(2*longest, longestPause)
	}
	return retryLater(errRefused)
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// transient recognizes what the SDK has already retried in vain: throttling,
// failures of the service and of the network.
var transient = retry.IsErrorRetryables(retry.DefaultRetryables)

// failure classifies an error of a call. An ended context is returned as it is;
// what may be better in a moment is a fault, anything else is our mistake.
func failure(ctx context.Context, doing string, err error) error {
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	err = fmt.Errorf("%s: %w", doing, err)
	if transient.IsErrorRetryable(err) == aws.TrueTernary {
		return retryLater(err)
	}
	return err
}

func retryLater(err error) error {
	return fault.New(fault.Unavailable, fault.CodeRetryLater, "The service is busy. Try again in a moment.").Because(err)
}
