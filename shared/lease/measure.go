package lease

import (
	"context"
	"errors"
	"time"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/metric"
)

// measure says how an attempt ended that held the lease. One that was overtaken
// is told by who overtook it.
func measure(ctx context.Context, connector string, took time.Duration, err error) {
	outcome := "unavailable"
	switch {
	case errors.Is(err, errLost):
		return
	case err == nil:
		outcome = "ok"
	case errors.Is(err, method.Definitive) && !errors.Is(err, errHeld):
		outcome = "refused"
	case fault.Has(err, fault.CodeProviderTimeout) && !errors.Is(err, method.ErrNotSent):
		outcome = "uncertain" // It may have been carried out.
	}
	of := metric.Connector(connector)
	metric.Count(ctx, metric.Refreshes, 1, of, metric.Outcome(outcome))
	metric.Duration(ctx, metric.RefreshDuration, took, of)
}
