// Package sweeps composes what sends due work to the queues. It depends on
// packages dynamo, sqs and app/tables.
package sweeps

import (
	"context"
	"time"

	awssqs "github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/tenonhq/tenon/shared/app"
	"github.com/tenonhq/tenon/shared/app/tables"
	"github.com/tenonhq/tenon/shared/due"
	"github.com/tenonhq/tenon/shared/dynamo"
	"github.com/tenonhq/tenon/shared/routes"
	"github.com/tenonhq/tenon/shared/sqs"
)

// lanes pairs every index with its consumer and says how many messages may wait
// for that: what it handles in about three minutes.
var lanes = []struct {
	index    due.Index
	consumer *routes.Route
	capacity int
}{
	{due.Refresh, routes.QueueRefresh.Route, 60_000},
	{due.Health, routes.QueueHealth.Route, 20_000},
	{due.Status, routes.QueueStatus.Route, 20_000},
	{due.Expiry, routes.QueueExpiry.Route, 20_000},
	{due.Reconcile, routes.QueueReconcile.Route, 6_000},
	{due.Seal, routes.QueueSeal.Route, 6_000},
	{due.Delivery, routes.QueueDelivery.Route, 20_000},
	{due.Tenancy, routes.QueueTenancy.Route, 1_000},
}

// New returns the sweeper of this stage.
func New(e *app.Env) *due.Sweeper {
	t := tables.New(e)
	client := awssqs.NewFromConfig(e.AWS)
	s := &due.Sweeper{Source: dynamo.Sweeps{Table: t.Table}, Memory: dynamo.Sweeps{Table: t.Table}, Pace: pace(t), Now: time.Now}
	for _, lane := range lanes {
		queue := sqs.Queue{Client: client, URL: e.Config.Queues[lane.consumer.Name]}
		s.Lanes = append(s.Lanes, due.Lane{Index: lane.index, Queue: queue, Capacity: lane.capacity})
	}
	return s
}

// pace reads how fast the system of a connector may be called. One that is not
// known has none.
func pace(t *tables.Tables) func(context.Context, string) time.Duration {
	connectors := t.Catalog()
	return func(ctx context.Context, id string) time.Duration {
		c, err := connectors.Find(ctx, id)
		if err != nil {
			return 0
		}
		return c.Pace.Interval()
	}
}
